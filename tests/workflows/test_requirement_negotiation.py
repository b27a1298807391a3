"""The negotiation as a transition system: all that can happen, tried on the flow itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest

from audit import registry
from licensing import acts as licensing
from negotiation import acts as negotiation
from tests.workflows.explorer import CANCELLED, Exploration, explore
from workflows.engine.definition import describe
from workflows.engine.nodes import ActStart, ActTask, Choice, Finish
from workflows.flows.requirement_negotiation import RequirementNegotiation

DIGEST = "fe1038fed0dc81ce3c44677c961c9a6c46d205ca03541cf885989039923f7140"


@dataclass(frozen=True)
class Facts:
    """The state of affairs, as far as acts depend on it."""

    matter: str = "registered"
    opened: bool = False
    round_open: bool = False
    clauses_pending: bool = True
    dispute: str = "none"
    version: str = "none"
    visas: bool = False
    was_returned: bool = False


AT_THE_TABLE = {"in_circulation", "negotiating", "not_agreed", "returned"}
TAKES_QUESTIONS = AT_THE_TABLE - {"in_circulation"}


def possible(facts: Facts) -> Iterator[tuple[str, Facts]]:
    """Yield every act that the services of negotiation and licensing allow, and what it changes."""
    yield from _before_the_table(facts)
    yield from _at_the_table(facts)
    yield from _after_the_table(facts)
    if facts.matter == "registered" or facts.matter in AT_THE_TABLE:
        yield negotiation.MATTER_WITHDRAWN, replace(facts, matter="withdrawn")


def _before_the_table(facts: Facts) -> Iterator[tuple[str, Facts]]:
    if facts.matter == "registered" and not facts.opened:
        yield negotiation.MATTER_OPENED, replace(facts, opened=True)
    if facts.opened and facts.matter in {"registered", "returned"} and not facts.round_open:
        yield negotiation.CIRCULATED, replace(facts, matter="in_circulation", round_open=True)
    if facts.matter == "in_circulation":
        # The summary closes a round that nobody closed: two entries of one act.
        if facts.round_open:
            yield negotiation.ROUND_CLOSED, replace(facts, round_open=False)
        else:
            yield negotiation.SUMMARY_PREPARED, replace(facts, matter="negotiating")
    if facts.matter in {"registered", *AT_THE_TABLE}:
        yield negotiation.AMENDMENT_WITHDRAWN, facts
        yield negotiation.AMENDMENT_DECIDED, facts


def _at_the_table(facts: Facts) -> Iterator[tuple[str, Facts]]:
    if facts.matter in AT_THE_TABLE:
        if facts.dispute == "raised":
            yield negotiation.WORDING_RECOMMENDED, replace(facts, dispute="recommended")
            yield negotiation.NO_AGREEMENT_NOTED, replace(facts, dispute="no_wording")
        if facts.dispute not in {"none", "recorded"}:
            yield negotiation.DISAGREEMENT_RECORDED, replace(facts, dispute="recorded")
        yield negotiation.NO_AGREEMENT_NOTED, facts
    if facts.matter not in TAKES_QUESTIONS:
        return
    # A ballot on clauses: agreed, some of them or the last; or a disagreement, first or second.
    for pending in {facts.clauses_pending, False}:
        for dispute in {facts.dispute, "none"}:
            yield (
                negotiation.DECISION_APPLIED,
                replace(facts, clauses_pending=pending, dispute=dispute),
            )
        second = {"recommended": "confirmed", "no_wording": "confirmed"}
        if facts.dispute != "recorded":
            dispute = second.get(facts.dispute, "raised")
            yield (
                negotiation.DECISION_APPLIED,
                replace(facts, clauses_pending=pending, dispute=dispute),
            )
    if not facts.clauses_pending:
        dispute = "none" if facts.dispute == "none" else "recorded"
        yield negotiation.MATTER_AGREED, replace(facts, matter="agreed", dispute=dispute)
        yield negotiation.MATTER_NOT_AGREED, replace(facts, matter="not_agreed")


def _after_the_table(facts: Facts) -> Iterator[tuple[str, Facts]]:
    if facts.matter == "agreed" and facts.version in {"none", "returned"}:
        for visas in (False, True):
            # With no unit to ask, or a text confirmed unchanged, nothing is missing.
            yield licensing.VERSION_SUBMITTED, replace(facts, version="review", visas=visas)
    if facts.version == "review":
        for visas in (False, True):
            yield licensing.VISA_GIVEN, replace(facts, visas=visas)
        if facts.visas:
            yield licensing.VERSION_APPROVED, replace(facts, version="approved", matter="approved")
        if not facts.was_returned:
            yield (
                licensing.VERSION_RETURNED,
                replace(
                    facts,
                    version="returned",
                    matter="returned",
                    clauses_pending=True,
                    was_returned=True,
                ),
            )
    if facts.version == "approved":
        yield licensing.VERSION_PUBLISHED, replace(facts, version="published", matter="published")
    if facts.version == "published":
        yield (
            licensing.VERSION_ENTERED_INTO_FORCE,
            replace(facts, version="in_force", matter="in_force"),
        )


def readings(facts: Facts) -> dict[str, bool]:
    """Return what the conditions of the flow read."""
    return {
        "whole_is_agreed": facts.matter == "agreed",
        "conciliation_is_due": facts.dispute == "raised",
        "only_the_whole_is_left": not facts.clauses_pending and facts.dispute != "recommended",
        "text_is_returned": facts.version == "returned",
        "text_is_approved": facts.version == "approved",
        "text_is_endorsed": facts.visas,
    }


@pytest.fixture(scope="module")
def explored() -> Exploration[Facts]:
    """Return everything that can happen to a negotiation."""
    return explore(RequirementNegotiation, facts=Facts(), possible=possible, readings=readings)


ENDS = {"in_force", CANCELLED}


def test_whatever_the_services_allow_the_process_follows(explored: Exploration[Facts]) -> None:
    assert explored.refused == set()


def test_option_to_complete(explored: Exploration[Facts]) -> None:
    assert explored.states - explored.able_to_end(ENDS) == set()
    # And not only by giving up: once at the table, requirements can come into force.
    at_the_table = {state for state in explored.states if state[0] != CANCELLED}
    assert at_the_table - explored.able_to_end({"in_force"}) == set()


def test_no_deadlock(explored: Exploration[Facts]) -> None:
    going_on = {step.before for step in explored.steps}
    assert {node for node, facts in explored.states - going_on} <= ENDS


def test_proper_completion(explored: Exploration[Facts]) -> None:
    assert {facts.matter for node, facts in explored.states if node == "in_force"} == {"in_force"}
    assert {facts.matter for node, facts in explored.states if node == CANCELLED} == {"withdrawn"}
    assert {node for node, facts in explored.states if facts.matter == "in_force"} == {"in_force"}


def test_no_dead_node_and_no_dead_way(explored: Exploration[Facts]) -> None:
    flow = RequirementNegotiation.instance
    resting = {node.name for node in flow.nodes() if isinstance(node, ActTask | Finish)}
    assert explored.nodes() - {CANCELLED} == resting
    ways = {
        (node.name, way.name)
        for node in flow.nodes()
        if isinstance(node, Choice)
        for way, _condition in node._branches
    }
    assert explored.gateways == ways


def test_every_step_is_completed_by_each_of_its_acts(explored: Exploration[Facts]) -> None:
    completed = {
        (step.before[0], step.act) for step in explored.steps if step.before[0] != step.after[0]
    }
    flow = RequirementNegotiation.instance
    assert {
        (node.name, act)
        for node in flow.nodes()
        if isinstance(node, ActTask)
        for act in node.acts
        # The whole may be refused without anything else being due.
        if act != negotiation.MATTER_NOT_AGREED
    } <= completed


def test_has_one_token(explored: Exploration[Facts]) -> None:
    """Nothing splits: a negotiation stands at one step, and its parts are rows elsewhere."""
    kinds = (ActStart, ActTask, Choice, Finish)
    assert all(isinstance(node, kinds) for node in RequirementNegotiation.instance.nodes())


def test_every_condition_is_modelled() -> None:
    conditions = {
        condition.__name__
        for node in RequirementNegotiation.instance.nodes()
        if isinstance(node, Choice)
        for _way, condition in node._branches
        if condition is not None
    }
    assert conditions == set(readings(Facts()))


def test_every_act_is_one_that_some_app_declares() -> None:
    flow = RequirementNegotiation
    known = flow.starting_acts() | flow.awaited_acts() | flow.heard_acts() | set(flow.cancelled_by)
    assert known <= set(registry.all_types())


def test_the_published_definition_does_not_change() -> None:
    """If this fails, write a new class instead: negotiations run on this one."""
    assert RequirementNegotiation.definition_sha256() == DIGEST


def test_the_definition_says_what_is_stored_in_rows() -> None:
    described = describe(RequirementNegotiation)
    assert described["flow"] == ("workflows.flows.requirement_negotiation.RequirementNegotiation")
    assert [node["name"] for node in described["nodes"]] == sorted(
        [
            *("start", "convene", "circulate", "comment", "summarise"),
            *("table", "deliberate", "conciliate", "vote_on_whole", "submit"),
            *("ministry", "endorse", "order", "publish", "enter_into_force", "in_force"),
        ]
    )
