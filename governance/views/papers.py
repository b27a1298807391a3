"""Papers: what can be had of one, issuing it, and keeping a signature that came for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.pages import ActPage
from audit import clock
from documents.papers import Kind, Status
from documents.signatures import Standing, sentences
from governance.forms.meetings import EmptyForm
from governance.models import IssuedPaper, PaperFile, PaperPublication, PaperSignature
from governance.papers import Source, issued_to, listed, source_of
from governance.services import papers
from governance.views.desk import body_or_404, keeps_any

if TYPE_CHECKING:
    import datetime
    from uuid import UUID

    from django.forms import BaseForm

    from accounts.models import Person

TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
PER_PAGE = 25
LARGEST = 10 * 1024 * 1024
"""No signed paper is larger, in bytes."""


def visible_paper(person: Person, kind: str, uid: UUID) -> tuple[Source, Any]:
    """Return a source and the row that the person may see, or raise 404."""
    try:
        source = source_of(kind)
    except (KeyError, ValueError):
        raise Http404 from None
    row = source.find(person, uid)
    if row is None:
        raise Http404
    return source, row


def visible_file(person: Person, uid: UUID) -> tuple[Source, Any, PaperFile]:
    """Return an issued file about what the person may see, or raise 404."""
    file = get_object_or_404(PaperFile.objects.select_related("paper"), uid=uid)
    source, row = visible_paper(person, file.paper.kind, file.paper.subject_uid)
    return source, row, file


@login_required
@require_safe
def paper_list(request: HttpRequest, body: UUID) -> HttpResponse:
    """Show every issued paper of a body that the reader may see."""
    at = clock.now()
    row = body_or_404(request.user, body, at)
    found = issued_to(request.user).filter(body=row)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "body": row,
        "is_keeper": keeps_any(request.user, at),
        "page": page,
        "papers": listed(page.object_list),
    }
    return render(request, "governance/papers.html", context)


def certificate_of(signature: PaperSignature) -> tuple[str, ...]:
    """Return what is known of the certificate of a kept signature, in the reader's words."""
    return sentences(
        valid_from=signature.valid_from,
        valid_to=signature.valid_to,
        signed_at=signature.signed_at,
        kept_at=signature.kept_at,
        revocation=signature.revocation,
        revocation_at=signature.revocation_at,
    )


@login_required
@require_safe
def paper_page(request: HttpRequest, kind: str, subject: UUID) -> HttpResponse:
    """Show a paper: as its data is now, every edition issued, and the signatures of each."""
    source, row = visible_paper(request.user, kind, subject)
    at, body = clock.now(), source.body(row)
    files = PaperFile.objects.defer("content").order_by("-format", "-language")
    editions = (
        IssuedPaper.objects.filter(kind=kind, subject_uid=subject)
        .select_related("issued_by", "publication")
        .order_by("-edition")
    )
    signatures: dict[int, list[PaperSignature]] = {}
    kept = PaperSignature.objects.filter(file__paper__in=editions).defer("content", "file__content")
    for signature in kept.select_related("file", "kept_by").order_by("pk"):
        signature.words = Standing(signature.standing).label
        signature.sentences = certificate_of(signature)
        signatures.setdefault(signature.file.paper_id, []).append(signature)
    by_paper: dict[int, list[PaperFile]] = {}
    for file in files.filter(paper__in=editions):
        by_paper.setdefault(file.paper_id, []).append(file)
    context = {
        "kind": Kind(kind),
        "row": row,
        "name": source.name(row),
        "body": body,
        "path": source.path(row),
        "status": source.paper(row).origin.status.label,
        "formats": [(language, format_) for language in ("ru", "en") for format_ in TYPES],
        "editions": [
            {
                "paper": edition,
                "status": Status(edition.status).label,
                "files": by_paper.get(edition.pk, []),
                "signatures": signatures.get(edition.pk, []),
                "is_open": hasattr(edition, "publication"),
                "may_open": source.is_public
                and edition.status == Status.PUBLISHED
                and not hasattr(edition, "publication"),
            }
            for edition in editions
        ],
        "public": source.public_path(row),
        "issues": papers.may(request.user, source.issued_by, body, at),
        "signs": papers.may(request.user, source.signed_by, body, at),
    }
    return render(request, "governance/paper.html", context)


@login_required
@require_safe
def paper_now(
    request: HttpRequest, kind: str, subject: UUID, language: str, format_: str
) -> HttpResponse:
    """Hand out a paper as its data is now; it is recorded nowhere until it is issued."""
    source, row = visible_paper(request.user, kind, subject)
    if language not in PaperFile.Language.values or format_ not in TYPES:
        raise Http404
    content = papers.printed(source.paper(row), language, format_)
    return download(content, f"{kind}-{slug(source.name(row))}-{language}.{format_}", format_)


@login_required
@require_safe
def paper_file(request: HttpRequest, file: UUID) -> HttpResponse:
    """Hand out an issued file, exactly as it was issued."""
    source, row, found = visible_file(request.user, file)
    name = f"{found.paper.kind}-{slug(source.name(row))}-{found.paper.edition}-{found.language}"
    return download(bytes(found.content), f"{name}.{found.format}", found.format)


@login_required
@require_safe
def paper_signature(request: HttpRequest, signature: UUID) -> HttpResponse:
    """Hand out a signature as it was sent."""
    kept = get_object_or_404(PaperSignature.objects.select_related("file"), uid=signature)
    visible_file(request.user, kept.file.uid)
    content = bytes(kept.content)
    if content.startswith(b"%PDF-"):
        return download(content, f"signed-{kept.sha256[:12]}.pdf", "pdf")
    return download(content, f"signature-{kept.sha256[:12]}.sig", "sig")


def slug(name: str) -> str:
    """Write a name as a part of a file's name."""
    return slugify(name, allow_unicode=True) or "paper"


def download(content: bytes, name: str, format_: str) -> HttpResponse:
    """Hand out a file under its own name, exactly as it is."""
    kind = TYPES.get(format_, "application/octet-stream")
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return response


class IssuePaper(ActPage):
    """Issue a paper as its data is now."""

    template_name = "governance/act_on_paper.html"
    form_class = EmptyForm
    title = _("Issue the paper")
    intro = _(
        "The files are frozen as their data is now and their checksums enter the record. "
        "A later change of the data leads to a next edition beside this one."
    )
    submit = _("Issue the paper")

    def load(self, **kwargs: Any) -> None:
        """Fetch what it is about; for those who do not issue it the page does not exist."""
        self.source, self.row = visible_paper(self.request.user, kwargs["kind"], kwargs["subject"])
        body, at = self.source.body(self.row), clock.now()
        if not papers.may(self.request.user, self.source.issued_by, body, at):
            raise Http404

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Name the paper above the form."""
        return super().get_context_data(
            kind=self.source.kind, row=self.row, name=self.source.name(self.row), **kwargs
        )

    def act(self, form: BaseForm, at: datetime.datetime) -> IssuedPaper:
        """Issue."""
        return papers.issue_paper(
            source=self.source, subject=self.row, actor=self.request.user, at=at
        )

    def where_next(self, result: Any) -> str:
        """Go back to the paper."""
        return reverse("governance:paper", args=[self.source.kind, self.row.uid])


class PublishPaper(ActPage):
    """Open an edition to everybody."""

    template_name = "governance/act_on_paper.html"
    form_class = EmptyForm
    title = _("Open the paper to everybody")
    intro = _("Its files are then downloaded without signing in, with their checksums beside them.")
    submit = _("Open to everybody")

    def load(self, **kwargs: Any) -> None:
        """Fetch the edition; for those who do not issue it the page does not exist."""
        self.source, self.row = visible_paper(self.request.user, kwargs["kind"], kwargs["subject"])
        editions = IssuedPaper.objects.filter(kind=kwargs["kind"], subject_uid=kwargs["subject"])
        self.paper = get_object_or_404(editions, edition=kwargs["edition"])
        body, at = self.source.body(self.row), clock.now()
        if not (
            self.source.is_public and papers.may(self.request.user, self.source.issued_by, body, at)
        ):
            raise Http404

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Name the paper above the button."""
        return super().get_context_data(
            kind=self.source.kind, row=self.row, name=self.source.name(self.row), **kwargs
        )

    def act(self, form: BaseForm, at: datetime.datetime) -> PaperPublication:
        """Open."""
        return papers.publish_paper(
            paper=self.paper, subject=self.row, actor=self.request.user, at=at
        )

    def where_next(self, result: Any) -> str:
        """Go back to the paper."""
        return reverse("governance:paper", args=[self.source.kind, self.row.uid])


class PaperSignatureForm(forms.Form):
    """A signature made outside."""

    signed = forms.FileField(
        label=_("The signed PDF, or a detached signature (.sig, .p7s)"),
        help_text=_("Sign exactly the file that you downloaded here, without saving it anew."),
        error_messages={
            "required": _("Choose the file with the signature."),
            "empty": _("The file is empty: choose the file with the signature."),
        },
    )

    def clean_signed(self) -> bytes:
        """Return the bytes."""
        sent = self.cleaned_data["signed"]
        if sent.size > LARGEST:
            raise forms.ValidationError(
                _("The file is larger than 10 megabytes: send the signed paper itself.")
            )
        return bytes(sent.read())


class KeepSignature(ActPage):
    """Keep a signature under an issued file."""

    template_name = "governance/act_on_paper.html"
    form_class = PaperSignatureForm
    title = _("Add a signature")
    intro = _(
        "It is checked against exactly the bytes of this file. What does not fit is refused with "
        "the reason."
    )
    submit = _("Check and keep the signature")
    done = _("The signature is kept under the paper.")

    def load(self, **kwargs: Any) -> None:
        """Fetch the file; for those who have no part in the body the page does not exist."""
        self.source, self.row, self.file = visible_file(self.request.user, kwargs["file"])
        body, at = self.source.body(self.row), clock.now()
        if self.file.format != PaperFile.Format.PDF or not papers.may(
            self.request.user, self.source.signed_by, body, at
        ):
            raise Http404

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Name the paper above the form."""
        return super().get_context_data(
            kind=self.source.kind,
            row=self.row,
            name=self.source.name(self.row),
            file=self.file,
            **kwargs,
        )

    def act(self, form: BaseForm, at: datetime.datetime) -> list[PaperSignature]:
        """Keep it."""
        return papers.keep_signature(
            file=self.file,
            subject=self.row,
            sent=form.cleaned_data["signed"],
            actor=self.request.user,
            at=at,
        )

    def where_next(self, result: Any) -> str:
        """Go back to the paper."""
        return reverse("governance:paper", args=[self.source.kind, self.row.uid])
