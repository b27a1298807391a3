"""A repeated question: put on a page, and shown with the ballots before and after it."""

import pytest
from django.urls import reverse

from governance.models import Ballot
from tests.accounts.pages import signed_in
from tests.negotiation.table import Table
from tests.world import chosen_time


@pytest.mark.parametrize(
    ("language", "words"), [("ru", "не было кворума"), ("en", "there was no quorum")]
)
def test_a_ballot_that_was_not_held_is_put_again_and_the_chain_is_shown(
    table: Table, monkeypatch: pytest.MonkeyPatch, language: str, words: str
) -> None:
    world, matter = table.world, table.matter.uid
    meeting = table.meeting()
    world.go(meeting, "EMP-1", "EMP-2", "EMP-3")
    first = world.open_ballot(table.ask(meeting, "2.1").ballot)
    assert first.state == Ballot.State.NOT_HELD
    world.come(meeting, "EMP-1", "EMP-2", "EMP-3")
    for clock in ("django.utils.timezone.now", "audit.clock.now"):
        monkeypatch.setattr(clock, lambda: world.now)
    keeper = signed_in(table.secretary)
    keeper.cookies["django_language"] = language
    sent = {
        "code": "B-02",
        "agenda_item": meeting.agenda.get().uid,
        "question_ru": "Принять?",
        "basis": "clause_wording",
        "clauses": [table.clause("2.1").uid],
        "repeats": first.uid,
    }
    address = reverse("negotiation:put_question", args=[matter])
    with chosen_time():
        table.now()
        assert str(first.uid) in keeper.get(address).text
        assert keeper.post(address, {**sent, "repeat_note": "Иначе."}).status_code == 422
        assert keeper.post(address, sent).status_code == 302
        again = Ballot.objects.get(code="B-02", meeting=meeting)
        assert again.repeats == first
        pages = {
            reverse("negotiation:ballot", args=[matter, first.uid]): again,
            reverse("negotiation:decision", args=[matter, first.uid]): again,
            reverse("negotiation:ballot", args=[matter, again.uid]): first,
        }
        for page, other in pages.items():
            shown = keeper.get(page).text
            assert words in shown
            assert reverse("negotiation:ballot", args=[matter, other.uid]) in shown
