"""The pages of a silence procedure, beside its ballot: opened, read, proved, reminded, ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from governance.models import SilenceNotice, SilenceProcedure
from governance.services import silence as acts_of_silence
from negotiation.forms.proposals import ConfirmForm
from negotiation.forms.silence import ObjectionForm, ReceiptForm
from negotiation.views.ballots import BallotActPage

if TYPE_CHECKING:
    import datetime

    from django.db.models import QuerySet
    from django.forms import BaseForm

Kind, Proof = SilenceProcedure.Kind, SilenceNotice.Proof


class OpenSilence(BallotActPage):
    """Ask whether anybody objects, instead of a vote."""

    form_class = ConfirmForm
    title = _("Open a silence procedure")
    intro = _(
        "Every seat is called to object. No answer means consent, so every notice must be"
        " personally delivered and one reminder sent before the term is over; one objection sends"
        " the question to a vote."
    )
    submit = _("Open it and send the notices")

    def load(self, **kwargs: Any) -> None:
        """For the secretary alone."""
        super().load(**kwargs)
        if not self.standing.keeps:
            raise Http404

    def act(self, form: BaseForm, at: datetime.datetime) -> Any:
        """Open."""
        return acts_of_silence.open_silence(
            ballot=self.ballot, kind=Kind.EDITORIAL, actor=self.request.user, at=at
        )


class OfASilence(BallotActPage):
    """An act on a silence procedure that exists."""

    form_class = ConfirmForm

    def load(self, **kwargs: Any) -> None:
        """Fetch the procedure."""
        super().load(**kwargs)
        self.silence = get_object_or_404(SilenceProcedure, ballot=self.ballot)


class KeepingASilence(OfASilence):
    """An act of the secretary."""

    def load(self, **kwargs: Any) -> None:
        """For others the page does not exist."""
        super().load(**kwargs)
        if not self.standing.keeps:
            raise Http404


class ReadSilence(OfASilence):
    """Confirm that one has read the call oneself."""

    title = _("Confirm that you have read this")
    intro = _(
        "No answer means consent. Confirming says only that the notice has reached you: you may"
        " still object until the term is over."
    )
    submit = _("I have read it")

    def load(self, **kwargs: Any) -> None:
        """For those who were called."""
        super().load(**kwargs)
        if not self._mine().exists():
            raise Http404

    def _mine(self) -> QuerySet[SilenceNotice]:
        return self.silence.notices.filter(person=self.request.user)

    def act(self, form: BaseForm, at: datetime.datetime) -> Any:
        """Keep the proof for each seat that the person holds."""
        return [
            acts_of_silence.prove_silence_notice(
                notice=notice, proof=Proof.READ, actor=self.request.user, at=at
            )
            for notice in self._mine().order_by("pk")
        ]


class ObjectToSilence(OfASilence):
    """Object: no reason is needed."""

    form_class = ObjectionForm
    title = _("Object")
    intro = _(
        "Your objection ends the procedure: the question goes to a vote. No reason is needed."
    )
    submit = _("Object")

    def load(self, **kwargs: Any) -> None:
        """For holders of a seat."""
        super().load(**kwargs)
        if not self.standing.holdings:
            raise Http404

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


class ProveSilenceNotice(KeepingASilence):
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


class RemindOfSilence(KeepingASilence):
    """Send the one reminder."""

    title = _("Send the reminder")
    intro = _("Everybody who was called is reminded, once, that no answer means consent.")
    submit = _("Send the reminder")

    def act(self, form: BaseForm, at: datetime.datetime) -> Any:
        """Remind."""
        return acts_of_silence.remind_of_silence(
            silence=self.silence, actor=self.request.user, at=at
        )


class EndSilence(KeepingASilence):
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
