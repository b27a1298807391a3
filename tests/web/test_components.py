"""Components: what they say to eyes, to screen readers, and to whoever wishes them ill."""

import re
from typing import Any
from uuid import UUID

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from governance.models import Ballot, Decision, Meeting
from licensing.models import RequirementVersion
from negotiation.models import Amendment, Clause, Disagreement, Matter, Position
from web.states import STATES, UnknownState, state

HOSTILE = "<script>alert('вече')</script>"


def render(template: str, **context: Any) -> str:
    return Template("{% load veche %}" + template).render(Context(context))


def test_a_text_of_the_record_is_shown_and_never_obeyed() -> None:
    html = render("{% text_of it %}", it={"text_ru": f"Первый.\n\n{HOSTILE}", "text_en": ""})

    assert html.count("<p>") == 2
    assert "&lt;script&gt;" in html
    assert "<script" not in html


def test_a_text_that_is_missing_in_english_says_that_it_is_russian() -> None:
    with translation.override("en"):
        html = render("{% text_of it %}", it={"text_ru": "Текст", "text_en": ""})
    assert '<div class="v-text" lang="ru">' in html


def test_a_text_in_the_language_of_the_page_needs_no_mark() -> None:
    with translation.override("en"):
        html = render("{% text_of it %}", it={"text_ru": "Текст", "text_en": "Text"})
    assert html == '<div class="v-text"><p>Text</p></div>'


@pytest.mark.parametrize(
    ("page", "words", "shown"),
    [
        ("ru", "veto of one", '<span lang="en">veto of one</span>'),
        ("ru", "вето, PEP 13", "вето, PEP 13"),
        ("en", "вето", '<span lang="ru">вето</span>'),
        ("ru", "2/3", "2/3"),
        ("ru", "<b>", '<span lang="en">&lt;b&gt;</span>'),
    ],
)
def test_words_written_in_one_language_say_which(page: str, words: str, shown: str) -> None:
    with translation.override(page):
        assert render("{% as_written words %}", words=words) == shown


def test_a_redline_says_what_it_colours_and_escapes_what_it_shows() -> None:
    with translation.override("ru"):
        html = render("{% redline a b %}", a="не менее 40 часов", b=f"не менее 60 {HOSTILE} часов")

    assert "<del>" in html
    assert "<ins>" in html
    assert "добавлено:" in html
    assert "удалено:" in html
    assert "<script" not in html


def test_the_words_of_a_redline_are_those_of_both_texts() -> None:
    before, after = "не менее 40 часов", "не менее 60 часов в год"
    shown = render("{% redline a b %}", a=before, b=after)
    html = re.sub(r'<span class="v-hidden">.*?</span>', "", shown)

    assert re.sub(r"<ins>.*?</ins>|</?del>", "", html) == before
    assert re.sub(r"<del>.*?</del>|</?ins>", "", html) == after


def test_every_form_gets_another_key() -> None:
    keys = {
        UUID(re.search(r'value="([^"]+)"', render("{% once %}")).group(1))  # type: ignore[union-attr]
        for _ in range(3)
    }
    assert len(keys) == 3


def test_a_digest_is_shown_short_and_can_be_read_whole() -> None:
    html = render("{% digest it %}", it="5d6c1c0f7b0d" + "0" * 52)

    assert "5d6c\xa01c0f\xa07b0d…" in html
    assert "5d6c1c0f7b0d" + "0" * 52 in html


def test_a_tally_says_in_words_what_it_draws() -> None:
    counts = {"entitled": 3, "recused": 1, "cast": 2, "votes_for": 1, "votes_against": 1}
    with translation.override("ru"):
        html = render("{% tally it %}", it=counts)

    words = " ".join(re.sub(r"<[^>]+>", " ", html).split())
    assert words == "за 1, против 1, воздержалось 0 из 3, не голосовало 1, отведено 1"
    assert 'aria-hidden="true"' in html


def test_a_table_can_be_reached_by_the_keyboard() -> None:
    html = render('{% tablebox labelledby="it" %}<table></table>{% endtablebox %}')

    assert 'role="group" tabindex="0" aria-labelledby="it"' in html
    assert "<table></table>" in html


def test_pages_keep_what_else_was_asked() -> None:
    request = RequestFactory().get("/", {"verdict": "void", "page": "2"})
    page = Paginator(range(100), 10).get_page(2)
    html = render("{% pagination page %}", page=page, request=request)

    assert 'href="?verdict=void&amp;page=3"' in html
    assert '<span aria-current="page">2</span>' in html


@pytest.mark.parametrize(
    "choices",
    [
        Position.Stance,
        Clause.State,
        Matter.State,
        Amendment.State,
        Amendment.Disposition,
        Disagreement.State,
        RequirementVersion.State,
        Meeting.State,
        Ballot.State,
        Decision.Result,
    ],
)
def test_every_state_of_the_apps_has_a_word_and_a_symbol(choices: Any) -> None:
    assert set(choices.values) <= set(STATES)


def test_every_symbol_is_drawn(settings: Any) -> None:
    drawn = (settings.BASE_DIR / "web/static/web/icons.svg").read_text()

    for each in STATES.values():
        assert f'id="{each.symbol}"' in drawn


def test_a_state_without_a_word_is_a_mistake() -> None:
    with pytest.raises(UnknownState):
        state("greenish")


# --- Forms -------------------------------------------------------------------------------


class Proposal(forms.Form):
    title = forms.CharField(max_length=5, help_text="Short.", error_messages={"required": "Empty."})
    stance = forms.ChoiceField(
        choices=[("a", "A"), ("b", "B")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose."},
    )
    until = forms.DateField(required=False)
    seen = forms.BooleanField(required=False)

    def clean(self) -> None:
        raise forms.ValidationError("The two do not agree.")


def test_a_field_says_its_hint_and_whether_it_may_stay_empty() -> None:
    with translation.override("en"):
        html = str(Proposal())

    assert '<label for="id_title">Title</label>' in html
    assert 'id="id_title_helptext">Short.</div>' in html
    assert 'aria-describedby="id_title_helptext"' in html
    assert '<label for="id_until">Until <span class="v-field__optional">(optional)</span>' in html


def test_mistakes_stand_above_the_form_with_links_to_their_fields() -> None:
    with translation.override("en"):
        html = str(Proposal({"title": ""}))
    summary = html[: html.index('class="v-field')]

    assert 'role="alert"' in summary
    assert "The two do not agree." in summary
    assert '<a href="#id_title">Title: Empty.</a>' in summary
    # A group of choices is entered at its first choice.
    assert '<a href="#id_stance_0">Stance: Choose.</a>' in summary


def test_a_mistake_stands_at_its_field_too_and_is_tied_to_it() -> None:
    html = str(Proposal({"title": ""}))

    assert 'id="id_title_error"' in html
    assert re.search(r'<input[^>]+name="title"[^>]+aria-invalid="true"', html)
    assert re.search(r'<input[^>]+aria-describedby="id_title_helptext id_title_error"', html)


def test_what_was_typed_is_not_lost_and_not_obeyed() -> None:
    html = str(Proposal({"title": HOSTILE, "stance": "b"}))

    assert "&lt;script&gt;" in html
    assert "<script" not in html
    assert re.search(r'value="b"[^>]+checked', html)
