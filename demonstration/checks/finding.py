"""What a check found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Self


@dataclass(frozen=True, slots=True)
class Finding:
    """Whether a check holds, and what it counted or what it found wrong."""

    passed: bool
    detail: tuple[str, ...] = ()
    code: str = ""

    @classmethod
    def of(cls, wrong: Iterable[object]) -> Self:
        """Hold if nothing is wrong, else say what."""
        found = tuple(str(one) for one in wrong)
        return cls(passed=not found, detail=found)

    @classmethod
    def missing(cls, what: str) -> Self:
        """Fail, because there is nothing to check."""
        return cls(passed=False, detail=(f"no {what}",))

    def called(self, code: str) -> Self:
        """Return the same finding under the code of its check."""
        return replace(self, code=code)
