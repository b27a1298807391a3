"""Both languages are complete: every message of the interface has its Russian words."""

from pathlib import Path

from django.conf import settings

from config.messages import Message, messages_of, translated

APPS = (
    "accounts",
    "audit",
    "calendars",
    "config",
    "demonstration",
    "documents",
    "governance",
    "licensing",
    "negotiation",
    "notifications",
    "web",
    "workflows",
)


def test_every_message_is_translated_into_russian() -> None:
    found = messages_of(settings.BASE_DIR, list(APPS))
    missing = set(found) - translated(settings.BASE_DIR, "ru")

    assert sorted(f"{found[message][0]}: {message.msgid}" for message in missing) == []


def test_a_message_without_russian_words_is_found(tmp_path: Path) -> None:
    app = tmp_path / "shop"
    (app / "locale/ru/LC_MESSAGES").mkdir(parents=True)
    (app / "views.py").write_text('x = _("Bread")\ny = pgettext("money", "Change")\n')
    (app / "page.html").write_text('{% load i18n %}\n  <p>{% translate "Milk" %}</p>\n')
    (app / "locale/ru/LC_MESSAGES/django.po").write_text(
        'msgid ""\nmsgstr "Language: ru\\n"\n\nmsgid "Bread"\nmsgstr "Хлеб"\n', encoding="utf-8"
    )

    found = messages_of(tmp_path, ["shop"])

    assert set(found) == {Message("Bread"), Message("Change", "money"), Message("Milk")}
    assert set(found) - translated(tmp_path, "ru") == {Message("Change", "money"), Message("Milk")}
