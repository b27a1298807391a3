"""Nothing deletes a vote: no page, no method of a model, no SQL, whoever says it.

What is left to the owner of the tables is dropping the trigger or emptying the table, which the
application's role may not do; copies of the record held outside are for that.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import pytest
from django.db import connection, models, transaction
from django.db.models import ProtectedError
from django.db.utils import IntegrityError, ProgrammingError
from django.test import Client
from django.urls import reverse

from governance.models import Vote
from tests.governance.refusals import broken
from tests.governance.test_database_refuses import run
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def vote(world: World) -> Vote:
    return world.vote(world.ballot(), "EMP-1")


@pytest.fixture(autouse=True)
def still_there(vote: Vote) -> Any:
    """Whatever a test does, the vote is afterwards what it was."""
    before = Vote.objects.filter(pk=vote.pk).values().get()
    yield
    assert Vote.objects.filter(pk=vote.pk).values().get() == before


def test_an_administrator_deletes_no_vote(world: World, vote: Vote) -> None:
    client = Client()
    client.force_login(world.administrator)
    changed = {"post": "yes", "choice": "against", "status": "rejected"}
    chosen = {"action": "delete_selected", "_selected_action": [vote.pk], "post": "yes"}
    for page, key, sent in (
        ("delete", [vote.pk], changed),
        ("change", [vote.pk], changed),
        ("changelist", [], chosen),
        ("add", [], changed),
    ):
        address = reverse(f"admin:governance_vote_{page}", args=key)
        assert client.post(address, sent).status_code == 403, page


METHODS: dict[str, Callable[[Vote], object]] = {
    "the row": lambda vote: vote.delete(),
    "in bulk": lambda _: Vote.objects.all().delete(),
    "in bulk, without asking what hangs on it": lambda _: Vote.objects.all()._raw_delete("default"),
    "with its ballot": lambda vote: vote.ballot.delete(),
    "with its voter": lambda vote: vote.person.delete(),
    "with its seat": lambda vote: vote.seat.delete(),
    "with the check it rests on": lambda vote: vote.authority_check.delete(),
    "by changing it": lambda _: Vote.objects.update(choice="against"),
    "by saving it changed": lambda vote: models.Model.save(
        Vote(**{**Vote.objects.values().get(pk=vote.pk), "choice": "against"})
    ),
    "by changing many": lambda vote: Vote.objects.bulk_update(
        [Vote(pk=vote.pk, status="rejected", reason_code="expired")], ["status", "reason_code"]
    ),
    "by calling it superseded": lambda _: run(
        "UPDATE governance_vote SET status = 'superseded', reason_code = 'superseded_by_principal';"
        " SET CONSTRAINTS ALL IMMEDIATE"
    ),
}


@pytest.mark.parametrize("delete", METHODS.values(), ids=METHODS)
def test_no_method_deletes_a_vote(vote: Vote, delete: Callable[[Vote], object]) -> None:
    with pytest.raises((IntegrityError, ProtectedError)), transaction.atomic():
        delete(vote)


STATEMENTS = {
    "delete": "DELETE FROM governance_vote",
    "delete one": "DELETE FROM ONLY governance_vote WHERE id IN (SELECT id FROM governance_vote)",
    "merge": "MERGE INTO governance_vote AS v USING governance_ballot AS b ON b.id = v.ballot_id"
    " WHEN MATCHED THEN DELETE",
    "with": "WITH gone AS (DELETE FROM governance_vote RETURNING id) SELECT count(*) FROM gone",
    "another ballot": "UPDATE governance_vote SET ballot_id = 0",
}

ROLES: dict[str, Callable[[], AbstractContextManager[None]]] = {
    "the application": nullcontext,
    "the owner": connection.as_owner,
}


@pytest.mark.parametrize("role", ROLES.values(), ids=ROLES)
@pytest.mark.parametrize("sql", STATEMENTS.values(), ids=STATEMENTS)
def test_no_role_deletes_a_vote(sql: str, role: Callable[[], AbstractContextManager[None]]) -> None:
    with broken("a_vote_is_superseded_never_changed"), role():
        run(sql)


def test_a_session_without_ordinary_triggers_deletes_no_vote() -> None:
    with broken("a_vote_is_superseded_never_changed"), connection.as_owner():
        run("SET LOCAL session_replication_role = replica")
        run("DELETE FROM governance_vote")


ONLY_THE_OWNER = {
    "emptying": "TRUNCATE governance_vote CASCADE",
    "dropping": "DROP TABLE governance_vote CASCADE",
    "dropping the rule": "DROP TRIGGER a_vote_is_superseded_never_changed ON governance_vote",
    "switching the rule off": "ALTER TABLE governance_vote DISABLE TRIGGER ALL",
    "a rule of its own": "CREATE RULE r AS ON INSERT TO governance_vote DO INSTEAD NOTHING",
}


@pytest.mark.parametrize("sql", ONLY_THE_OWNER.values(), ids=ONLY_THE_OWNER)
def test_the_application_cannot_take_the_rule_away(sql: str) -> None:
    with pytest.raises(ProgrammingError), transaction.atomic():
        run(sql)
