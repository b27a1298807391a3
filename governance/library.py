"""The library of charters that come with the project: found, filtered, and read in words.

The file is data that `manage.py decide` counts with as well; here it is what a body begins a draft
of its own charter from.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import get_language, pgettext_lazy

from governance.charter_wording import CharterInWords, choice_in_words, motion_in_words
from governance.domain.charter import Charter, Kind, parse_charter, read_kind
from governance.domain.choice.charter import ChoiceCharter, parse_choice
from governance.domain.expressions import All as AllOf
from governance.domain.expressions import Any as AnyOf
from governance.domain.expressions import Each, Expression, Result, Rule, Tally, Test
from governance.domain.expressions import Not as NoneOf

DATA = Path(__file__).resolve().parent / "data"
CHARTERS = DATA / "charters.json"


class Feature(StrEnum):
    """What a charter has that one may look for."""

    QUORUM = "quorum"
    VETO = "veto"
    SIDES = "sides"
    WEIGHTS = "weights"
    GROUPS = "groups"
    RECODING = "recoding"
    PROXIES = "proxies"
    CHOICE = "choice"


FEATURES = {
    Feature.QUORUM: pgettext_lazy("charter", "Quorum"),
    Feature.VETO: pgettext_lazy("charter", "Veto or blocking"),
    Feature.SIDES: pgettext_lazy("charter", "Sides or groups named"),
    Feature.WEIGHTS: pgettext_lazy("charter", "Weighted votes"),
    Feature.GROUPS: pgettext_lazy("charter", "Indirect vote by groups"),
    Feature.RECODING: pgettext_lazy("charter", "Silence or reasons re-read"),
    Feature.PROXIES: pgettext_lazy("charter", "Votes by proxy"),
    Feature.CHOICE: pgettext_lazy("charter", "Choice between options"),
}


@dataclass(frozen=True, slots=True)
class Template:
    """One charter of the library, read."""

    id: str
    title_en: str
    title_ru: str
    cite: str
    document: dict[str, Any]
    charter: Charter | ChoiceCharter
    features: frozenset[Feature]

    @property
    def is_choice(self) -> bool:
        """Whether it chooses between options instead of deciding a motion."""
        return Feature.CHOICE in self.features

    @property
    def title(self) -> str:
        """Its title in the language of the reader."""
        return self.title_ru if (get_language() or "ru")[:2] == "ru" else self.title_en

    @property
    def labels(self) -> list[str]:
        """Its features in words, in the order of the filter."""
        return [str(words) for feature, words in FEATURES.items() if feature in self.features]

    def in_words(self) -> CharterInWords:
        """Read it in words."""
        if isinstance(self.charter, ChoiceCharter):
            return choice_in_words(self.charter)
        return motion_in_words(self.charter)


@cache
def templates() -> dict[str, Template]:
    """Return the charters of the file by their ids, in its order. Read once."""
    titles = json.loads((DATA / "charter_titles_ru.json").read_text(encoding="utf-8"))
    documents = json.loads(CHARTERS.read_text(encoding="utf-8"))
    return {document["id"]: _template(document, titles) for document in documents}


def find(*, words: str = "", feature: Feature | None = None) -> list[Template]:
    """Return the charters with all these words in title, source or id, and this feature."""
    wanted = words.casefold().split()
    return [
        template
        for template in templates().values()
        if (feature is None or feature in template.features)
        and all(word in _searched(template) for word in wanted)
    ]


def _searched(template: Template) -> str:
    return f"{template.id} {template.title_ru} {template.title_en} {template.cite}".casefold()


def _template(document: dict[str, Any], titles: dict[str, str]) -> Template:
    choice = read_kind(document) is Kind.CHOICE
    charter = parse_choice(document) if choice else parse_charter(document)
    return Template(
        id=document["id"],
        title_en=document["title"],
        title_ru=titles[document["id"]],
        cite=document.get("source", {}).get("cite", ""),
        document=document,
        charter=charter,
        features=frozenset(_features(charter)),
    )


def _features(charter: Charter | ChoiceCharter) -> set[Feature]:
    found = _of_rules(charter.rules)
    if isinstance(charter, ChoiceCharter):
        return found | {Feature.CHOICE}
    present = {
        Feature.SIDES: charter.sides,
        Feature.GROUPS: charter.units,
        Feature.RECODING: charter.recodes,
        Feature.PROXIES: charter.max_proxies,
    }
    return found | {feature for feature, value in present.items() if value}


def _of_rules(rules: tuple[Rule, ...]) -> set[Feature]:
    found: set[Feature] = set()
    for rule in rules:
        if rule.then == Result.NO_QUORUM:
            found.add(Feature.QUORUM)
        if rule.then == Result.BLOCKED:
            found.add(Feature.VETO)
        for part in (rule.condition, rule.exception):
            if part is not None and _is_weighted(part):
                found.add(Feature.WEIGHTS)
    return found


def _is_weighted(expression: Expression) -> bool:
    match expression:
        case Test(counted=counted, base=base):
            return bool(counted.weight or (isinstance(base, Tally) and base.weight))
        case AllOf(parts) | AnyOf(parts):
            return any(_is_weighted(part) for part in parts)
        case NoneOf(part) | Each(_, part):
            return _is_weighted(part)
