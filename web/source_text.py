"""The source text of the running program, as one archive.

Section 13 of the licence: whoever uses the program over a network is offered its source. The
archive is made of the files that run, so it is true of a changed installation as well.
"""

from __future__ import annotations

import io
import tarfile
from functools import cache
from pathlib import Path

from django.conf import settings

# Only directories of the program and files of these kinds: nothing that an operator may
# have put beside them, no key, no document, no database.
DIRECTORIES = (
    "accounts", "audit", "calendars", "config", "demonstration", "docs", "documents",
    "governance", "licensing", "negotiation", "notifications", "requirements", "tests", "web",
    "verifier", "workflows",
)  # fmt: skip
FILES = (
    "CHANGELOG.md", "LICENSE", "Makefile", "README.md", "manage.py", "package-lock.json",
    "package.json", "pyproject.toml",
)  # fmt: skip
KINDS = frozenset(
    {".css", ".html", ".in", ".js", ".json", ".md", ".png", ".po", ".py", ".svg", ".txt", ".xml"}
)


@cache
def archive() -> bytes:
    """Return the archive (tar, gzip). Made once: the program does not change while it runs."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for path in _files(settings.BASE_DIR):
            tar.add(path, arcname=f"veche/{path.relative_to(settings.BASE_DIR)}", filter=_plain)
    return buffer.getvalue()


def _files(base: Path) -> list[Path]:
    found = [base / name for name in FILES if (base / name).is_file()]
    for directory in DIRECTORIES:
        found += [
            path
            for path in (base / directory).rglob("*")
            if path.suffix in KINDS and path.is_file() and not path.is_symlink()
        ]
    return sorted(found)


def _plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Leave out who owns the file on this machine."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member
