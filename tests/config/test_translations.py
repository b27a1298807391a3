"""Translations: compiled from their sources, complete, and only ever from their sources."""

import gettext
import os
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.conf import settings

from config.translations import BrokenTranslation, compile_translations

# What a message leaves open: %(name)s, or {name}.
VALUE = re.compile(r"%\(\w+\)[sd]|\{\w+\}")

PO = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && \
(n%100<12 || n%100>14) ? 1 : 2);\\n"

msgid "Side"
msgstr "Сторона"

msgid "%(count)s vote"
msgid_plural "%(count)s votes"
msgstr[0] "%(count)s голос"
msgstr[1] "%(count)s голоса"
msgstr[2] "%(count)s голосов"
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "app" / "locale" / "ru" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    path.write_text(PO)
    return path


def test_a_compiled_translation_speaks(tmp_path: Path, source: Path) -> None:
    assert compile_translations(tmp_path) == [source]

    with source.with_suffix(".mo").open("rb") as file:
        translation = gettext.GNUTranslations(file)
    assert translation.gettext("Side") == "Сторона"
    assert translation.ngettext("%(count)s vote", "%(count)s votes", 5) == "%(count)s голосов"


def test_only_what_changed_is_compiled_again(tmp_path: Path, source: Path) -> None:
    compile_translations(tmp_path)
    compiled = source.with_suffix(".mo").stat().st_mtime
    os.utime(source, (compiled - 10, compiled - 10))
    assert compile_translations(tmp_path) == []

    os.utime(source, (compiled + 10, compiled + 10))
    assert compile_translations(tmp_path) == [source]


def test_a_broken_source_is_named(tmp_path: Path, source: Path) -> None:
    source.write_text('msgid "Side"\nnonsense\n')

    with pytest.raises(BrokenTranslation, match=r"django\.po"):
        compile_translations(tmp_path)


@pytest.mark.parametrize(
    "source",
    sorted(settings.BASE_DIR.glob("*/locale/ru/LC_MESSAGES/*.po")),
    ids=lambda path: path.parents[3].name,
)
def test_every_string_of_an_app_is_in_russian(source: Path) -> None:
    with source.open("rb") as file:
        catalogue = read_po(file, locale="ru", abort_invalid=True)

    problems = [
        message.id
        for message in catalogue
        if message.id and (message.fuzzy or not _is_whole(_forms(message.id), message.string))
    ]
    assert problems == []


def _forms(text: str | tuple[str, ...]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def _is_whole(original: tuple[str, ...], translation: str | tuple[str, ...]) -> bool:
    """Tell whether all forms are there, and ask for the same values as the original."""
    wanted = set(VALUE.findall(original[-1]))
    forms = _forms(translation)
    return len(forms) in {1, 3} and all(
        form and set(VALUE.findall(form)) == wanted for form in forms
    )
