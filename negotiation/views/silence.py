"""The pages of a silence procedure, beside its ballot: opened, read, proved, reminded, ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from governance.models import SilenceNotice, SilenceProcedure
from governance.services import silence as acts_of_silence
from governance.views.ballots import BallotAct, OfMember
from negotiation.forms.silence import ObjectionForm, ReceiptForm

if TYPE_CHECKING:
    import datetime

    from django.db.models import QuerySet
    from django.forms import BaseForm

Kind, Proof = SilenceProcedure.Kind, SilenceNotice.Proof


class OpenSilence(BallotAct):
    """Ask whether anybody objects, instead of a vote."""

    title = _("Open a silence procedure")
    intro = _(
        "Every seat is called to object. No answer means consent, so every notice must be"
        " personally delivered and one reminder sent before the term is over; one objection sends"
        " the question to a vote."
    )
    submit = _("Open it and send the notices")

    def is_allowed(self) -> bool:
        """For the secretary alone."""
        return self.standing.keeps

    def act(self, form: BaseForm, at: datetime.datetime) -> Any:
        """Open."""
        return acts_of_silence.open_silence(
            ballot=self.ballot, kind=Kind.EDITORIAL, actor=self.request.user, at=at
        )


class OfASilence(BallotAct):
    """An act on a silence procedure that exists. The secretary's, unless it says otherwise."""

    def load(self, **kwargs: Any) -> None:
        """Fetch the procedure."""
        super().load(**kwargs)
        self.silence = get_object_or_404(SilenceProcedure, ballot=self.ballot)

    def is_allowed(self) -> bool:
        """For the secretary."""
        return self.standing.keeps


class ReadSilence(OfASilence):
    """Confirm that one has read the call oneself."""

    title = _("Confirm that you have read this")
    intro = _(
        "No answer means consent. Confirming says only that the notice has reached you: you may"
        " still object until the term is over."
    )
    submit = _("I have read it")

    def is_allowed(self) -> bool:
        """For those who were called."""
        return self._mine().exists()

    def _mine(self) -> QuerySet[SilenceNotice]:
        """Return the reader's own notices, one for each seat that the reader holds."""
        ours = SilenceNotice.objects.filter(procedure__ballot=self.ballot)
        return ours.filter(person=self.request.user)

    def act(self, form: BaseForm, at: datetime.datetime) -> Any:
        """Keep the proof for each seat that the person holds."""
        return [
            acts_of_silence.prove_silence_notice(
                notice=notice, proof=Proof.READ, actor=self.request.user, at=at
            )
            for notice in self._mine().order_by("pk")
        ]


class ObjectToSilence(OfMember, OfASilence):
    """Object: no reason is needed."""

    form_class = ObjectionForm
    title = _("Object")
    intro = _(
        "Your objection ends the procedure: the question goes to a vote. No reason is needed."
    )
    submit = _("Object")

    def get_initial(self) -> dict[str, Any]:
        """Bind the form to the text that is shown."""
        return {"text_sha256": self.ballot.text_sha256}

    def act(self, form: BaseForm, at: datetime.datetime) -> Any:
        """Object."""
        return acts_of_silence.object_to_silence(
            silence=self.silence,
            seat=self.standing.holdings[0].seat,
            actor=self.request.user,
            at=at,
            **form.cleaned_data,
        )


class ProveSilenceNotice(OfASilence):
    """Enter the receipt of a notice that was handed over on paper."""

    form_class = ReceiptForm
    title = _("Record the delivery of the notice")
    submit = _("Record")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the notices that are not proved."""
        waiting = self.silence.notices.filter(delivered_at=None).select_related("seat", "person")
        return {**super().get_form_kwargs(), "notices": waiting.order_by("seat__code")}

    def act(self, form: BaseForm, at: datetime.datetime) -> Any:
        """Record."""
        return acts_of_silence.prove_silence_notice(
            actor=self.request.user, at=at, **form.cleaned_data
        )


class RemindOfSilence(OfASilence):
    """Send the one reminder."""

    title = _("Send the reminder")
    intro = _("Everybody who was called is reminded, once, that no answer means consent.")
    submit = _("Send the reminder")

    def act(self, form: BaseForm, at: datetime.datetime) -> Any:
        """Remind."""
        return acts_of_silence.remind_of_silence(
            silence=self.silence, actor=self.request.user, at=at
        )


class EndSilence(OfASilence):
    """Find what the silence means."""

    title = _("End the silence procedure")
    intro = _(
        "If every seat is held and was reached, and the reminder was sent, silence is tacit"
        " consent. Otherwise the procedure has failed, and the question can be put to a vote."
    )
    submit = _("End the procedure")
    done = _("Done. The page says whether there is tacit consent.")

    def act(self, form: BaseForm, at: datetime.datetime) -> Any:
        """End."""
        return acts_of_silence.end_silence(silence=self.silence, actor=self.request.user, at=at)
