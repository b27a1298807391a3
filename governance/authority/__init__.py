"""Who may do what, at an instant, and on which paper.

Nothing here writes. Every act asks `require` at its own instant, whatever a page or a task
allowed before; the answer is stored with the act. INVARIANT (A2): a mandate is judged at
the moment of the act, never from a flag that somebody set earlier.
"""

from audit.acts import NotAuthorised

from .capacities import Capacity, capacities
from .evidence import DUTIES, REASONS, Action, Evidence, Refusal
from .examination import examine, require, require_keeper
from .papers import Known, as_law, capacity_of, standing_of
from .portfolio import Portfolio

__all__ = [
    "DUTIES",
    "REASONS",
    "Action",
    "Capacity",
    "Evidence",
    "Known",
    "NotAuthorised",
    "Portfolio",
    "Refusal",
    "as_law",
    "capacities",
    "capacity_of",
    "examine",
    "require",
    "require_keeper",
    "standing_of",
]
