"""What happens at the same moment, on real connections: no lost, double or late vote."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import Person
from audit import requests
from audit.acts import AlreadyDone
from audit.models import Entry
from governance import refusals, services
from governance.authority import Action, examine
from governance.models import Attendance, Ballot, Meeting, SeatHolding, Vote
from tests.connections import at_once
from tests.world import World, build_world, chosen_time

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db: None) -> Iterator[World]:
    """Return a table that other connections see too."""
    with chosen_time():
        yield build_world()


def casting(world: World, ballot: Ballot, seat: str, **says: Any) -> Callable[[], Vote]:
    """Return a vote to be cast later, on whatever connection."""
    at = world.later(seconds=1)
    says = {"choice": "for", "actor": world.people[seat], **says}

    def cast() -> Vote:
        # Each thread says anew on what its time rests.
        with chosen_time():
            return services.cast_vote(
                ballot=ballot,
                seat=world.seats[seat],
                text_sha256=ballot.text_sha256,
                at=at,
                **says,
            )

    return cast


def closing(world: World, ballot: Ballot) -> Callable[[], Ballot]:
    at = world.later()

    def close() -> Ballot:
        with chosen_time():
            return services.close_ballot(ballot=ballot, actor=world.coordinator, at=at)

    return close


def until(number: int, kind: str) -> None:
    """Wait until so many advisory locks of a kind are held or waited for in this database."""
    for _ in range(500):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database"
                f" WHERE locktype = 'advisory' AND datname = current_database() AND {kind}"
            )
            if cursor.fetchone()[0] >= number:
                return
        time.sleep(0.02)
    raise AssertionError(f"not {number} locks {kind}")


def test_two_people_vote_for_one_seat_and_one_vote_counts(world: World) -> None:
    ballot = world.ballot(world.opened("written"))
    proxy = world.person("Proxy")
    world.substitute("EMP-2", proxy)

    results = at_once(
        casting(world, ballot, "EMP-2", choice="against"),
        casting(world, ballot, "EMP-2", actor=proxy),
    )

    assert all(isinstance(vote, Vote) for vote in results), results
    counted = Vote.objects.counted().get(ballot=ballot)
    # Whoever was first, the principal has the last word.
    assert (counted.person, counted.choice) == (world.people["EMP-2"], "against")
    other = Vote.objects.exclude(pk=counted.pk).get()
    assert (other.status, other.reason_code) in {
        ("superseded", "superseded_by_principal"),
        ("rejected", "principal_voted"),
    }


def test_one_person_on_two_devices_votes_once(world: World) -> None:
    ballot = world.ballot()
    results = at_once(
        casting(world, ballot, "EMP-1"), casting(world, ballot, "EMP-1", choice="against")
    )
    assert Counter(type(result) for result in results) == {Vote: 1, refusals.AlreadyVoted: 1}
    assert Vote.objects.count() == 1


def test_the_last_votes_and_the_closing_leave_a_count_that_adds_up(world: World) -> None:
    """Several rounds, because which of them is first is up to the machine."""
    meeting = world.opened()
    for _round in range(4):
        ballot = world.ballot(meeting)
        world.vote_all(ballot, EXP_3="", EXP_4="")
        last = [casting(world, ballot, "EXP-3"), casting(world, ballot, "EXP-4")]
        at_once(*last, closing(world, ballot))

        ballot.refresh_from_db()
        assert ballot.state == Ballot.State.CERTIFIED
        counted = Vote.objects.counted().filter(ballot=ballot)
        cast = [row for row in ballot.decision.rows if row["vote"] == "yes"]
        assert len(cast) == counted.count()
        certified = Entry.objects.of_subject(ballot).latest("id")
        assert certified.facts["counted"] == counted.count()
        # No vote came in after the count.
        votes = Entry.objects.filter(type="governance.vote_cast", facts__ballot=str(ballot.uid))
        assert votes.latest("id").pk < certified.pk


def test_a_proxy_is_superseded_or_stands_when_the_ballot_closes(world: World) -> None:
    meeting = world.opened("written")
    proxy = world.person("Proxy")
    world.substitute("EMP-2", proxy)
    ballot = world.ballot(meeting)
    world.vote_all(ballot, EMP_2="")
    world.vote(ballot, "EMP-2", "against", actor=proxy)
    own = casting(world, ballot, "EMP-2")

    def close() -> Ballot:
        with chosen_time():
            return services.close_ballot(ballot=ballot, actor=world.secretary, at=ballot.closes_at)

    voted, closed = at_once(own, close)

    assert isinstance(closed, Ballot), closed
    counted = Vote.objects.counted().get(ballot=ballot, seat__code="EMP-2")
    row = next(row for row in ballot.decision.rows if row["id"] == "EMP-2")
    if isinstance(voted, Vote):
        assert (counted, row["vote"]) == (voted, "yes")
    else:
        assert isinstance(voted, refusals.BallotNotOpen)
        assert (counted.person, row["vote"]) == (proxy, "no")


def test_two_closings_count_once(world: World) -> None:
    ballot = world.ballot()
    world.vote_all(ballot)
    results = at_once(closing(world, ballot), closing(world, ballot))
    kinds = Counter(type(result) for result in results)
    assert kinds == {Ballot: 1, refusals.BallotNotInState: 1}


def test_whoever_closes_is_not_overtaken_by_voters_who_come_later(world: World) -> None:
    ballot = world.ballot()
    world.vote_all(ballot, EXP_3="", EXP_4="")
    first, later = casting(world, ballot, "EXP-3"), casting(world, ballot, "EXP-4")
    close = closing(world, ballot)

    def vote_until_two_wait() -> Vote:
        with transaction.atomic():
            vote = first()
            until(2, "NOT granted")
        return vote

    def close_beside_a_voter() -> Ballot:
        until(1, "granted AND mode = 'ShareLock'")
        return close()

    def vote_behind_the_closing() -> Vote:
        until(1, "NOT granted")
        return later()

    voted, closed, refused = at_once(
        vote_until_two_wait, close_beside_a_voter, vote_behind_the_closing
    )
    assert isinstance(voted, Vote), voted
    assert isinstance(closed, Ballot), closed
    assert isinstance(refused, refusals.BallotNotOpen), refused


def test_a_double_click_votes_once(world: World) -> None:
    ballot = world.ballot()
    key, voter = uuid4(), world.people["EMP-1"]
    cast = casting(world, ballot, "EMP-1")

    def click() -> Vote:
        with requests.once(key, actor=voter):
            return cast()

    results = at_once(click, click)
    assert Counter(type(result) for result in results) == {Vote: 1, AlreadyDone: 1}
    assert Vote.objects.count() == 1


def test_two_seats_of_two_sides_at_once_take_one(world: World) -> None:
    person = world.person("Twice")
    today = world.now.date()
    for seat in ("EMP-4", "PUB-4"):
        services.vacate_seat(
            seat=world.seats[seat], valid_to=today, actor=world.secretary, at=world.now
        )

    def filling(seat: str) -> Callable[[], SeatHolding]:
        def fill() -> SeatHolding:
            with chosen_time():
                return services.fill_seat(
                    seat=world.seats[seat],
                    person=person,
                    valid_from=today,
                    basis_ru="решение",
                    actor=world.secretary,
                    at=world.now,
                )

        return fill

    results = at_once(filling("EMP-4"), filling("PUB-4"))
    assert Counter(type(result) for result in results) == {SeatHolding: 1, refusals.TwoSides: 1}


# Below the services: the triggers hold two connections apart by themselves.


def raw(sql: str, *parameters: object) -> Callable[[], int]:
    def run() -> int:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            # Leave the other connection time to come while nothing is committed.
            cursor.execute("SELECT pg_sleep(0.2)")
            return cursor.rowcount

    return run


COPY_VOTE = """
INSERT INTO governance_vote (uid, ballot_id, seat_id, person_id, capacity, mandate_id, choice,
    cast_at, channel, status, reason_code, text_sha256, authority_check_id)
SELECT gen_random_uuid(), vote.ballot_id, seat.id, mandate.person_id, vote.capacity, mandate.id,
    'against', vote.cast_at, vote.channel, vote.status, '', vote.text_sha256, spare.id
  FROM governance_vote AS vote, governance_seat AS seat, governance_mandate AS mandate,
       governance_authoritycheck AS spare
 WHERE vote.id = %s AND seat.code = 'EXP-4' AND mandate.seat_id = seat.id
   AND spare.id = %s
"""


def test_raw_votes_and_a_raw_closing_follow_each_other(world: World) -> None:
    ballot = world.ballot()
    vote = world.vote(ballot, "EXP-1")
    voter = world.people["EXP-4"]
    found = examine(voter, Action.VOTE, body=world.body, at=world.now, seat=world.seats["EXP-4"])
    check = services.keep_check(found, person=voter)
    insert = raw(COPY_VOTE, vote.pk, check.pk)
    close = raw(
        "UPDATE governance_ballot SET state = 'closed', closed_at = opened_at WHERE id = %s",
        ballot.pk,
    )
    inserted, closed = at_once(insert, close)

    assert not isinstance(closed, Exception), closed
    if isinstance(inserted, Exception):
        assert isinstance(inserted, IntegrityError), inserted
        assert Vote.objects.count() == 1
    else:
        assert Vote.objects.count() == 2
    # Once it is closed, another try is refused for certain.
    assert isinstance(at_once(insert)[0], IntegrityError)


def test_a_raw_roll_entry_does_not_slip_past_the_opening(world: World) -> None:
    meeting = world.opened()
    ballot = world.prepared(meeting)
    entry = raw(
        "INSERT INTO governance_rollentry (ballot_id, seat_id, holder_id, side_code, standing,"
        " ground, weight) SELECT %s, seat_id, person_id, 'MIN', 'entitled', 'held', 1"
        " FROM governance_seatholding WHERE seat_id = %s",
        ballot.pk,
        world.seats["MIN-3"].pk,
    )
    at = world.later()

    def open_it() -> Ballot:
        with chosen_time():
            return services.open_ballot(ballot=ballot, actor=world.coordinator, at=at)

    slipped, opened = at_once(entry, open_it)
    assert isinstance(opened, Ballot), opened
    on_roll = ballot.roll.filter(seat__code="MIN-3").exists()
    assert on_roll is not isinstance(slipped, IntegrityError)
    assert isinstance(at_once(entry)[0], IntegrityError)


def test_raw_ties_to_two_sides_at_once_take_one(world: World) -> None:
    person = world.person("Twice")
    sql = (
        "INSERT INTO governance_mandate (uid, code, seat_id, person_id, principal_id, kind,"
        " document_ru, document_en, document, document_sha256, issued_on, valid_from, scope,"
        " note_ru, note_en) SELECT gen_random_uuid(), %s, seat_id, %s, principal_id, kind, 'x',"
        " '', '', '', issued_on, valid_from, scope, '', '' FROM governance_mandate WHERE id = %s"
    )
    results = at_once(
        *(raw(sql, f"X-{seat}", person.pk, world.mandates[seat].pk) for seat in ("EMP-3", "PUB-3"))
    )
    assert sum(isinstance(result, IntegrityError) for result in results) == 1
    assert Person.objects.get(pk=person.pk).mandates.count() == 1


def test_a_raw_agenda_item_does_not_slip_past_the_notices(world: World) -> None:
    meeting = world.planned()
    item = raw(
        "INSERT INTO governance_agendaitem (uid, meeting_id, number, title_ru, title_en, topics,"
        " standing) VALUES (gen_random_uuid(), %s, 9, 'x', '', ARRAY[gen_random_uuid()],"
        " 'listed')",
        meeting.pk,
    )
    at = world.later()

    def convene() -> Meeting:
        with chosen_time():
            return services.convene_meeting(meeting=meeting, actor=world.secretary, at=at)

    slipped, convened = at_once(item, convene)
    assert isinstance(convened, Meeting), convened
    entry = Entry.objects.get(type="governance.meeting_convened")
    assert len(entry.facts["items"]) == meeting.agenda.count()
    assert isinstance(slipped, IntegrityError) is (meeting.agenda.count() == 1)


def test_raw_attendance_does_not_slip_past_the_closing(world: World) -> None:
    meeting = world.opened()
    world.go(meeting, "EXP-4")
    sit = raw(
        "INSERT INTO governance_attendance (uid, meeting_id, seat_id, person_id, came_at)"
        " VALUES (gen_random_uuid(), %s, %s, %s, %s)",
        meeting.pk,
        world.seats["EXP-4"].pk,
        world.people["EXP-4"].pk,
        world.later(),
    )
    at = world.later()

    def close() -> Meeting:
        with chosen_time():
            return services.close_meeting(meeting=meeting, actor=world.coordinator, at=at)

    sat, closed = at_once(sit, close)
    assert isinstance(closed, Meeting), closed
    stays = Attendance.objects.filter(meeting=meeting, seat=world.seats["EXP-4"])
    assert stays.count() == (1 if isinstance(sat, IntegrityError) else 2)
    # Whoever did slip in before was seen off with the others.
    assert not stays.filter(left_at=None).exists()
    assert isinstance(at_once(sit)[0], IntegrityError)
