"""The page of one clause, and what one can do there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.words import localised
from calendars.domain import day_of
from governance.domain.procedure import parse_procedure
from governance.models import SeatHolding
from governance.services import conflicts
from negotiation import selectors
from negotiation.forms.proposals import (
    ConfirmForm,
    ConflictForm,
    PositionForm,
    WordingForm,
    WordsForm,
)
from negotiation.models import Amendment, Clause, Position
from negotiation.services import positions, texts
from negotiation.views.access import ClauseActPage, Standing, visible_clause, visible_matter

if TYPE_CHECKING:
    import datetime
    from uuid import UUID

    from django.forms import BaseForm


@login_required
@require_safe
def clause_page(request: HttpRequest, uid: UUID, clause: UUID) -> HttpResponse:
    """Show one clause: its words, what changed, who says what, what was voted."""
    matter = visible_matter(request.user, uid)
    row = visible_clause(matter, clause)
    standing = Standing(request, matter)
    table = row.on_the_table
    draft = row.draft_wording
    context = {
        "matter": matter,
        "standing": standing,
        "clause": row,
        "table": table,
        "before": draft if draft and table and draft.pk != table.pk else None,
        "terms": table.terms if table else {},
        "row": selectors.row_of(row),
        "amendments": row.amendments.select_related(
            "author", "side", "sponsor_side", "decided_in"
        ).order_by("pk"),
        "remarks": row.remarks.select_related("author", "side").order_by("pk"),
        "wordings": reversed(selectors.wordings_of(row)),
        "questions": row.question_wordings.select_related("question__ballot").order_by("pk"),
        "position_form": _position_form(standing, row),
        "needs_approval": _speaks_with_one_voice(standing),
        "remark_form": WordsForm() if standing.may_propose else None,
    }
    return render(request, "negotiation/clause.html", context)


def _position_form(standing: Standing, clause: Clause) -> PositionForm | None:
    """Offer the form to whoever speaks for a side, while the clause is open."""
    if not standing.negotiates or clause.is_locked or clause.on_the_table is None:
        return None
    return PositionForm(initial={"wording": clause.on_the_table.uid})


def _speaks_with_one_voice(standing: Standing) -> bool:
    """Say whether the reader's side speaks only after an inner approval."""
    version = standing.matter.charter_version
    if version is None or standing.side is None:
        return False
    return parse_procedure(version.procedure).sides[standing.side.code].inner_approvals > 0


class OnClause(ClauseActPage):
    """An act after which one reads the clause again."""

    def where_next(self, result: Any) -> str:
        """Go back to the clause."""
        return reverse("negotiation:clause", args=[self.matter.uid, self.clause.uid])


class ForASide(OnClause):
    """An act of a person who speaks for a side."""

    def load(self, **kwargs: Any) -> None:
        """For others the page does not exist."""
        super().load(**kwargs)
        if not self.standing.negotiates:
            raise Http404


class TakePosition(ForASide):
    """State the position of one's side on the wording that one has read."""

    form_class = PositionForm
    title = _("State the position of your side")
    submit = _("State the position")
    done = _("The position of your side is stated.")

    def get_initial(self) -> dict[str, Any]:
        """Bind the form to the wording on the table."""
        wording = self.clause.on_the_table
        return {"wording": wording.uid if wording else None}

    def act(self, form: BaseForm, at: datetime.datetime) -> Position:
        """Take the position on the wording that the form was shown with."""
        words = form.cleaned_data
        return positions.take_position(
            clause=self.clause,
            side=self.standing.side,
            stance=Position.Stance(words["stance"]),
            wording=get_object_or_404(self.clause.wordings, uid=words["wording"]),
            reason_ru=words["reason_ru"],
            reason_en=words["reason_en"],
            actor=self.request.user,
            at=at,
        )


class DemandSeparate(ForASide):
    """Demand that the clause is never voted in a package."""

    form_class = ConfirmForm
    title = _("Demand a separate vote")
    intro = _("The clause will not be put to the vote together with others.")
    submit = _("Demand it")

    def act(self, form: BaseForm, at: datetime.datetime) -> Any:
        """Demand."""
        return positions.demand_separate_vote(
            clause=self.clause, side=self.standing.side, actor=self.request.user, at=at
        )


class AddRemark(OnClause):
    """Say something in the open discussion."""

    form_class = WordsForm
    title = _("Open discussion")
    submit = _("Say it")

    def act(self, form: BaseForm, at: datetime.datetime) -> Any:
        """Say it."""
        return positions.add_remark(
            clause=self.clause,
            text=form.cleaned_data["text"],
            side=self.standing.side if self.standing.negotiates else None,
            actor=self.request.user,
            at=at,
        )


class DeclareConflict(OnClause):
    """Declare an interest that may stand in the way of deciding this clause."""

    form_class = ConflictForm
    title = _("Declare a conflict of interest")
    intro = _(
        "The side of the person decides what follows, without the person. A recusal reaches the "
        "votes on this clause and its amendments, not the vote on the whole."
    )
    submit = _("Declare")
    done = _("Declared. The side decides what follows from it.")

    def load(self, **kwargs: Any) -> None:
        """For those who take part at the table."""
        super().load(**kwargs)
        if not self.standing.may_raise_conflicts:
            raise Http404

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer everybody at the table, with what the register of positions says of them."""
        ties: dict[int, list[str]] = {}
        for tied in conflicts.ties_of(self.matter.body, self.standing.at):
            named = localised(tied.organisation, "name")
            ties.setdefault(tied.holding.seat_id, []).append(named)
        seats = (
            (held.seat.code, " · ".join([held.seat.code, localised(held.person, "name"), *tied]))
            for held in self._holdings()
            for tied in [ties.get(held.seat_id, [])]
        )
        return {**super().get_form_kwargs(), "seats": seats}

    def get_initial(self) -> dict[str, Any]:
        """Start from the seat that one holds."""
        own = self.standing.holdings
        return {"seat": own[0].seat.code} if own else {}

    def act(self, form: BaseForm, at: datetime.datetime) -> Any:
        """Declare, for the seat that was chosen."""
        words = dict(form.cleaned_data)
        code = words.pop("seat")
        return conflicts.declare_conflict(
            seat=next(held.seat for held in self._holdings() if held.seat.code == code),
            topics=[self.clause.uid],
            actor=self.request.user,
            at=at,
            **words,
        )

    def _holdings(self) -> list[SeatHolding]:
        held = SeatHolding.objects.of_body(self.matter.body).on(day_of(self.standing.at))
        held = held.select_related("seat__body", "person")
        return list(held.order_by("seat__side__position", "seat__number"))


class TableWording(OnClause):
    """Lay a wording on the table that takes up what was proposed."""

    form_class = WordingForm
    title = _("Lay a wording on the table")
    intro = _("Positions taken on the wording before become stale: the sides are asked anew.")
    submit = _("Lay it on the table")

    def load(self, **kwargs: Any) -> None:
        """For the secretary and rapporteurs."""
        super().load(**kwargs)
        if not self.standing.reports:
            raise Http404

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the undecided amendments of the clause."""
        open_ones = self.clause.amendments.undecided().exclude(state=Amendment.State.FILED)
        return {**super().get_form_kwargs(), "amendments": open_ones.order_by("pk")}

    def get_initial(self) -> dict[str, Any]:
        """Start from the words that stand."""
        wording = self.clause.on_the_table
        return {"text_ru": wording.text_ru, "text_en": wording.text_en} if wording else {}

    def act(self, form: BaseForm, at: datetime.datetime) -> Any:
        """Lay it on the table, with the terms by which the clause was checked so far."""
        words = form.cleaned_data
        wording = self.clause.on_the_table
        return texts.table_wording(
            clause=self.clause,
            text_ru=words["text_ru"],
            text_en=words["text_en"] or None,
            terms=wording.terms if wording else {},
            amendments=list(words.get("amendments", [])),
            actor=self.request.user,
            at=at,
        )
