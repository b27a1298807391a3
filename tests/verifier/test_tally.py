"""The verifier's own reading of the rules that count, against that of the product."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from governance.domain.charter import parse_charter
from governance.domain.decide import decide
from governance.domain.procedure import parse_procedure
from governance.domain.rows import Row
from governance.domain.table import InnerRule
from verifier import tally

VOTES = ("yes", "no", "abstain", "silent", "absent", "recused")


@pytest.mark.parametrize("quorum", [{}, {"side_quorum": "2/3"}], ids=["unsaid", "two thirds"])
@pytest.mark.parametrize("rule", [str(rule) for rule in InnerRule])
def test_a_vote_on_a_charter_is_counted_as_the_product_counts_it(
    rule: str, quorum: dict[str, str]
) -> None:
    """Every result of up to three votes of the side, beside one that agrees."""
    terms = {"sides": {"A": {"inner_rule": rule}, "B": {"inner_rule": "single_voice"}}, **quorum}
    procedure = parse_procedure(terms)
    charter = parse_charter(procedure.change_rules_document(charter_id="c", title="t"))
    rules = tally.change_rules(terms)
    results = set()
    for number in (1, 2, 3):
        for votes in product(VOTES, repeat=number):
            rows = [("A", vote) for vote in votes] + [("B", "yes")]
            found = decide(
                charter,
                [
                    Row(id=str(place), vote=vote, side=side)
                    for place, (side, vote) in enumerate(rows)
                ],
            )
            assert tally.decide(rules, rows) == (str(found.result), found.rule_index), votes
            results.add(found.result)
    assert results == {"adopted", "blocked", "no_quorum"}


def test_a_rule_that_is_not_known_is_not_guessed() -> None:
    unknown: dict[str, Any] = {"side_quorum": "1/2", "sides": {"A": {"inner_rule": "by_lot"}}}
    with pytest.raises(tally.Unknown, match="by_lot"):
        tally.change_rules(unknown)
