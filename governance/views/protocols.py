"""The minutes of a meeting: read, remarked on, answered, signed, published, corrected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from audit import clock
from documents.papers import Kind
from governance.authority import Action, examine
from governance.forms.meetings import (
    AnswerForm,
    CorrectionForm,
    EmptyForm,
    ProtocolForm,
    RemarkForm,
    SignatureForm,
)
from governance.models import CorrectionRecord, Protocol, ProtocolRemark
from governance.papers import papers_of, source_of
from governance.papers.meetings import public_minutes
from governance.services import protocols, remarks
from governance.views.desk import keeps, keeps_any
from governance.views.meetings import MeetingPage, presides, visible_meeting

if TYPE_CHECKING:
    import datetime
    from uuid import UUID

    from django.forms import BaseForm


@login_required
@require_safe
def protocol_page(request: HttpRequest, meeting: UUID) -> HttpResponse:
    """Show the minutes: how far they have come, what they say, remarks, signatures, corrections."""
    at = clock.now()
    row = visible_meeting(request.user, meeting)
    protocol = get_object_or_404(
        Protocol.objects.whole().select_related("meeting__charter_version"), meeting=row
    )
    until = protocols.remarks_until(protocol)
    is_draft = protocol.state == Protocol.State.DRAFT
    context = {
        "meeting": row,
        "body": row.body,
        "protocol": protocol,
        "sheet": source_of(Kind.PROTOCOL).paper(protocol).sheet(),
        "remarks": protocol.remarks.all(),
        "corrections": protocol.corrections.all(),
        "remarks_until": until if until > protocol.drafted_at else None,
        "may_remark": is_draft
        and at < until
        and bool(examine(request.user, Action.DISSENT, body=row.body, at=at)),
        "may_sign": is_draft and at >= until,
        "dissent_until": protocols.last_day_to_dissent(protocol),
        "public": public_minutes(protocol),
        "papers": papers_of(
            [
                (Kind.PROTOCOL, protocol),
                *([] if is_draft else [(Kind.PUBLISHED_EXTRACT, protocol)]),
            ]
        ),
        "keeps": keeps(request.user, row.body, at),
        "presides": presides(request.user, row, at),
        "is_keeper": keeps_any(request.user, at),
        "at": at,
    }
    return render(request, "governance/protocol.html", context)


class DraftProtocol(MeetingPage):
    """Draft the minutes from the record."""

    form_class = ProtocolForm
    title = _("Draft the minutes")
    intro = _("They are composed from the record: who was there, what was voted, what came out.")
    submit = _("Draft the minutes")

    def act(self, form: BaseForm, at: datetime.datetime) -> Protocol:
        """Draft."""
        return protocols.draft_protocol(
            meeting=self.meeting, actor=self.request.user, at=at, **form.cleaned_data
        )

    def where_next(self, result: Any) -> str:
        """Go on to the minutes."""
        return reverse("governance:protocol", args=[self.meeting.uid])


class ProtocolPage(MeetingPage):
    """An act on the minutes of a meeting."""

    def load(self, **kwargs: Any) -> None:
        """Fetch the minutes."""
        super().load(**kwargs)
        self.protocol = get_object_or_404(Protocol, meeting=self.meeting)

    def where_next(self, result: Any) -> str:
        """Go back to the minutes."""
        return reverse("governance:protocol", args=[self.meeting.uid])


class SignProtocol(ProtocolPage):
    """Sign exactly the minutes that were read."""

    form_class = SignatureForm
    title = _("Sign the minutes")
    submit = _("Sign")

    def get_initial(self) -> dict[str, Any]:
        """Bind the form to the minutes that are shown."""
        return {"sha256": self.protocol.sha256}

    def act(self, form: BaseForm, at: datetime.datetime) -> Any:
        """Sign, unless the minutes have changed since the page was made."""
        if form.cleaned_data["sha256"] != self.protocol.sha256:
            form.add_error(
                None, _("The minutes have changed since you read them. Read them again.")
            )
            return None
        return protocols.sign_protocol(protocol=self.protocol, actor=self.request.user, at=at)

    def may(self, at: datetime.datetime) -> bool:
        """Let whoever sees the meeting try: coordinators of sides initial the minutes too."""
        return True


class PublishProtocol(ProtocolPage):
    """Publish the minutes."""

    title = _("Publish the minutes")
    intro = _(
        "Everybody may then read an extract: what was decided and how, by sides. Who sat at the "
        "table and how each seat voted stays with those who may see the meeting."
    )
    submit = _("Publish")

    def act(self, form: BaseForm, at: datetime.datetime) -> Any:
        """Publish."""
        return protocols.publish_protocol(protocol=self.protocol, actor=self.request.user, at=at)


class CorrectProtocol(ProtocolPage):
    """Record a slip of the pen in signed minutes; both readings stay visible."""

    form_class = CorrectionForm
    title = _("Record a correction")
    intro = _("Only slips of the pen: the substance is changed by a new decision.")
    submit = _("Record the correction")
    done = _("The correction is drawn up. It is in force once the coordinator agrees.")

    def act(self, form: BaseForm, at: datetime.datetime) -> Any:
        """Correct."""
        return protocols.correct_protocol(
            protocol=self.protocol, actor=self.request.user, at=at, **form.cleaned_data
        )


class AgreeCorrection(ProtocolPage):
    """The second person puts a correction in force; the signed minutes stay as they are."""

    form_class = EmptyForm
    title = _("Agree to the correction")
    intro = _(
        "It is a record of its own: the minutes stay as they were signed, and both readings are "
        "shown and printed from now on."
    )
    submit = _("Agree to the correction")

    def load(self, **kwargs: Any) -> None:
        """Fetch the correction."""
        super().load(**kwargs)
        rows = self.protocol.corrections.select_related("drawn_by")
        self.correction = get_object_or_404(rows, uid=kwargs["correction"])

    def may(self, at: datetime.datetime) -> bool:
        """Let the coordinator alone."""
        return presides(self.request.user, self.meeting, at)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Show the correction above the button."""
        return super().get_context_data(correction=self.correction, **kwargs)

    def act(self, form: BaseForm, at: datetime.datetime) -> CorrectionRecord:
        """Agree."""
        return protocols.agree_correction(
            correction=self.correction, actor=self.request.user, at=at
        )


class RemarkOnProtocol(ProtocolPage):
    """A member remarks on the draft."""

    form_class = RemarkForm
    title = _("Remark on the draft")
    intro = _(
        "The secretary answers every remark with a conclusion and its reason; both are printed in "
        "the minutes. What was voted and how is read from the record and is not changed by a "
        "remark."
    )
    submit = _("Send the remark")

    def may(self, at: datetime.datetime) -> bool:
        """Let who holds a seat."""
        return bool(examine(self.request.user, Action.DISSENT, body=self.meeting.body, at=at))

    def act(self, form: BaseForm, at: datetime.datetime) -> ProtocolRemark:
        """Remark."""
        return remarks.remark_on_protocol(
            protocol=self.protocol, actor=self.request.user, at=at, **form.cleaned_data
        )


class AnswerRemark(ProtocolPage):
    """The secretary says what became of a remark, and why."""

    form_class = AnswerForm
    title = _("Answer the remark")
    submit = _("Answer")

    def load(self, **kwargs: Any) -> None:
        """Fetch the remark; it is answered by somebody else than its author."""
        super().load(**kwargs)
        rows = self.protocol.remarks.select_related("seat", "person")
        self.remark = get_object_or_404(rows, uid=kwargs["remark"])
        if self.remark.person_id == self.request.user.pk:
            raise Http404

    def may(self, at: datetime.datetime) -> bool:
        """Let the secretary alone."""
        return keeps(self.request.user, self.meeting.body, at)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Show the remark above the form."""
        return super().get_context_data(remark=self.remark, **kwargs)

    def act(self, form: BaseForm, at: datetime.datetime) -> ProtocolRemark:
        """Answer."""
        return remarks.answer_remark(
            remark=self.remark, actor=self.request.user, at=at, **form.cleaned_data
        )
