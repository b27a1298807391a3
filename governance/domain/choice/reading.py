"""Read what was handed in at a poll, with everything that was published about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from governance.domain.documents import Reader
from governance.domain.rows import RollError

from .ballots import read_ballots
from .charter import ChoiceCharter
from .methods import Method
from .names import Names
from .poll import Form, Poll
from .sums import read_aggregate, read_pairwise, read_tally

POLL_KEYS = (
    *("candidates", "ballots", "tally", "pairwise", "aggregate", "voters", "members"),
    *("lot", "casting_vote", "candidate_tags"),
)
"""The keys of a case that say what was handed in."""

_READ = Reader(RollError)
_FORMS = {
    Form.BALLOTS: read_ballots,
    Form.TALLY: read_tally,
    Form.PAIRWISE: read_pairwise,
    Form.AGGREGATE: read_aggregate,
}
_TIES_OF_A_STAGE = (Method.STAR, Method.IRV, Method.STV, Method.CONDORCET_IRV)
"""Methods whose ties are about who goes on, which nobody's vote for a winner can decide."""


def parse_poll(document: Mapping[str, object], charter: ChoiceCharter) -> Poll:
    """Read the votes of a poll held under a charter.

    Raises:
        RollError: something is malformed, or is not in a form that the method can count.

    """
    listed = _READ.words(_READ.items(document.get("candidates"), "$.candidates"), "$.candidates")
    if not listed:
        raise _READ.problem(
            "$.candidates", "no candidates", code="empty", remedy="name at least one"
        )
    names = Names(listed)
    form = _read_form(document)
    poll = replace(
        _FORMS[form](document[form], names, charter),
        voters=_READ.count(document["voters"], "$.voters") if "voters" in document else None,
        members=_READ.count(document["members"], "$.members") if "members" in document else None,
        lot=_read_lot(document.get("lot", []), names),
        casting_vote=_read_casting_vote(document, names, charter),
        tags=_read_tags(document.get("candidate_tags", {}), names, charter),
    )
    _check_numbers(poll)
    return poll


def _read_form(document: Mapping[str, object]) -> Form:
    given = [form for form in Form if form in document]
    if len(given) != 1:
        raise _READ.problem(
            "$",
            f"votes are given in {'more than one' if given else 'no'} form",
            code="not_one_form",
            remedy=f"give one of {', '.join(Form)}",
        )
    return given[0]


def _read_lot(value: object, names: Names) -> tuple[int, ...]:
    """Read the order in which candidates were drawn. Who was not drawn is not decided."""
    drawn = _READ.words(_READ.items(value, "$.lot"), "$.lot")
    return tuple(names.place(name, f"$.lot[{place}]") for place, name in enumerate(drawn))


def _read_casting_vote(
    document: Mapping[str, object], names: Names, charter: ChoiceCharter
) -> int | None:
    if "casting_vote" not in document:
        return None
    path = "$.casting_vote"
    if charter.method in _TIES_OF_A_STAGE:
        raise _READ.problem(
            path,
            f"the method {charter.method!s} has ties of a stage, not of winners",
            code="unknown_key",
            remedy="remove it, or give the lot",
        )
    return names.place(_READ.text(document["casting_vote"], path), path)


def _read_tags(value: object, names: Names, charter: ChoiceCharter) -> dict[int, str]:
    """Read the tag that is capped: `{"A": {"employer": "X", …}}`, or `{"A": "X"}` for it alone.

    Other tags may be anything, since they are not counted.
    """
    path = "$.candidate_tags"
    given = _READ.mapping(value, path)
    if charter.cap is None:
        return {}
    by = charter.cap.by
    tags: dict[int, str] = {}
    for name, tagged in given.items():
        place = names.place(name, path)
        if isinstance(tagged, str):
            tags[place] = tagged
            continue
        own = _READ.mapping(tagged, f"{path}.{name}")
        if by in own:
            tags[place] = _READ.text(own[by], f"{path}.{name}.{by}")
    return tags


def _check_numbers(poll: Poll) -> None:
    """Refuse numbers that contradict each other."""
    if poll.voters is not None and poll.valid is not None and poll.voters < poll.valid:
        raise _READ.problem(
            "$.voters",
            f"{poll.voters} voters did not hand in {poll.valid} valid ballots",
            code="out_of_range",
            remedy="count everybody who voted",
        )
    ballots = poll.ballots
    if poll.members is not None and ballots is not None and poll.members < ballots:
        raise _READ.problem(
            "$.members",
            f"{poll.members} members did not hand in {ballots} ballots",
            code="out_of_range",
            remedy="count everybody who could vote",
        )
