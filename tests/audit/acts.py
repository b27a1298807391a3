"""An act that exists for the tests of the record."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from accounts.models import Person
from audit import clock, registry, sentences
from audit.models import Entry
from audit.services import record

DONE = "tests.thing_done"
registry.register(DONE, facts={"code"})
sentences.say(DONE, "%(actor)s did %(code)s to %(subject)s")


@dataclass(frozen=True)
class Actor:
    """Somebody who acts: the record asks for a uid and nothing else."""

    uid: UUID = field(default_factory=uuid4)


def thing() -> Person:
    """Return a row to act on; that it is not saved does not matter to the record."""
    return Person(uid=uuid4())


@transaction.atomic
def do(
    *,
    code: Any = "a1",
    at: datetime | None = None,
    stream: str = "thing:1",
    actor: Actor | None = None,
    **other: Any,
) -> Entry:
    """Do the act now, unless told when."""
    return record(
        type=other.pop("type", DONE),
        actor=actor,
        at=at or clock.now(),
        stream=stream,
        subject=other.pop("subject", None) or thing(),
        facts=other.pop("facts", {"code": code}),
        **other,
    )
