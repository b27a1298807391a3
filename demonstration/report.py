"""What came out of a play, read from the database. Nothing here looks into the file.

Field names and values are those of the file, so that the two can be compared word for word. The
report covers the matter of the file; the live matters beside it are not in it.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from demonstration import checks
from demonstration.models import Play
from governance.models import Ballot, Decision, Vote
from negotiation.models import Amendment, Clause, Matter, Question, QuestionWording

UNDECIDED = "undecided"
PUTTING = {"put_question", "put_whole"}

SIDE_FIELDS = (
    "side",
    "entitled",
    "recused",
    "cast",
    "votes_for",
    "votes_against",
    "abstained",
    "side_quorum",
    "agreed",
)


def report(matter: Matter | None, play: Play, differences: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the report of a play as it is printed."""
    return {
        "clauses": clauses(matter),
        "votes": votes(matter),
        "amendments": amendments(matter),
        "ballots": ballots(matter, play),
        "checks": [
            {"code": check.code, "passed": check.passed} for check in checks.examine(matter)
        ],
        "refused": play.refused,
        "differences": differences,
    }


def clauses(matter: Matter | None) -> dict[str, int]:
    """Count the clauses that the text adopted as a whole holds, and those in disagreement."""
    if matter is None:
        return {"adopted": 0, "disagreed": 0}
    adopted = QuestionWording.objects.none()
    if matter.decided_in_id is not None:
        adopted = QuestionWording.objects.filter(
            question__ballot=matter.decided_in, clause__kind=Clause.Kind.CLAUSE
        )
    disagreed = matter.disagreements.unresolved().values("clause").distinct()
    return {"adopted": adopted.count(), "disagreed": disagreed.count()}


def votes(matter: Matter | None) -> dict[str, int]:
    """Count the votes in the ballots of the matter by what became of them."""
    cast = Vote.objects.filter(ballot__question__matter=matter) if matter else Vote.objects.none()
    found = Counter(cast.values_list("status", flat=True))
    return {
        str(status): found[status]
        for status in (Vote.Status.COUNTED, Vote.Status.SUPERSEDED, Vote.Status.REJECTED)
    }


def amendments(matter: Matter | None) -> dict[str, Any]:
    """Count the proposals by their dispositions."""
    dispositions = disposition_by_code(matter)
    return {
        "total": len(dispositions),
        "by_disposition": dict(Counter(dispositions.values())),
    }


def disposition_by_code(matter: Matter | None) -> dict[str, str]:
    """Return the disposition of each proposal.

    What a ballot left without agreement and nothing decided afterwards is `not_agreed`; what no
    ballot reached is `undecided`.
    """
    if matter is None:
        return {}
    rows = matter.amendments.order_by("code")
    return {row.code: row.disposition or _standing(row) for row in rows}


def _standing(amendment: Amendment) -> str:
    last = (
        Decision.objects.filter(ballot__question__amendments__amendment=amendment)
        .exclude(result=Decision.Result.NOT_HELD)
        .order_by("-decided_at", "-pk")
        .first()
    )
    if last is not None and last.result == Decision.Result.NOT_AGREED:
        return Amendment.Disposition.NOT_AGREED.value
    return UNDECIDED


def ballots(matter: Matter | None, play: Play) -> list[dict[str, Any]]:
    """Return every ballot of the matter, in the order in which they were put.

    A question that the rules did not let be put was not held either; it comes last, and why is
    among the refused acts.
    """
    if matter is None:
        return []
    questions = (
        Question.objects.filter(matter=matter)
        .select_related("ballot__decision", "ballot__meeting", "ballot__agenda_item")
        .order_by("ballot__meeting__planned_for", "ballot__agenda_item__number", "pk")
    )
    put = [_ballot(question.ballot) for question in questions]
    missing = [refused["id"] for refused in play.refused if refused["act"] in PUTTING]
    return put + [
        {"id": code, "result": Decision.Result.NOT_HELD.value, "side_results": []}
        for code in missing
    ]


def _ballot(ballot: Ballot) -> dict[str, Any]:
    decision = Decision.objects.filter(ballot=ballot).first()
    sides = decision.side_results if decision else []
    return {
        "id": ballot.code,
        "result": decision.result if decision else None,
        "side_results": [{name: side[name] for name in SIDE_FIELDS} for side in sides],
    }


def is_as_it_must_be(printed: dict[str, Any], *, whole: bool) -> bool:
    """Say whether the play ended as it must: nothing refused, nothing different.

    Of a play that was stopped at an instant the checks say nothing yet: whatever was going to
    satisfy them may lie ahead.
    """
    checked = not whole or all(check["passed"] for check in printed["checks"])
    return not printed["refused"] and not printed["differences"] and checked
