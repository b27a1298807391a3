"""How an act says no.

Three kinds of failure are never mixed: wrong input is a form's error, *not now* is an
`ActRefused`, *not you* is `NotAuthorised`. Anything else is a bug and crashes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class ActRefused(Exception):
    """An act that is not possible now. The message is for people, the code for machines.

    A subclass states its `message` with named placeholders and its `code`; the place
    that raises it gives the values: ``raise BallotIsClosed(ballot="B-15")``.
    """

    message: str | _StrPromise = _("This cannot be done now.")
    code: str = "refused"

    def __init__(
        self, message: str | _StrPromise | None = None, *, code: str | None = None, **params: Any
    ) -> None:
        self.params = params
        if message is not None:
            self.message = message
        if code is not None:
            self.code = code
        super().__init__(self.message, params)

    def __str__(self) -> str:
        """Return the message in the language of whoever reads it now."""
        text = str(self.message)
        return text % self.params if self.params else text


class NotAuthorised(ActRefused, PermissionDenied):
    """The act is possible, but not for this person. The code says why not."""

    message = _("You are not authorised to do this.")
    code = "not_authorised"


class AlreadyDone(ActRefused):
    """The same request was carried out before; nothing was done a second time."""

    message = _("This was already done.")
    code = "already_done"


class NotTheTime(ActRefused):
    """The time given for the act is not the time of the clock, and no basis excuses it."""

    message = _("The time of the act differs from the clock by more than five minutes.")
    code = "not_the_time"


class NotADemonstration(ActRefused):
    """Times of a demonstration are accepted only by an installation marked as one."""

    message = _("This installation is not marked as a demonstration.")
    code = "not_a_demonstration"


class RecordIsNotEmpty(ActRefused):
    """What a record is can only be said before its first entry."""

    message = _("Acts are already recorded here: a real installation stays real.")
    code = "record_is_not_empty"
