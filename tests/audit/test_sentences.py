import pytest
from django.utils import translation

from accounts.acts import PERSON_RENAMED
from audit import registry, sentences
from audit.models import Entry
from tests.audit.acts import DONE, Actor, do

pytestmark = pytest.mark.django_db


def test_an_entry_reads_as_a_sentence_with_the_names_of_the_page() -> None:
    actor = Actor()
    entry = do(actor=actor, code="a1")
    names = {str(actor.uid): "Petrova", str(entry.subject_uid): "clause 1.2", "a1": "everything"}

    assert sentences.sentence(entry, names) == "Petrova did everything to clause 1.2"
    assert sentences.sentence(entry) == f"{actor.uid} did a1 to {entry.subject_uid}"


def test_what_is_missing_reads_as_a_dash() -> None:
    entry = do(actor=None, code=[])

    assert sentences.sentence(entry, {str(entry.subject_uid): "it"}) == "— did — to it"


def test_a_list_reads_as_a_list() -> None:
    entry = do(code=["a1", "a2"])

    assert "did first, a2 to" in sentences.sentence(entry, {"a1": "first"})


def test_sentences_are_translated() -> None:
    entry = Entry(type=PERSON_RENAMED, facts={"valid_from": "2026-03-27"}, subject_uid=None)
    with translation.override("en"):
        assert sentences.sentence(entry) == "— bears a new name from 2026-03-27"
    with translation.override("ru"):
        assert sentences.sentence(entry) == "— носит новое имя с 2026-03-27"


def test_a_type_without_a_sentence_reads_as_its_name() -> None:
    assert sentences.sentence(Entry(type="tests.nothing_said", facts={})) == "tests.nothing_said"


def test_a_sentence_names_facts_only() -> None:
    with pytest.raises(ValueError, match="has no facts"):
        sentences.say(DONE, "%(colour)s")


def test_a_sentence_does_not_change() -> None:
    with pytest.raises(ValueError, match="already reads"):
        sentences.say(DONE, "something else")


def test_an_old_entry_without_a_fact_is_still_read() -> None:
    registry.register("tests.fact_added", facts={"early", "late"})
    sentences.say("tests.fact_added", "%(early)s, %(late)s")

    assert sentences.sentence(Entry(type="tests.fact_added", facts={"early": 1})) == "1, —"
