"""How licensing requirements come into being, from a side's initiative to their first day.

A flow says what comes next; it never decides and never writes. The path of this module, the
name of the class and the names of the nodes are stored in task rows: renaming one orphans the
negotiations that are running.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _
from viewflow import this

from calendars import russia
from calendars.domain import day_of, end_of_day
from governance.domain.procedure import parse_procedure
from licensing import acts as licensing
from licensing import selectors
from licensing.models import RequirementVersion
from negotiation import acts as negotiation
from negotiation.models import Clause, Disagreement, Matter, Recommendation
from negotiation.selectors import readiness
from negotiation.services import Whole
from workflows.engine.flow import GovernedFlow
from workflows.engine.nodes import ActStart, ActTask, Choice, Finish, Role
from workflows.models import NegotiationProcess

if TYPE_CHECKING:
    from datetime import datetime

    from viewflow.workflow.activation import Activation

    from accounts.models import Person
    from audit.models import Entry
    from governance.domain.procedure import Procedure

AT_THE_TABLE = (
    negotiation.CIRCULATED,
    negotiation.ROUND_CLOSED,
    negotiation.SUMMARY_PREPARED,
    negotiation.DECISION_APPLIED,
    negotiation.AMENDMENT_DECIDED,
    negotiation.AMENDMENT_WITHDRAWN,
    negotiation.DISAGREEMENT_RECORDED,
    negotiation.WORDING_RECOMMENDED,
    negotiation.NO_AGREEMENT_NOTED,
)
"""Acts in any order while the sides negotiate; each may change what is due."""


class RequirementNegotiation(GovernedFlow):
    """The table decides; the ministry approves or returns; the requirements bind."""

    process_title = _("Negotiation of licensing requirements")
    process_description = _("From the initiative of a side to requirements in force.")
    process_class = NegotiationProcess
    cancelled_by = (negotiation.MATTER_WITHDRAWN,)

    start = ActStart(
        negotiation.MATTER_REGISTERED, this.begin, title=_("The matter is registered")
    ).Next(this.convene)

    convene = ActTask(
        negotiation.MATTER_OPENED,
        title=_("Open the negotiations"),
        role=Role.SECRETARY,
        page="negotiation:matter",
    ).Next(this.circulate)
    circulate = ActTask(
        negotiation.CIRCULATED,
        title=_("Circulate the draft for comments"),
        role=Role.SECRETARY,
        page="negotiation:matter",
    ).Next(this.comment)
    comment = ActTask(
        negotiation.ROUND_CLOSED,
        title=_("Take comments, then close the round"),
        role=Role.SECRETARY,
        page="negotiation:matter",
        deadline=this.round_ends_at,
    ).Next(this.summarise)
    summarise = ActTask(
        negotiation.SUMMARY_PREPARED,
        title=_("Prepare the comment summary"),
        role=Role.SECRETARY,
        page="negotiation:matter",
    ).Next(this.table)

    table = (
        Choice(title=_("What is due at the table?"))
        .Case(this.submit, this.whole_is_agreed)
        .Case(this.conciliate, this.conciliation_is_due)
        .Case(this.vote_on_whole, this.only_the_whole_is_left)
        .Default(this.deliberate)
    )
    deliberate = ActTask(
        negotiation.MATTER_AGREED,
        negotiation.MATTER_NOT_AGREED,
        hears=AT_THE_TABLE,
        title=_("Negotiate and vote, clause by clause"),
        role=Role.COORDINATOR,
        page="negotiation:matter",
    ).Next(this.table)
    conciliate = ActTask(
        negotiation.MATTER_AGREED,
        negotiation.MATTER_NOT_AGREED,
        hears=AT_THE_TABLE,
        title=_("Hold a conciliation meeting"),
        role=Role.COORDINATOR,
        page="negotiation:matter",
        deadline=this.conciliation_ends_at,
    ).Next(this.table)
    vote_on_whole = ActTask(
        negotiation.MATTER_AGREED,
        negotiation.MATTER_NOT_AGREED,
        hears=AT_THE_TABLE,
        title=_("Vote on the text as a whole"),
        role=Role.COORDINATOR,
        page="negotiation:matter",
    ).Next(this.table)

    submit = ActTask(
        licensing.VERSION_SUBMITTED,
        title=_("Submit the agreed text for approval"),
        role=Role.SECRETARY,
        page="negotiation:matter",
    ).Next(this.ministry)

    ministry = (
        Choice(title=_("What is due at the ministry?"))
        .Case(this.table, this.text_is_returned)
        .Case(this.publish, this.text_is_approved)
        .Case(this.order, this.text_is_endorsed)
        .Default(this.endorse)
    )
    endorse = ActTask(
        licensing.VERSION_RETURNED,
        hears=(licensing.VISA_GIVEN,),
        title=_("Give the visas of the units"),
        page="licensing:version",
        subject=this.version,
        deadline=this.order_due_at,
    ).Next(this.ministry)
    order = ActTask(
        licensing.VERSION_APPROVED,
        licensing.VERSION_RETURNED,
        hears=(licensing.VISA_GIVEN,),
        title=_("Approve by order, or return with reasons"),
        role=Role.APPROVING_OFFICIAL,
        page="licensing:version",
        subject=this.version,
        deadline=this.order_due_at,
    ).Next(this.ministry)

    publish = ActTask(
        licensing.VERSION_PUBLISHED,
        title=_("Publish the requirements"),
        role=Role.SECRETARY,
        page="licensing:version",
        subject=this.version,
        deadline=this.publication_due_at,
    ).Next(this.enter_into_force)
    enter_into_force = ActTask(
        licensing.VERSION_ENTERED_INTO_FORCE,
        title=_("Bring the requirements into force"),
        role=Role.SECRETARY,
        page="licensing:version",
        subject=this.version,
        deadline=this.first_day_ends_at,
    ).Next(this.in_force)
    in_force = Finish(title=_("The requirements are in force"))

    def begin(self, activation: Activation, *, entry: Entry) -> NegotiationProcess:
        """Bind the process to the matter that was registered, and to this definition."""
        activation.process.matter = Matter.objects.get(uid=entry.subject_uid)
        activation.process.definition_sha256 = self.definition_sha256()
        return activation.process

    def round_ends_at(self, process: NegotiationProcess) -> datetime | None:
        """Return when the last proposals are taken, sub-amendments included."""
        open_round = process.matter.rounds.filter(closed_at=None).order_by("-number").first()
        return open_round and open_round.sub_amendments_until

    def whole_is_agreed(self, activation: Activation) -> bool:
        """Read whether the ballot on the whole agreed."""
        return activation.process.matter.state in Matter.AGREED

    def conciliation_is_due(self, activation: Activation) -> bool:
        """Read whether a clause lacks agreement and no conciliation meeting spoke about it yet."""
        return self._unconciliated(activation.process).exists()

    def only_the_whole_is_left(self, activation: Activation) -> bool:
        """Read whether nothing but the vote on the whole remains.

        The same composition that the vote is held on says whether the text is ready. A wording
        that conciliation recommends is voted first.
        """
        matter = activation.process.matter
        pending = Clause.objects.of_matter(matter).filter(
            kind=Clause.Kind.CLAUSE,
            origin=Clause.Origin.NEGOTIATED,
            state__in=[Clause.State.DRAFT, Clause.State.DISPUTED],
        )
        recommended = matter.disagreements.under_discussion().filter(
            confirmed_in=None, clause__recommendations__no_agreement=False
        )
        # The cheap questions first: this is asked after every decision.
        if pending.exists() or recommended.exists():
            return False
        return isinstance(readiness(matter), Whole)

    def conciliation_ends_at(self, process: NegotiationProcess) -> datetime | None:
        """Return the end of the charter's term for conciliation, from the first disagreement."""
        first = self._unconciliated(process).order_by("raised_at").first()
        if first is None:
            return None
        days = _procedure(process).conciliation_working_days
        return end_of_day(russia().add_working_days(day_of(first.raised_at), days))

    def version(self, process: NegotiationProcess) -> RequirementVersion:
        """Return the version that was submitted last."""
        versions = RequirementVersion.objects.filter(requirement_set__matter=process.matter)
        return versions.order_by("-submitted_at", "-pk")[0]

    def text_is_returned(self, activation: Activation) -> bool:
        """Read whether the official returned the text."""
        return self.version(activation.process).state == RequirementVersion.State.RETURNED

    def text_is_approved(self, activation: Activation) -> bool:
        """Read whether there is an order."""
        return self.version(activation.process).state == RequirementVersion.State.APPROVED

    def text_is_endorsed(self, activation: Activation) -> bool:
        """Read whether every unit asked gave its visa to this very text."""
        return selectors.is_endorsed(self.version(activation.process))

    def order_due_at(self, process: NegotiationProcess) -> datetime | None:
        """Return until when the official approves or returns."""
        due = self.version(process).decide_by
        return None if due is None else end_of_day(due)

    def publication_due_at(self, process: NegotiationProcess) -> datetime | None:
        """Return until when an approved text is published."""
        approved_at = self.version(process).approved_at
        if approved_at is None:
            return None
        days = _procedure(process).publication_working_days
        return end_of_day(russia().add_working_days(day_of(approved_at), days))

    def first_day_ends_at(self, process: NegotiationProcess) -> datetime | None:
        """Return the end of the first day on which the requirements bind."""
        first_day = self.version(process).in_force_from
        return None if first_day is None else end_of_day(first_day)

    @classmethod
    def process_for(cls, entry: Entry) -> NegotiationProcess | None:
        """Find the process by the stream: all acts on a matter stand in the matter's own."""
        kind, _separator, uid = entry.stream.partition(":")
        if kind != "matter":
            return None
        return NegotiationProcess.objects.filter(matter__uid=uid).order_by().first()

    def subject(self, process: NegotiationProcess) -> Matter:
        """Return the matter."""
        return process.matter

    def may_view(self, person: Person, process: NegotiationProcess) -> bool:
        """Say whether the person may see the matter: the process shows no more than it."""
        return Matter.objects.visible_to(person).filter(pk=process.matter_id).exists()

    def _unconciliated(self, process: NegotiationProcess) -> Any:
        """Return the disagreements about which no conciliation meeting has spoken."""
        spoken = Recommendation.objects.filter(clause__document__matter=process.matter)
        return process.matter.disagreements.filter(
            state=Disagreement.State.RAISED, confirmed_in=None
        ).exclude(clause__in=spoken.values("clause"))


def _procedure(process: NegotiationProcess) -> Procedure:
    """Return the procedure under which the matter was opened."""
    return parse_procedure(process.matter.charter_version.procedure)
