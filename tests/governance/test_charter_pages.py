"""The pages on which people write, try, vote on and adopt their charter."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from audit import clock
from calendars.domain import day_of
from governance import library, services
from governance.domain.charter import parse_charter
from governance.domain.rows import Row
from governance.domain.table import InnerRule, compose_table_charter
from governance.forms.rules import RulesForm, rearranged, sheets_of
from governance.models import AgendaItem, CharterDraft, CharterVersion
from governance.recounts import differences
from governance.what_if import past, tried
from tests.governance.test_charter_drafts import drafted, put
from tests.governance.test_charters_in_words import signed_in
from tests.world import World
from workflows.inbox import awaiting

MOTIONS = [one for one in library.templates().values() if not one.is_choice]


def filled(form: RulesForm) -> dict[str, Any]:
    """Return what a browser would send of a form that nobody touched."""
    return {
        bound.html_name: bound.value()
        for one in form.forms
        for bound in one
        if bound.value() is not None
    }


@pytest.mark.parametrize("template", MOTIONS, ids=lambda one: one.id)
def test_every_motion_of_the_library_comes_back_from_the_form_as_it_was(
    template: library.Template,
) -> None:
    form = RulesForm(template.document, {}, filled(RulesForm(template.document, {})))

    assert form.is_valid(), [one.errors for one in form.forms if one.errors]
    assert form.result() == template.document


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_reasons_of_composed_rules_are_words_in_the_form_and_codes_in_the_charter(
    language: str,
) -> None:
    sides = {"A": InnerRule.CONSENSUS, "B": InnerRule.MAJORITY_OF_PRESENT}
    composed = compose_table_charter(id="t", title="T", sides=sides)
    with translation.override(language):
        form = RulesForm(composed, {}, sent := filled(RulesForm(composed, {})))

        assert form.is_valid()
        assert form.result() == composed
    assert not [key for key, value in sent.items() if key.endswith("-why") and "_" in value]


def test_what_the_form_cannot_hold_is_edited_as_text() -> None:
    for one in library.templates().values():
        assert (sheets_of(one.document) is None) is one.is_choice, one.id
    nested = {
        **library.templates()["unsc"].document,
        "decide": [{"then": "adopted", "if": {"not": {">=": 1}}}, {"then": "rejected"}],
    }
    assert sheets_of(nested) is None
    with pytest.raises(ValueError, match="edited as text"):
        RulesForm(nested, {})


def test_a_mistake_is_shown_at_its_field_and_nothing_typed_is_lost() -> None:
    document = library.templates()["ni_cross_community"].document
    data = {**filled(RulesForm(document, {})), "r0c3-number": "0.4"}
    form = RulesForm(document, {}, data)

    assert not form.is_valid()
    assert [list(one.errors) for one in form.forms if one.errors] == [["number"]]
    assert form.main.conditions[0][3].errors["number"]
    assert form.main.conditions[0][3]["number"].value() == "0.4"
    # A base that does not exist, a rule that hides the others, conditions that would be ignored.
    for change, place in {
        ("r0c0-of", "nobody"): lambda bad: bad.main.conditions[0][0].errors["of"],
        ("r0-when", "always"): lambda bad: bad.main.rules[0].errors["when"],
        ("r0c0-number", "1/0"): lambda bad: bad.main.conditions[0][0].errors["number"],
    }.items():
        bad = RulesForm(document, {}, {**data, "r0c3-number": "2/5", change[0]: change[1]})
        assert not bad.is_valid()
        assert place(bad)


def test_buttons_add_move_and_remove_rules_and_keep_what_was_typed() -> None:
    document = library.templates()["unsc"].document
    data = {**filled(RulesForm(document, {})), "r0-why": "typed"}

    def results(action: str) -> list[tuple[str, int]]:
        form = RulesForm(document, {}, rearranged(data, action))
        assert "typed" in [one["why"].value() for one in form.main.rules] or action == "drop_rule:0"
        return [(rule["then"].value(), len(held)) for rule, held in form.main.rows]

    before = [("rejected", 1), ("blocked", 1), ("adopted", 0)]
    assert results("add_rule") == [*before[:2], ("rejected", 1), before[2]]
    assert results("drop_rule:0") == before[1:]
    assert results("up:1") == [before[1], before[0], before[2]]
    assert results("add_condition:0") == [("rejected", 2), *before[1:]]
    assert results("drop_condition:0:0") == [("rejected", 0), *before[1:]]
    for nonsense in ("", "up:99", "drop_condition:0:7", "up:x", "explode"):
        assert results(nonsense) == before


def test_recodings_proxies_and_groups_are_written_in_the_form() -> None:
    document = {**library.templates()["unsc"].document}
    data = filled(RulesForm(document, {"EMP": "Employers"}))
    for action in ("add_recode", "add_unit", "u0/add_rule", "u0/drop_rule:1", "u0/up:9"):
        data = rearranged(data, action)
    data |= {"v0-where": json.dumps({"side": "EMP"}), "u0-name": "regions", "u0-by": "region"}
    data |= {"head-proxies": "2", "r0c0-units": "regions"}
    form = RulesForm(document, {"EMP": "Employers"}, data)

    assert form.is_valid(), [one.errors for one in form.forms if one.errors]
    made = form.result()
    assert made["ballot"]["recode"] == [
        {"from": "absent", "to": "abstain", "where": {"side": "EMP"}}
    ]
    assert made["roll"]["proxies"] == {"max_held": 2}
    assert [rule["then"] for rule in made["units"]["regions"]["vote"]] == ["yes", "no"]
    assert made["decide"][0]["unless"]["units"] == "regions"
    assert RulesForm(made, {}, filled(RulesForm(made, {}))).is_valid()
    # What is taken out of the form is taken out of the charter.
    for action in ("drop_recode:0", "drop_unit:0"):
        data = rearranged(data, action)
    emptied = RulesForm(made, {}, {**data, "head-proxies": "", "r0c0-units": ""})
    assert emptied.is_valid()
    assert emptied.result()["units"] == {}
    assert emptied.result()["ballot"]["recode"] == []
    assert "proxies" not in emptied.result()["roll"]
    # A mistake stands at its field: a group with the name of another, a rule of a group.
    twice = rearranged(data_of_group(), "add_unit") | {"u1-name": "regions", "u1-by": "b"}
    wrong = data_of_group() | {"u0r0c0-number": "0.4"}
    for sent, place in ((twice, ("u1", "name")), (wrong, ("u0r0c0", "number"))):
        bad = RulesForm(document, {}, sent)
        assert not bad.is_valid()
        assert [(one.prefix, *one.errors) for one in bad.forms if one.errors] == [place]


def data_of_group() -> dict[str, Any]:
    """Return what a browser sends of a charter with one group."""
    document = library.templates()["unsc"].document
    data = rearranged(filled(RulesForm(document, {})), "add_unit")
    return {**data, "u0-name": "regions", "u0-by": "region"}


def test_past_ballots_are_counted_again_and_the_changed_ones_marked(world: World) -> None:
    split = world.ballot(world.opened())
    world.vote_all(split, EXP_3="against", EXP_4="against")
    world.close(split)
    whole = world.ballot(world.opened())
    world.vote_all(whole)
    world.close(whole)
    majority = parse_charter(
        {
            "schema": "decision-charter/1",
            "id": "x",
            "title": "X",
            "kind": "motion",
            "decide": [
                {"then": "adopted", "if": {">": "1/2", "of": "members"}},
                {"then": "rejected"},
            ],
        }
    )

    found = [
        (one.ballot, one.before, one.after, one.is_changed) for one in past(world.body, majority)
    ]
    assert found == [
        (whole, "agreed", "agreed", False),
        (split, "not_agreed", "agreed", True),
    ]
    split.decision.refresh_from_db()
    assert split.decision.result == "not_agreed"
    assert (
        tried(majority, {"EMP": {"yes": 2, "no": 2}}, {}).result
        != tried(majority, {"EMP": {"yes": 3, "no": 1}}, {}).result
    )
    assert Row(**split.decision.rows[0])


def post(browser: Client, name: str, *args: Any, **data: Any) -> Any:
    return browser.post(reverse(f"governance:{name}", args=args), data)


def test_from_a_template_to_an_edition_in_the_pages(world: World) -> None:
    secretary = signed_in(world.secretary)
    begun = post(
        secretary,
        "begin_charter",
        world.body.uid,
        source="rf_regional_tripartite",
        document_ru="Регламент, редакция 2",
        effective_from="2026-09-01",
    )
    draft = CharterDraft.objects.get()
    here = world.body.uid, draft.uid
    assert begun.headers["Location"] == reverse("governance:charter_draft", args=here)
    # The sides of the template are not those of the table: the page says so.
    page = secretary.get(begun.headers["Location"])
    assert "$.roll.sides.unions" in page.text

    text = json.dumps({**draft.rules, "title": 7})
    wrong = post(secretary, "edit_charter_text", *here, text=text, seen=draft.sha256)
    assert (wrong.status_code, "$.title" in wrong.text) == (422, True)
    broken = post(secretary, "edit_charter_text", *here, text='{"id": "\\u0000', seen=draft.sha256)
    assert broken.status_code == 422
    sides = ["MIN", "EMP", "PUB", "EXP"]
    rules = {
        **draft.rules,
        "roll": {"sides": {side: {"side": side} for side in sides}},
        "decide": [
            {
                "then": "blocked",
                "unless": {"each": sides, "is": {">=": "2/3", "of": "members"}},
            },
            {"then": "adopted"},
        ],
    }
    saved = post(secretary, "edit_charter_text", *here, text=json.dumps(rules), seen=draft.sha256)
    assert saved.status_code == 302
    late = post(secretary, "edit_charter_text", *here, text=json.dumps(rules), seen=draft.sha256)
    assert late.status_code == 422
    draft.refresh_from_db()
    assert draft.rules == rules

    data = {**filled(RulesForm(draft.rules, {})), "seen": draft.sha256, "do": "save"}
    changed = post(secretary, "edit_charter_rules", *here, **{**data, "r0c0-at_least": "3"})
    assert changed.status_code == 302
    draft.refresh_from_db()
    assert draft.rules["decide"][0]["unless"]["at_least"] == 3
    tried_page = secretary.get(
        reverse("governance:try_charter", args=here),
        {f"{side}-{vote}": 1 for side in sides for vote in ("yes", "no", "abstain", "absent")},
    )
    assert tried_page.status_code == 200

    question = put(world, draft)
    world.open_ballot(question.ballot)
    ballot_here = world.body.uid, question.ballot.uid
    member = signed_in(world.people["EMP-1"])
    seen = member.get(reverse("governance:charter_ballot", args=ballot_here))
    assert 'id="consequences"' in seen.text
    world.vote_all(question.ballot)
    world.close(question.ballot)
    assert post(member, "adopt_draft", *here).status_code == 404
    assert post(secretary, "adopt_draft", *here).status_code == 302
    version = CharterVersion.objects.latest("number")
    assert (version.draft, version.number) == (draft, 2)
    edition = member.get(reverse("governance:charter_edition", args=[world.body.uid, 2]))
    assert edition.status_code == 200


def test_strangers_and_others_find_no_page_of_a_draft(world: World) -> None:
    draft = drafted(world, actor=world.people["EMP-1"])
    here = world.body.uid, draft.uid
    reading = ("charter_draft", "try_charter")
    writing = ("edit_charter_terms", "edit_charter_rules", "edit_charter_text", "withdraw_charter")
    keeping = ("charter_on_agenda", "put_charter")

    def found(person: Any, names: tuple[str, ...]) -> set[int]:
        browser = signed_in(person)
        return {browser.get(reverse(f"governance:{name}", args=here)).status_code for name in names}

    stranger = world.person("Stranger")
    assert found(stranger, (*reading, *writing, *keeping, "adopt_draft")) == {404}
    assert found(world.people["PUB-1"], reading) == {200}
    assert found(world.people["PUB-1"], (*writing, *keeping, "adopt_draft")) == {404}
    assert found(world.people["EMP-1"], (*reading, *writing)) == {200}
    assert found(world.people["EMP-1"], (*keeping, "adopt_draft")) == {404}
    assert found(world.secretary, (*reading, *writing, *keeping)) == {200}
    begin = reverse("governance:begin_charter", args=[world.body.uid])
    assert signed_in(stranger).get(begin).status_code == 404
    assert signed_in(world.auditor).get(begin).status_code == 404
    assert signed_in(world.people["PUB-1"]).get(begin).status_code == 200


def test_a_vote_on_the_charter_in_the_pages(world: World) -> None:
    draft = drafted(world)
    meeting = world.opened(topics=[draft.uid])
    services.put_charter(
        draft=draft,
        meeting=meeting,
        agenda_item=AgendaItem.objects.get(meeting=meeting),
        code="C-1",
        question_ru="Принять?",
        actor=world.secretary,
        at=world.later(),
    )
    ballot = draft.questions.get().ballot
    here = world.body.uid, ballot.uid
    coordinator, member = signed_in(world.coordinator), signed_in(world.people["EMP-2"])
    page = reverse("governance:charter_ballot", args=here)
    assert coordinator.get(page).status_code == 200
    assert signed_in(world.person("Stranger")).get(page).status_code == 404
    for name in ("charter_open_ballot", "charter_close_ballot", "charter_annul_ballot"):
        address = reverse(f"governance:{name}", args=here)
        assert (member.get(address).status_code, coordinator.get(address).status_code) == (404, 200)
    assert member.get(reverse("governance:charter_approve_vote", args=here)).status_code == 200
    assert post(member, "charter_cast_vote", *here).status_code == 422
    assert member.get(reverse("governance:charter_cast_vote", args=here)).status_code == 302
    world.open_ballot(ballot)
    secretary, voter = signed_in(world.secretary), world.people["EMP-2"]
    paper = reverse("governance:charter_paper_vote", args=here)
    assert (member.get(paper).status_code, secretary.get(paper).status_code) == (404, 200)
    # It waits in the inbox and on the first screen of those who have not voted, under its own page.
    assert [item.url for item in awaiting(voter, world.later())] == [page]
    assert page in member.get(reverse("web:home")).text
    cast = post(
        member,
        "charter_cast_vote",
        *here,
        seat=world.seats["EMP-2"].uid,
        choice="for",
        text_sha256=ballot.text_sha256,
    )
    vote = ballot.votes.get()
    receipt = reverse("governance:charter_receipt", args=[*here, vote.uid])
    assert cast.headers["Location"] == receipt
    assert ballot.text_sha256 in member.get(receipt).text
    assert coordinator.get(receipt).status_code == 404
    assert awaiting(voter, world.later()) == []
    assert receipt in member.get(reverse("web:home")).text
    entered = world.paper_vote(ballot, "PUB-1")
    check = reverse("governance:charter_check_paper", args=[*here, entered.uid])
    assert check in [item.url for item in awaiting(world.coordinator, world.later())]
    assert (coordinator.get(check).status_code, secretary.get(check).status_code) == (200, 404)
    world.check_paper(entered)
    world.vote_all(ballot, EMP_2="", PUB_1="")
    world.close(ballot)
    ballot.refresh_from_db()
    assert differences(ballot.decision) == []
    decision = reverse("governance:charter_decision", args=here)
    assert decision in member.get(page).text
    shown = member.get(decision).text
    challenge = reverse("governance:charter_challenge", args=here)
    assert ballot.text_sha256 in shown
    assert challenge in shown
    raised = post(
        member,
        "charter_challenge",
        *here,
        vote=vote.uid,
        reason="document_defect",
        known_on=day_of(clock.now()).isoformat(),
    )
    assert raised.headers["Location"] == decision
    settle = reverse("governance:charter_settle", args=[*here, vote.challenges.get().uid])
    assert settle in secretary.get(decision).text
    assert (secretary.get(settle).status_code, member.get(settle).status_code) == (200, 404)
    assert member.get(reverse("governance:charter_dissent", args=here)).status_code == 200


@pytest.mark.django_db
def test_independence_is_asked_of_a_side_on_the_page_of_terms(world: World) -> None:
    draft = drafted(world)
    secretary = signed_in(world.secretary)
    page = reverse("governance:edit_charter_terms", args=[world.body.uid, draft.uid])
    form = secretary.get(page).context["form"]
    sent = {bound.html_name: bound.value() for bound in form if bound.value() is not None}
    sent["seen"] = draft.sha256

    refused = secretary.post(page, {**sent, "independent_EXP": "121"})
    assert refused.status_code == 422
    answer = secretary.post(page, {**sent, "independent_EXP": "24"})

    assert answer.status_code == 302, answer.context["form"].errors
    draft.refresh_from_db()
    months = {code: s["independent_months"] for code, s in draft.procedure["sides"].items()}
    assert months == {"MIN": 0, "EMP": 0, "PUB": 0, "EXP": 24}
    words = secretary.get(reverse("governance:charter_draft", args=[world.body.uid, draft.uid]))
    assert "требуется от стороны «Эксперты»" in words.text
