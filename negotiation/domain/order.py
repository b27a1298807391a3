"""In what order amendments are put to the vote, and which cannot be adopted together.

A sub-amendment goes before the amendment it changes, an amendment before the clause, the clauses
before the whole. Among rivals the one more remote from the base text goes first, so that the vote
on it does not depend on what comes after. Two that change the same words are rivals: if one is
adopted the other falls. Nobody's text is merged by the machine; a loser falls with a reason, and
rebasing is its author's act.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .canonical import canonical_text


class Kind(StrEnum):
    """What an amendment does to its clause."""

    REPLACE_TEXT = "replace_text"
    REPLACE_THRESHOLD = "replace_threshold"
    ADD_TEXT = "add_text"
    ADD_CLAUSE = "add_clause"
    DELETE_CLAUSE = "delete_clause"
    SUB_AMENDMENT = "sub_amendment"
    COMMENT = "comment"
    EDITORIAL = "editorial"


@dataclass(frozen=True, slots=True)
class Amendment:
    """What the order needs to know. `clause` is a number, empty for the text as a whole."""

    code: str
    clause: str
    kind: Kind
    parent: str
    filed_at: datetime
    proposal_ru: str

    @property
    def replaced_words(self) -> frozenset[str]:
        """Return the words of the base text that the proposal replaces or strikes out.

        Read from the formula of Russian legal drafting: «Слова «…» заменить словами «…»», «Слово
        «…» исключить». Empty where the proposal does not use it.
        """
        return frozenset(
            canonical_text(words).casefold() for words in _REPLACED.findall(self.proposal_ru)
        )


_REPLACED = re.compile(
    r"\bслов[оа]\s+«([^«»]+)»(?=[^«»]*?\b(?:заменить|исключить|изложить))", re.IGNORECASE
)

# From the most remote from the base text to the nearest.
_REMOTENESS = (
    Kind.DELETE_CLAUSE,
    Kind.ADD_CLAUSE,
    Kind.REPLACE_TEXT,
    Kind.REPLACE_THRESHOLD,
    Kind.SUB_AMENDMENT,
    Kind.ADD_TEXT,
    Kind.EDITORIAL,
    Kind.COMMENT,
)
_NEVER_RIVALS = frozenset({Kind.COMMENT, Kind.EDITORIAL})
_REPLACEMENTS = frozenset({Kind.REPLACE_TEXT, Kind.REPLACE_THRESHOLD, Kind.SUB_AMENDMENT})


class OrderError(ValueError):
    """The amendments do not form a tree that can be voted."""

    def __init__(self, code: str, amendment: str) -> None:
        """Remember what is wrong (`unknown_parent`, `nested_too_deep`) and where."""
        super().__init__(f"{amendment}: {code}")
        self.code = code
        self.amendment = amendment


MAX_DEPTH = 2


def voting_order(
    amendments: Iterable[Amendment], *, clauses: Iterable[str] = ()
) -> tuple[Amendment, ...]:
    """Return the amendments in the order in which they are put to the vote.

    Clause by clause, in the order of `clauses` and then as they come; within a clause the more
    remote first, each right after its own sub-amendments. Among equally remote ones the one filed
    earlier goes first, then the code decides, so the order never depends on the order of rows.

    Raises:
        OrderError: a parent is not among the amendments, or nesting is deeper than two.

    """
    known = {amendment.code: amendment for amendment in amendments}
    for amendment in known.values():
        _check_depth(amendment, known)
    places = {number: place for place, number in enumerate(clauses)}
    roots = sorted(
        (amendment for amendment in known.values() if not amendment.parent),
        key=lambda root: (places.get(root.clause, len(places)), root.clause, *_rank(root)),
    )
    ordered: list[Amendment] = []
    for root in roots:
        children = (child for child in known.values() if child.parent == root.code)
        ordered += sorted(children, key=_rank)
        ordered.append(root)
    return tuple(ordered)


def _rank(amendment: Amendment) -> tuple[int, datetime, str]:
    return _REMOTENESS.index(amendment.kind), amendment.filed_at, amendment.code


def _check_depth(amendment: Amendment, known: Mapping[str, Amendment]) -> None:
    depth, parent = 1, amendment.parent
    while parent:
        if parent not in known:
            raise OrderError("unknown_parent", amendment.code)
        depth += 1
        if depth > MAX_DEPTH:
            raise OrderError("nested_too_deep", amendment.code)
        parent = known[parent].parent


def are_rivals(one: Amendment, other: Amendment) -> bool:
    """Say whether the two cannot both be incorporated.

    They are rivals if they change the same clause (or the same amendment) and one strikes the
    clause out, or both replace the same words. Where one names no words and both replace text,
    they are rivals: that they are compatible would have to be shown.
    """
    if one.code == other.code or one.clause != other.clause or one.parent != other.parent:
        return False
    kinds = {one.kind, other.kind}
    if not one.clause and not one.parent:
        return False
    if kinds & _NEVER_RIVALS:
        return False
    if Kind.DELETE_CLAUSE in kinds:
        return True
    if kinds == {Kind.ADD_CLAUSE}:
        return True
    if not kinds <= _REPLACEMENTS:
        return False
    mine, theirs = one.replaced_words, other.replaced_words
    if not mine or not theirs:
        return True
    return any(a in b or b in a for a in mine for b in theirs)


def collisions(amendments: Iterable[Amendment]) -> tuple[tuple[str, str], ...]:
    """Return every pair of rivals, each once, in the order of their codes."""
    listed = sorted(amendments, key=lambda amendment: amendment.code)
    return tuple(
        (one.code, other.code)
        for place, one in enumerate(listed)
        for other in listed[place + 1 :]
        if are_rivals(one, other)
    )


def must_go_first(
    put: Collection[str], undecided: Iterable[Amendment]
) -> tuple[tuple[str, str], ...]:
    """Return what has to be decided before these amendments may be put to the vote.

    Pairs of the amendment that must go first and the one put: its undecided sub-amendments that are
    not put together with it. `undecided` are the admitted amendments without a disposition; a
    sub-amendment closed at conciliation is not among them and holds nothing up.
    """
    listed = sorted(undecided, key=lambda amendment: amendment.code)
    return tuple(
        (child.code, child.parent)
        for child in listed
        if child.parent in put and child.code not in put
    )


def falls_with(
    adopted: Collection[str], undecided: Iterable[Amendment]
) -> tuple[tuple[str, str], ...]:
    """Return what falls when these amendments are adopted: pairs of the fallen and its victor.

    Rivals of an adopted amendment fall, and with them their sub-amendments. What was put and
    adopted together does not fall.
    """
    listed = {amendment.code: amendment for amendment in undecided}
    victors = sorted(code for code in adopted if code in listed)
    fallen: dict[str, str] = {}
    for victor in victors:
        for code, other in sorted(listed.items()):
            if code not in adopted and are_rivals(listed[victor], other):
                fallen.setdefault(code, victor)
    for code, amendment in sorted(listed.items()):
        if amendment.parent in fallen and code not in adopted:
            fallen.setdefault(code, fallen[amendment.parent])
    return tuple(sorted(fallen.items()))


def cannot_be_put_together(put: Iterable[Amendment]) -> tuple[tuple[str, str], ...]:
    """Return the pairs of rivals in one question: to adopt both would contradict itself."""
    return collisions(put)
