"""Charters to read: the library, and the editions of one body in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from audit import clock
from audit.acts import NotAuthorised
from calendars.domain import day_of
from governance import charter_wording, library
from governance.domain.charter import parse_charter
from governance.domain.procedure import parse_procedure
from governance.services.charter_drafts import may_draft
from governance.views.desk import body_or_404, keeps

if TYPE_CHECKING:
    import datetime
    from uuid import UUID

    from governance.charter_wording import Change, CharterInWords
    from governance.models import Body, CharterVersion


class LibraryForm(forms.Form):
    """What one looks for among the charters."""

    q = forms.CharField(label=_("Words of title or source"), max_length=100, required=False)
    has = forms.ChoiceField(
        label=_("What it has"),
        choices=[
            ("", _("anything")),
            *((str(one), words) for one, words in library.FEATURES.items()),
        ],
        required=False,
    )


@login_required
@require_safe
def library_page(request: HttpRequest) -> HttpResponse:
    """Show the charters that come with the project, as far as they are looked for."""
    form = LibraryForm(request.GET or None)
    found = library.find()
    if form.is_valid():
        has = form.cleaned_data["has"]
        found = library.find(
            words=form.cleaned_data["q"], feature=library.Feature(has) if has else None
        )
    context = {"form": form, "found": found, "total": len(library.templates())}
    return render(request, "governance/charter_library.html", context)


@login_required
@require_safe
def template_page(request: HttpRequest, template: str) -> HttpResponse:
    """Show one charter of the library in words."""
    found = library.templates().get(template)
    if found is None:
        raise Http404
    context = {"template": found, "words": found.in_words()}
    return render(request, "governance/charter_template.html", context)


@login_required
@require_safe
def charter_page(request: HttpRequest, body: UUID) -> HttpResponse:
    """Show by which rules a body decides today, and all editions of its charter."""
    at = clock.now()
    row = body_or_404(request.user, body, at)
    context = {
        "body": row,
        "keeps": keeps(request.user, row, at),
        "in_force": row.charters.effective_on(day_of(at)).first(),
        "editions": row.charters.order_by("-number"),
        "drafts": row.charter_drafts.select_related("author").order_by("-begun_at", "-pk")[:20],
        "may_draft": _may_draft(request, row, at),
        "today": day_of(at),
    }
    context["edition"] = edition_in_words(row, context["in_force"]) if context["in_force"] else None
    return render(request, "governance/charter.html", context)


def _may_draft(request: HttpRequest, body: Body, at: datetime.datetime) -> bool:
    """Say whether a link to a new draft is of use to the reader."""
    try:
        may_draft(request.user, body, at)
    except NotAuthorised:
        return False
    return True


@login_required
@require_safe
def edition_page(request: HttpRequest, body: UUID, number: int) -> HttpResponse:
    """Show one edition: what it says, what it changed, and what was opened under it."""
    at = clock.now()
    row = body_or_404(request.user, body, at)
    version = get_object_or_404(row.charters, number=number)
    earlier = row.charters.filter(number__lt=number).order_by("-number").first()
    context = {
        "body": row,
        "keeps": keeps(request.user, row, at),
        "version": version,
        "edition": edition_in_words(row, version),
        "earlier": earlier,
        "changes": changes_between(row, earlier, version) if earlier else [],
        "is_in_force": row.charters.effective_on(day_of(at)).first() == version,
        "ballots": version.ballots.select_related("meeting").order_by("-opened_at", "-pk"),
    }
    return render(request, "governance/charter_edition.html", context)


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition in words: how votes are counted, and the terms of procedure."""

    rules: CharterInWords
    procedure: list[tuple[str, str]]

    def lines(self) -> list[str]:
        """Write it as plain lines, to be compared."""
        terms = [f"{term}: {value}" for term, value in self.procedure]
        return [*charter_wording.lines_of(self.rules), *terms]


def edition_in_words(body: Body, version: CharterVersion) -> Edition:
    """Read rules and procedure of an edition in words, with the names of the body's sides."""
    names = names_of_sides(body)
    return Edition(
        charter_wording.motion_in_words(parse_charter(version.rules), names),
        charter_wording.procedure_in_words(parse_procedure(version.procedure), names),
    )


def changes_between(body: Body, before: CharterVersion, after: CharterVersion) -> list[Change]:
    """Say what one edition changed against another, line by line."""
    return charter_wording.differences(
        edition_in_words(body, before).lines(), edition_in_words(body, after).lines()
    )


def names_of_sides(body: Body) -> dict[str, str]:
    """Return the names of a body's sides by their codes, in the language of the reader."""
    english = (get_language() or "ru")[:2] == "en"
    return {
        side.code: (side.name_en if english else "") or side.name_ru
        for side in body.sides.order_by("position")
    }
