"""A body changes its own charter: drafts, the vote on exactly one text, and what follows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from audit.acts import NotAuthorised
from audit.models import Entry
from governance import refusals, services
from governance.domain.charter import parse_charter
from governance.domain.decide import decide
from governance.domain.procedure import parse_procedure
from governance.domain.rows import Row
from governance.models import (
    AgendaItem,
    Ballot,
    CharterDraft,
    CharterQuestion,
    CharterVersion,
    Meeting,
)
from tests.governance.refusals import broken, refused
from tests.world import PROCEDURE, World

LOWER = {**PROCEDURE, "sides": {**PROCEDURE["sides"], "EXP": {"inner_rule": "majority_of_present"}}}
"""Experts agree by a majority instead of two thirds."""


def drafted(world: World, procedure: Any = LOWER, **says: Any) -> CharterDraft:
    """Begin a draft by the secretary, composed from a procedure."""
    read = parse_procedure(procedure)
    usual = {
        "body": world.body,
        "document_ru": "Регламент, новая редакция",
        "document_en": "Charter, new edition",
        "rules": says.get("rules") or read.rules_document(charter_id="new", title="Charter"),
        "procedure": read.as_document(),
        "effective_from": world.now.date() + timedelta(days=60),
        "based_on": world.charter,
        "actor": world.secretary,
        "at": world.later(),
    }
    return services.draft_charter(**{**usual, **says})


def put(world: World, draft: CharterDraft, meeting: Meeting | None = None) -> CharterQuestion:
    """Put a draft to the vote, at a new meeting that has it on the agenda unless one is given."""
    meeting = meeting or world.opened(topics=[draft.uid])
    return services.put_charter(
        draft=draft,
        meeting=meeting,
        agenda_item=AgendaItem.objects.get(meeting=meeting, number=1),
        code="C-1",
        question_ru="Принять новую редакцию регламента?",
        actor=world.secretary,
        at=world.later(),
    )


def voted(world: World, draft: CharterDraft, **choices: str) -> Ballot:
    """Let everybody vote on a draft, and count."""
    ballot = world.open_ballot(put(world, draft).ballot)
    world.vote_all(ballot, **choices)
    return world.close(ballot)


def adopt(world: World, draft: CharterDraft) -> CharterVersion:
    """Let the secretary make an edition of a draft."""
    return services.adopt_draft(draft=draft, actor=world.secretary, at=world.later())


def test_a_body_adopts_exactly_the_text_it_voted_on(world: World) -> None:
    draft = drafted(world)
    ballot = voted(world, draft)
    version = adopt(world, draft)

    assert (ballot.text_sha256, ballot.decision.result) == (draft.sha256, "agreed")
    assert (version.number, version.rules, version.draft) == (2, draft.rules, draft)
    assert version.adopted_on == ballot.closed_at.date()
    assert version.effective_from == draft.effective_from
    # Until its day the old edition applies, from then on the new one.
    assert services.charter_in_force(world.body, world.now) == world.charter
    world.later(days=90)
    assert services.charter_in_force(world.body, world.now) == version
    kinds = Entry.objects.order_by("pk").values_list("type", flat=True)
    assert [kind for kind in kinds if "charter_" in kind][1:] == [
        "governance.charter_drafted",
        "governance.charter_put",
        "governance.charter_voted",
    ]


def test_what_is_open_keeps_the_edition_under_which_it_was_opened(world: World) -> None:
    draft = drafted(world, effective_from=world.now.date())
    opened_before = world.ballot(world.opened("written"))
    voted(world, draft)
    version = adopt(world, draft)

    assert version.effective_from == version.adopted_on
    assert services.charter_in_force(world.body, world.now) == version
    opened_before.refresh_from_db()
    assert opened_before.charter_version == world.charter
    assert world.ballot(world.opened("written")).charter_version == version


def test_trap_06_a_lower_threshold_never_revives_a_failed_case(world: World) -> None:
    # 2 of 4 experts are too few for two thirds; the new edition asks for one without objection.
    failed = world.ballot(world.opened())
    world.vote_all(failed, EXP_3="abstain", EXP_4="abstain")
    world.close(failed)
    before = (failed.decision.result, failed.decision.outcome, failed.decision.validity)
    assert before[0] == "not_agreed"
    # Nor is a draft revived that failed under the rule of its day.
    lost = drafted(world, effective_from=world.now.date())
    voted(world, lost, EXP_3="against", EXP_4="against")
    won = drafted(
        world,
        {**LOWER, "sides": {**LOWER["sides"], "EXP": {"inner_rule": "consensus"}}},
        effective_from=world.now.date(),
    )
    voted(world, won)
    adopt(world, won)

    failed.decision.refresh_from_db()
    failed.refresh_from_db()
    now = (failed.decision.result, failed.decision.outcome, failed.decision.validity)
    assert (now, failed.charter_version) == (before, world.charter)
    with refused(refusals.DraftNotAdopted):
        adopt(world, lost)
    meeting = world.opened(topics=[lost.uid])
    with refused(refusals.DraftIsFixed):
        put(world, lost, meeting)


def test_the_charter_is_changed_by_two_thirds_in_every_side_and_its_own_rule() -> None:
    names = {"charter_id": "x", "title": "X"}

    def come_to(rule: str, *votes: str) -> tuple[str, str]:
        procedure = parse_procedure({"sides": {"PUB": {"inner_rule": rule}}})
        rows = [Row(id=f"PUB-{n}", side="PUB", vote=vote) for n, vote in enumerate(votes)]
        ordinary = parse_charter(procedure.rules_document(**names))
        change = parse_charter(procedure.change_rules_document(**names))
        return decide(ordinary, rows).result, decide(change, rows).result

    three_of_five = ("yes", "yes", "yes", "no", "no")
    assert come_to("majority_of_present", *three_of_five) == ("adopted", "blocked")
    assert come_to("majority_of_present", "yes", "yes", "no") == ("adopted", "adopted")
    # Two thirds are never less than what the side asks of itself.
    assert come_to("consensus", "yes", "yes", "no") == ("blocked", "blocked")
    assert come_to("majority_of_entitled", "yes", "yes", "absent", "no") == ("blocked", "blocked")
    assert come_to("single_voice", "yes") == ("adopted", "adopted")


def test_a_draft_is_rewritten_until_it_is_put_to_the_vote(world: World) -> None:
    draft = drafted(world, actor=world.people["EMP-1"])
    seen = draft.sha256
    act = {"draft": draft, "actor": world.people["EMP-1"]}
    services.revise_charter(
        **act, seen_sha256=seen, document_ru="Регламент, иначе", at=world.later()
    )
    draft.refresh_from_db()
    assert draft.sha256 != seen
    with refused(refusals.DraftChanged):
        services.revise_charter(**act, seen_sha256=seen, reasons_ru="Так.", at=world.later())
    put(world, draft)
    for attempt in (
        lambda: services.revise_charter(
            **act, seen_sha256=draft.sha256, reasons_ru="Так.", at=world.later()
        ),
        lambda: services.withdraw_charter(**act, at=world.later()),
    ):
        with refused(refusals.DraftIsFixed):
            attempt()


def test_only_those_at_the_table_draft_and_only_the_secretary_puts(world: World) -> None:
    with pytest.raises(NotAuthorised):
        drafted(world, actor=world.person("Stranger"))
    with pytest.raises(NotAuthorised):
        drafted(world, actor=world.auditor)
    draft = drafted(world, actor=world.coordinator)
    words = {"draft": draft, "seen_sha256": draft.sha256, "reasons_ru": "Так."}
    with pytest.raises(NotAuthorised):
        services.revise_charter(**words, actor=world.people["EMP-1"], at=world.later())
    services.revise_charter(**words, actor=world.secretary, at=world.later())
    with pytest.raises(NotAuthorised):
        services.adopt_draft(draft=draft, actor=world.coordinator, at=world.later())
    with refused(refusals.DraftNotAdopted):
        adopt(world, draft)


def test_a_draft_with_a_mistake_is_kept_and_not_put_to_the_vote(world: World) -> None:
    procedure = {
        **PROCEDURE,
        "sides": {**PROCEDURE["sides"], "EMP": {"inner_rule": "by_rules"}},
    }
    rules = {
        "schema": "decision-charter/1",
        "id": "x",
        "title": "X",
        "kind": "motion",
        "roll": {"sides": {"p5": {"role": "permanent"}}},
        "decide": [
            {"then": "blocked", "if": {"votes": "no", "side": "p5", ">=": 1}},
            {"then": "adopted"},
        ],
    }
    draft = drafted(world, rules=rules, procedure=procedure)
    meeting = world.opened(topics=[draft.uid])
    with refused(refusals.CharterInvalid) as caught:
        put(world, draft, meeting)
    assert caught.value.params["path"] == "$.roll.sides.p5"


def test_a_body_decides_by_written_rules_once_it_adopted_them(world: World) -> None:
    rules = {
        "schema": "decision-charter/1",
        "id": "x",
        "title": "Two thirds of all",
        "kind": "motion",
        "roll": {"sides": {"EXP": {"side": "EXP"}}},
        "decide": [
            {"then": "no_quorum", "unless": {"votes": "present", ">": "1/2", "of": "members"}},
            {"then": "blocked", "if": {"votes": "no", "side": "EXP", ">=": 1}, "why": "veto"},
            {"then": "adopted", "if": {">=": "2/3", "of": "cast"}},
            {"then": "rejected"},
        ],
    }
    sides = {code: {"inner_rule": "by_rules"} for code in PROCEDURE["sides"]}
    free = parse_procedure({**PROCEDURE, "proxy": "forbidden", "sides": sides}).as_document()
    draft = drafted(world, rules=rules, procedure=free, effective_from=world.now.date())
    voted(world, draft)
    version = adopt(world, draft)

    def come_to(**choices: str) -> tuple[str, list[str]]:
        ballot = world.ballot(world.opened())
        for code in world.seats:
            if choice := choices.get(code.replace("-", "_"), choices.get(code[:3], "for")):
                world.vote(ballot, code, choice)
        world.close(ballot)
        assert ballot.charter_version == version
        return ballot.decision.result, ballot.decision.blocked_by

    assert come_to() == ("agreed", [])
    assert come_to(EMP="against") == ("agreed", [])
    assert come_to(EMP="against", PUB="against") == (
        "not_agreed",
        # The ministry has one mandate to vote: its other seats were not for.
        ["MIN", "EMP", "PUB"],
    )
    assert come_to(EXP_2="against") == ("not_agreed", ["EXP"])

    meeting = world.opened()
    world.go(meeting, *(code for code in world.seats if not code.startswith("EMP")))
    ballot = world.open_ballot(world.prepared(meeting))
    assert (ballot.state, ballot.decision.result) == ("not_held_no_quorum", "not_held")


def test_the_database_holds_what_the_acts_promise(world: World) -> None:
    draft, other = drafted(world), drafted(world, document_ru="Регламент, другой")
    question = put(world, draft)

    def holds(rule: str, attempt: Any) -> None:
        with broken(rule):
            attempt()

    drafts = CharterDraft.objects.filter(pk=draft.pk)
    holds(
        "a_draft_put_to_the_vote_or_withdrawn_stays_as_it_is",
        lambda: drafts.update(sha256="0" * 64),
    )
    holds("a_draft_of_a_charter_is_withdrawn_never_deleted", other.delete)
    holds(
        "a_ballot_on_a_charter_is_about_exactly_its_draft",
        lambda: CharterQuestion.objects.create(
            draft=other, ballot=world.prepared(question.ballot.meeting), put_at=world.now
        ),
    )
    edition = {
        "body": world.body,
        "number": 2,
        "document_ru": draft.document_ru,
        "procedure": draft.procedure,
        "sha256": draft.sha256,
        "adopted_on": world.now.date(),
        "effective_from": world.now.date(),
    }
    holds(
        "an_edition_is_the_draft_that_the_body_adopted",
        lambda: CharterVersion.objects.create(**edition, rules=draft.rules, draft=draft),
    )
    world.open_ballot(question.ballot)
    world.vote_all(question.ballot)
    world.close(question.ballot)
    holds(
        "an_edition_is_the_draft_that_the_body_adopted",
        lambda: CharterVersion.objects.create(
            **edition, rules={**draft.rules, "title": "Another"}, draft=draft
        ),
    )
    holds(
        "a_body_that_has_decided_votes_on_its_charter",
        lambda: CharterVersion.objects.create(**edition, rules=draft.rules),
    )
    with refused(refusals.CharterNeedsBallot):
        services.adopt_charter(
            body=world.body,
            number=2,
            document_ru="Регламент, редакция 2",
            rules=world.charter.rules,
            procedure=world.charter.procedure,
            adopted_on=world.now.date(),
            effective_from=world.now.date(),
            actor=world.secretary,
            at=world.later(),
        )
