"""The acts of a file, in the order of time; acts at one instant in the order of the file.

Two things stand elsewhere than in the file, because one act rests on the other: what is laid on
the table follows the summary of comments, and a protocol of a meeting precedes what is filed
against it.
"""

from __future__ import annotations

from demonstration.player import (
    applications,
    ballots,
    cast,
    comments,
    disagreements,
    meetings,
    ministry,
    protocols,
    texts,
)
from demonstration.source import Source
from demonstration.timeline import Act, Timeline

__all__ = ["acts_of"]


def acts_of(source: Source) -> list[Act]:
    """Return every act of a file."""
    timeline = Timeline()
    cast.add(timeline, source)
    texts.add(timeline, source)
    comments.add(timeline, source)
    texts.add_tabled(timeline, source)
    texts.add_revisions(timeline, source)
    meetings.add(timeline, source)
    ballots.add(timeline, source)
    disagreements.add(timeline, source)
    meetings.add_closings(timeline, source)
    protocols.add(timeline, source)
    ministry.add(timeline, source)
    applications.add(timeline, source)
    return timeline.in_order()
