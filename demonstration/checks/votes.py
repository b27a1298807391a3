"""Checks of votes: authority, uniqueness, recusals, quorums, sides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count

from demonstration.checks.finding import Finding
from governance.authority import Action, standing_of
from governance.models import Attendance, Ballot, Mandate, RollEntry, Vote
from negotiation.models import Matter

SIDE_CODE = "seat__side__code"


def every_counted_vote_was_cast_in_time_with_a_valid_mandate(matter: Matter) -> Finding:
    """CHK-02. The mandate is that of the person and the seat, and is judged at the vote."""
    votes = (
        Vote.objects.counted()
        .filter(ballot__question__matter=matter)
        .select_related("ballot", "seat", "mandate__seat__body", "mandate__parent__parent")
        .order_by("pk")
    )
    return Finding.of(f"{v.ballot}/{v.seat}" for v in votes if not (_in_time(v) and _valid(v)))


def _in_time(vote: Vote) -> bool:
    ballot = vote.ballot
    ends = ballot.closes_at or ballot.closed_at
    began = ballot.opened_at is not None and ballot.opened_at <= vote.cast_at
    return began and (ends is None or vote.cast_at <= ends)


def _valid(vote: Vote) -> bool:
    mandate = vote.mandate
    if mandate is None or (mandate.seat_id, mandate.person_id) != (vote.seat_id, vote.person_id):
        return False
    return standing_of(mandate, Action.VOTE, vote.cast_at).carries_the_act


def at_most_one_counted_vote_per_seat(matter: Matter) -> Finding:
    """CHK-03."""
    doubled = (
        Vote.objects.counted()
        .filter(ballot__question__matter=matter)
        .values_list("ballot__code", "seat__code")
        .annotate(times=Count("pk"))
        .filter(times__gt=1)
        .order_by("ballot__code", "seat__code")
    )
    return Finding.of(f"{ballot}/{seat}" for ballot, seat, _times in doubled)


def recused_seats_did_not_vote(matter: Matter) -> Finding:
    """CHK-04."""
    recused = set(
        RollEntry.objects.filter(
            ballot__question__matter=matter, standing=RollEntry.Standing.RECUSED
        ).values_list("ballot__code", "seat__code")
    )
    voted = (
        Vote.objects.counted()
        .filter(ballot__question__matter=matter)
        .order_by("pk")
        .values_list("ballot__code", "seat__code")
    )
    return Finding.of(f"{ballot}/{seat}" for ballot, seat in voted if (ballot, seat) in recused)


def every_side_had_its_quorum(matter: Matter) -> Finding:
    """CHK-05. Counted anew: in a hall those present, on paper those whose vote counts."""
    held = Ballot.objects.filter(question__matter=matter, state=Ballot.State.CERTIFIED)
    sides = list(matter.body.sides.order_by("position").values_list("code", flat=True))
    return Finding.of(
        f"{ballot}/{side}"
        for ballot in held.order_by("pk")
        for side in _without_quorum(ballot, sides)
    )


def _without_quorum(ballot: Ballot, sides: list[str]) -> Iterator[str]:
    entitled = dict(
        ballot.roll.filter(standing=RollEntry.Standing.ENTITLED).values_list("seat_id", "side_code")
    )
    size = Counter(entitled.values())
    present = Counter(entitled[seat] for seat in _taking_part(ballot) if seat in entitled)
    for side in sides:
        if not size[side] or 2 * present[side] <= size[side]:
            yield side


def _taking_part(ballot: Ballot) -> set[int]:
    voted = set(Vote.objects.counted().filter(ballot=ballot).values_list("seat_id", flat=True))
    if ballot.is_written or ballot.opened_at is None:
        return voted
    there: datetime = ballot.opened_at
    attended = Attendance.objects.at(there).filter(meeting=ballot.meeting_id)
    return set(attended.values_list("seat_id", flat=True))


def nobody_voted_for_two_sides(matter: Matter) -> Finding:
    """CHK-11."""
    sides: dict[str, set[str]] = {}
    cast = Vote.objects.exclude(status=Vote.Status.REJECTED).filter(ballot__question__matter=matter)
    for person, side in cast.order_by("pk").values_list("person__uid", SIDE_CODE):
        sides.setdefault(str(person), set()).add(side)
    return Finding.of(person for person, of in sides.items() if len(of) > 1)


def a_substitution_stays_within_its_parent(matter: Matter) -> Finding:
    """CHK-13."""
    substitutions = (
        Mandate.objects.filter(seat__body=matter.body, kind=Mandate.Kind.SUBSTITUTION)
        .select_related("parent")
        .order_by("pk")
    )
    return Finding.of(mandate.code for mandate in substitutions if not _within_parent(mandate))


def _within_parent(mandate: Mandate) -> bool:
    parent = mandate.parent
    if parent is None or mandate.valid_from < parent.valid_from:
        return False
    if parent.valid_to is None:
        return True
    return mandate.valid_to is not None and mandate.valid_to <= parent.valid_to
