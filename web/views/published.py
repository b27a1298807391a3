"""What was published on paper: open to everybody, with the checksums to compare files by.

An edition is here once the act of its publication is in the record. Before it, and where there is
none at all, the answer is the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from documents.papers import Kind
from documents.signatures import Standing
from governance.models import (
    CorrectionRecord,
    IssuedPaper,
    PaperFile,
    PaperSignature,
    Protocol,
    ProtocolSignature,
)
from governance.papers import listed
from governance.views.papers import certificate_of, download, slug

if TYPE_CHECKING:
    from uuid import UUID

PER_PAGE = 25


@require_safe
def published_list(request: HttpRequest) -> HttpResponse:
    """List the papers that everybody may read, the newest first."""
    found = (
        IssuedPaper.objects.last_published()
        .with_digest()
        .select_related("body", "publication")
        .order_by("-publication__published_at", "-pk")
    )
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "papers": listed(page.object_list)}
    return render(request, "web/published/list.html", context)


@require_safe
def published(request: HttpRequest, kind: str, subject: UUID) -> HttpResponse:
    """Show every published edition of a paper: files, checksums, signatures."""
    signatures = PaperSignature.objects.defer("content").order_by("pk")
    files = (
        PaperFile.objects.defer("content")
        .order_by("-format", "-language")
        .prefetch_related(Prefetch("signatures", signatures))
    )
    editions = list(
        IssuedPaper.objects.published()
        .filter(kind=kind, subject_uid=subject)
        .select_related("body", "publication")
        .prefetch_related(Prefetch("files", files))
        .order_by("-edition")
    )
    if not editions:
        raise Http404
    for file in (file for edition in editions for file in edition.files.all()):
        for signature in file.signatures.all():
            signature.words = Standing(signature.standing).label
            signature.sentences = certificate_of(signature)
    context = {
        "paper": listed(editions)[0],
        "body": editions[0].body,
        "editions": listed(editions),
        "at": timezone.now(),
        **(_of_minutes(subject) if kind == Kind.PUBLISHED_EXTRACT else {}),
    }
    return render(request, "web/published/paper.html", context)


def _of_minutes(uid: UUID) -> dict[str, object]:
    """Return what is known in public of the minutes themselves: checksum, signers, corrections.

    Whoever signed for a side is named by the seat, as everybody else at the table.
    """
    protocol = get_object_or_404(Protocol.objects.published().select_related("meeting"), uid=uid)
    corrections = protocol.corrections.exclude(agreed_at=None).order_by("number")
    return {
        "protocol": protocol,
        "signatures": protocol.signatures.select_related("person", "seat").order_by("pk"),
        "of_a_side": ProtocolSignature.Capacity.SIDE,
        "corrections": corrections.exclude(ground=CorrectionRecord.Ground.NAME),
        "names_corrected": corrections.filter(ground=CorrectionRecord.Ground.NAME).count(),
    }


@require_safe
def published_file(_request: HttpRequest, file: UUID) -> HttpResponse:
    """Hand out a file of a published edition, exactly as it was issued."""
    files = PaperFile.objects.filter(paper__publication__isnull=False).select_related("paper")
    found = get_object_or_404(files, uid=file)
    name = f"{found.paper.kind}-{slug(found.paper.name)}-{found.paper.edition}-{found.language}"
    return download(bytes(found.content), f"{name}.{found.format}", found.format)
