"""The public register: what is required, since when, on what basis, and what has changed.

Open to everybody. It shows what was published and nothing else: a version before its
publication, and whatever the sides said about it, belongs to the table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Q
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from calendars.domain import day_of, end_of_day
from governance.models import Body
from licensing import selectors
from licensing.models import (
    InForcePeriod,
    RequirementSet,
    RequirementVersion,
    VersionClause,
)
from web.forms import DifferencesForm, OnDayForm

if TYPE_CHECKING:
    import datetime
    from uuid import UUID

    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse


@dataclass(frozen=True, slots=True)
class Question:
    """On which day, and as known when."""

    on: datetime.date
    known_at: datetime.datetime | None
    today: datetime.date

    @property
    def is_today(self) -> bool:
        """Whether it is the question that one asks by asking nothing."""
        return self.on == self.today and self.known_at is None


@dataclass(frozen=True, slots=True)
class Listed:
    """A published version, how many clauses it has, and how it stands today."""

    version: RequirementVersion
    clauses: int
    state: str


def ask(request: HttpRequest) -> tuple[OnDayForm, Question]:
    """Read the question from the address; what cannot be read is answered as of today."""
    today = day_of(timezone.now())
    asked = request.GET if {"on", "known"} & set(request.GET) else None
    form = OnDayForm(asked, initial={"on": today})
    form.is_valid()
    given = getattr(form, "cleaned_data", {})
    known = given.get("known")
    return form, Question(
        on=given.get("on") or today,
        known_at=end_of_day(known) if known and known < today else None,
        today=today,
    )


@require_safe
def sets(request: HttpRequest) -> HttpResponse:
    """List all sets that have a published version, with the one in force on a day."""
    form, question = ask(request)
    published = RequirementVersion.objects.public()
    found = (
        RequirementSet.objects.filter(versions__in=published)
        .select_related("body")
        .distinct()
        .order_by("code")
    )
    in_force = _in_force(question)
    rows = [{"set": each, "version": in_force.get(each.pk)} for each in found]
    rows.sort(key=lambda row: row["version"] is None)
    context = {
        "form": form,
        "question": question,
        "rows": rows,
        "in_force": sum(row["version"] is not None for row in rows),
        "late": selectors.awaiting_too_long(timezone.now()),
    }
    return render(request, "web/register/sets.html", context, status=_status(form))


def _in_force(question: Question) -> dict[int, RequirementVersion]:
    """Return what is in force on the day, by set. A scope has one version at most."""
    periods = InForcePeriod.objects.covering(question.on)
    known = question.known_at
    periods = periods.current() if known is None else periods.known_at(known)
    found = RequirementVersion.objects.filter(periods__in=periods)
    return {version.requirement_set_id: version for version in found}


@require_safe
def requirement_set(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show one set: what is in force on a day, its versions, and a comparison to choose."""
    each = get_object_or_404(_public_sets(), uid=uid)
    form, question = ask(request)
    versions = _versions_of_scope(each.scope)
    in_force = selectors.version_in_force(each.scope, question.on, known_at=question.known_at)
    choice = None
    if len(versions) > 1:
        choice = DifferencesForm(
            versions=_public_versions(each.scope),
            initial={"before": versions[1].version.uid, "after": versions[0].version.uid},
        )
    context = {
        "set": each,
        "form": form,
        "question": question,
        "version": in_force,
        "versions": versions,
        "choice": choice,
        "late": selectors.awaiting_too_long(timezone.now()).filter(requirement_set=each),
    }
    return render(request, "web/register/set.html", context, status=_status(form))


@require_safe
def version(request: HttpRequest, uid: UUID, version_uid: UUID) -> HttpResponse:
    """Show the full text of a version."""
    each = get_object_or_404(_public_sets(), uid=uid)
    shown = get_object_or_404(
        RequirementVersion.objects.public()
        .filter(requirement_set=each)
        .select_related("requirement_set__body", "adopted_in", "approved_by"),
        uid=version_uid,
    )
    clauses = list(shown.clauses.order_by("position"))
    versions = _versions_of_scope(each.scope)
    context = {
        "set": each,
        "version": shown,
        "state": state_on(shown, day_of(timezone.now())),
        "parts": (parts := in_parts(clauses)),
        "has_sections": any(part["number"] for part in parts),
        "before": _the_one_before(shown, versions),
        "clauses": len([clause for clause in clauses if clause.kind == "clause"]),
    }
    return render(request, "web/register/version.html", context)


@require_safe
def differences(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show what changed from one version to another, clause by clause.

    Whoever belongs to the body also compares what is not published yet: the official who is
    to approve a text reads it against the one in force.
    """
    readable = _readable_versions(request)
    each = get_object_or_404(
        RequirementSet.objects.filter(versions__in=readable).select_related("body").distinct(),
        uid=uid,
    )
    versions = readable.filter(scope=each.scope).select_related("requirement_set")
    form = DifferencesForm(
        request.GET,
        versions=versions.order_by(F("in_force_from").desc(nulls_first=True), "-pk"),
    )
    context: dict[str, Any] = {"set": each, "form": form}
    if form.is_valid():
        before, after = form.cleaned_data["before"], form.cleaned_data["after"]
        changes = selectors.differences(before, after)
        context |= {
            "before": before,
            "after": after,
            "changes": changes,
            "added": (added := sum(change.before is None for change in changes)),
            "dropped": (dropped := sum(change.after is None for change in changes)),
            "reworded": len(changes) - added - dropped,
            "unchanged": after.clauses.count() - len(changes) + dropped,
        }
    return render(request, "web/register/differences.html", context, status=_status(form))


def _readable_versions(request: HttpRequest) -> QuerySet[RequirementVersion]:
    """Return what everybody may read, and for members of a body what lies before it."""
    public = Q(state__in=RequirementVersion.PUBLIC)
    if not request.user.is_authenticated:
        return RequirementVersion.objects.filter(public)
    bodies = Body.objects.visible_to(request.user)
    return RequirementVersion.objects.filter(public | Q(requirement_set__body__in=bodies))


def _status(form: OnDayForm | DifferencesForm) -> int:
    return 422 if form.is_bound and form.errors else 200


def _public_sets() -> QuerySet[RequirementSet]:
    published = RequirementVersion.objects.public()
    return (
        RequirementSet.objects.filter(versions__in=published)
        .select_related("body", "predecessor")
        .distinct()
    )


def _public_versions(scope: str) -> QuerySet[RequirementVersion]:
    """Return the published versions of a scope, the latest first, of whichever set."""
    return (
        RequirementVersion.objects.public()
        .filter(scope=scope)
        .select_related("requirement_set")
        .order_by("-in_force_from", "-pk")
    )


def _versions_of_scope(scope: str) -> list[Listed]:
    """Return every published version of a scope as the list shows it, the latest first."""
    today = day_of(timezone.now())
    numbered = Count("clauses", filter=Q(clauses__kind="clause"))
    return [
        Listed(version, version.numbered, state_on(version, today))
        for version in _public_versions(scope).annotate(numbered=numbered)
    ]


def _the_one_before(shown: RequirementVersion, listed: list[Listed]) -> RequirementVersion | None:
    """Return the version that was in force before this one."""
    places = [each.version.pk for each in listed]
    earlier = listed[places.index(shown.pk) + 1 :]
    return earlier[0].version if earlier else None


def state_on(version: RequirementVersion, day: datetime.date) -> str:
    """Say by the calendar how a published version stands on a day: a code of `web.states`."""
    if version.in_force_from is None or day < version.in_force_from:
        return "not_yet"
    if version.in_force_to is None or day < version.in_force_to:
        return "in_force"
    return "version_superseded"


def in_parts(clauses: list[VersionClause]) -> list[dict[str, Any]]:
    """Group the clauses under their sections, in the order of the text."""
    parts: list[dict[str, Any]] = []
    for clause in clauses:
        key = (clause.section_number, clause.kind if not clause.section_number else "")
        if not parts or parts[-1]["key"] != key:
            parts.append(
                {
                    "key": key,
                    "number": clause.section_number,
                    "title_ru": clause.section_title_ru,
                    "title_en": clause.section_title_en,
                    "kind": clause.kind,
                    "clauses": [],
                }
            )
        parts[-1]["clauses"].append(clause)
    return parts
