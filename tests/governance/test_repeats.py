"""Repeated ballots: which may be held again, bound to what, and shown where."""

from __future__ import annotations

from typing import Any

import pytest

from governance import refusals, services
from governance.models import Ballot
from tests.governance.refusals import broken, refused
from tests.governance.test_database_refuses import copy_row
from tests.world import World, chosen_time, digest

pytestmark = pytest.mark.django_db


def not_held(world: World, topics: Any = None) -> Ballot:
    """Return a ballot that could not open: the employers have left."""
    meeting = world.opened(topics=topics)
    world.go(meeting, "EMP-1", "EMP-2", "EMP-3")
    return world.ballot(meeting)


def test_a_ballot_without_quorum_is_repeated_and_names_it(world: World) -> None:
    earlier = not_held(world)
    again = world.prepared(
        world.opened(topics=earlier.topics), repeats=earlier, text_sha256=earlier.text_sha256
    )
    assert (again.repeats, again.repeat_ground) == (earlier, "no_quorum")
    assert again.charter_version == earlier.charter_version
    with refused(refusals.NotRepeatable):
        world.prepared(
            again.meeting, repeats=earlier, text_sha256=earlier.text_sha256, topics=earlier.topics
        )


def test_another_text_needs_a_reason_and_the_same_none(world: World) -> None:
    earlier = not_held(world)
    meeting = world.opened(topics=earlier.topics)
    with refused(refusals.RepeatedTextDiffers):
        world.prepared(meeting, repeats=earlier)
    with refused(refusals.RepeatedTextDiffers):
        world.prepared(
            meeting, repeats=earlier, text_sha256=earlier.text_sha256, repeat_note="Тот же."
        )
    again = world.prepared(meeting, repeats=earlier, repeat_note="Исправлена опечатка.")
    with broken("a_repeated_ballot_asks_the_same_or_says_why_not"):
        other = not_held(world, topics=earlier.topics)
        copy_row(
            Ballot,
            again.pk,
            code="X",
            repeats_id=other.pk,
            charter_version_id=other.charter_version_id,
            repeat_note="",
        )


def test_what_was_decided_is_not_repeated(world: World) -> None:
    ballot = world.ballot()
    world.vote_all(ballot, PUB_1="against", PUB_2="against", PUB_3="against")
    world.close(ballot)
    with refused(refusals.NotRepeatable):
        world.prepared(ballot.meeting, repeats=ballot, text_sha256=ballot.text_sha256)
    adopted = world.ballot(ballot.meeting)
    world.vote_all(adopted)
    world.close(adopted)
    again = {"repeats": adopted, "text_sha256": adopted.text_sha256}
    with refused(refusals.NotRepeatable):
        world.prepared(ballot.meeting, **again)
    running = world.ballot(ballot.meeting)
    with refused(refusals.NotRepeatable):
        world.prepared(ballot.meeting, repeats=running, text_sha256=running.text_sha256)
    with broken("only_a_ballot_that_came_to_nothing_is_repeated"):
        copy_row(
            Ballot,
            world.prepared(ballot.meeting).pk,
            code="X",
            repeats_id=adopted.pk,
            repeat_ground="tie",
        )


def test_a_lower_threshold_revives_no_repeated_ballot(world: World) -> None:
    """The employers lack their quorum; later a charter asks for nobody of any side."""
    first = not_held(world)
    lowered = world.change_charter(side_quorum="0")
    meeting = world.opened(topics=first.topics)
    again = world.prepared(meeting, repeats=first, text_sha256=first.text_sha256)
    world.go(meeting, "EMP-1", "EMP-2", "EMP-3")
    again = world.open_ballot(again)
    assert again.charter_version == first.charter_version != lowered
    assert again.state == Ballot.State.NOT_HELD
    # The same question, put as a new one, is under the new edition and would open.
    assert world.ballot(meeting, text_sha256=first.text_sha256).charter_version == lowered
    with broken("a_repeated_ballot_keeps_the_charter_of_the_first"):
        copy_row(
            Ballot,
            world.prepared(meeting, text_sha256=digest("x")).pk,
            code="X",
            repeats_id=again.pk,
            repeat_ground="no_quorum",
            repeat_note="Другой текст.",
            charter_version_id=lowered.pk,
        )


def test_a_tie_is_voted_on_once_more_where_the_charter_says_so(world: World) -> None:
    world.change_charter(tie="repeat")
    first = world.ballot()
    world.vote_all(first, PUB_1="against", PUB_2="against")
    world.close(first)
    same = {"text_sha256": first.text_sha256}
    again = world.ballot(world.opened(topics=first.topics), repeats=first, **same)
    assert again.repeat_ground == "tie"
    world.vote_all(again, PUB_1="against", PUB_2="against")
    world.close(again)
    with refused(refusals.NotRepeatable):
        world.prepared(again.meeting, repeats=again, **same)


def test_an_annulled_ballot_is_repeated(world: World) -> None:
    ballot = world.ballot()
    with chosen_time():
        services.annul_ballot(
            ballot=ballot,
            reason="text_changed",
            note="Редакция уточнена.",
            actor=world.coordinator,
            at=world.later(),
        )
    again = world.prepared(ballot.meeting, repeats=ballot, repeat_note="Редакция уточнена.")
    assert (again.repeat_ground, again.text_sha256 != ballot.text_sha256) == ("annulled", True)
