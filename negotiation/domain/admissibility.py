"""May a proposal be considered at all?

The grounds are a closed list, so that nobody is refused for what he proposes. Whether a proposal
lies outside the scope of the matter is a finding of the secretary and comes in as a fact; the rest
is judged here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Ground(StrEnum):
    """Why a proposal is not admitted, in the order in which the grounds are named."""

    FEDERAL_MIRROR = "federal_mirror"
    OUTSIDE_SCOPE = "outside_scope"
    NO_REASON = "no_reason"
    NESTED_TOO_DEEP = "nested_too_deep"
    PARENT_CLOSED = "parent_closed"
    BASE_NOT_CURRENT = "base_not_current"
    CLAUSE_LOCKED = "clause_locked"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class Filed:
    """What the check needs to know of a proposal and of the text it wants to change.

    `depth` is 1 for an amendment, 2 for a sub-amendment, and so on. `base_sha256` is the wording
    the author saw and `tabled_sha256` the one on the table now; both are empty for a proposal on
    the text as a whole or for a new clause. `sha256` is the digest of what is proposed and
    `same_target` holds those of the proposals still alive on the same clause.
    """

    mirrors_federal_norm: bool
    is_outside_scope: bool
    has_reason: bool
    depth: int
    parent_is_open: bool
    base_sha256: str
    tabled_sha256: str
    clause_is_locked: bool
    sha256: str
    same_target: frozenset[str]


MAX_DEPTH = 2
"""An amendment and an amendment to it; deeper nobody can follow what is being voted."""


def grounds(filed: Filed) -> tuple[Ground, ...]:
    """Return every ground against the proposal, none if it is admissible."""
    found = {
        Ground.FEDERAL_MIRROR: filed.mirrors_federal_norm,
        Ground.OUTSIDE_SCOPE: filed.is_outside_scope,
        Ground.NO_REASON: not filed.has_reason,
        Ground.NESTED_TOO_DEEP: filed.depth > MAX_DEPTH,
        Ground.PARENT_CLOSED: filed.depth > 1 and not filed.parent_is_open,
        Ground.BASE_NOT_CURRENT: filed.base_sha256 != filed.tabled_sha256,
        Ground.CLAUSE_LOCKED: filed.clause_is_locked and not filed.mirrors_federal_norm,
        Ground.DUPLICATE: filed.sha256 in filed.same_target,
    }
    return tuple(ground for ground in Ground if found[ground])
