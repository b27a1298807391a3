"""The private room of a side: where its position is formed before it speaks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from calendars.domain import day_of
from governance.domain.procedure import parse_procedure
from governance.services import approvals
from negotiation import selectors
from negotiation.forms.proposals import InnerApprovalForm, WordsForm
from negotiation.models import Clause, RoomMessage
from negotiation.services import positions
from negotiation.views.access import ClauseActPage, MatterActPage

if TYPE_CHECKING:
    import datetime

    from django.forms import BaseForm


class Room(MatterActPage):
    """Read what is said inside one's side, and say something."""

    form_class = WordsForm
    template_name = "negotiation/room.html"
    title = _("Our room")
    submit = _("Write")
    done = _("Written. Only your side reads it.")

    clause: Clause | None = None

    def load(self, **kwargs: Any) -> None:
        """For holders of a seat; a room of another side does not exist for them."""
        super().load(**kwargs)
        if not self.standing.holdings:
            raise Http404
        self.side = self.standing.holdings[0].seat.side
        if asked := self.request.GET.get("clause"):
            try:
                self.clause = get_object_or_404(Clause.objects.of_matter(self.matter), uid=asked)
            except (ValueError, TypeError) as nonsense:
                raise Http404 from nonsense

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Show the messages, and what the side still has to approve."""
        messages = RoomMessage.objects.visible_to(
            self.request.user, on=day_of(self.standing.at)
        ).filter(side=self.side, matter=self.matter)
        if self.clause:
            messages = messages.filter(clause=self.clause)
        return super().get_context_data(
            side=self.side,
            clause=self.clause,
            room_messages=messages.select_related("author", "clause").order_by("pk"),
            to_approve=self._to_approve(),
            **kwargs,
        )

    def _to_approve(self) -> list[Clause]:
        """Return the clauses on which a single-voiced side has yet to speak."""
        version = self.matter.charter_version
        if (
            version is None
            or not parse_procedure(version.procedure).sides[self.side.code].inner_approvals
        ):
            return []
        return list(selectors.clauses_awaiting(self.side).filter(document__matter=self.matter))

    def act(self, form: BaseForm, at: datetime.datetime) -> RoomMessage:
        """Write."""
        return positions.write_in_room(
            side=self.side,
            matter=self.matter,
            clause=self.clause,
            text=form.cleaned_data["text"],
            actor=self.request.user,
            at=at,
        )

    def where_next(self, result: Any) -> str:
        """Stay in the room."""
        address = reverse("negotiation:room", args=[self.matter.uid])
        return f"{address}?clause={self.clause.uid}" if self.clause else address


class ApproveInside(ClauseActPage):
    """Approve what the coordinator will say for the side on a wording."""

    form_class = InnerApprovalForm
    title = _("Approve the position inside the side")
    intro = _("The coordinator speaks for the side only after this approval.")
    submit = _("Approve")
    done = _("Approved. The coordinator may now state this position.")

    def load(self, **kwargs: Any) -> None:
        """For holders of a seat."""
        super().load(**kwargs)
        if not self.standing.holdings or self.clause.on_the_table is None:
            raise Http404

    def get_initial(self) -> dict[str, Any]:
        """Bind the form to the wording on the table."""
        return {"wording": self.clause.on_the_table.uid}

    def act(self, form: BaseForm, at: datetime.datetime) -> Any:
        """Approve the stance on exactly the wording that was shown."""
        wording = get_object_or_404(self.clause.wordings, uid=form.cleaned_data["wording"])
        return approvals.approve_inside_side(
            side=self.standing.holdings[0].seat.side,
            text_sha256=wording.sha256,
            choice=form.cleaned_data["stance"],
            actor=self.request.user,
            at=at,
        )

    def where_next(self, result: Any) -> str:
        """Go back to the room."""
        return reverse("negotiation:room", args=[self.matter.uid])
