"""The ways that are closed: each says why, in the reader's language, and changes nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Person
from audit.models import Entry
from calendars.domain import day_of
from demonstration.models import Play
from governance.models import Ballot, Body, Mandate, Meeting, Seat, Vote
from governance.services import mandates
from negotiation.models import Clause, Matter
from tests.browser.hands import Hands

Come = Callable[..., Hands]


@pytest.fixture(params=["ru", "en"])
def somebody(come: Come, request: Any) -> Come:
    """Return a function that lets somebody come in who reads the language of this run."""
    return lambda code: come(code, to="/about/", language=request.param)


@pytest.fixture
def unblocked(come: Come, django_db_blocker: Any) -> Iterator[None]:
    """Let the test look into the database of the pages beside them."""
    with django_db_blocker.unblock():
        yield


def ballot_of(code: str) -> tuple[Ballot, str]:
    """Return an open ballot of the live matter, and the address of its page."""
    ballot = Ballot.objects.get(code=code)
    matter = Matter.objects.get(questions__ballot=ballot)
    return ballot, f"/negotiation/{matter.uid}/ballots/{ballot.uid}/"


def votes_of(ballot: Ballot, seat: str) -> list[str]:
    rows = Vote.objects.filter(ballot=ballot, seat__code=seat).order_by("pk")
    return list(rows.values_list("status", flat=True))


@pytest.mark.usefixtures("unblocked")
def test_a_mandate_that_ends_between_the_page_and_the_press(somebody: Come) -> None:
    ballot, page = ballot_of("LW-03")
    voter = somebody("P-EMP-3").go(page)
    revoke("P-EMP-3")
    voter.press(choice="for")

    # Kept, with its reason, and not counted: the seat may vote again on a better paper.
    assert voter.sees("Your vote is not counted")
    assert voter.sees("the mandate is revoked")
    assert votes_of(ballot, "EMP-3") == ["rejected"]
    assert not voter.go(page).page.locator("[name=choice]").count()


def revoke(code: str) -> None:
    """Let the secretary register that the principal took every paper of a person back."""
    people = Play.objects.get().people
    secretary = Person.objects.get(uid=people["P-SEC"])
    at = timezone.now()
    for mandate in Mandate.objects.filter(person__uid=people[code], revoked_on=None):
        mandates.revoke_mandate(mandate=mandate, revoked_on=day_of(at), actor=secretary, at=at)


@pytest.mark.usefixtures("unblocked")
def test_voting_twice_is_done_once(somebody: Come) -> None:
    ballot, page = ballot_of("LW-03")
    voter = somebody("P-EMP-3").go(page)
    other = voter.page.context.new_page()
    other.goto(voter.page.url)
    voter.send(choice="for")
    again = Hands(other, voter.language)
    again.press(choice="against")

    assert votes_of(ballot, "EMP-3") == ["counted"]
    assert Vote.objects.get(ballot=ballot, seat__code="EMP-3").choice == "for"
    assert again.page.locator(".v-summary, .v-refusal, .v-messages").count()


@pytest.mark.usefixtures("unblocked")
def test_an_edited_text_is_not_voted_on(somebody: Come) -> None:
    ballot, page = ballot_of("LW-03")
    voter = somebody("P-EMP-3").go(page)
    voter.page.evaluate("document.querySelector('[name=text_sha256]').value = '0'.repeat(64)")
    answer = voter.press(choice="for")

    assert answer.status == 422
    assert voter.page.locator(".v-summary").count()
    # What was chosen is still chosen.
    assert voter.page.locator("[name=choice][value=for]").is_checked()
    assert "counted" not in votes_of(ballot, "EMP-3")


@pytest.mark.usefixtures("unblocked")
def test_a_vote_for_another_side_is_refused(somebody: Come) -> None:
    ballot, page = ballot_of("LW-03")
    theirs = Seat.objects.get(body=ballot.meeting.body, code="PUB-1")
    voter = somebody("P-EMP-3").go(page)
    voter.page.evaluate("uid => document.querySelector('[name=seat]').value = uid", str(theirs.uid))
    entries = Entry.objects.count()
    answer = voter.press(choice="for")

    assert answer.status in {403, 422}
    assert voter.sees("You do not act for this seat.")
    assert (votes_of(ballot, "PUB-1"), Entry.objects.count()) == ([], entries)


@pytest.mark.usefixtures("unblocked")
def test_a_meeting_without_a_quorum_does_not_open(somebody: Come) -> None:
    meeting = convened(somebody("P-SEC"))
    coordinator = somebody("P-COORD").go(f"/desk/meetings/{meeting.uid}/open/")
    answer = coordinator.press()

    assert answer.status == 422
    assert coordinator.page.locator(".v-summary").count()
    meeting.refresh_from_db()
    assert meeting.state != Meeting.State.OPENED


def convened(secretary: Hands) -> Meeting:
    """Convene a meeting to which nobody comes."""
    body = Body.objects.get(code="BODY-NC-FOR")
    when = day_of(timezone.now() + timedelta(days=30))
    secretary.go(f"/desk/bodies/{body.uid}/").follow("Plan a meeting")
    plan = {"kind": "in_person", "planned_for": f"{when}T10:00", "place_ru": "Красноярск"}
    secretary.send(code="М-78", **plan)
    meeting = secretary.page.url
    matter = Matter.objects.get(code="ЛТ-ЛС-02")
    secretary.go(f"/negotiation/{matter.uid}/ballots/").follow("Put on an agenda")
    secretary.page.locator("[name=clauses]").first.check()
    secretary.send(meeting="М-78")
    secretary.go(meeting).follow("Convene").send()
    return Meeting.objects.get(code="М-78")


@pytest.mark.usefixtures("unblocked")
@pytest.mark.parametrize("who", ["", "P-VISA-LAW"])
def test_a_guessed_address_looks_like_an_absent_one(come: Come, who: str) -> None:
    ballot, page = ballot_of("LW-03")
    matter = Matter.objects.get(questions__ballot=ballot)
    clause = Clause.objects.of_matter(matter).numbered().earliest("pk")
    hands = come(who)
    absent = "00000000-0000-4000-8000-000000000000"
    for real in (
        f"/negotiation/{matter.uid}/room/",
        f"{page}close/",
        f"{page}paper/",
        f"/negotiation/{matter.uid}/clauses/{clause.uid}/wording/",
        f"/desk/bodies/{ballot.meeting.body.uid}/",
    ):
        guessed = re.sub(r"^(/[a-z]+/(?:bodies/)?)[0-9a-f-]{36}", rf"\g<1>{absent}", real)
        shown, hidden = (hands.page.request.get(each, max_redirects=0) for each in (real, guessed))
        assert (shown.status, len(shown.body()) - len(real)) == (
            hidden.status,
            len(hidden.body()) - len(guessed),
        ), real
        assert shown.status in {302, 404}
