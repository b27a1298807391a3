"""The minutes of a meeting: read, signed, published, corrected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from audit import clock
from documents.papers import Kind
from governance.forms.meetings import (
    CorrectionForm,
    EmptyForm,
    ProtocolForm,
    SignatureForm,
)
from governance.models import CorrectionRecord, Protocol
from governance.papers import papers_of, source_of
from governance.services import protocols
from governance.views.desk import keeps, keeps_any
from governance.views.meetings import MeetingPage, presides, visible_meeting

if TYPE_CHECKING:
    import datetime
    from uuid import UUID

    from django.forms import BaseForm


@login_required
@require_safe
def protocol_page(request: HttpRequest, meeting: UUID) -> HttpResponse:
    """Show the minutes: how far they have come, what they say, signatures, corrections."""
    at = clock.now()
    row = visible_meeting(request.user, meeting)
    protocol = get_object_or_404(
        Protocol.objects.whole().select_related("meeting__charter_version"), meeting=row
    )
    context = {
        "meeting": row,
        "body": row.body,
        "protocol": protocol,
        "sheet": source_of(Kind.PROTOCOL).paper(protocol).sheet(),
        "corrections": protocol.corrections.all(),
        "dissent_until": protocols.last_day_to_dissent(protocol),
        "papers": papers_of([(Kind.PROTOCOL, protocol)]),
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
