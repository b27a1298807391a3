"""Sending a text out: a revision for everybody, and a round of comments on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from audit.services import record
from calendars import russia
from calendars.domain import CalendarNotKnown, end_of_day
from negotiation import acts, refusals
from negotiation.domain import consistency
from negotiation.models import Matter, Round
from negotiation.services import standing, texts

if TYPE_CHECKING:
    from datetime import date, datetime

    from accounts.models import Person


@transaction.atomic
def circulate(
    *,
    matter: Matter,
    label: str,
    comments_until: date,
    sub_amendments_until: date,
    actor: Person,
    at: datetime,
    note_ru: str = "",
    note_en: str = "",
) -> Round:
    """Send the text out as a revision and open a round of comments on it.

    Both days count whole, by Krasnoyarsk time, and a day that is not worked moves to the
    next one that is (C4); sub-amendments are taken at least as long as comments. A matter
    that was returned is circulated again in the same way.

    Raises:
        WrongState: negotiations are not open, or the text is agreed.
        NothingToCirculate: there is no draft.
        DraftIsNotReady: a clause has no text or no current translation.
        CommentPeriodTooShort: fewer working days than the charter asks for.
        CalendarIsNotKnown: there is no working calendar of the year.
        LabelIsTaken: the revision was issued already.
        NotAuthorised: the actor does not keep the record of the body.
    """
    row = standing.lock_matter(matter)
    evidence = standing.keeper(actor, row, at)
    standing.require_state(row, Matter.State.REGISTERED, Matter.State.RETURNED)
    charter = row.charter_version
    if charter is None:
        raise refusals.WrongState(state=row.get_state_display())
    clauses = texts.clauses_on_the_table(row)
    if not clauses:
        raise refusals.NothingToCirculate
    if problems := consistency.not_ready([texts.as_text(clause) for clause in clauses]):
        raise refusals.DraftIsNotReady(problems=texts.say_problems(problems))
    comments_until = _last_day(comments_until)
    sub_amendments_until = _last_day(sub_amendments_until)
    _require_long_enough(row, since=standing.day(at), until=comments_until)

    revision = texts.write_revision(
        row, label=label, clauses=clauses, note_ru=note_ru, note_en=note_en, at=at
    )
    round_ = Round(
        matter=row,
        number=row.rounds.count() + 1,
        revision=revision,
        opens_at=at,
        closes_at=end_of_day(comments_until),
        sub_amendments_until=end_of_day(sub_amendments_until),
    )
    round_.full_clean()
    round_.save()
    row.state = Matter.State.IN_CIRCULATION
    row.save(update_fields=["state"])
    record(
        type=acts.CIRCULATED,
        actor=actor,
        at=at,
        stream=row.stream,
        subject=row,
        authority=evidence,
        facts={
            "revision": revision.uid,
            "round": round_.number,
            "sha256": revision.sha256,
            "comments_until": comments_until,
            "sub_amendments_until": sub_amendments_until,
        },
    )
    return round_


def _require_long_enough(matter: Matter, *, since: date, until: date) -> None:
    """Compare the comment period with the charter that the matter is negotiated under."""
    required = standing.procedure_of(matter).comment_working_days
    given = russia().working_days_between(since, until) if until > since else 0
    if given < required:
        raise refusals.CommentPeriodTooShort(required=required, given=given)


def _last_day(day: date) -> date:
    """Return the day on which a term ends that would end on this day (ГК 193)."""
    try:
        return russia().last_day(day)
    except CalendarNotKnown as error:
        raise refusals.CalendarIsNotKnown(year=error.year) from error
