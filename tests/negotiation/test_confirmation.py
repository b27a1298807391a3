"""Ratification: a body confirms a voidable decision of its own, and the report says so."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from governance import refusals, services
from governance.models import Ballot, Challenge
from governance.recounts import differences
from negotiation.services import confirmations
from tests.accounts.pages import signed_in
from tests.governance.refusals import broken
from tests.governance.test_database_refuses import copy_row
from tests.negotiation.table import Table
from tests.negotiation.traces import refused
from tests.world import chosen_time


def doubt(table: Table, ballot: Ballot) -> Challenge:
    """Raise a doubt about the one vote of the ministry in a ballot."""
    with chosen_time():
        return services.raise_challenge(
            vote=ballot.votes.get(seat__code="MIN-1"),
            reason="document_defect",
            actor=table.secretary,
            at=table.now(),
        )


@pytest.fixture
def doubtful(table: Table) -> Ballot:
    """Return an agreed ballot whose one vote of the ministry rests on a defective document."""
    ballot = table.agree(table.meeting(), "2.1")
    doubt(table, ballot)
    return ballot


def put(table: Table, ballot: Ballot, **says: Any) -> Ballot:
    meeting = says.pop("meeting", None) or table.meeting()
    question = {
        "matter": table.matter,
        "decision": ballot.decision,
        "agenda_item": meeting.agenda.get(),
        "code": f"C-{ballot.decision.confirmations.count()}",
        "question_ru": "Подтвердить решение?",
        "reason": "Доверенность переоформлена.",
        "actor": table.secretary,
        "at": table.now(),
    }
    with chosen_time():
        return confirmations.put_confirmation(**{**question, **says}).ballot


def last(ballot: Ballot) -> Any:
    return ballot.decision.reports.order_by("number").last()


def test_a_confirmed_decision_is_cured_and_both_reports_stay(
    table: Table, doubtful: Ballot
) -> None:
    assert last(doubtful).verdict == "voidable"
    clause = table.clause("2.1")
    ballot = put(table, doubtful)
    assert ballot.text_sha256 == doubtful.text_sha256
    ballot = table.world.open_ballot(ballot)
    assert ballot.charter_version == doubtful.charter_version
    table.world.vote_all(ballot)
    table.world.close(ballot)
    report = last(doubtful)
    assert (report.verdict, report.occasion) == ("valid", "confirmation")
    states = {check["code"]: check["state"] for check in report.report["checks"]}
    assert states["authority"] == "cured"
    assert doubtful.decision.validity["verdict"] == "valid"
    assert [each.verdict for each in doubtful.decision.reports.order_by("number")] == [
        "valid",
        "voidable",
        "valid",
    ]
    assert differences(doubtful.decision) == differences(ballot.decision) == []
    # The text stays what it was made by the first decision.
    assert table.clause("2.1").agreed_in == clause.agreed_in == doubtful
    meeting = table.meeting()
    with refused(refusals.NothingToConfirm):
        put(table, doubtful, meeting=meeting)


def test_a_confirmation_that_proves_doubtful_cures_no_more(table: Table, doubtful: Ballot) -> None:
    ballot = table.world.open_ballot(put(table, doubtful))
    table.world.vote_all(ballot)
    table.world.close(ballot)
    raised = doubt(table, ballot)
    assert [last(each).verdict for each in (ballot, doubtful)] == ["voidable", "voidable"]
    meeting = table.meeting()
    with refused(refusals.ConfirmationIsPutAgain):
        put(table, ballot, meeting=meeting)
    with chosen_time():
        services.settle_challenge(
            challenge=raised,
            settlement="confirmed",
            note="Доверитель подтвердил",
            actor=table.secretary,
            at=table.now(),
        )
    assert [last(each).verdict for each in (ballot, doubtful)] == ["valid", "valid"]
    assert differences(doubtful.decision) == differences(ballot.decision) == []


def test_a_confirmation_that_fails_cures_nothing(table: Table, doubtful: Ballot) -> None:
    ballot = table.world.open_ballot(put(table, doubtful))
    table.world.vote_all(ballot, PUB_1="against", PUB_2="against", PUB_3="against")
    table.world.close(ballot)
    assert last(doubtful).verdict == "voidable"


def test_only_an_agreed_and_voidable_decision_of_the_body_is_confirmed(
    table: Table, doubtful: Ballot
) -> None:
    meeting = table.meeting()
    sound = table.agree(meeting, "2.2")
    with refused(refusals.NothingToConfirm):
        put(table, sound, meeting=meeting)
    with refused(refusals.ReasonMissing):
        put(table, doubtful, meeting=meeting, reason=" ")
    ballot = put(table, doubtful, meeting=meeting)
    with broken("a_confirmation_names_a_decision_and_says_why"):
        copy_row(Ballot, ballot.pk, code="X", confirm_reason="")
    with broken("a_confirmation_is_of_the_same_text_by_the_same_rule"):
        copy_row(Ballot, ballot.pk, code="X", confirms_id=sound.decision.pk)


@pytest.mark.parametrize(
    ("language", "words"), [("ru", "Что подтверждается"), ("en", "What is confirmed")]
)
def test_the_pages_of_a_confirmation(
    table: Table,
    doubtful: Ballot,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    words: str,
) -> None:
    meeting = table.meeting()
    for clock in ("django.utils.timezone.now", "audit.clock.now"):
        monkeypatch.setattr(clock, lambda: table.world.now)
    keeper, member = signed_in(table.secretary), signed_in(table.world.people["EMP-2"])
    keeper.cookies["django_language"] = language

    def at(name: str, ballot: Ballot) -> str:
        return reverse(f"negotiation:{name}", args=[table.matter.uid, ballot.uid])

    with chosen_time():
        table.now()
        assert at("put_confirmation", doubtful) in keeper.get(at("decision", doubtful)).text
        assert member.get(at("put_confirmation", doubtful)).status_code == 404
        assert keeper.get(at("put_confirmation", doubtful)).status_code == 200
        sent = {
            "code": "C-1",
            "agenda_item": meeting.agenda.get().uid,
            "question_ru": "Подтвердить?",
            "reason": "Доверенность переоформлена.",
        }
        address = at("put_confirmation", doubtful)
        assert keeper.post(address, {**sent, "reason": ""}).status_code == 422
        assert keeper.post(address, sent).status_code == 302
        ballot = Ballot.objects.get(code="C-1", meeting=meeting)
        page = keeper.get(at("ballot", ballot)).text
        assert words in page
        assert at("decision", doubtful) in page
        assert at("ballot", ballot) in keeper.get(at("decision", doubtful)).text
