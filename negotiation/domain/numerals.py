"""Find the numbers that a Russian or English sentence names, in figures or in words.

Only what legal texts use: whole numbers up to twelve and the tens in words, the common fractions,
and figures with a decimal sign and thousands set apart. Numbers that are there for other reasons
(dates, numbers of clauses) are found as well: the question is whether a number is named, never
which number is meant.
"""

from __future__ import annotations

import re
from fractions import Fraction

_RUSSIAN: dict[str, Fraction] = {}
for _number, _forms in {
    1: "один одна одно одного одной одному одну одним одном",
    2: "два две двух двум двумя двое двоих",
    3: "три трёх трех трём трем тремя трое троих",
    4: "четыре четырёх четырех четырём четырем четырьмя",
    5: "пять пяти пятью",
    6: "шесть шести шестью",
    7: "семь семи семью",
    8: "восемь восьми восемью восьмью",
    9: "девять девяти девятью",
    10: "десять десяти десятью",
    11: "одиннадцать одиннадцати одиннадцатью",
    12: "двенадцать двенадцати двенадцатью",
    15: "пятнадцать пятнадцати пятнадцатью",
    20: "двадцать двадцати двадцатью",
    30: "тридцать тридцати тридцатью",
    40: "сорок сорока",
    50: "пятьдесят пятидесяти пятьюдесятью",
    60: "шестьдесят шестидесяти шестьюдесятью",
    70: "семьдесят семидесяти семьюдесятью",
    80: "восемьдесят восьмидесяти восемьюдесятью",
    90: "девяносто девяноста",
    100: "сто ста",
}.items():
    _RUSSIAN |= dict.fromkeys(_forms.split(), Fraction(_number))
_RUSSIAN |= dict.fromkeys(
    ["половина", "половины", "половине", "половину", "половиной"], Fraction(1, 2)
)
_RUSSIAN |= dict.fromkeys(["треть", "трети", "третью"], Fraction(1, 3))
_RUSSIAN |= dict.fromkeys(["четверть", "четверти", "четвертью"], Fraction(1, 4))

_ENGLISH: dict[str, Fraction] = {
    word: Fraction(number)
    for number, words in {
        1: "one once",
        2: "two twice",
        3: "three",
        4: "four",
        5: "five",
        6: "six",
        7: "seven",
        8: "eight",
        9: "nine",
        10: "ten",
        11: "eleven",
        12: "twelve",
        15: "fifteen",
        20: "twenty",
        30: "thirty",
        40: "forty",
        50: "fifty",
        60: "sixty",
        70: "seventy",
        80: "eighty",
        90: "ninety",
        100: "hundred",
    }.items()
    for word in words.split()
}
_ENGLISH |= {
    "half": Fraction(1, 2),
    "third": Fraction(1, 3),
    "quarter": Fraction(1, 4),
}

_WORDS = {"ru": _RUSSIAN, "en": _ENGLISH}
_FIGURES = {
    "ru": re.compile(r"(?<![\d.,])\d{1,3}(?:\s\d{3})+(?:,\d+)?(?!\d)|\d+(?:[.,]\d+)?"),
    "en": re.compile(r"(?<![\d.,])\d{1,3}(?:[,\s]\d{3})+(?:\.\d+)?(?!\d)|\d+(?:[.,]\d+)?"),
}
_PARTS = {
    # Two of three parts, said in words: «двух третей», "two thirds".
    "ru": re.compile(r"\b(две|двух|двум|двумя)\s+трет\w+|\b(три|трёх|трех)\s+четверт\w+"),
    "en": re.compile(r"\b(two)[\s-]thirds?|\b(three)[\s-]quarters?"),
}
_TWO_THIRDS = Fraction(2, 3)
_THREE_QUARTERS = Fraction(3, 4)
_SHARE = re.compile(r"\b(\d+)/([1-9]\d*)\b")


def numbers_in(text: str, language: str) -> frozenset[Fraction]:
    """Return every number that the text names.

    Raises:
        KeyError: the language is neither `ru` nor `en`.

    """
    words = _WORDS[language]
    lowered = text.lower()
    found = {words[word] for word in re.findall(r"\w+", lowered) if word in words}
    for match in _PARTS[language].finditer(lowered):
        found.add(_TWO_THIRDS if match.group(1) else _THREE_QUARTERS)
    for match in _SHARE.finditer(lowered):
        found.add(Fraction(int(match.group(1)), int(match.group(2))))
    found |= {_figure(match, language) for match in _FIGURES[language].findall(lowered)}
    return frozenset(found)


def _figure(figures: str, language: str) -> Fraction:
    plain = re.sub(r"\s", "", figures)
    if language == "en" and re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", plain):
        plain = plain.replace(",", "")
    return Fraction(plain.replace(",", "."))
