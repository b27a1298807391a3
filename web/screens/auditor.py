"""«Цепочка решения»: every decision with its links, and whether it holds."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q
from django.urls import reverse

from governance.domain.validity import Verdict
from governance.models import Appointment, Decision
from negotiation.pages import place_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from governance.models import Ballot
    from web.capacities import InWords

PER_PAGE = 20


@dataclass(frozen=True, slots=True)
class Link:
    """One point of the checklist: its code and the state found."""

    code: str
    state: str
    detail: str


@dataclass(frozen=True, slots=True)
class Chain:
    """A decision and the links that lead to it."""

    decision: Decision
    ballot: Ballot
    of: str
    url: str
    verdict: str
    margin: str | None
    links: list[Link]


def decisions(capacities: list[InWords]) -> QuerySet[Decision]:
    """Return the decisions of the bodies that the person audits, the newest first."""
    bodies = [each.capacity.body for each in capacities if each.role == Appointment.Role.AUDITOR]
    return (
        Decision.objects.examined()
        .filter(
            Q(ballot__question__isnull=False) | Q(ballot__charter_question__isnull=False),
            ballot__meeting__body__in=bodies,
        )
        .select_related(
            *("ballot__meeting__body", "ballot__question__matter", "ballot__charter_question")
        )
        .order_by("-decided_at", "-pk")
    )


def of_verdict(found: QuerySet[Any], verdict: str) -> QuerySet[Any]:
    """Keep the decisions of one verdict; all of them for a verdict that does not exist."""
    if verdict not in set(Verdict):
        return found
    return found.filter(last_verdict=verdict)


def numbers(found: QuerySet[Any]) -> dict[str, int]:
    """Count the decisions by verdict, with those that have none left out."""
    rows = found.order_by().values("last_verdict").annotate(number=Count("pk"))
    counted = Counter({row["last_verdict"]: row["number"] for row in rows})
    return {str(verdict): counted[str(verdict)] for verdict in Verdict}


def chain(decision: Decision) -> Chain:
    """Read the latest report on a decision. Nothing is judged here."""
    report: dict[str, Any] = decision.last_report
    ballot = decision.ballot
    place = place_of(ballot)
    if place is None:
        raise LookupError(f"nobody said what ballot {ballot.code} is about")
    question = getattr(ballot, "question", None)
    return Chain(
        decision=decision,
        ballot=ballot,
        of=question.matter.code if question else ballot.meeting.code,
        url=reverse(f"{place[0]}decision", args=[place[1], ballot.uid]),
        verdict=report["verdict"],
        margin=report.get("materiality"),
        links=[
            Link(each["code"], each["state"], each.get("detail", "")) for each in report["checks"]
        ],
    )
