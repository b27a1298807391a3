"""Charters of choices and polls that several tests count."""

from __future__ import annotations

from typing import Any

from governance.domain.charter import SCHEMA
from governance.domain.choice.charter import ChoiceCharter, parse_choice
from governance.domain.choice.choose import choose
from governance.domain.choice.outcome import ChoiceOutcome
from governance.domain.choice.reading import parse_poll

FIRST_CHOOSE = ({"then": "choose"},)


def document(method: str, *decide: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Write a charter of a choice; keys that are none of the charter's go into `choose`.

    `own_params` are the numbers under `choose`, `params` those of the charter.
    """
    outer = {key: more.pop(key) for key in ("ballot", "roll", "params", "units") if key in more}
    choose_keys = {"method": method, "seats": 1, **more}
    if "own_params" in choose_keys:
        choose_keys["params"] = choose_keys.pop("own_params")
    if method == "stv":
        choose_keys = {"places": 5, **choose_keys}
    return {
        "schema": SCHEMA,
        "id": "sample",
        "title": "Sample",
        "kind": "choice",
        "decide": list(decide or FIRST_CHOOSE),
        "choose": choose_keys,
        **outer,
    }


def charter(method: str, *decide: dict[str, Any], **more: Any) -> ChoiceCharter:
    """Read a charter of a choice."""
    return parse_choice(document(method, *decide, **more))


def poll(ballots: Any, candidates: str = "ABC", **more: Any) -> dict[str, Any]:
    """Write a poll in which candidates have names of one letter."""
    return {"candidates": list(candidates), "ballots": ballots, **more}


def chosen(
    method: str, ballots: Any, candidates: str = "ABC", *, given: Any = None, **more: Any
) -> ChoiceOutcome:
    """Count ballots by a method; `given` are further keys of the poll."""
    rule = charter(method, **more)
    return choose(rule, parse_poll(poll(ballots, candidates, **(given or {})), rule))


def came_to(outcome: ChoiceOutcome) -> tuple[str, str, str]:
    """Return the result, the winners and those between whom it is open, as three words."""
    return outcome.result, "".join(outcome.winners), "".join(outcome.between)
