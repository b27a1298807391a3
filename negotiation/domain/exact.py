"""Read exact numbers out of data: thresholds, amounts, shares.

A number in data is an integer, a decimal or `p/q`; the last two are strings once they are stored. A
float is refused: 33.33 read as a float is another number than 33.33. Whoever loads JSON that may
hold decimals loads it with `parse_float=Decimal`.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

from .canonical import NotExact

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+|/[1-9][0-9]*)?")


def exact(value: object) -> Fraction:
    """Return the number that the value stands for.

    Raises:
        NotExact: the value is a float, a flag, or no number at all.

    """
    match value:
        case bool():
            raise NotExact(f"{value!r} is a flag, not a number")
        case int() | Fraction():
            return Fraction(value)
        case Decimal() if value.is_finite():
            return Fraction(value)
        case str() if _NUMBER.fullmatch(value):
            return Fraction(value)
        case _:
            raise NotExact(f"{value!r} is not an exact number")
