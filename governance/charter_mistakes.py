"""Mistakes in a charter in words: where, what is wrong, and how to mend it.

The reader of charters speaks in codes and JSON paths. Here a code has a sentence, and a path reads
as people count: rule 2, condition 1.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from governance.domain.documents import DocumentError

SENTENCES = {
    "unknown_key": gettext_lazy("Nobody knows this word here. Remove it or correct its spelling."),
    "missing_key": gettext_lazy("Something is missing here. Fill it in."),
    "wrong_type": gettext_lazy("This is written in a wrong form. Fill it in as its label asks."),
    "duplicate": gettext_lazy("The same is named twice. Name it once."),
    "unknown_value": gettext_lazy("This is none of the possible answers. Choose one of them."),
    "unknown_vote": gettext_lazy("There is no such vote or count. Choose one of the list."),
    "unknown_side": gettext_lazy("There is no such side. Choose one of the sides."),
    "unknown_units": gettext_lazy("There are no such groups. Declare them or remove the word."),
    "unknown_parameter": gettext_lazy("This named number has no value. Give it one."),
    "unknown_schema": gettext_lazy("Write the schema as decision-charter/1."),
    "out_of_range": gettext_lazy("The number is outside what is possible here."),
    "not_a_rational": gettext_lazy(
        "The number must be exact: write a whole number or a fraction such as 2/3, never a decimal."
    ),
    "empty": gettext_lazy("Nothing is written here. Write at least one entry."),
    "last_rule_conditional": gettext_lazy(
        "The last rule has a condition, so some votes would have no result. "
        "Add a last rule without a condition."
    ),
    "unreachable_rule": gettext_lazy(
        "This rule has no condition, so the rules after it are never reached. "
        "Give it a condition, or remove what follows."
    ),
    "too_deep": gettext_lazy(
        "The conditions stand too deep inside each other. Write them flatter."
    ),
    "not_one_comparison": gettext_lazy("A test makes exactly one comparison. Choose one."),
    "never_true": gettext_lazy(
        "No vote at all does not satisfy this. For “none” write less than 1, for “some” more "
        "than 0."
    ),
    "choice_not_supported": gettext_lazy(
        "A body decides motions: put each option to the vote as a motion of its own."
    ),
    "contradiction": gettext_lazy("This contradicts another entry. Change one of the two."),
    "foreign_side": gettext_lazy(
        "This is no side of the body. Put one of the body’s sides in its place."
    ),
    "no_units_here": gettext_lazy("The seats of a body form no voting groups. Count by sides."),
    "no_such_paper": gettext_lazy("The papers of the body know for, against and abstain only."),
    "proxies_elsewhere": gettext_lazy(
        "Who may vote for another is said under the terms of procedure. Remove it here."
    ),
    "unknown_attribute": gettext_lazy(
        "The roll of a body knows sides and seats only. Name a side, or remove the condition."
    ),
    "silence_is_no_consent": gettext_lazy(
        "Silence is never consent at a table. Remove this recoding."
    ),
    "never_by_silence": gettext_lazy(
        "This is never decided by silence. Allow silence for editorial questions, or not at all."
    ),
    "no_such_weight": gettext_lazy("Every seat counts once. Remove the weight."),
    "not_json": gettext_lazy(
        "The text cannot be read as JSON: a bracket, a comma or a quotation mark is missing or "
        "stands in a wrong place."
    ),
}
_RULE = re.compile(r"\$\.decide\[(\d+)\]")
_PART = re.compile(r"\.(?:all|any)\[(\d+)\]")
_FIELDS = {
    ">": gettext_lazy("number"),
    ">=": gettext_lazy("number"),
    "<": gettext_lazy("number"),
    "<=": gettext_lazy("number"),
    "==": gettext_lazy("number"),
    "of": gettext_lazy("share of what"),
    "votes": gettext_lazy("which votes"),
    "side": gettext_lazy("whose votes"),
    "then": gettext_lazy("result"),
}


def in_words(mistake: DocumentError) -> str:
    """Say what is wrong and how to mend it; a code without a sentence keeps its own words."""
    known = SENTENCES.get(mistake.code)
    return str(known) if known else f"{mistake.message} ({mistake.remedy})"


def place_in_words(path: str) -> str:
    """Say where a JSON path leads, as people count: from one."""
    rule = _RULE.match(path)
    if rule is None:
        return path
    words = [_("Rule %(n)s") % {"n": int(rule[1]) + 1}]
    words += [_("condition %(n)s") % {"n": int(part) + 1} for part in _PART.findall(path)]
    last = path.rpartition(".")[2]
    if last in _FIELDS:
        words.append(str(_FIELDS[last]))
    return ", ".join(words)


def said(mistake: DocumentError) -> str:
    """Say place, mistake and remedy in one sentence, with the path for those who read JSON."""
    place = place_in_words(mistake.path)
    where = place if place == mistake.path else f"{place} ({mistake.path})"
    return f"{where}: {in_words(mistake)}"
