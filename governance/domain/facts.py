"""What the validity of a decision is judged on, in a form that can be stored and judged again.

A report without its facts would be an opinion. With them anybody can examine the same decision
tomorrow and must come to the same report.

INVARIANT: `from_document` keeps understanding every document of facts ever stored. A key may be
added with a default; none is renamed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .charter import Charter
from .mandates import Standing
from .rows import Row


@dataclass(frozen=True, slots=True)
class CountedVote:
    """A vote that was counted, with what was known of it when it was cast."""

    seat: str
    side: str
    person: str
    vote: str
    standing: Standing
    in_time: bool
    text_sha256: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything the checklist is judged on, gathered by the caller and stored with the report.

    `notice_given` counts working days for each seat, `None` where sending is not proved.
    `all_took_part` is true only if every seat of the body took part and nobody objected.
    `undecided_recusals` are seats whose declared conflict was not decided before the vote.
    `protocol_faults` is `None` while there is no signed protocol yet.
    `is_confirmed` says that the same body has confirmed the decision by a valid later one.
    """

    charter: Charter
    rows: tuple[Row, ...]
    recorded_result: str
    votes: tuple[CountedVote, ...]
    is_within_competence: bool
    is_on_agenda: bool
    all_took_part: bool
    notice_required: int
    notice_given: Mapping[str, int | None]
    undecided_recusals: frozenset[str]
    ballot_text_sha256: str
    decided_text_sha256: str
    pinned_charter_version: str
    applied_charter_version: str
    protocol_faults: tuple[str, ...] | None
    is_confirmed: bool = False

    def as_document(self) -> dict[str, Any]:
        """Return the facts as JSON values, without the charter and the rows.

        Those are kept with the decision, which never changes.
        """
        return {
            "recorded_result": self.recorded_result,
            "votes": [
                {
                    "seat": vote.seat,
                    "side": vote.side,
                    "person": vote.person,
                    "vote": vote.vote,
                    "standing": str(vote.standing),
                    "in_time": vote.in_time,
                    "text_sha256": vote.text_sha256,
                }
                for vote in self.votes
            ],
            "is_within_competence": self.is_within_competence,
            "is_on_agenda": self.is_on_agenda,
            "all_took_part": self.all_took_part,
            "notice_required": self.notice_required,
            "notice_given": dict(self.notice_given),
            "undecided_recusals": sorted(self.undecided_recusals),
            "ballot_text_sha256": self.ballot_text_sha256,
            "decided_text_sha256": self.decided_text_sha256,
            "pinned_charter_version": self.pinned_charter_version,
            "applied_charter_version": self.applied_charter_version,
            "protocol_faults": None if self.protocol_faults is None else [*self.protocol_faults],
            "is_confirmed": self.is_confirmed,
        }

    @classmethod
    def from_document(
        cls, document: Mapping[str, Any], *, charter: Charter, rows: tuple[Row, ...]
    ) -> Facts:
        """Read back what `as_document` wrote, with the charter and the rows of the decision."""
        faults = document["protocol_faults"]
        return cls(
            **{
                **document,
                "charter": charter,
                "rows": rows,
                "votes": tuple(
                    CountedVote(**{**vote, "standing": Standing(vote["standing"])})
                    for vote in document["votes"]
                ),
                "undecided_recusals": frozenset(document["undecided_recusals"]),
                "protocol_faults": None if faults is None else tuple(faults),
            }
        )
