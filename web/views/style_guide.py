"""The living style guide: every component as it is, in the language of the page.

Shown in a demonstration and while developing; elsewhere it does not exist.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import pgettext, pgettext_lazy
from django.views.decorators.http import require_safe

from audit.services import is_demonstration
from calendars.domain import KRASNOYARSK
from web.states import STATES

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

SIDES = {
    "MIN": {"code": "MIN", "name_ru": "Министерство", "name_en": "Ministry"},
    "EMP": {"code": "EMP", "name_ru": "Работодатели", "name_en": "Employers"},
    "PUB": {
        "code": "PUB",
        "name_ru": "Общественные организации",
        "name_en": "Public organisations",
    },
    "EXP": {"code": "EXP", "name_ru": "Эксперты", "name_en": "Experts"},
}

BEFORE = {
    "text_ru": "На одного обучающегося приходится не менее 40 часов машинного времени на "
    "обрабатывающем центре с ЧПУ за модуль, из них не менее 10 часов на многоосевом.",
    "text_en": "Each learner has at least 40 hours of machine time on a CNC machining centre "
    "in the module, of which at least 10 hours on a multi-axis one.",
}
AFTER = {
    "text_ru": "На одного обучающегося приходится не менее 60 часов машинного времени на "
    "обрабатывающем центре с ЧПУ за модуль, из них не менее 24 часов на многоосевом; "
    "работа на тренажёре засчитывается не более чем на четверть.",
    "text_en": "Each learner has at least 60 hours of machine time on a CNC machining centre "
    "in the module, of which at least 24 hours on a multi-axis one; work on a simulator "
    "counts for at most a quarter.",
    "sha256": "5d6c1c0f7b0d7f6e2f0a7a0f3a6f2f34a9b7c8d6e5f40312233445566778899a",
}


def _result(party: str, numbers: tuple[int, int, int, int, int], outcome: str) -> Any:
    entitled, recused, for_, against, abstained = numbers
    counts = {
        "entitled": entitled,
        "recused": recused,
        "cast": for_ + against + abstained,
        "votes_for": for_,
        "votes_against": against,
        "abstained": abstained,
        "side_quorum": outcome != "not_held",
        "agreed": outcome == "agreed",
    }
    return SIDES[party], counts


RESULTS = [
    _result("MIN", (1, 0, 0, 1, 0), "not_agreed"),
    _result("EMP", (4, 0, 3, 0, 1), "agreed"),
    _result("PUB", (4, 0, 3, 0, 0), "agreed"),
    _result("EXP", (3, 1, 2, 1, 0), "agreed"),
]
COUNCIL = {
    "entitled": 61,
    "recused": 2,
    "cast": 54,
    "votes_for": 37,
    "votes_against": 11,
    "abstained": 6,
    "side_quorum": True,
    "agreed": True,
}


class SampleForm(forms.Form):
    """One field of each kind, so that a mistake shows how every kind of mistake looks."""

    title = forms.CharField(
        label=pgettext_lazy("sample", "Title"),
        max_length=60,
        help_text=pgettext_lazy("sample", "As it will stand in the list."),
    )
    stance = forms.ChoiceField(
        label=pgettext_lazy("sample", "Position of the side"),
        widget=forms.RadioSelect,
        choices=[
            ("support", pgettext_lazy("sample", "Supports")),
            ("support_with_reservation", pgettext_lazy("sample", "With a reservation")),
            ("object", pgettext_lazy("sample", "Objects")),
        ],
    )
    reason = forms.CharField(
        label=pgettext_lazy("sample", "Reason"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=300,
        help_text=pgettext_lazy("sample", "An objection names the wording that would lift it."),
    )
    side = forms.ChoiceField(
        label=pgettext_lazy("sample", "Side"),
        choices=[(code, names["name_ru"]) for code, names in SIDES.items()],
    )
    until = forms.DateField(
        label=pgettext_lazy("sample", "Until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    document = forms.FileField(label=pgettext_lazy("sample", "Document"), required=False)
    seen = forms.BooleanField(label=pgettext_lazy("sample", "I have read the wording"))


def _at(*parts: int) -> datetime.datetime:
    return datetime.datetime(*parts, tzinfo=KRASNOYARSK)


@require_safe
def style_guide(request: HttpRequest) -> HttpResponse:
    """Show the catalogue of components."""
    if not settings.DEBUG and not is_demonstration():
        raise Http404
    wrong = SampleForm({"title": "", "stance": "", "reason": "x" * 301, "until": "31.02.2026"})
    pages = Paginator(range(1, 530), 25)
    return render(
        request,
        "web/style_guide.html",
        {
            "states": list(STATES),
            "sides": SIDES.values(),
            "before": BEFORE,
            "after": AFTER,
            "results": RESULTS,
            "council": COUNCIL,
            "form": SampleForm(),
            "wrong": wrong,
            "page": pages.get_page(request.GET.get("page", 7)),
            "now": _at(2026, 3, 25, 10, 0),
            "soon": _at(2026, 3, 27, 16, 35),
            "past": _at(2026, 3, 20, 18, 0),
            "later": datetime.date(2026, 4, 24),
            "tabs": _tabs(),
            "steps": _steps(),
            "chain": _chain(),
            "events": _events(),
            "figures": _figures(),
            "period": (datetime.date(2026, 9, 1), datetime.date(2032, 9, 1)),
            "table": _table(),
            "sample_person": {"name_ru": "Рогожин Андрей Михайлович", "name_en": "Rogozhin A. M."},
        },
    )


def _tabs() -> list[dict[str, Any]]:
    return [
        {"label": pgettext("sample", "Table"), "url": "?", "is_current": True, "count": 43},
        {
            "label": pgettext("sample", "Amendments"),
            "url": "?tab=2",
            "is_current": False,
            "count": 52,
        },
        {
            "label": pgettext("sample", "History"),
            "url": "?tab=3",
            "is_current": False,
            "count": None,
        },
    ]


def _steps() -> list[dict[str, Any]]:
    return [
        {
            "label": pgettext("sample", "In circulation"),
            "state": "done",
            "note": "16.02–18.03.2026",
        },
        {"label": pgettext("sample", "Comment summary"), "state": "done"},
        {
            "label": pgettext("sample", "Meetings and ballots"),
            "state": "current",
            "note": pgettext("sample", "27 of 43 clauses"),
        },
        {
            "label": pgettext("sample", "Conciliation"),
            "state": "blocked",
            "note": pgettext("sample", "one side is silent"),
        },
        {"label": pgettext("sample", "Order of the ministry"), "state": "ahead"},
    ]


def _chain() -> list[dict[str, Any]]:
    return [
        {
            "label": pgettext("sample", "Authority"),
            "state": "held",
            "note": pgettext("sample", "16 mandates checked"),
        },
        {
            "label": pgettext("sample", "Notice"),
            "state": "held",
            "note": pgettext("sample", "11 working days"),
        },
        {
            "label": pgettext("sample", "Quorum"),
            "state": "held",
            "note": pgettext("sample", "on every side"),
        },
        {"label": pgettext("sample", "Wording"), "state": "held"},
        {
            "label": pgettext("sample", "Votes"),
            "state": "immaterial",
            "note": pgettext("sample", "1 rejected; result unchanged"),
        },
        {
            "label": pgettext("sample", "Protocol"),
            "state": "breached",
            "note": pgettext("sample", "signed late"),
        },
    ]


def _events() -> list[dict[str, Any]]:
    return [
        {
            "at": _at(2026, 3, 27, 16, 42),
            "title": pgettext("sample", "Ballot B-15 was not held: no quorum"),
            "icon": "ban",
            "tone": "bad",
        },
        {
            "at": _at(2026, 3, 27, 11, 10),
            "title": pgettext("sample", "The wording of clause 2.1 was agreed"),
            "actor": pgettext("sample", "Commission coordinator"),
            "icon": "check",
            "tone": "good",
            "url": "#timeline",
        },
        {
            "at": _at(2026, 3, 12, 9, 0),
            "title": pgettext("sample", "Notice was sent"),
            "icon": "calendar",
        },
    ]


def _figures() -> list[dict[str, Any]]:
    return [
        {"label": pgettext("sample", "Agreed clauses"), "value": "27 / 43", "done": 27, "of": 43},
        {
            "label": pgettext("sample", "In dispute"),
            "value": "9",
            "note": pgettext("sample", "3 wait for an answer"),
        },
        {
            "label": pgettext("sample", "Next deadline"),
            "value": "27.03.2026",
            "note": pgettext("sample", "2 working days left"),
        },
    ]


def _table() -> list[dict[str, Any]]:
    rows = [
        (
            "2.1",
            "Машинное время на обучающегося",
            "Machine time per learner",
            ("support", "object", "support", "support_with_reservation"),
        ),
        (
            "2.2",
            "Состав станочного парка",
            "Machines on the floor",
            ("support", "support", "support", "support"),
        ),
        (
            "3.1",
            "Наставники на производстве",
            "Mentors at the plant",
            ("support", "support", "no_position", "object"),
        ),
    ]
    return [
        {
            "number": number,
            "title_ru": title_ru,
            "title_en": title_en,
            "cells": list(zip(SIDES.values(), stances, strict=True)),
        }
        for number, title_ru, title_en, stances in rows
    ]
