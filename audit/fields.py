"""Column types that Django does not bring."""

from __future__ import annotations

from django.db import models


class TransactionIdField(models.BigIntegerField):  # type: ignore[type-arg] # not subscriptable at run time
    """The 64-bit transaction id of PostgreSQL (`xid8`).

    Kept in its own type because the sequencer of the log compares it with
    `pg_snapshot_xmin()`; a number or a text would compare differently.
    """

    description = "PostgreSQL transaction id"

    def db_type(self, connection: object) -> str:
        """Name the column's type."""
        return "xid8"

    def from_db_value(self, value: str | None, *_: object) -> int | None:
        """Turn the driver's text into a number."""
        return None if value is None else int(value)

    def get_db_prep_value(self, value: int | None, *_: object, **__: object) -> str | None:
        """Send the id as text: PostgreSQL casts no number to `xid8`."""
        return None if value is None else str(value)
