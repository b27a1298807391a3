"""The sixteen checks of the file, made again from the database.

Each asks the rows, not what a service noted about them: a mandate is judged anew, a quorum
counted anew, a text hashed anew. A check whose matter does not exist fails; nothing is not a
consistent whole.
"""

from __future__ import annotations

from collections.abc import Callable

from demonstration.checks import dates, texts, votes
from demonstration.checks.finding import Finding
from negotiation.models import Matter

__all__ = ["CHECKS", "Finding", "examine"]

CHECKS: dict[str, Callable[[Matter], Finding]] = {
    "CHK-01": texts.every_amendment_has_a_disposition_and_a_reason,
    "CHK-02": votes.every_counted_vote_was_cast_in_time_with_a_valid_mandate,
    "CHK-03": votes.at_most_one_counted_vote_per_seat,
    "CHK-04": votes.recused_seats_did_not_vote,
    "CHK-05": votes.every_side_had_its_quorum,
    "CHK-06": texts.every_negotiated_clause_is_agreed_by_all_sides,
    "CHK-07": texts.no_amendment_to_a_mirror_was_accepted,
    "CHK-08": texts.the_text_voted_is_the_text_of_the_version,
    "CHK-09": dates.entry_into_force_is_allowed,
    "CHK-10": texts.a_sub_amendment_was_voted_not_later_than_its_amendment,
    "CHK-11": votes.nobody_voted_for_two_sides,
    "CHK-12": dates.notices_were_sent_in_time,
    "CHK-13": votes.a_substitution_stays_within_its_parent,
    "CHK-14": dates.procedural_dates_are_working_days,
    "CHK-15": texts.points_add_up_to_a_hundred,
    "CHK-16": texts.references_resolve,
}


def examine(matter: Matter | None) -> list[Finding]:
    """Make every check, in order, and name each finding by its code."""
    return [
        (check(matter) if matter else Finding.missing("matter")).called(code)
        for code, check in CHECKS.items()
    ]
