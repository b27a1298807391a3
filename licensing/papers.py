"""The papers of a version: the sheet of its visas, and the order that approves it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from calendars.domain import day_of
from documents import papers
from documents.papers import Kind, Status, Text, both
from governance.authority import Action
from governance.models import Appointment, Body, Organisation
from governance.papers import Source, register
from licensing import selectors
from licensing.models import RequirementVersion, Visa, VisaRequest
from negotiation.papers import WAYS

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

    from django.db.models import QuerySet

    from accounts.models import Person
    from licensing.selectors import SheetLine

NOT_GIVEN = Text("виза не дана", "no visa given")
STALE = Text("виза дана другому тексту", "visa given to another text")


class _OfVersion(Source):
    """A paper about a version that the table adopted."""

    issued_by = (Action.KEEP, Action.APPROVE)

    def rows(self, person: Person) -> QuerySet[RequirementVersion]:
        asked = VisaRequest.objects.filter(version=OuterRef("pk"), unit__officer=person)
        return RequirementVersion.objects.filter(
            Q(requirement_set__body__in=Body.objects.visible_to(person)) | Exists(asked),
            adopted_in__isnull=False,
        ).select_related("requirement_set__body", "adopted_in", "approved_by")

    def body(self, row: RequirementVersion) -> Body:
        return row.requirement_set.body

    def name(self, row: RequirementVersion) -> str:
        return f"{row.requirement_set.code}, {row.label}"

    def path(self, row: RequirementVersion) -> str:
        return reverse("licensing:version", args=[row.uid])


class ApprovalSheetSource(_OfVersion):
    """Approval sheets: a draft until the order ends the visas."""

    kind = Kind.APPROVAL_SHEET

    def paper(self, row: RequirementVersion) -> papers.ApprovalSheet:
        """Read the visas of a version."""
        lines = selectors.approval_sheet(row)
        given = [line.visa.given_at for line in lines if line.visa]
        ended = row.state != RequirementVersion.State.LEGAL_REVIEW
        return papers.ApprovalSheet(
            origin=self.origin(
                row,
                Status.FINAL if ended else Status.DRAFT,
                max([_submitted_at(row), *given]),
                row.text_sha256,
            ),
            subject=Text.of(row.requirement_set, "title"),
            version=row.label,
            text_sha256=row.text_sha256,
            submitted_at=_submitted_at(row),
            decide_by=row.decide_by,
            lines=tuple(map(_visa, lines)),
            signatories=(_secretary(row),),
        )


def _visa(line: SheetLine) -> papers.VisaLine:
    visa = line.visa
    officer = visa.person if visa else line.unit.officer
    words = {"missing": NOT_GIVEN, "stale": STALE}.get(line.standing)
    return papers.VisaLine(
        unit=Text.of(line.unit, "name"),
        officer=Text.of(officer, "name"),
        result=words or both(Visa.Result(line.standing.value).label),
        remark=Text.of(visa, "remark") if visa else Text(""),
        fate=both(Visa.RemarkStatus(visa.remark_status).label)
        if visa and visa.remark_status
        else Text(""),
        given_at=visa.given_at if visa else None,
    )


def _submitted_at(version: RequirementVersion) -> datetime.datetime:
    """Return when a version came before the official.

    Raises:
        ValueError: it was taken over from paper and never did.
    """
    if version.submitted_at is None:
        raise ValueError(f"version {version.label} was not submitted")
    return version.submitted_at


def _secretary(version: RequirementVersion) -> papers.Signatory:
    """Return who kept the papers of the body when the version was submitted."""
    role = Appointment.Role.SECRETARY
    duties = version.requirement_set.body.appointments.filter(role=role)
    duty = duties.on(day_of(_submitted_at(version))).select_related("person").order_by("pk").first()
    return papers.Signatory(both(role.label), Text.of(duty.person, "name") if duty else Text(""))


class OrderSource(_OfVersion):
    """Orders: a draft until the official approves, then signed, then published."""

    kind = Kind.ORDER
    is_public = True

    def paper(self, row: RequirementVersion) -> papers.Order:
        """Read a version as the order on it."""
        requirement_set = row.requirement_set
        return papers.Order(
            origin=papers.Origin(
                **{
                    **_fields(self.origin(row, _status(row), _changed_at(row), row.text_sha256)),
                    "author": _authority(row),
                }
            ),
            number=row.order_number,
            signed_on=day_of(row.approved_at) if row.approved_at else None,
            place=Text("Красноярск", "Krasnoyarsk"),
            subject=Text.of(requirement_set, "title"),
            version=row.label,
            basis=both(type(requirement_set).LegalBasis(requirement_set.legal_basis).label),
            body=Text.of(requirement_set.body, "name"),
            ballot=row.adopted_in.code if row.adopted_in else "",
            in_force_from=row.in_force_from,
            permits_until=row.existing_permits_until,
            text_sha256=row.text_sha256,
            left_out=tuple(row.excluded_clauses),
            annex=tuple(_annex(row)),
            signatories=(_official(row),),
        )


def _fields(origin: papers.Origin) -> dict[str, Any]:
    return {name: getattr(origin, name) for name in origin.__dataclass_fields__}


def _status(version: RequirementVersion) -> Status:
    """Return how far an order has come."""
    if version.state in RequirementVersion.PUBLIC:
        return Status.PUBLISHED
    return Status.SIGNED if version.approved_at else Status.DRAFT


def _changed_at(version: RequirementVersion) -> datetime.datetime:
    """Return the last instant at which the order says something else."""
    return version.published_at or version.approved_at or _submitted_at(version)


def _authority(version: RequirementVersion) -> Text:
    """Return the executive authority at whose table the text was made; else the body."""
    found = (
        Organisation.objects.filter(
            kind=Organisation.Kind.EXECUTIVE_AUTHORITY,
            mandates__seat__body=version.requirement_set.body,
        )
        .order_by("pk")
        .first()
    )
    return Text.of(found or version.requirement_set.body, "name")


def _official(version: RequirementVersion) -> papers.Signatory:
    """Return who signs: who did, or who would."""
    role = Appointment.Role.APPROVING_OFFICIAL
    if version.approved_by:
        return papers.Signatory(
            both(role.label), Text.of(version.approved_by, "name"), version.approved_at
        )
    duties = version.requirement_set.body.appointments.filter(role=role)
    duty = duties.on(day_of(_submitted_at(version))).select_related("person").order_by("pk").first()
    return papers.Signatory(both(role.label), Text.of(duty.person, "name") if duty else Text(""))


def _annex(version: RequirementVersion) -> Iterator[papers.Annex]:
    """Return the approved text: sections as headings, clauses below them."""
    section = None
    for clause in version.clauses.order_by("position"):
        if clause.section_number and clause.section_number != section:
            section = clause.section_number
            yield papers.Annex(2, _named(section, Text.of(clause, "section_title")), Text(""))
        yield papers.Annex(
            3 if clause.section_number else 2,
            _named(clause.number, Text.of(clause, "title")),
            Text.of(clause, "text"),
        )


def _named(number: str, title: Text) -> Text:
    """Put a number before a title."""
    before = f"{number}. " if number and title else number
    return Text(before + title.ru, before + title.en if title.en else "")


def connect() -> None:
    """Make these papers known."""
    register(ApprovalSheetSource())
    register(OrderSource())
    WAYS[Kind.APPROVAL_SHEET] = WAYS[Kind.ORDER] = "adopted_in__question__matter"
