"""A small record, asked again act by act: each kind of authority, and each fault one can state."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from governance.domain.authority import Finding, Papers, reexamine

BODY = "table"
NOON = "2027-03-10T12:00:00+07:00"
LATER = "2027-03-20T12:00:00+07:00"
LATER_DAY = date(2027, 3, 20)


def entry(type_: str, subject: str, says: dict[str, Any] | None = None) -> dict[str, Any]:
    """Write an entry that lays a paper down."""
    return {
        "id": f"{type_} {subject}",
        "type": type_ if "." in type_ else f"governance.{type_}",
        "stream": f"body:{BODY}",
        "object": [{"id": subject}],
        "data": says or {},
    }


def term(person: str, **more: Any) -> dict[str, Any]:
    """Write a tie of a person in March of 2027."""
    return {"person": person, "valid_from": "2027-03-01", "valid_to": "2027-04-01", **more}


def paper(person: str, seat: str, kind: str, **more: Any) -> dict[str, Any]:
    """Write a mandate for a vote in March of 2027."""
    return {
        **term(person),
        "seat": seat,
        "kind": kind,
        "principal": "works",
        "issued_on": "2027-03-01",
        "scope": ["vote"],
        "parent": None,
        **more,
    }


EDITION = {"proxy": "same_organisation", "proxy_sides": ["EMP"]}
IN_ABSENCE = ["vote_in_absence_of_coordinator"]
RECORD = [
    entry("seat_added", "EMP-1", {"side": "EMP", "duty": "coordinator"}),
    entry("seat_added", "EMP-2", {"side": "EMP", "duty": "deputy"}),
    entry("seat_filled", "holding", term("ann", seat="EMP-1")),
    entry("seat_filled", "next holding", term("eve", seat="EMP-2")),
    entry("seat_filled", "another holding", term("fay", seat="EMP-2")),
    entry("person_appointed", "duty", term("sec", role="secretary")),
    entry("person_appointed", "chair", term("cas", role="coordinator")),
    entry("person_affiliated", "position", term("ben", organisation="works")),
    entry("charter_adopted", "old", {"effective_from": "2027-01-01", **EDITION}),
    entry("charter_voted", "new", {"effective_from": "2027-03-09", **EDITION}),
    entry("charter_adopted", "future", {"effective_from": "2027-03-11", **EDITION}),
    entry(
        "mandate_registered", "order", paper("ann", "EMP-1", "order", scope=["vote", "substitute"])
    ),
    entry("mandate_registered", "spare", paper("ann", "EMP-2", "order")),
    entry("mandate_registered", "handed on", paper("ben", "EMP-1", "substitution", parent="order")),
    entry("mandate_registered", "in absence", paper("eve", "EMP-2", "order", scope=IN_ABSENCE)),
    entry("mandate_registered", "in vain", paper("dan", "EMP-1", "order", scope=IN_ABSENCE)),
    entry("ballot_opened", "ballot", {"charter": "old"}),
    entry("accounts.first_administrator_created", "adm", {"permission": "accounts.administer"}),
    entry("accounts.administrator_appointed", "aud", {"permission": "accounts.audit"}),
]
ACTS: dict[str, dict[str, Any]] = {
    "on an order": {"mandate": "order", "capacity": "representative"},
    "by a proxy, under the edition of the ballot": {
        "person": "ben",
        "mandate": "handed on",
        "capacity": "proxy",
        "charter": "old",
    },
    "with no paper for a seat that is held": {
        "person": "fay",
        "seat": "EMP-2",
        "result": "not_found",
    },
    "with no paper for another's seat": {"person": "eve", "result": "wrong_seat"},
    "with a paper for another seat alone": {
        "person": "ben",
        "seat": "EMP-2",
        "result": "wrong_seat",
    },
    "for no seat": {"seat": None, "result": "no_seat"},
    "with a paper that is not named": {"result": "no_seat"},
    "for the coordinator, by the deputy": {
        "person": "eve",
        "seat": "EMP-2",
        "mandate": "in absence",
        "capacity": "representative",
    },
    "for the coordinator, by nobody's deputy": {
        "person": "dan",
        "mandate": "in vain",
        "capacity": "representative",
        "result": "out_of_scope",
    },
    "a dissent of who holds the seat": {"action": "dissent"},
    "a dissent of another": {"action": "dissent", "person": "eve", "result": "no_seat"},
    "by a duty": {
        "action": "keep",
        "person": "sec",
        "seat": None,
        "appointment": "duty",
        "role": "secretary",
    },
    "by a duty, of no body": {
        "action": "keep",
        "person": "sec",
        "body": None,
        "appointment": "duty",
        "role": "secretary",
    },
    "by a duty for something else": {
        "action": "preside",
        "person": "sec",
        "appointment": "duty",
        "role": "secretary",
        "result": "no_duty",
    },
    "by the administrator": {"action": "administer", "person": "adm"},
    "kept by the administrator": {"action": "keep", "person": "adm"},
    "by one who may only look": {
        "action": "administer",
        "person": "aud",
        "result": "not_administrator",
    },
    "without any duty": {"action": "preside", "result": "no_duty"},
}
"""Evidence that is true, as far as it differs from that of `ann` for her seat."""


def evidence(**says: Any) -> dict[str, Any]:
    """State that `ann` acted for the first seat, unless told otherwise."""
    return {
        "action": "vote",
        "body": BODY,
        "capacity": "",
        "charter": None,
        "checked_at": NOON,
        "mandate": None,
        "person": "ann",
        "result": "valid",
        "seat": "EMP-1",
        **says,
    }


def act(stated: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Write an act in the ballot on this evidence."""
    return {
        **entry("vote_cast", "vote", {"ballot": "ballot"}),
        "at": NOON,
        "actor": {"subject": stated["person"]},
        "authz": stated,
        **more,
    }


def asked(*entries: dict[str, Any]) -> Finding:
    """Return the last finding about the record with these entries after it."""
    *_, last = reexamine([*RECORD, *entries])
    return last


def test_laying_papers_down_rests_on_nothing_here() -> None:
    """The record of the test names no evidence for them, and that is found."""
    findings = list(reexamine(RECORD))

    assert {finding.faults for finding in findings} == {("evidence",)}
    assert len(findings) == sum(one["type"].startswith("governance.") for one in RECORD)
    assert (findings[0].entry, findings[0].stream) == ("seat_added EMP-1", "body:table")
    assert (findings[0].action, findings[0].stated, findings[0].found) == ("", "", "")


@pytest.mark.parametrize("stated", ACTS.values(), ids=ACTS)
def test_true_evidence_stands(stated: dict[str, Any]) -> None:
    finding = asked(act(evidence(**stated)))

    assert (finding.faults, finding.found) == ((), stated.get("result", "valid"))
    assert (finding.stands, finding.action) == (True, stated.get("action", "vote"))


def test_what_one_does_about_oneself_alone_needs_no_paper() -> None:
    read = {
        **entry("notice_delivered", "notice", {"person": "ann"}),
        "at": NOON,
        "actor": {"subject": "ann"},
        "authz": {"basis": "oneself"},
    }
    elsewhere = {**read, "type": "governance.vote_cast"}

    assert asked(read) == asked()
    assert asked({**read, "actor": {"subject": "ben"}}).faults == ("evidence",)
    assert asked(elsewhere).faults == ("evidence",)


PROXY = ACTS["by a proxy, under the edition of the ballot"]
ORDER = ACTS["on an order"]
DUTY = ACTS["by a duty"]
FALSE: dict[str, tuple[dict[str, Any], dict[str, Any], tuple[str, ...]]] = {
    "another answer": (ORDER, {"result": "expired"}, ("verdict",)),
    "another's paper": (ORDER, {"mandate": "handed on"}, ("verdict", "paper")),
    "a paper nobody registered": (ORDER, {"mandate": "none"}, ("verdict", "paper")),
    "a paper for another seat": (ORDER, {"mandate": "spare"}, ("verdict", "seat")),
    "another seat of the body": (ORDER, {"seat": "EMP-2"}, ("seat",)),
    "a seat nobody added": (ORDER, {"seat": "X"}, ("body", "seat")),
    "another body": (ORDER, {"body": "board"}, ("body",)),
    "another quality": (ORDER, {"capacity": "proxy"}, ("capacity",)),
    "a charter where none is asked": (ORDER, {"charter": "old"}, ("charter",)),
    "the edition in force instead of the ballot's": (PROXY, {"charter": "new"}, ("charter",)),
    "no paper although there is one": (ORDER, {"mandate": None}, ("verdict",)),
    "no seat": ({}, {"seat": None, "mandate": None}, ("verdict",)),
    "a dissent at another body": ({"action": "dissent"}, {"body": "board"}, ("body",)),
    "a dissent for no seat": ({"action": "dissent"}, {"seat": None}, ("verdict", "body")),
    "another's duty": (DUTY, {"appointment": "chair"}, ("verdict", "paper")),
    "a duty nobody gave": (DUTY, {"appointment": "none"}, ("verdict", "paper")),
    "a duty at another body": (DUTY, {"body": "board"}, ("body",)),
    "another duty's name": (DUTY, {"role": "coordinator"}, ("role",)),
}


@pytest.mark.parametrize(("true", "false", "faults"), FALSE.values(), ids=FALSE)
def test_false_evidence_is_found(
    true: dict[str, Any], false: dict[str, Any], faults: tuple[str, ...]
) -> None:
    finding = asked(act(evidence(**{**true, **false})))

    assert finding.faults == faults
    assert not finding.stands


def test_an_act_of_another_or_of_another_time_is_found() -> None:
    stated = evidence(**ORDER)

    assert asked(act(stated, actor={"subject": "eve"})).faults == ("person",)
    assert asked(act(stated, at=LATER)).faults == ("time",)
    # The same instant in another zone is the same instant.
    assert asked(act(stated, at="2027-03-10T05:00:00+00:00")).stands


def test_a_tie_holds_from_its_first_day_and_not_on_the_last() -> None:
    for at, result in (
        ("2027-02-28T23:59:59+07:00", "not_yet_valid"),
        ("2027-03-01T00:00:00+07:00", "valid"),
        ("2027-03-31T23:59:59+07:00", "valid"),
        ("2027-04-01T00:00:00+07:00", "expired"),
    ):
        assert asked(act(evidence(**ORDER, checked_at=at, result=result), at=at)).stands
    day = date(2027, 3, 1)
    papers = Papers()
    for one in RECORD:
        papers.learn(one)
    assert papers.holds("ann", "EMP-1", day)
    assert not papers.holds("ann", "EMP-1", date(2027, 4, 1))


def test_a_messenger_and_a_signer_are_both_asked() -> None:
    keeper = evidence(**DUTY, signer=evidence(**ORDER))
    paper_vote = act(keeper, data={"ballot": "ballot", "person": "ann"})
    *_, messenger, signer = reexamine([*RECORD, paper_vote])
    wrong = act(keeper, data={"ballot": "ballot", "person": "eve"})

    assert (messenger.action, messenger.stands) == ("keep", True)
    assert (signer.action, signer.stands) == ("vote", True)
    assert asked(wrong).faults == ("person",)


CHANGES: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "the person is blocked": (entry("accounts.person_blocked", "ann"), ORDER, "person_blocked"),
    "the seat is vacated": (
        entry("seat_vacated", "holding", {"valid_to": "2027-03-10"}),
        ORDER,
        "not_holder",
    ),
    "the duty ends": (
        entry("appointment_ended", "duty", {"valid_to": "2027-03-10"}),
        DUTY,
        "no_duty",
    ),
    "the proxy leaves the organisation": (
        entry("affiliation_ended", "position", {"valid_to": "2027-03-10"}),
        PROXY,
        "other_organisation",
    ),
    "the administrator is dismissed": (
        entry("accounts.administrator_dismissed", "adm"),
        ACTS["by the administrator"],
        "not_administrator",
    ),
    "the paper is revoked": (
        entry("mandate_revoked", "order", {"revoked_on": "2027-03-09", "known_at": NOON}),
        ORDER,
        "revoked_known",
    ),
    "its parent is revoked": (
        entry("mandate_revoked", "order", {"revoked_on": "2027-03-09", "known_at": NOON}),
        PROXY,
        "revoked_known",
    ),
    "the ballot was opened under no edition": (
        entry("ballot_opened", "ballot", {"charter": "none"}),
        {**PROXY, "charter": "none"},
        "proxy_forbidden",
    ),
}


@pytest.mark.parametrize(("change", "stated", "found"), CHANGES.values(), ids=CHANGES)
def test_what_was_recorded_before_the_act_is_known(
    change: dict[str, Any], stated: dict[str, Any], found: str
) -> None:
    """And what was recorded after it is not (A2)."""
    done = act(evidence(**stated))
    after = [
        finding for finding in reexamine([*RECORD, done, change]) if finding.entry == done["id"]
    ]

    assert asked(change, done).found == found
    assert [finding.stands for finding in after] == [stated.get("charter") != "none"]


def test_a_block_may_be_lifted() -> None:
    blocked = entry("accounts.person_blocked", "ann")
    lifted = entry("accounts.person_unblocked", "ann")

    assert asked(blocked, lifted, act(evidence(**ORDER))).stands


def test_what_never_began_ends_nothing() -> None:
    papers = Papers()
    for type_ in ("seat_vacated", "appointment_ended", "affiliation_ended"):
        papers.learn(entry(type_, "unknown", {"valid_to": "2027-03-10"}))
    papers.learn(
        entry("mandate_revoked", "unknown", {"revoked_on": "2027-03-09", "known_at": NOON})
    )
    papers.learn(entry("meeting_opened", "nothing of ours"))

    assert papers == Papers()


def test_the_edition_in_force_is_the_latest_that_has_begun() -> None:
    """Where an act is no vote in a ballot, the charter of its day rules."""
    signed = {**PROXY, "action": "negotiate", "charter": "new", "result": "out_of_scope"}
    papers = Papers()
    for one in RECORD:
        papers.learn(one)

    assert asked(act(evidence(**signed))).stands
    assert asked(act(evidence(**{**signed, "charter": "old"}))).faults == ("charter",)
    assert papers.charter_on("board", LATER_DAY) is None
    assert papers.charter_on(BODY, date(2027, 3, 9)) == "new"
    assert papers.charter_on(BODY, LATER_DAY) == "future"


def test_entries_beside_the_body_need_no_evidence() -> None:
    office = {**entry("accounts.signed_in", "ann"), "authz": None}
    based = {**entry("accounts.code_given", "ann"), "authz": {"basis": "permission"}}
    checked = act(evidence(action="administer", person="adm"), type="accounts.person_added")

    assert len(list(reexamine([office, based]))) == 0
    assert asked(checked).stands
    assert asked({**checked, "authz": {"checked_at": NOON, "result": "valid"}}).faults == (
        "evidence",
    )
