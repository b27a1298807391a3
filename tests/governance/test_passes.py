"""A vote with a pass is the vote that the rules would have taken: compared on chance tables."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.services import block_person
from audit import handlers, requests
from audit.acts import ActRefused, AlreadyDone
from audit.domain import canonical
from audit.models import Entry
from governance import acts, services
from governance.models import Ballot, Meeting, Vote, VotingPass
from governance.services._passes import cast_with_pass
from governance.services.votes import judge_vote
from tests.world import World, chosen_time, digest

GIVEN_ANEW = {"id", "recorded_at", "object"}
"""What two entries of one act differ in: their own names and the moment of writing."""

SEATS = ("EMP-1", "EMP-2", "PUB-3", "EXP-4", "MIN-1")


@contextmanager
def taken_back() -> Iterator[None]:
    """Undo at the end what was written inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def tried(act: Callable[[], Vote | None]) -> Any:
    """Do an act, describe what it left, and take it back."""
    try:
        with taken_back():
            return described(act())
    except ActRefused as refusal:
        return type(refusal).__name__, refusal.code


def described(vote: Vote | None) -> Any:
    """Return every stored column of a vote, of its check and of its entry that is not random."""
    if vote is None:
        return None
    stored = Vote.objects.get(pk=vote.pk)
    entry = Entry.objects.of_subject(stored).get()
    assert canonical.encode(entry.members) == bytes(entry.leaf)
    # What the act returned says the same as what is stored.
    assert columns(vote) == columns(stored)
    return (
        columns(stored),
        columns(stored.authority_check),
        {name: said for name, said in entry.members.items() if name not in GIVEN_ANEW},
    )


def columns(row: Any) -> dict[str, Any]:
    fields = {field.attname for field in row._meta.concrete_fields}
    return {name: getattr(row, name) for name in fields - {"id", "uid", "authority_check_id"}}


def revoke(world: World, seat: str, ballot: Ballot | None) -> None:
    services.revoke_mandate(
        mandate=world.mandates[seat],
        revoked_on=world.now.date(),
        actor=world.secretary,
        at=world.later(),
    )


def short_paper(world: World, seat: str, ballot: Ballot | None) -> None:
    """Let the holder go on with a paper that ends on the last day but one, or soon."""
    revoke(world, seat, ballot)
    world.mandate(seat, valid_to=world.now.date() + timedelta(days=2))


def paper_to_come(world: World, seat: str, ballot: Ballot | None) -> None:
    world.mandate(seat, valid_from=world.now.date() + timedelta(days=1))


def paper_without_a_vote(world: World, seat: str, ballot: Ballot | None) -> None:
    revoke(world, seat, ballot)
    world.mandate(seat, scope=["negotiate"])


def vacate(world: World, seat: str, ballot: Ballot | None) -> None:
    services.vacate_seat(
        seat=world.seats[seat],
        valid_to=world.now.date() + timedelta(days=1),
        actor=world.secretary,
        at=world.later(),
    )


def block(world: World, seat: str, ballot: Ballot | None) -> None:
    block_person(person=world.people[seat], actor=world.administrator, at=world.later())


def recuse(world: World, seat: str, ballot: Ballot | None) -> None:
    topics = ballot.topics if ballot else Meeting.objects.latest("id").agenda.get().topics
    world.conflict(seat, topics)


def go_out(world: World, seat: str, ballot: Ballot | None) -> None:
    meeting = Meeting.objects.latest("id")
    if meeting.has_attendance:
        world.go(meeting, seat)


def vote_before(world: World, seat: str, ballot: Ballot | None) -> None:
    if ballot is not None:
        world.vote(ballot, seat, "against")


def move(world: World, seat: str, ballot: Ballot | None) -> None:
    """Let something happen to somebody else."""
    revoke(world, "EMP-4", ballot)


EVENTS = (
    *(revoke, short_paper, paper_to_come, paper_without_a_vote, vacate, block, recuse, go_out),
    *(vote_before, move),
)


@given(data=st.data())
@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@pytest.mark.parametrize("kind", ["in_person", "written"])
def test_a_pass_says_what_the_rules_say(world: World, kind: str, data: st.DataObject) -> None:
    began = world.now
    with taken_back(), chosen_time():
        compare(world, kind, data)
    world.now = began


def compare(world: World, kind: str, data: st.DataObject) -> None:
    """Build a table where something happened, and let one vote be cast in both ways."""
    seat = data.draw(st.sampled_from(SEATS))
    happen = st.lists(st.sampled_from(EVENTS), max_size=1)
    meeting = world.opened(kind)
    happened(world, seat, None, data.draw(happen))
    ballot = world.ballot(meeting)
    happened(world, seat, ballot, data.draw(happen))
    actor = data.draw(st.sampled_from([seat, seat, seat, "PUB-1"]))
    choice = data.draw(st.sampled_from(Vote.Choice.values))
    seen = data.draw(st.sampled_from([ballot.text_sha256] * 3 + [digest("another")]))
    instants = [world.now, ballot.opened_at, ballot.opened_at - timedelta(seconds=1)]
    instants += [ballot.opened_at + timedelta(days=days) for days in (1, 2, 3, 5)]
    vote: dict[str, Any] = {
        "ballot": ballot,
        "seat": world.seats[seat],
        "choice": choice,
        "text_sha256": seen,
        "channel": data.draw(st.sampled_from(["platform", "hall"])),
        "actor": type(world.people[actor]).objects.get(pk=world.people[actor].pk),
        "at": data.draw(st.sampled_from(instants)),
    }
    judged = tried(lambda: judge_vote(**vote, mandate=None))
    swift = tried(lambda: cast_with_pass(**vote))
    assert swift in (None, judged)
    assert tried(lambda: services.cast_vote(**vote)) == judged


def happened(world: World, seat: str, ballot: Ballot | None, events: list[Any]) -> None:
    """Let things happen; what is refused did not."""
    for event in events:
        try:
            with transaction.atomic():
                event(world, seat, ballot)
        except ActRefused:
            continue


def with_a_pass(world: World, ballot: Ballot, seat: str, at: datetime | None = None) -> Vote | None:
    with chosen_time():
        return cast_with_pass(
            ballot=ballot,
            seat=world.seats[seat],
            choice="for",
            text_sha256=ballot.text_sha256,
            channel="platform",
            actor=world.people[seat],
            at=at or world.later(seconds=1),
        )


def test_everybody_against_whom_nothing_speaks_has_a_pass(world: World) -> None:
    ballot = world.ballot()
    passes = set(VotingPass.objects.filter(ballot=ballot).values_list("seat__code", flat=True))
    # A side with one voice agrees inside first.
    assert passes == {seat for seat in world.seats if not seat.startswith("MIN")}
    assert with_a_pass(world, ballot, "EMP-1") is not None
    assert with_a_pass(world, ballot, "MIN-1") is None


@pytest.mark.parametrize("event", [revoke, vacate, block, recuse, go_out])
def test_a_change_takes_the_pass_away(world: World, event: Any) -> None:
    ballot = world.ballot()
    with chosen_time():
        event(world, "EMP-1", ballot)
    assert with_a_pass(world, ballot, "EMP-1") is None
    assert with_a_pass(world, ballot, "EMP-3") is not None


def test_a_pass_ends_with_the_paper(world: World) -> None:
    with chosen_time():
        short_paper(world, "EMP-1", None)
    ballot = world.ballot(world.opened("written"))
    assert not VotingPass.objects.filter(ballot=ballot, seat=world.seats["EMP-1"]).exists()
    paper = world.mandate("EMP-1", valid_to=world.now.date() + timedelta(days=2))
    ballot = world.ballot(Meeting.objects.get(pk=ballot.meeting_id))
    found = VotingPass.objects.get(ballot=ballot, seat=world.seats["EMP-1"])
    assert found.mandate == paper
    assert with_a_pass(world, ballot, "EMP-1", found.ends) is None
    assert with_a_pass(world, ballot, "EMP-1", found.ends - timedelta(microseconds=1)) is not None


def test_passes_end_with_their_ballot(world: World) -> None:
    ballot = world.ballot()
    world.vote_all(ballot, EXP_4="")
    # Whoever voted has used the pass up.
    assert [used.seat.code for used in VotingPass.objects.filter(ballot=ballot)] == ["EXP-4"]
    world.close(ballot)
    assert not VotingPass.objects.filter(ballot=ballot).exists()
    assert with_a_pass(world, ballot, "EXP-4") is None


def test_a_key_is_borne_once_and_no_key_twice(world: World) -> None:
    ballot, key, voter = world.ballot(), uuid4(), world.people["EMP-1"]
    with requests.bearing(key, actor=voter):
        vote = world.vote(ballot, "EMP-1")
    assert Entry.objects.of_subject(vote).get().request_key == key
    with pytest.raises(AlreadyDone) as refused, requests.bearing(key, actor=voter):
        world.vote(ballot, "EMP-1")
    assert refused.value.params["entry"] == str(Entry.objects.of_subject(vote).get().uid)


def test_whoever_listens_hears_a_vote_with_a_pass(world: World) -> None:
    heard: list[Entry] = []
    handlers.on(acts.VOTE_CAST, heard.append)
    try:
        vote = with_a_pass(world, world.ballot(), "EMP-1")
    finally:
        handlers.off(acts.VOTE_CAST, heard.append)
    assert vote is not None
    assert [entry.subject_uid for entry in heard] == [vote.uid]
