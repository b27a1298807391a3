"""Read JSON documents that people write, and say where and how to mend a mistake.

Charters, procedures and indicators are data with versions. A mistake must show when the data are
adopted, with a JSON path and a remedy, and never as a surprise at the first count. The readers here
accept exactly what they name: a decimal is not a number of votes, `true` is not 1.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

_FRACTION = re.compile(r"-?[0-9]+(/[1-9][0-9]*)?")
_DIGITS = 100
_BITS = 333
"""No number of votes is longer, and sums and products of such numbers can still be written out."""


class DocumentError(ValueError):
    """A document that cannot be used: where, what is wrong, what to do instead.

    `code` is for machines and translations, `path` is a JSON path into the document.
    """

    def __init__(self, path: str, message: str, *, code: str, remedy: str) -> None:
        """Keep the parts apart and join them for a log or a traceback."""
        super().__init__(f"{path}: {message} ({remedy})")
        self.path = path
        self.message = message
        self.code = code
        self.remedy = remedy


def shown(value: object) -> str:
    """Quote a value in a message, as far as it can be read at a glance."""
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, list | tuple):
        return "a list"
    if isinstance(value, int) and value.bit_length() > _BITS:
        return "a very long number"
    written = repr(value)
    return written if len(written) <= _DIGITS else f"{written[:_DIGITS]}…"


@dataclass(frozen=True, slots=True)
class Reader:
    """Take values out of a document and raise `error` for what is not as it must be."""

    error: type[DocumentError]

    def problem(self, path: str, message: str, *, code: str, remedy: str) -> DocumentError:
        """Make the error of this reader, to be raised."""
        return self.error(path, message, code=code, remedy=remedy)

    def mapping(self, value: object, path: str) -> Mapping[str, object]:
        """Read an object whose keys are names, not known in advance."""
        if isinstance(value, Mapping):
            return value
        raise self.problem(path, "not an object", code="wrong_type", remedy="write { … }")

    def record(
        self,
        value: object,
        path: str,
        *,
        required: Sequence[str] = (),
        optional: Sequence[str] = (),
    ) -> Mapping[str, object]:
        """Read an object with known keys and no others."""
        read = self.mapping(value, path)
        for key in required:
            if key not in read:
                raise self.problem(
                    path, f"{key!r} is missing", code="missing_key", remedy=f"add {key!r}"
                )
        for key in read:
            if key not in required and key not in optional:
                known = ", ".join((*required, *optional))
                raise self.problem(
                    f"{path}.{key}",
                    "unknown key",
                    code="unknown_key",
                    remedy=f"remove it; known keys are {known}",
                )
        return read

    def items(self, value: object, path: str) -> Sequence[object]:
        """Read a list."""
        if isinstance(value, list | tuple):
            return value
        raise self.problem(path, "not a list", code="wrong_type", remedy="write [ … ]")

    def text(self, value: object, path: str) -> str:
        """Read a non-empty string."""
        if isinstance(value, str) and value:
            return value
        raise self.problem(
            path,
            f"{shown(value)} is not a word",
            code="wrong_type",
            remedy="write a non-empty string",
        )

    def name(self, value: object, path: str) -> str:
        """Read what somebody or something is called: a word, or a number as a word.

        Lists of members are often numbered, so that 7 and "7" are the same name.
        """
        if type(value) is int:
            self._check_length(value.bit_length() > _BITS, path)
            return str(value)
        return self.text(value, path)

    def words(self, value: object, path: str) -> tuple[str, ...]:
        """Read one word or a list of different words."""
        if isinstance(value, str):
            return (self.text(value, path),)
        words = tuple(
            self.text(word, f"{path}[{position}]")
            for position, word in enumerate(self.items(value, path))
        )
        if len(set(words)) != len(words):
            raise self.problem(
                path, "a word is repeated", code="duplicate", remedy="name everything once"
            )
        return words

    def one_of(self, value: object, allowed: Sequence[str], path: str) -> str:
        """Read one of the words allowed here."""
        if isinstance(value, str) and value in allowed:
            return str(value)
        raise self.problem(
            path,
            f"unknown value {shown(value)}",
            code="unknown_value",
            remedy=f"write one of {', '.join(allowed)}",
        )

    def flag(self, value: object, path: str) -> bool:
        """Read true or false."""
        if isinstance(value, bool):
            return value
        raise self.problem(
            path, f"{shown(value)} is not a flag", code="wrong_type", remedy="write true or false"
        )

    def count(self, value: object, path: str, *, least: int = 0) -> int:
        """Read a whole number of things, not smaller than `least`."""
        if type(value) is not int:
            raise self.problem(
                path,
                f"{shown(value)} is not a whole number",
                code="wrong_type",
                remedy=f"write an integer from {least}",
            )
        self._check_length(value.bit_length() > _BITS, path)
        if value < least:
            raise self.problem(
                path,
                f"{value} is too small",
                code="out_of_range",
                remedy=f"write an integer from {least}",
            )
        return value

    def fraction(self, value: object, path: str) -> Fraction:
        """Read an integer or `p/q`; a decimal is refused, because 0.33 is not a third."""
        if type(value) is int:
            self._check_length(value.bit_length() > _BITS, path)
            return Fraction(value)
        if isinstance(value, str) and _FRACTION.fullmatch(value):
            self._check_length(len(value) > _DIGITS, path)
            return Fraction(value)
        raise self.problem(
            path,
            f"{shown(value)} is not an exact number",
            code="not_a_rational",
            remedy="write an integer or 'p/q', never a decimal",
        )

    def _check_length(self, is_too_long: bool, path: str) -> None:  # noqa: FBT001
        if is_too_long:
            raise self.problem(
                path,
                "the number is too long",
                code="out_of_range",
                remedy=f"write a number of at most {_DIGITS} digits",
            )
