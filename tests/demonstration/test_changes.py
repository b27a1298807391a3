"""A changed vote, attendance, mandate or recusal gives what the rules demand, and says where."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from demonstration.report import is_as_it_must_be
from tests.demonstration import plays

Data = dict[str, Any]
Replay = Callable[..., Data]


def ballot_of(data: Data, code: str) -> Data:
    (found,) = [b for b in data["negotiation"]["ballots"] if b["id"] == code]
    return found


def mandate_of(data: Data, code: str) -> Data:
    (found,) = [m for m in data["mandates"] if m["id"] == code]
    return found


def choose(data: Data, ballot: str, choices: dict[str, str]) -> None:
    for vote in ballot_of(data, ballot)["votes"]:
        vote["choice"] = choices.get(vote["seat"], vote["choice"])


def result(report: Data, code: str) -> Any:
    return next((b["result"] for b in report["ballots"] if b["id"] == code), "not put")


def side(report: Data, code: str, name: str) -> Data:
    (ballot,) = [b for b in report["ballots"] if b["id"] == code]
    (found,) = [s for s in ballot["side_results"] if s["side"] == name]
    return found


def refused(report: Data) -> set[tuple[str, str, str]]:
    return {(one["act"], one["id"], one["code"]) for one in report["refused"]}


def different(report: Data) -> set[tuple[str, str]]:
    return {(one["id"], one["field"]) for one in report["differences"]}


def test_a_side_that_gives_way_brings_the_last_clause_into_the_text(replay: Replay) -> None:
    found = replay(plays.BEFORE_SECOND_MEETING, lambda data: choose(data, "B-27", {"MIN-1": "for"}))

    assert result(found, "B-27") == "agreed"
    assert found["clauses"] == {"adopted": 43, "disagreed": 0}
    assert found["amendments"]["by_disposition"]["accepted"] == 27
    assert all(check["passed"] for check in found["checks"])
    # There is no disagreement left to write down, so these acts have nothing to be about.
    assert {act for act, _id, _code in refused(found)} == {
        "state_reasons",
        "record_disagreement",
        "draw_up_protocol_of_disagreements",
        "sign_protocol_of_disagreements",
    }
    assert {("B-27", "result"), ("B-28", "clauses"), ("5.4", "outcome")} <= different(found)
    assert not is_as_it_must_be(found, whole=True)


def test_a_clause_that_fails_again_stays_out_and_the_rest_is_adopted(replay: Replay) -> None:
    def change(data: Data) -> None:
        choose(data, "B-21", {"EXP-1": "against", "EXP-2": "against"})

    found = replay(plays.BEFORE_SECOND_MEETING, change)

    assert (result(found, "B-21"), result(found, "B-28")) == ("not_agreed", "agreed")
    assert side(found, "B-21", "EXP")["agreed"] is False
    assert found["clauses"] == {"adopted": 41, "disagreed": 2}
    assert found["amendments"]["by_disposition"]["not_agreed"] == 3
    assert found["refused"] == []
    assert {("B-21", "result"), ("D-01", "status"), ("B-28", "clauses")} <= different(found)


def test_without_agreement_on_the_whole_there_is_nothing_to_approve(replay: Replay) -> None:
    def change(data: Data) -> None:
        choose(data, "B-28", {"PUB-1": "against", "PUB-2": "abstain"})

    found = replay(plays.BEFORE_SECOND_MEETING, change)

    assert result(found, "B-28") == "not_agreed"
    assert found["clauses"]["adopted"] == 0
    assert ("submit_for_approval", "1.0", "matter_not_agreed") in refused(found)
    assert {"give_visa", "approve_version", "publish_version", "bring_into_force"} <= {
        act for act, _id, _code in refused(found)
    }
    failed = {check["code"] for check in found["checks"] if not check["passed"]}
    assert failed == {"CHK-06", "CHK-08", "CHK-09"}


def test_a_question_that_passes_an_amendment_over_is_not_put(replay: Replay) -> None:
    def change(data: Data) -> None:
        ballot_of(data, "B-26")["amendments"].remove("A-50")

    found = replay(plays.BEFORE_SECOND_MEETING, change)

    assert ("put_question", "B-26", "undisposed_amendments") in refused(found)
    assert ("cast_vote", "B-26/EMP-1", "unknown_reference") in refused(found)
    assert result(found, "B-26") == "not_held"
    # The clause stays in disagreement and out of the text; what was proposed to it is closed.
    assert result(found, "B-28") == "agreed"
    assert found["clauses"] == {"adopted": 41, "disagreed": 2}
    assert found["amendments"]["by_disposition"]["not_agreed"] == 4


def test_a_clause_that_nobody_agreed_on_stops_the_vote_on_the_whole(replay: Replay) -> None:
    def change(data: Data) -> None:
        choose(data, "B-06", {"EMP-2": "against", "EMP-3": "against"})

    found = replay(plays.BEFORE_RECUSALS, change)

    # Clause 3.1 is critical: without it no permit is possible, and the text cannot do without.
    assert result(found, "B-06") == "not_agreed"
    assert ("put_whole", "B-28", "not_severable") in refused(found)
    assert result(found, "B-28") == "not_held"
    assert found["clauses"]["adopted"] == 0


def test_who_leaves_earlier_takes_the_quorum_along(replay: Replay) -> None:
    def change(data: Data) -> None:
        for entry in data["negotiation"]["meetings"][0]["attendance"]:
            if entry["seat"] in {"PUB-2", "PUB-4"}:
                entry["to"] = "15:20"

    found = replay(plays.BEFORE_RECUSALS, change, until="2026-03-28T00:00")

    assert result(found, "B-10") == "not_agreed"
    # B-14 cannot even be put: the sub-amendment of B-13 was not decided before its amendment.
    assert ("put_question", "B-14", "undisposed_amendments") in refused(found)
    assert {result(found, code) for code in ("B-11", "B-12", "B-13", "B-14", "B-15")} == {
        "not_held"
    }
    assert ("cast_vote", "B-12/EMP-1", "ballot_not_open") in refused(found)
    assert ("close_ballot", "B-12", "ballot_not_in_state") in refused(found)
    assert ("B-12", "result") in different(found)


def test_who_stays_keeps_the_quorum_but_silence_is_no_consent(replay: Replay) -> None:
    def change(data: Data) -> None:
        for entry in data["negotiation"]["meetings"][0]["attendance"]:
            if entry["seat"] == "PUB-2":
                entry["to"] = "17:10"

    found = replay(plays.BEFORE_RECUSALS, change, until="2026-03-28T00:00")

    assert result(found, "B-15") == "not_agreed"
    assert side(found, "B-15", "PUB") == {
        "side": "PUB",
        "entitled": 4,
        "recused": 0,
        "cast": 0,
        "votes_for": 0,
        "votes_against": 0,
        "abstained": 0,
        "side_quorum": True,
        "agreed": False,
    }
    assert found["refused"] == []
    assert ("B-15", "result") in different(found)


def test_an_interest_without_recusal_keeps_the_seat_in_the_base(replay: Replay) -> None:
    def change(data: Data) -> None:
        data["conflicts_of_interest"][0]["decision"] = "disclosed_no_recusal"

    found = replay(plays.BEFORE_RECUSALS, change, until="2026-03-28T00:00")

    experts = side(found, "B-05", "EXP")
    assert (experts["entitled"], experts["recused"], experts["cast"]) == (4, 0, 3)
    assert result(found, "B-05") == "agreed"
    assert ("B-05/EXP", "entitled") in different(found)


def test_a_mandate_that_comes_too_late_leaves_the_seat_without_votes(replay: Replay) -> None:
    def change(data: Data) -> None:
        mandate_of(data, "MD-EMP-3B")["valid_from"] = "2026-04-11"

    found = replay(plays.BEFORE_PAPERS, change, until="2026-04-11T00:00")

    # Two of four employers said yes to clause 4.3, one abstained, one could not vote.
    assert result(found, "W-01") == "not_agreed"
    assert side(found, "W-01", "EMP") == {
        "side": "EMP",
        "entitled": 4,
        "recused": 0,
        "cast": 3,
        "votes_for": 2,
        "votes_against": 0,
        "abstained": 1,
        "side_quorum": True,
        "agreed": False,
    }
    assert result(found, "W-02") == "agreed"
    assert found["votes"]["rejected"] == 18
    assert ("W-01/EMP-3", "status") in different(found)


def test_a_substitution_that_ended_is_no_vote_to_supersede(replay: Replay) -> None:
    def change(data: Data) -> None:
        mandate_of(data, "MD-EMP-2S")["valid_to"] = "2026-04-06"

    found = replay(plays.BEFORE_PAPERS, change, until="2026-04-11T00:00")

    assert (found["votes"]["superseded"], found["votes"]["rejected"]) == (0, 17)
    assert result(found, "W-01") == "agreed"


def test_a_mandate_that_never_ended_leaves_nothing_to_vote_again(replay: Replay) -> None:
    def change(data: Data) -> None:
        for ballot in data["negotiation"]["ballots"]:
            for vote in ballot["votes"]:
                if vote["mandate"] == "MD-EMP-3A" and ballot["id"] == "W-03":
                    vote["cast_at"] = "2026-04-08T11:23:00+07:00"

    found = replay(plays.BEFORE_PAPERS, change, until="2026-04-11T00:00")

    # Cast a day earlier the vote counts, and the one of the tenth is a second one.
    assert ("cast_vote", "W-03/EMP-3", "already_voted") in refused(found)
    assert found["votes"]["rejected"] == 8


def test_an_unknown_person_is_refused_and_the_play_goes_on(replay: Replay) -> None:
    def change(data: Data) -> None:
        for vote in ballot_of(data, "W-05")["votes"]:
            if vote["seat"] == "PUB-1":
                vote["person"] = "P-NOBODY"

    found = replay(plays.BEFORE_PAPERS, change, until="2026-04-11T00:00")

    assert refused(found) == {("cast_vote", "W-05/PUB-1", "unknown_reference")}
    assert side(found, "W-05", "PUB")["cast"] == 3
    assert result(found, "W-05") == "agreed"


def test_a_vote_for_another_side_is_refused(replay: Replay) -> None:
    def change(data: Data) -> None:
        for vote in ballot_of(data, "W-05")["votes"]:
            if vote["seat"] == "PUB-1":
                vote["person"], vote["mandate"] = "P-EXP-1", "MD-EXP-1"

    found = replay(plays.BEFORE_PAPERS, change, until="2026-04-11T00:00")

    assert {(act, of) for act, of, _code in refused(found)} == {("cast_vote", "W-05/PUB-1")}


def test_the_ministry_speaks_by_its_deputy_when_the_coordinator_is_away(replay: Replay) -> None:
    def change(data: Data) -> None:
        attendance = data["negotiation"]["meetings"][0]["attendance"]
        attendance[:] = [entry for entry in attendance if entry["seat"] != "MIN-1"]
        for vote in ballot_of(data, "B-01")["votes"]:
            if vote["seat"] == "MIN-1":
                vote |= {"seat": "MIN-2", "person": "P-MIN-2", "mandate": "MD-MIN-2"}

    found = replay(plays.BEFORE_RECUSALS, change, until="2026-03-27T11:30")

    assert result(found, "B-01") == "agreed"
    assert result(found, "B-02") != "agreed"
