"""Where static files come from: our apps, and the few files named here of others' packages.

Nothing of others is kept in the repository; `make setup` installs it from the lock files.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import AppDirectoriesFinder, BaseFinder
from django.core import checks
from django.core.files.storage import FileSystemStorage

# The name in a template, and the file under node_modules.
VENDOR_FILES = {
    "vendor/tabler/tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "vendor/golos-text/cyrillic-ext.woff2": (
        "@fontsource-variable/golos-text/files/golos-text-cyrillic-ext-wght-normal.woff2"
    ),
    "vendor/golos-text/cyrillic.woff2": (
        "@fontsource-variable/golos-text/files/golos-text-cyrillic-wght-normal.woff2"
    ),
    "vendor/golos-text/latin-ext.woff2": (
        "@fontsource-variable/golos-text/files/golos-text-latin-ext-wght-normal.woff2"
    ),
    "vendor/golos-text/latin.woff2": (
        "@fontsource-variable/golos-text/files/golos-text-latin-wght-normal.woff2"
    ),
}


class AppFiles(AppDirectoriesFinder):
    """Find the files of installed apps, but for viewflow's 51 MB: its pages are not used."""

    def __init__(self, app_names: Iterable[str] | None = None, *args: Any, **kwargs: Any) -> None:
        names = app_names or [app.name for app in apps.get_app_configs()]
        used = [name for name in names if name.split(".")[0] != "viewflow"]
        super().__init__(used, *args, **kwargs)


class VendorFiles(BaseFinder):
    """Find the files listed above, and no other file of node_modules."""

    def __init__(self, *_: Any, **__: Any) -> None:
        self.storage = FileSystemStorage(location=settings.BASE_DIR / "node_modules")

    def check(self, **_: Any) -> list[checks.CheckMessage]:
        """Report files that the lock promises and the disk lacks."""
        missing = sorted(
            source for source in VENDOR_FILES.values() if not self.storage.exists(source)
        )
        if not missing:
            return []
        return [
            checks.Warning(
                f"Style sheets or fonts are not installed: {', '.join(missing)}.",
                hint="Run `make setup`.",
                id="config.W001",
            )
        ]

    def find(self, path: str, find_all: bool = False, **_: Any) -> Any:  # noqa: FBT001, FBT002 - Django's signature
        source = VENDOR_FILES.get(path)
        found = [self.storage.path(source)] if source and self.storage.exists(source) else []
        if find_all:
            return found
        return found[0] if found else []

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, "RenamedFile"]]:
        for name, source in VENDOR_FILES.items():
            if self.storage.exists(source):
                yield name, RenamedFile(self.storage, source)


class RenamedFile(FileSystemStorage):
    """Answer for one file under the name that pages use."""

    def __init__(self, storage: FileSystemStorage, source: str) -> None:
        super().__init__(location=Path(storage.location))
        self._source = source

    def path(self, name: str) -> str:
        return super().path(self._source)
