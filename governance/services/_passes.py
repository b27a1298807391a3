"""Passes to a ballot: granted when it opens, and used by the vote that is nothing special.

The rules are asked once, all holders together, when the ballot opens. What they answered stands in
a pass until a date of a paper or a change of the rows takes it away; the database believes it,
and checks what only the instant of the vote can say: that the ballot is open and the text the same,
that nobody has spoken for the seat, that the request is new.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
from django.db import IntegrityError, connection, transaction

import audit.services
from accounts.models import Person
from audit import handlers, requests, times
from audit.domain.facts import plain
from audit.models import Entry
from governance import acts
from governance.authority import Action, Evidence, Known, examine
from governance.domain.procedure import Voice, parse_procedure
from governance.models import RollEntry, Vote, VotingPass

from ._roll import barred

if TYPE_CHECKING:
    import datetime

    from governance.models import Ballot, Seat

_CAST = """
    SELECT new_id, new_uid, new_check, rests_on, acts_as, was_cast_at, recorded_as
      FROM governance_cast_vote(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


def grant_passes(ballot: Ballot, *, at: datetime.datetime) -> None:
    """Find for every entitled seat whether its holder may simply vote, and say so in a pass.

    There is none for a side that must first agree inside, for a holder who is not there, is
    barred, or has no paper that is valid now. Those votes are judged when they are cast.
    """
    body = ballot.meeting.body
    procedure = parse_procedure(ballot.pinned_charter.procedure)
    many = {code for code, side in procedure.sides.items() if side.voice is not Voice.SINGLE}
    entitled = ballot.roll.filter(standing=RollEntry.Standing.ENTITLED, side_code__in=many)
    entries = list(entitled.select_related("seat__side").order_by("id"))
    people = _held_still(entry.holder_id for entry in entries)
    known = Known(body, people.values(), at)
    out = barred(body, ballot.topics)
    there = set(ballot.meeting.attendance.at(at).values_list("seat_id", "person_id"))
    passes = []
    for entry in entries:
        person = people[entry.holder_id]
        if person.pk in out or not (ballot.is_written or (entry.seat_id, person.pk) in there):
            continue
        found = examine(
            person,
            Action.VOTE,
            body=body,
            at=at,
            seat=entry.seat,
            charter=ballot.charter_version,
            known=known,
        )
        if isinstance(found, Evidence) and found.result == "valid" and found.capacity != "proxy":
            ends = known.stands_until(person, entry.seat)
            passes.append(_pass(ballot, entry.seat, person, found, ends=ends))
    VotingPass.objects.bulk_create(passes)


def cast_with_pass(
    *,
    ballot: Ballot,
    seat: Seat,
    choice: str,
    text_sha256: str,
    channel: str,
    actor: Person,
    at: datetime.datetime | None,
) -> Vote | None:
    """Cast the vote of somebody who has a pass, in one statement; None: judge it instead.

    Outside a transaction the statement is one by itself. Where somebody waits for votes – a
    process, a message – the entry is loaded and handed on in the same transaction.
    """
    basis = times.current()
    # A paper is entered by somebody else, who is examined too.
    if basis.reference is not None:
        return None
    key = requests.key_to_bear()
    values = (
        *(ballot.pk, seat.pk, actor.pk, seat.stream, str(choice), text_sha256, str(channel)),
        *(at, basis.basis.value, key),
    )
    if not handlers.is_awaited(acts.VOTE_CAST):
        row = _call(values)
    else:
        with transaction.atomic():
            row = _call(values)
            if row is not None:
                handlers.run(Entry.objects.get(pk=row[-1]))
    if row is None:
        return None
    if key is not None:
        requests.take_key()
    pk, uid, check, mandate, capacity, cast_at, _entry = row
    written = {
        "id": pk,
        "uid": uid,
        "ballot_id": ballot.pk,
        "seat_id": seat.pk,
        "person_id": actor.pk,
        "capacity": capacity,
        "mandate_id": mandate,
        "choice": str(choice),
        "cast_at": cast_at,
        "channel": str(channel),
        "status": Vote.Status.COUNTED.value,
        "reason_code": "",
        "supersedes_id": None,
        "text_sha256": text_sha256,
        "authority_check_id": check,
        "entered_by_id": None,
    }
    vote = Vote.from_db(connection.alias, written.keys(), written.values())
    vote.ballot, vote.seat, vote.person = ballot, seat, actor
    return vote


def _call(values: tuple[Any, ...]) -> tuple[Any, ...] | None:
    """Run the one statement, prepared once on each connection.

    Raises:
        AlreadyDone: the same key was borne at this very moment, for another seat.
    """
    connection.ensure_connection()
    connection.validate_no_broken_transaction()
    row: tuple[Any, ...] | None
    try:
        with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
            row = cursor.execute(_CAST, values, prepare=True).fetchone()
    except IntegrityError as error:
        raise audit.services.refusal_of(error) from error
    return row


def _held_still(keys: Any) -> dict[int, Person]:
    """Return people, held until the passes are written: changes about them come afterwards."""
    found = sorted(set(keys))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT FROM accounts_person WHERE id = ANY(%s) ORDER BY id FOR SHARE", [found]
        )
    people: dict[int, Person] = Person.objects.in_bulk(found)
    return people


def _pass(
    ballot: Ballot,
    seat: Seat,
    person: Person,
    found: Evidence,
    *,
    ends: datetime.datetime | None,
) -> VotingPass:
    """Write down what was found, and the pieces of the vote's entry with their blanks."""
    facts = plain({**found.as_facts(), "checked_at": "=at="})
    entry = audit.services.pieces(
        type=acts.VOTE_CAST,
        actor=person,
        stream=seat.stream,
        subject_type=Vote._meta.label_lower,
        facts={
            "ballot": ballot.uid,
            "seat": seat.uid,
            "person": person.uid,
            "choice": "=choice=",
            "text_sha256": ballot.text_sha256,
            "capacity": found.capacity,
            "mandate": found.mandate.uid if found.mandate else None,
            "channel": "=channel=",
            "supersedes": None,
        },
        authority=facts,
    )
    return VotingPass(
        ballot=ballot,
        seat=seat,
        person=person,
        mandate=found.mandate,
        capacity=found.capacity,
        begins=found.checked_at,
        ends=ends,
        evidence={name: value for name, value in facts.items() if name != "checked_at"},
        entry=entry,
    )
