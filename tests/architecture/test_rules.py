"""The house rules, tried on lines that keep them and lines that break them."""

import pytest

from tests.architecture.rules import impurities, writes

WRITING = [
    "round_.save(update_fields=['closed_at'])",
    "Vote.objects.create(ballot=ballot)",
    "Vote.objects.filter(ballot=ballot).update(status='counted')",
    "Person.objects.get(pk=1).delete()",
    "Vote.objects.bulk_create(votes)",
    "form.save()",
    "vote.save(update_fields=['status'])",
    "cursor.execute('INSERT INTO audit_entry DEFAULT VALUES')",
    "cursor.execute('  delete from governance_vote')",
]
READING = [
    "Vote.objects.filter(ballot=ballot).count()",
    "context.update({'ballot': ballot})",
    "services.close_round(round_id=1, actor=person, at=at)",
    "request.session.save()",
    "document.save(buffer, kind='png')",
    "cursor.execute('SELECT clock_timestamp()')",
]
IMPURE = [
    "datetime.now(UTC)",
    "date.today()",
    "uuid4()",
    "import random",
    "from time import monotonic",
    "open('rules.json')",
]
PURE = [
    "def decide(rows, *, at): return at >= rows[0].at",
    "from fractions import Fraction",
    "from datetime import timedelta",
]


@pytest.mark.parametrize("line", WRITING)
def test_a_write_is_seen(line: str) -> None:
    assert list(writes(line))


@pytest.mark.parametrize("line", READING)
def test_a_question_is_no_write(line: str) -> None:
    assert not list(writes(line))


@pytest.mark.parametrize("line", IMPURE)
def test_a_clock_a_chance_or_a_file_is_seen(line: str) -> None:
    assert list(impurities(line))


@pytest.mark.parametrize("line", PURE)
def test_a_rule_of_its_arguments_alone_is_pure(line: str) -> None:
    assert not list(impurities(line))
