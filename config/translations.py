"""Compile the translations, with Babel: no program of the system is needed.

Only the sources (`.po`) are kept; `make setup` compiles them.
"""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po


class BrokenTranslation(Exception):
    """A file of translations cannot be compiled. The message names it."""


def compile_translations(project: Path) -> list[Path]:
    """Compile every `<app>/locale/<language>/LC_MESSAGES/django.po` that changed; return them.

    Raises:
        BrokenTranslation: a file is not well-formed.
    """
    compiled = []
    for source in sorted(project.glob("*/locale/*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime > source.stat().st_mtime:
            continue
        try:
            with source.open("rb") as file:
                # Without the language Babel drops the rule for plurals.
                language = source.parents[1].name
                catalogue = read_po(file, locale=language, abort_invalid=True)
        except (PoFileError, ValueError) as failure:
            raise BrokenTranslation(f"{source}: {failure}") from failure
        # Renamed into place: a server that starts meanwhile reads the old file or the new.
        growing = target.with_suffix(".growing")
        with growing.open("wb") as file:
            write_mo(file, catalogue)
        growing.replace(target)
        compiled.append(source)
    return compiled
