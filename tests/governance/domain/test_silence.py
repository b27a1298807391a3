"""When silence is consent: every combination of seats held, reached and reminded."""

from itertools import product

import pytest

from governance.domain.silence import RULES, Called, Failure, count, failure_of

STATES = list(product([True, False], repeat=2))


@pytest.mark.parametrize("was_reminded", [True, False])
def test_INV_B6_silence_is_consent_only_if_everything_was_done(*, was_reminded: bool) -> None:
    for states in product(STATES, repeat=3):
        seats = [
            Called(f"A-{place}", "A", is_held=held, was_reached=reached)
            for place, (held, reached) in enumerate(states)
        ]
        failed = failure_of(seats, was_reminded=was_reminded)
        complete = was_reminded and all(held and reached for held, reached in states)
        assert (failed is None) == complete
        if failed and failed[0] is Failure.VACANT_SEAT:
            assert set(failed[1]) == {each.seat for each in seats if not each.is_held}
        elif failed and failed[0] is Failure.NOT_DELIVERED:
            assert set(failed[1]) == {each.seat for each in seats if not each.was_reached}


def test_INV_B6_any_single_objection_blocks_and_nobody_is_for() -> None:
    seats = [Called(f"A-{place}", "A", is_held=True, was_reached=True) for place in range(16)]
    assert count(seats).result == "adopted"
    for each in seats:
        outcome = count(seats, objecting=[each.seat])
        assert outcome.result == "blocked"
        assert outcome.blocking_rows == (each.seat,) or each.seat in set(outcome.blocking_rows)
    assert RULES["ballot"]["recode"] == [{"from": ["absent", "silent"], "to": "yes"}]
