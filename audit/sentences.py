"""Entries in words.

An entry holds codes; people read sentences. Each app says, beside the declaration of its
acts, how an entry reads – a message id with the names of facts in it – and the catalogues
translate it. What a uid stands for (a clause, a seat, a person), the page that shows the
history tells.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from audit import registry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from audit.models import Entry

_PLACEHOLDER = re.compile(r"%\((\w+)\)s")
_sentences: dict[str, str] = {}


class _Words(dict[str, str]):
    """Placeholders of facts that an old entry does not have read as a dash."""

    def __missing__(self, key: str) -> str:
        return "—"


def say(type: str, msgid: str) -> None:  # noqa: A002 -- the record's word
    """Declare how entries of a type read: ``say("governance.vote_cast", N_("Vote %(choice)s"))``.

    Placeholders name facts; `%(actor)s` and `%(subject)s` are known besides. Mark the
    message with `gettext_noop`, so that catalogues find it.

    Raises:
        ValueError: a placeholder names no fact of this type, or the type reads otherwise.
        audit.registry.UndeclaredAct: the type is not declared.
    """
    names = registry.known(type).facts | {"actor", "subject"}
    if strangers := set(_PLACEHOLDER.findall(msgid)) - names:
        raise ValueError(f"{type} has no facts {sorted(strangers)}")
    if _sentences.setdefault(type, msgid) != msgid:
        raise ValueError(f"{type} already reads {_sentences[type]!r}")


def is_said(type: str) -> bool:  # noqa: A002 -- the record's word
    """Say whether entries of a type read as a sentence."""
    return type in _sentences


def sentence(entry: Entry, names: Mapping[str, Any] | None = None) -> str:
    """Return an entry as a sentence in the language of the moment.

    Args:
        entry: what to say.
        names: what uids and codes in the facts stand for, `{"<uid>": "clause 1.2"}`. A value
            that is not in it is shown as it is.

    A type without a sentence reads as its name: a history page never fails on one.
    """
    msgid = _sentences.get(entry.type)
    if msgid is None:
        return entry.type
    known = names or {}
    facts = {**entry.facts, "actor": entry.actor_uid, "subject": entry.subject_uid}
    return gettext(msgid) % _Words({key: _word(value, known) for key, value in facts.items()})


def _word(value: Any, names: Mapping[str, Any]) -> str:
    """Return a fact as people read it."""
    if value is None:
        return "—"
    if isinstance(value, list):
        return ", ".join(_word(item, names) for item in value) or "—"
    return str(names.get(str(value), value))
