"""What is owed to the text: positions, what a side agrees on before it speaks, proposals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from calendars.domain import day_of
from governance.domain.procedure import Voice, parse_procedure
from governance.models import Appointment, InnerApproval, Seat, SeatHolding
from negotiation.models import Amendment, Clause, Matter, Round
from workflows.inbox.items import InboxItem, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

    from workflows.inbox.items import Reader


def positions(reader: Reader) -> Iterator[InboxItem]:
    """Yield the matters in which the side that the reader coordinates is silent on clauses."""
    for seat in _coordinated(reader):
        for matter in _with_round(_matters_with(Clause.objects.awaiting(seat.side))):
            yield InboxItem(
                kind=Kind.POSITION,
                title=format_lazy(
                    _("State the position of your side; clauses: {number}"), number=matter.clauses
                ),
                matter=matter,
                url_name="negotiation:matter",
                args=(matter.uid,),
                deadline=matter.comments_until,
                capacity=reader.as_seat(seat),
            )


def positions_to_approve(reader: Reader) -> Iterator[InboxItem]:
    """Yield the matters in which a side with one voice needs the reader's word before it speaks."""
    for seat in reader.own_seats(Seat.Duty.DEPUTY, Seat.Duty.MEMBER):
        spoken = InnerApproval.objects.filter(
            seat=seat,
            ballot=None,
            text_sha256=Coalesce(
                OuterRef("tabled_wording__sha256"), OuterRef("current_wording__sha256")
            ),
        )
        silent = Clause.objects.awaiting(seat.side).filter(~Exists(spoken))
        matters = _with_round(_matters_with(silent)).select_related("charter_version")
        for matter in matters:
            if not _needs_approval(matter, seat):
                continue
            yield InboxItem(
                kind=Kind.INNER_APPROVAL,
                title=format_lazy(
                    _("Agree inside your side on its position; clauses: {number}"),
                    number=matter.clauses,
                ),
                matter=matter,
                url_name="negotiation:room",
                args=(matter.uid,),
                deadline=matter.comments_until,
                capacity=reader.as_seat(seat),
            )


def comments_invited(reader: Reader) -> Iterator[InboxItem]:
    """Yield the texts in circulation on which the reader's consultative voice is asked."""
    bodies = reader.bodies_as(Appointment.Role.CONSULTATIVE)
    if not bodies:
        return
    circulated = Matter.objects.filter(state=Matter.State.IN_CIRCULATION, body__in=bodies)
    for matter in _with_round(circulated).filter(comments_until__gt=reader.at):
        yield InboxItem(
            kind=Kind.COMMENT,
            title=_("Comment on the draft while comments are taken"),
            matter=matter,
            url_name="negotiation:matter",
            args=(matter.uid,),
            deadline=matter.comments_until,
            capacity=reader.as_duty(matter.body_id, Appointment.Role.CONSULTATIVE),
        )


def proposals_to_admit(reader: Reader) -> Iterator[InboxItem]:
    """Yield the matters with proposals that the secretary has neither admitted nor refused."""
    secretary = Appointment.Role.SECRETARY
    bodies = reader.bodies_as(secretary)
    if not bodies:
        return
    filed = Q(amendments__state=Amendment.State.FILED)
    matters = Matter.objects.filter(filed, body__in=bodies).annotate(
        filed=Count("amendments", filter=filed)
    )
    for matter in _with_round(matters):
        yield InboxItem(
            kind=Kind.ADMISSIBILITY,
            title=format_lazy(
                _("Admit or refuse proposals; waiting: {number}"), number=matter.filed
            ),
            matter=matter,
            url_name="negotiation:amendments",
            args=(matter.uid,),
            deadline=matter.comments_until,
            capacity=reader.as_duty(matter.body_id, secretary),
        )


def proposals_to_rebase(reader: Reader) -> Iterator[InboxItem]:
    """Yield the reader's own proposals whose base text has changed."""
    stale = (
        Amendment.objects.filter(author=reader.person, state=Amendment.State.STALE)
        .select_related("matter")
        .order_by("pk")
    )
    for amendment in stale:
        yield InboxItem(
            kind=Kind.REBASE,
            title=format_lazy(
                _("Put your proposal {code} on the new text, or withdraw it"), code=amendment.code
            ),
            matter=amendment.matter,
            url_name="negotiation:amendment",
            args=(amendment.matter.uid, amendment.uid),
            deadline=None,
            capacity=pgettext_lazy("capacity", "author"),
        )


def _coordinated(reader: Reader) -> list[Seat]:
    """Return the seats by which the reader speaks for a side: the deputy where nobody else can."""
    coordinating = reader.own_seats(Seat.Duty.COORDINATOR)
    deputies = reader.own_seats(Seat.Duty.DEPUTY)
    if not deputies:
        return coordinating
    led = set(
        SeatHolding.objects.on(day_of(reader.at))
        .filter(
            seat__side__in=[seat.side_id for seat in deputies],
            seat__duty=Seat.Duty.COORDINATOR,
        )
        .values_list("seat__side_id", flat=True)
    )
    return coordinating + [seat for seat in deputies if seat.side_id not in led]


def _matters_with(clauses: QuerySet[Clause]) -> QuerySet[Any]:
    """Return the matters of clauses, each with the number of them."""
    counted = (
        clauses.filter(document__matter=OuterRef("pk"))
        .order_by()
        .values("document__matter")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return Matter.objects.annotate(clauses=Subquery(counted)).filter(clauses__gt=0)


def _with_round(matters: QuerySet[Any]) -> QuerySet[Any]:
    """Return matters with the instant until which their comments run, in a stable order."""
    running = Round.objects.filter(matter=OuterRef("pk"), closed_at=None).order_by("-number")
    return matters.annotate(comments_until=Subquery(running.values("closes_at")[:1])).order_by("pk")


def _needs_approval(matter: Matter, seat: Seat) -> bool:
    """Say whether the side of the seat agrees inside before its coordinator speaks."""
    if matter.charter_version is None:
        return False
    terms = parse_procedure(matter.charter_version.procedure).sides.get(seat.side.code)
    return terms is not None and terms.voice is Voice.SINGLE and terms.inner_approvals > 0
