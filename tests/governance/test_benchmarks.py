"""The benchmarks run, on little, and find both ways equal; how long they take is no test."""

from __future__ import annotations

import pytest

from benchmarks import ranked, tally


def test_ranked_ballots_are_counted_alike_in_both_ways(capsys: pytest.CaptureFixture[str]) -> None:
    ranked.main(["--n", "20000"])

    assert "stv, 3 seats" in capsys.readouterr().out


@pytest.mark.django_db
def test_a_roll_is_tallied_alike_in_both_ways(capsys: pytest.CaptureFixture[str]) -> None:
    tally.main(["--n", "2000"])

    assert "decided: blocked" in capsys.readouterr().out
