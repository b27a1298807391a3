"""Papers: issued from the record in one act, signed outside, and signatures kept in another."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction

import audit.services
from documents import printing, signatures
from documents.papers import Status, in_language
from governance import acts, refusals
from governance.authority import NotAuthorised, examine
from governance.models import IssuedPaper, PaperFile, PaperPublication, PaperSignature
from governance.papers import source_of

from ._rows import lock, refusing

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable

    from accounts.models import Person
    from governance.authority import Action, Evidence
    from governance.models import Body
    from governance.papers import Source
    from governance.papers.source import Paper


def printed(paper: Paper, language: str, format_: str) -> bytes:
    """Print the data of a paper; the same data gives the same bytes."""
    write = {"pdf": printing.pdf, "docx": printing.docx}[format_]
    with in_language(language):
        return write(paper.sheet())


@transaction.atomic
def issue_paper(
    *, source: Source, subject: Any, actor: Person, at: datetime.datetime
) -> IssuedPaper:
    """Issue a paper as its data is now: in both languages, as PDF and as DOCX, for ever.

    Raises:
        PaperUnchanged: it would be the last edition again.
        NotAuthorised: the actor has none of the duties in which it is issued.
    """
    body = lock(source.body(subject))
    evidence = _one_of(actor, source.issued_by, body, at)
    subject = type(subject)._default_manager.get(pk=subject.pk)
    paper = source.paper(subject)
    files = {
        (language, format_): printed(paper, language, format_)
        for language in PaperFile.Language.values
        for format_ in PaperFile.Format.values
    }
    last = _last(source, subject)
    if last and _digests(last) == {key: _sha256(content) for key, content in files.items()}:
        raise refusals.PaperUnchanged(edition=last.edition)
    issued = IssuedPaper.objects.create(
        body=body,
        kind=source.kind,
        subject_uid=subject.uid,
        **_names(source, subject),
        edition=last.edition + 1 if last else 1,
        status=paper.origin.status,
        issued_by=actor,
        issued_at=at,
    )
    for (language, format_), content in files.items():
        PaperFile.objects.create(
            paper=issued,
            language=language,
            format=format_,
            content=content,
            sha256=_sha256(content),
        )
    audit.services.record(
        type=acts.PAPER_ISSUED,
        actor=actor,
        at=at,
        stream=source.stream(subject),
        subject=issued,
        facts={
            "kind": issued.kind,
            "about": issued.subject_uid,
            "edition": issued.edition,
            "status": issued.status,
            "files": {
                f"{language}_{format_}": _sha256(content)
                for (language, format_), content in files.items()
            },
        },
        authority=evidence,
    )
    return issued


@transaction.atomic
def publish_paper(
    *, paper: IssuedPaper, subject: Any, actor: Person, at: datetime.datetime
) -> PaperPublication:
    """Open an edition to everybody: its files are downloaded without signing in.

    Raises:
        PaperNotPublic: the kind names people beyond those who sign, or nothing was published.
        PaperPublished: it is open.
        NotAuthorised: the actor has none of the duties in which it is issued.
    """
    source = source_of(paper.kind)
    body = lock(source.body(subject))
    evidence = _one_of(actor, source.issued_by, body, at)
    if paper.subject_uid != subject.uid:
        raise NotAuthorised
    if not (source.is_public and paper.status == Status.PUBLISHED):
        raise refusals.PaperNotPublic(status=Status(paper.status).label)
    if PaperPublication.objects.filter(paper=paper).exists():
        raise refusals.PaperPublished
    opened = PaperPublication.objects.create(paper=paper, published_by=actor, published_at=at)
    audit.services.record(
        type=acts.PAPER_PUBLISHED,
        actor=actor,
        at=at,
        stream=source.stream(subject),
        subject=paper,
        facts={
            "kind": paper.kind,
            "about": paper.subject_uid,
            "edition": paper.edition,
            "files": {
                f"{language}_{format_}": sha256
                for (language, format_), sha256 in _digests(paper).items()
            },
        },
        authority=evidence,
    )
    return opened


@transaction.atomic
def keep_signature(
    *, file: PaperFile, subject: Any, sent: bytes, actor: Person, at: datetime.datetime
) -> list[PaperSignature]:
    """Keep the signatures in a file that was sent, if they fit the paper byte for byte.

    Raises:
        NotSignable: the file is no PDF.
        SignatureKept: nothing in it is new.
        documents.signatures refusals: what is wrong with what was sent.
        NotAuthorised: the actor has no duty and no seat at the body.
    """
    paper = file.paper
    source = source_of(paper.kind)
    body = lock(source.body(subject))
    evidence = _one_of(actor, source.signed_by, body, at)
    if paper.subject_uid != subject.uid:
        raise NotAuthorised
    if file.format != PaperFile.Format.PDF:
        raise refusals.NotSignable
    trust = signatures.Trust(settings.SIGNATURE_AUTHORITIES, settings.SIGNATURE_REVOCATION_LISTS)
    found = signatures.examine(bytes(file.content), sent, trust)
    known = set(file.signatures.values_list("sha256", flat=True))
    new = [one for one in found if one.sha256 not in known]
    if not new:
        raise refusals.SignatureKept
    return [
        _keep(
            one,
            file,
            sent,
            stream=source.stream(subject),
            evidence=evidence,
            actor=actor,
            at=at,
        )
        for one in new
    ]


def _keep(
    found: signatures.Found,
    file: PaperFile,
    sent: bytes,
    *,
    stream: str,
    evidence: Evidence,
    actor: Person,
    at: datetime.datetime,
) -> PaperSignature:
    with refusing({"a_signature_is_kept_once": refusals.SignatureKept()}):
        kept = PaperSignature.objects.create(
            file=file,
            standing=found.standing,
            signer=found.signer[:500],
            issuer=found.issuer[:500],
            serial=found.serial[:80],
            certificate_sha256=found.certificate_sha256,
            sha256=found.sha256,
            algorithm=found.algorithm[:60],
            signed_at=found.signed_at,
            valid_from=found.valid_from,
            valid_to=found.valid_to,
            revocation=found.revocation,
            revocation_at=found.revocation_at,
            content=sent,
            kept_by=actor,
            kept_at=at,
        )
    audit.services.record(
        type=acts.PAPER_SIGNATURE_KEPT,
        actor=actor,
        at=at,
        stream=stream,
        subject=kept,
        facts={
            "kind": file.paper.kind,
            "about": file.paper.subject_uid,
            "edition": file.paper.edition,
            "file_sha256": file.sha256,
            "sha256": kept.sha256,
            "certificate_sha256": kept.certificate_sha256,
            "standing": kept.standing,
            "revocation": kept.revocation,
        },
        authority=evidence,
    )
    return kept


def may(person: Person, actions: Iterable[Action], body: Body, at: datetime.datetime) -> bool:
    """Say whether a person has one of some duties; the act asks again."""
    return any(examine(person, action, body=body, at=at) for action in actions)


def _one_of(
    actor: Person, actions: Iterable[Action], body: Body, at: datetime.datetime
) -> Evidence:
    """Return on which of several duties the actor acts.

    Raises:
        NotAuthorised: on none.
    """
    for action in actions:
        if found := examine(actor, action, body=body, at=at):
            return found
    raise NotAuthorised(code="no_duty")


def _names(source: Source, subject: Any) -> dict[str, str]:
    """Return what the thing is called now, in both languages."""
    names = {}
    for language in PaperFile.Language.values:
        with in_language(language):
            names[f"name_{language}"] = source.name(subject)[:300]
    return names


def _last(source: Source, subject: Any) -> IssuedPaper | None:
    editions = IssuedPaper.objects.filter(kind=source.kind, subject_uid=subject.uid)
    return editions.order_by("-edition").first()


def _digests(paper: IssuedPaper) -> dict[tuple[str, str], str]:
    rows = paper.files.values_list("language", "format", "sha256")
    return {(language, format_): sha256 for language, format_, sha256 in rows}


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
