"""A signature inside the paper: PAdES, or any signature that a PDF can carry.

A PDF is signed by appending to it. So the signed file begins with the very bytes that were issued,
and what was appended may hold signatures and what belongs to them, nothing that is shown instead
of the paper.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from asn1crypto import cms
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature

from . import gost, refusals
from .detached import KEY_USAGE, context, judge

if TYPE_CHECKING:
    from pyhanko.pdf_utils.reader import HistoricalResolver
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

    from .found import Found, Trust

CATALOGUE = frozenset({"/AcroForm", "/DSS", "/Extensions", "/Perms", "/Version", "/Metadata"})
PAGE = frozenset({"/Annots", "/Tabs"})
"""What signing may add to the catalogue of a file and to its pages."""
STAMP = 8
"""A stamp covers at most one part in so many of its page."""


def examine(paper: bytes, sent: bytes, trust: Trust) -> tuple[Found, ...]:
    """Return the signatures in a signed paper, in the order in which they were made.

    Raises:
        NotASignature, AnotherPaper, PaperWasChanged, SignatureIsBroken, SignatureUnsupported,
        IssuerNotTrusted, CertificateNotValidThen, CertificateRevoked: see
            `documents.signatures.examine`.
    """
    if not sent.startswith(paper):
        raise refusals.AnotherPaper
    reader = PdfFileReader(io.BytesIO(sent))
    signatures = list(reader.embedded_regular_signatures)
    if not signatures:
        raise refusals.NotASignature
    if not _adds_only_signatures(reader, paper):
        raise refusals.PaperWasChanged
    return tuple(_found(one, sent, trust) for one in signatures)


def _found(signature: EmbeddedPdfSignature, sent: bytes, trust: Trust) -> Found:
    """Judge one signature, and what was appended after it."""
    status: Any = None
    if not gost.is_gost(signature.signer_info):
        status = validate_pdf_signature(
            signature,
            context(trust, signature.self_reported_timestamp),
            key_usage_settings=KEY_USAGE,
        )
        if status.intact and (
            status.modification_level is None
            or status.modification_level > ModificationLevel.FORM_FILLING
        ):
            raise refusals.PaperWasChanged
    der = cms.ContentInfo({"content_type": "signed_data", "content": signature.signed_data}).dump()
    first, length, second, rest = map(int, signature.byte_range)
    covered = sent[first : first + length] + sent[second : second + rest]
    return judge(
        covered,
        der,
        signature.signed_data,
        signature.signer_cert,
        trust,
        signed_at=signature.self_reported_timestamp,
        status=status,
    )


def _adds_only_signatures(reader: PdfFileReader, paper: bytes) -> bool:
    """Tell whether the paper shows the same as before it was signed.

    pyhanko looks at what follows a signature; what was appended together with the first one is
    compared here, object by object, with the paper as it was issued.
    """
    xrefs, begins = reader.xrefs, PdfFileReader(io.BytesIO(paper)).xrefs
    if xrefs.get_startxref_for_revision(0) != begins.get_startxref_for_revision(0):
        return False
    issued = reader.get_historical_resolver(0)
    now = reader.get_historical_resolver(reader.total_revisions - 1)
    if issued.trailer_view.raw_get("/Root") != now.trailer_view.raw_get("/Root"):
        return False
    touched = {
        reference
        for revision in range(1, reader.total_revisions)
        for reference in (
            *xrefs.explicit_refs_in_revision(revision),
            *xrefs.refs_freed_in_revision(revision),
        )
        if xrefs.get_historical_ref(reference, 0) is not None
    }
    # Programs write their name and the time of signing here; it is shown on no page.
    info = issued.trailer_view.raw_get("/Info").reference
    return all(_is_same(issued, now, reference) for reference in touched if reference != info)


def _is_same(issued: HistoricalResolver, now: HistoricalResolver, reference: Any) -> bool:
    """Compare an object of the paper with what the appended part makes of it."""
    before, after = issued(reference), now(reference)
    if _plain(before) == _plain(after):
        return True
    if not (isinstance(before, dict) and isinstance(after, dict)):
        return False
    kind = str(before.get("/Type"))
    may_differ = {"/Catalog": CATALOGUE, "/Page": PAGE}.get(kind, frozenset())
    if kind == "/Page" and not _adds_only_fields(before, after):
        return False
    return kind == "/Metadata" or _plain(before, may_differ) == _plain(after, may_differ)


def _plain(found: Any, but: frozenset[str] = frozenset()) -> Any:
    """Return an object as values that compare, references by their numbers."""
    if isinstance(found, generic.IndirectObject):
        return ("R", found.idnum, found.generation)
    if isinstance(found, generic.DictionaryObject):
        entries = {str(key): _plain(found.raw_get(key)) for key in found if key not in but}
        return (entries, found.data) if isinstance(found, generic.StreamObject) else entries
    if isinstance(found, generic.ArrayObject):
        return [_plain(found.raw_get(place)) for place in range(len(found))]
    return found


def _adds_only_fields(before: Any, after: Any) -> bool:
    """Tell whether a page keeps its annotations and gains nothing but fields of signatures."""
    old, new = _plain(before.get("/Annots", [])), _plain(after.get("/Annots", []))
    added = [
        one for one, plain in zip(after.get("/Annots", []), new, strict=True) if plain not in old
    ]
    left, bottom, right, top = map(float, _box(before))
    room = (right - left) * (top - bottom) / STAMP
    return all(one in new for one in old) and all(_is_stamp(one, room) for one in added)


def _box(page: Any) -> Any:
    """Return the size of a page, its own or that of the tree it hangs in."""
    return page["/MediaBox"] if "/MediaBox" in page else _box(page["/Parent"])


def _is_stamp(added: Any, room: float) -> bool:
    """Tell whether an annotation is a signature's field, and no larger than a stamp."""
    annotation = added.get_object()
    left, bottom, right, top = map(float, annotation["/Rect"])
    kind = annotation.get("/FT") or annotation.get("/Parent", {}).get("/FT")
    is_field = annotation.get("/Subtype") == "/Widget" and kind == "/Sig"
    return is_field and abs((right - left) * (top - bottom)) <= room
