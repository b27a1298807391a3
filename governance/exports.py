"""What the record binds by a hash, for those who check it without us: charters and papers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance.models import CharterVersion, PaperFile, Side
from governance.services._rows import bytes_of

if TYPE_CHECKING:
    from collections.abc import Iterator


def attachments() -> Iterator[tuple[str, bytes]]:
    """Return files for a bundle of the record, by their paths: see `audit.bundles`."""
    sides = {
        str(uid): code for uid, code in Side.objects.order_by("uid").values_list("uid", "code")
    }
    yield "sides.json", bytes_of(sides)
    packed: set[str] = set()
    for charter in CharterVersion.objects.order_by("id"):
        if charter.sha256 not in packed:
            packed.add(charter.sha256)
            document = {"rules": charter.rules, "procedure": charter.procedure}
            yield f"charters/{charter.sha256}.json", bytes_of(document)
    for file in PaperFile.objects.order_by("id").iterator():
        if file.sha256 not in packed:
            packed.add(file.sha256)
            yield f"documents/{file.sha256}.{file.format}", bytes(file.content)
