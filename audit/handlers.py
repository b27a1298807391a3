"""What else happens when an act is recorded.

Handlers run in the act's transaction, right after its entry is written; if one of them
cannot do its part, the act is undone with it. This is how a process above learns that an
act happened, whether it came from a page, a paper or the demonstration. An act itself never
relies on a handler.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

    from audit.models import Entry

    Handler: TypeAlias = Callable[[Entry], None]

_handlers: list[tuple[str, Handler]] = []


def on(type_or_prefix: str, handler: Handler) -> None:
    """Call a handler for each entry of a type, or of all types under a prefix.

    Args:
        type_or_prefix: `governance.vote_cast`, or `governance.` with the dot at its end
            for all acts of an app.
        handler: called with the entry, in the order of registration. Registering the same
            handler again changes nothing.
    """
    if (type_or_prefix, handler) not in _handlers:
        _handlers.append((type_or_prefix, handler))


def off(type_or_prefix: str, handler: Handler) -> None:
    """Stop calling a handler.

    Raises:
        ValueError: it was never registered so.
    """
    _handlers.remove((type_or_prefix, handler))


def run(entry: Entry) -> None:
    """Call every handler of an entry's type."""
    for handler in _listening(entry.type):
        handler(entry)


def is_awaited(type: str) -> bool:  # noqa: A002 -- the record's word
    """Say whether anybody listens to acts of a type: if nobody does, no entry need be loaded."""
    return bool(_listening(type))


def _listening(type: str) -> list[Handler]:  # noqa: A002 -- the record's word
    """Return the handlers of a type."""
    return [
        handler
        for wanted, handler in _handlers
        if type == wanted or (wanted.endswith(".") and type.startswith(wanted))
    ]
