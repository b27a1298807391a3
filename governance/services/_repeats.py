"""May this ballot be held again? The rule is asked with what is stored of how it ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance import refusals
from governance.domain.procedure import Tie, parse_procedure
from governance.domain.repeats import Ended, Ground, ground_of
from governance.domain.table import SideResult
from governance.models import Ballot, Decision

if TYPE_CHECKING:
    from governance.models import Meeting


def ground_of_repeat(earlier: Ballot, meeting: Meeting) -> Ground:
    """Return the ground on which an earlier ballot is held again at a meeting.

    Raises:
        NotRepeatable: it was decided, it has not ended, it is another body's, or it is repeated.
    """
    ground = possible_ground(earlier)
    taken = Ballot.objects.filter(repeats=earlier).exists()
    if ground is None or taken or earlier.meeting.body_id != meeting.body_id:
        raise refusals.NotRepeatable(ballot=earlier.code)
    return ground


def possible_ground(earlier: Ballot) -> Ground | None:
    """Say on what ground a ballot could be repeated; None if it could not.

    A confirmation that came to nothing is simply put once more.
    """
    states = Ballot.State
    came_to_an_end = {states.CERTIFIED, states.NOT_HELD, states.ANNULLED}
    if earlier.confirms_id is not None or earlier.state not in came_to_an_end:
        return None
    decision = Decision.objects.filter(ballot=earlier).first()
    version = earlier.charter_version
    ended = Ended(
        was_held=earlier.state == states.CERTIFIED,
        was_annulled=earlier.state == states.ANNULLED,
        was_agreed=decision is not None and decision.is_agreed,
        sides=[SideResult(**side) for side in decision.side_results] if decision else [],
        is_second_after_tie=earlier.repeat_ground == Ballot.RepeatGround.TIE,
    )
    return ground_of(ended, parse_procedure(version.procedure).tie if version else Tie.NOT_ADOPTED)
