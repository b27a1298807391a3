"""Meetings: planning, notices, who is there, minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.pages import ActPage
from audit import clock
from calendars.domain import day_of
from documents.papers import Kind
from governance import selectors
from governance.forms.meetings import (
    ConflictDecisionForm,
    DeliveryForm,
    EmptyForm,
    MeetingForm,
    NoteForm,
    SeatChoiceForm,
)
from governance.models import (
    Appointment,
    Body,
    ConflictDeclaration,
    Meeting,
    MeetingNotice,
    SeatHolding,
)
from governance.papers import papers_of
from governance.services import conflicts, meetings, sittings
from governance.views.bodies import AtBody
from governance.views.desk import bodies_of, keeps, keeps_any

if TYPE_CHECKING:
    import datetime
    from uuid import UUID

    from django.forms import BaseForm

    from accounts.models import Person


def visible_meeting(person: Person, uid: UUID) -> Meeting:
    """Return a meeting of a body that the person may see, or raise 404."""
    rows = Meeting.objects.filter(body__in=bodies_of(person, clock.now()))
    return get_object_or_404(rows.select_related("body", "charter_version"), uid=uid)


@login_required
@require_safe
def meeting_page(request: HttpRequest, meeting: UUID) -> HttpResponse:
    """Show one meeting: agenda, notices, who is there, ballots, minutes."""
    at = clock.now()
    row = visible_meeting(request.user, meeting)
    context = {
        "meeting": row,
        "body": row.body,
        "at": at,
        "keeps": keeps(request.user, row.body, at),
        "presides": presides(request.user, row, at),
        "is_keeper": keeps_any(request.user, at),
        "agenda": row.agenda.order_by("number"),
        "notices": row.notices.select_related("person").order_by("person__name_ru", "pk"),
        "presence": selectors.presence(row, at),
        "ballots": row.ballots.select_related("charter_question").order_by("opened_at", "pk"),
        "protocol": getattr(row, "protocol", None),
        "papers": papers_of(_papers(row)),
        "sides_lacking_quorum": sittings.sides_lacking_quorum(row, at)
        if row.has_attendance and row.state == Meeting.State.OPENED
        else [],
    }
    return render(request, "governance/meeting.html", context)


def _papers(meeting: Meeting) -> list[tuple[Kind, Any]]:
    """Return what there are papers of at a meeting."""
    protocol = getattr(meeting, "protocol", None)
    return [(Kind.AGENDA, meeting), *([(Kind.PROTOCOL, protocol)] if protocol else [])]


def presides(person: Person, meeting: Meeting, at: datetime.datetime) -> bool:
    """Say whether the person coordinates the body today."""
    return (
        meeting.body.appointments.filter(person=person, role=Appointment.Role.COORDINATOR)
        .on(day_of(at))
        .exists()
    )


class PlanMeeting(AtBody):
    """Plan a meeting under the charter in force now."""

    form_class = MeetingForm
    title = _("Plan a meeting")
    submit = _("Plan the meeting")

    def act(self, form: BaseForm, at: datetime.datetime) -> Meeting:
        """Plan."""
        return meetings.plan_meeting(
            body=self.body, actor=self.request.user, at=at, **form.cleaned_data
        )

    def where_next(self, result: Meeting) -> str:
        """Go on to the meeting."""
        return reverse("governance:meeting", args=[result.uid])


class MeetingPage(ActPage):
    """An act at one meeting, by its secretary or its coordinator."""

    template_name = "governance/act.html"
    form_class = EmptyForm
    meeting: Meeting

    def load(self, **kwargs: Any) -> None:
        """Fetch the meeting; for those who serve it in no way the page does not exist."""
        at = clock.now()
        self.meeting = visible_meeting(self.request.user, kwargs["meeting"])
        if not self.may(at):
            raise Http404

    def may(self, at: datetime.datetime) -> bool:
        """Say whether the page is for this person."""
        return keeps(self.request.user, self.meeting.body, at) or presides(
            self.request.user, self.meeting, at
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Name the meeting above the form."""
        return super().get_context_data(
            meeting=self.meeting,
            body=self.meeting.body,
            is_keeper=keeps_any(self.request.user, clock.now()),
            **kwargs,
        )

    def where_next(self, result: Any) -> str:
        """Go back to the meeting."""
        return reverse("governance:meeting", args=[self.meeting.uid])


class Convene(MeetingPage):
    """Lock the agenda and send the notices."""

    title = _("Convene the meeting")
    intro = _("The agenda is locked, and everybody who takes part is called in their own language.")
    submit = _("Lock the agenda and send the notices")

    def act(self, form: BaseForm, at: datetime.datetime) -> Meeting:
        """Convene."""
        return meetings.convene_meeting(meeting=self.meeting, actor=self.request.user, at=at)


class RecordDelivery(MeetingPage):
    """Keep the proof that a notice reached its person."""

    form_class = DeliveryForm
    title = _("Record the delivery of the notice")
    submit = _("Record")

    def load(self, **kwargs: Any) -> None:
        """Fetch the notice."""
        super().load(**kwargs)
        self.notice = get_object_or_404(MeetingNotice, uid=kwargs["notice"], meeting=self.meeting)

    def act(self, form: BaseForm, at: datetime.datetime) -> MeetingNotice:
        """Record."""
        return meetings.record_delivery(
            notice=self.notice, actor=self.request.user, at=at, **form.cleaned_data
        )


class Open(MeetingPage):
    """Open the meeting."""

    title = _("Open the meeting")
    intro = _("Every side must have its quorum. Note first who is there.")
    submit = _("Open the meeting")

    def act(self, form: BaseForm, at: datetime.datetime) -> Meeting:
        """Open."""
        return sittings.open_meeting(meeting=self.meeting, actor=self.request.user, at=at)


class Close(MeetingPage):
    """Close the meeting."""

    title = _("Close the meeting")
    intro = _("Whoever is still there leaves with it. Ballots must be closed before.")
    submit = _("Close the meeting")

    def act(self, form: BaseForm, at: datetime.datetime) -> Meeting:
        """Close."""
        return sittings.close_meeting(meeting=self.meeting, actor=self.request.user, at=at)


class Adjourn(MeetingPage):
    """Find that the meeting does not take place for want of a quorum."""

    title = _("The meeting does not take place: no quorum")
    intro = _("Who did not come stays in the record, and a repeated meeting can be planned.")
    submit = _("Record that there is no quorum")
    dangerous = True

    def act(self, form: BaseForm, at: datetime.datetime) -> Meeting:
        """Adjourn."""
        return sittings.adjourn_without_quorum(meeting=self.meeting, actor=self.request.user, at=at)


class Cancel(MeetingPage):
    """Call the meeting off."""

    form_class = NoteForm
    title = _("Cancel the meeting")
    submit = _("Cancel the meeting")
    dangerous = True

    def act(self, form: BaseForm, at: datetime.datetime) -> Meeting:
        """Cancel."""
        return sittings.cancel_meeting(
            meeting=self.meeting, actor=self.request.user, at=at, **form.cleaned_data
        )


class Arrive(MeetingPage):
    """Note that a seat is occupied from now on."""

    form_class = SeatChoiceForm
    title = _("Somebody has come")
    submit = _("Note the arrival")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the seats that are not occupied."""
        present = self.meeting.attendance.filter(left_at=None).values("seat_id")
        seats = self.meeting.body.seats.exclude(pk__in=present)
        return {**super().get_form_kwargs(), "seats": seats.order_by("side__position", "number")}

    def act(self, form: BaseForm, at: datetime.datetime) -> Any:
        """Note it."""
        return sittings.arrive(
            meeting=self.meeting, actor=self.request.user, at=at, **form.cleaned_data
        )


class ArriveAll(MeetingPage):
    """Note that all seats whose holders are here are occupied from now on."""

    title = _("Everybody is here")
    intro = _("All held seats that are not yet occupied are noted as present from now on.")
    submit = _("Note all arrivals")

    def act(self, form: BaseForm, at: datetime.datetime) -> Any:
        """Note each arrival, all or none."""
        present = self.meeting.attendance.filter(left_at=None).values("seat_id")
        held = (
            SeatHolding.objects.of_body(self.meeting.body)
            .on(day_of(at))
            .exclude(seat_id__in=present)
            .select_related("seat")
            .order_by("seat_id")
        )
        return sittings.arrive_together(
            meeting=self.meeting,
            seats=[holding.seat for holding in held],
            actor=self.request.user,
            at=at,
        )


class Leave(MeetingPage):
    """Note that a seat is not occupied from now on."""

    form_class = SeatChoiceForm
    title = _("Somebody has left")
    submit = _("Note the departure")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the occupied seats."""
        present = self.meeting.attendance.filter(left_at=None).values("seat_id")
        seats = self.meeting.body.seats.filter(pk__in=present)
        return {**super().get_form_kwargs(), "seats": seats.order_by("side__position", "number")}

    def act(self, form: BaseForm, at: datetime.datetime) -> Any:
        """Note it."""
        return sittings.leave(
            meeting=self.meeting, actor=self.request.user, at=at, **form.cleaned_data
        )


class DecideConflict(ActPage):
    """The side says what follows from a declared conflict, without the person concerned."""

    template_name = "governance/act.html"
    form_class = ConflictDecisionForm
    title = _("Decide on a conflict of interest")
    submit = _("Record the decision")

    def load(self, **kwargs: Any) -> None:
        """Fetch the declaration, for those who take part at the body and are not concerned."""
        rows = ConflictDeclaration.objects.select_related("body", "person", "seat__side")
        self.declaration = get_object_or_404(rows, uid=kwargs["conflict"])
        sees = Body.objects.visible_to(self.request.user)
        if (
            not sees.filter(pk=self.declaration.body_id).exists()
            or self.declaration.person_id == self.request.user.pk
        ):
            raise Http404

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Show the declaration beside the form."""
        return super().get_context_data(
            declaration=self.declaration,
            body=self.declaration.body,
            is_keeper=keeps_any(self.request.user, clock.now()),
            **kwargs,
        )

    def act(self, form: BaseForm, at: datetime.datetime) -> ConflictDeclaration:
        """Decide."""
        return conflicts.decide_conflict(
            declaration=self.declaration, actor=self.request.user, at=at, **form.cleaned_data
        )

    def where_next(self, result: ConflictDeclaration) -> str:
        """Go back to the list of conflicts."""
        return reverse("governance:conflicts", args=[result.body.uid])


@login_required
@require_safe
def conflict_list(request: HttpRequest, body: UUID) -> HttpResponse:
    """Show the conflicts declared at a body, to everybody who takes part there."""
    at = clock.now()
    row = get_object_or_404(bodies_of(request.user, at), uid=body)
    declared = row.conflicts.select_related("body", "person", "seat__side", "decided_by")
    context = {
        "body": row,
        "is_keeper": keeps_any(request.user, at),
        "conflicts": [
            (each, not each.decision and conflicts.may_decide(each, request.user, at))
            for each in declared.order_by("-declared_at", "-pk")
        ],
        "ties": conflicts.ties_of(row, at),
    }
    return render(request, "governance/conflicts.html", context)
