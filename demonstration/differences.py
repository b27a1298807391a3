"""Where a play came out otherwise than the file recorded.

Compared are results: ballots, sides, the status of votes, dispositions, clauses, disagreements,
the checks and the statistics. A play that was stopped is compared as far as it went.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from calendars.domain import day_of
from demonstration import checks, report
from demonstration.models import Play
from demonstration.player.ballots import is_whole
from demonstration.source import Source
from governance.models import Vote
from licensing.models import PermitApplication, RequirementVersion
from negotiation.models import Amendment, Clause, Disagreement, Matter, QuestionWording

TAKEN_UP = {Amendment.Disposition.ACCEPTED, Amendment.Disposition.ACCEPTED_PARTLY}


def differences(source: Source, matter: Matter | None, play: Play) -> list[dict[str, Any]]:
    """Return every difference between what a file recorded and what was played."""
    if matter is None:
        return []
    whole = play.acts_done >= play.acts_total
    found = [*_ballots(source, matter, play, whole=whole), *_votes(source, matter, whole=whole)]
    if whole:
        found += [
            *_dispositions(source, matter),
            *_clauses(source, matter),
            *_disagreements(source, matter),
            *_applications(source),
            *_checks(source, matter),
            *_statistics(source, matter, play),
        ]
    return found


def _difference(
    subject: str,
    code: str,
    field: str,
    recorded: object,
    played: object,
) -> dict[str, Any]:
    return {
        "subject": subject,
        "id": code,
        "field": field,
        "recorded": recorded,
        "played": played,
    }


def _compared(
    subject: str,
    code: str,
    recorded: dict[str, Any],
    played: dict[str, Any],
) -> Iterator[dict[str, Any]]:
    """Compare field by field what is recorded."""
    for field, value in recorded.items():
        if value != played.get(field):
            yield _difference(subject, code, field, value, played.get(field))


def _ballots(
    source: Source, matter: Matter, play: Play, *, whole: bool
) -> Iterator[dict[str, Any]]:
    played = {ballot["id"]: ballot for ballot in report.ballots(matter, play)}
    for recorded in source.recorded["negotiation"]["ballots"]:
        code = recorded["id"]
        ours = played.get(code, {"result": None, "side_results": []})
        if not whole and ours["result"] is None:
            continue
        if "result" in recorded:
            yield from _compared(
                "ballot", code, {"result": recorded["result"]}, {"result": ours["result"]}
            )
        if "side_results" in recorded:
            yield from _sides(code, recorded["side_results"], ours["side_results"])
        if is_whole(source, recorded):
            yield from _composition(matter, recorded, code)


def _sides(
    code: str, recorded: list[dict[str, Any]], played: list[dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    by_side = {side["side"]: side for side in played}
    for side in recorded:
        fields = {name: side[name] for name in report.SIDE_FIELDS if name in side}
        yield from _compared(
            "side_result", f"{code}/{side['side']}", fields, by_side.pop(side["side"], {})
        )
    for extra in by_side:
        yield _difference("side_result", f"{code}/{extra}", "side", None, extra)


def _composition(matter: Matter, recorded: dict[str, Any], code: str) -> Iterator[dict[str, Any]]:
    """Compare what the whole was composed of with the clauses that the file lists for it."""
    asked = (
        QuestionWording.objects.filter(
            question__ballot__code=code,
            question__matter=matter,
            clause__kind=Clause.Kind.CLAUSE,
        )
        .order_by("position")
        .values_list("clause__number", flat=True)
    )
    composed = list(asked)
    if composed != recorded["clauses"]:
        yield _difference("ballot", code, "clauses", recorded["clauses"], composed)


def _votes(source: Source, matter: Matter, *, whole: bool) -> Iterator[dict[str, Any]]:
    cast = Vote.objects.filter(ballot__question__matter=matter).order_by("cast_at", "pk")
    played = {
        (code, seat, at): status
        for code, seat, at, status in cast.values_list(
            "ballot__code", "seat__code", "cast_at", "status"
        )
    }
    for ballot in source.recorded["negotiation"]["ballots"]:
        for vote in ballot["votes"]:
            key = (ballot["id"], vote["seat"], source.at(vote["cast_at"]))
            status = played.get(key)
            if "status" in vote and vote["status"] != status and (whole or status is not None):
                yield _difference("vote", f"{key[0]}/{key[1]}", "status", vote["status"], status)


def _dispositions(source: Source, matter: Matter) -> Iterator[dict[str, Any]]:
    played = report.disposition_by_code(matter)
    decided_in = {
        amendment.code: _place(amendment)
        for amendment in matter.amendments.select_related("decided_in", "decided_at_meeting")
    }
    for recorded in source.recorded["negotiation"]["amendments"]:
        code = recorded["id"]
        yield from _compared(
            "amendment",
            code,
            {name: recorded[name] for name in ("disposition", "decided_in") if name in recorded},
            {"disposition": played.get(code), "decided_in": decided_in.get(code)},
        )


def _place(amendment: Amendment) -> str | None:
    """Return where a proposal was decided, in the words of the file."""
    if amendment.decided_in is not None:
        return amendment.decided_in.code
    if amendment.decided_at_meeting is not None:
        return amendment.decided_at_meeting.code
    return amendment.decided_by or None


def clause_outcomes(matter: Matter) -> dict[str, str]:
    """Return what became of each clause, in the words of the file."""
    clauses = (
        Clause.objects.of_matter(matter)
        .numbered()
        .select_related("draft_wording", "current_wording")
        .in_order()
    )
    taken_up = set(
        matter.amendments.filter(disposition__in=TAKEN_UP).values_list("clause_id", flat=True)
    )
    return {clause.number: _outcome(clause, taken_up) for clause in clauses}


def _outcome(clause: Clause, taken_up: set[int]) -> str:
    if clause.is_mirror:
        return "mirrored_federal_norm"
    if clause.state != Clause.State.AGREED:
        return str(clause.state)
    draft, current = clause.draft_wording, clause.current_wording
    if draft is None or current is None or draft.sha256 != current.sha256:
        return "agreed_with_changes"
    return "agreed_with_editorial_changes" if clause.pk in taken_up else "agreed"


def _clauses(source: Source, matter: Matter) -> Iterator[dict[str, Any]]:
    outcomes = clause_outcomes(matter)
    agreed_in = dict(Clause.objects.of_matter(matter).values_list("number", "agreed_in__code"))
    adopted = set(
        QuestionWording.objects.filter(question__ballot=matter.decided_in).values_list(
            "clause__number", flat=True
        )
        if matter.decided_in_id
        else []
    )
    for recorded in source.recorded.get("outcome", {}).get("clauses", []):
        number = recorded["clause"]
        played = {
            "outcome": outcomes.get(number),
            "decided_in": agreed_in.get(number) or _raised_in(matter, number),
            "in_version_1_0": number in adopted,
        }
        fields = {name: recorded[name] for name in played if name in recorded}
        yield from _compared("clause", number, fields, played)


def _raised_in(matter: Matter, number: str) -> str | None:
    """Return the ballot that last left a clause without agreement."""
    last = (
        Disagreement.objects.unresolved()
        .filter(matter=matter, clause__number=number)
        .select_related("raised_in", "confirmed_in")
        .order_by("-pk")
        .first()
    )
    return (last.confirmed_in or last.raised_in).code if last else None


def _disagreements(source: Source, matter: Matter) -> Iterator[dict[str, Any]]:
    rows = matter.disagreements.select_related("clause", "raised_in", "settled_in")
    played = {
        row.clause.number: {
            "raised_in": row.raised_in.code,
            "status": str(row.state),
            "settled_in": row.settled_in.code if row.settled_in else None,
        }
        for row in rows.order_by("pk")
    }
    for recorded in source.recorded["negotiation"].get("disagreements", []):
        ours = played.get(recorded["clause"], {})
        fields = {n: recorded[n] for n in ("raised_in", "status", "settled_in") if n in recorded}
        yield from _compared("disagreement", recorded["id"], fields, ours)


def _applications(source: Source) -> Iterator[dict[str, Any]]:
    rows = PermitApplication.objects.select_related("version__requirement_set")
    played = {row.code: _assessed_under(row.version) for row in rows.order_by("pk")}
    for recorded in source.recorded.get("sample_applications", []):
        if "assessed_under" in recorded:
            yield from _compared(
                "application",
                recorded["id"],
                {"assessed_under": recorded["assessed_under"]},
                {"assessed_under": played.get(recorded["id"])},
            )


def _assessed_under(version: RequirementVersion | None) -> str | None:
    """Name a version as the file does: by its set and label, a transcribed one by its set."""
    if version is None:
        return None
    code = version.requirement_set.code
    return code if version.is_transcribed else f"{code} v{version.label}"


def _checks(source: Source, matter: Matter) -> Iterator[dict[str, Any]]:
    played = {finding.code: finding.passed for finding in checks.examine(matter)}
    for recorded in source.recorded.get("consistency_checks", []):
        if "passed" in recorded:
            yield from _compared(
                "check",
                recorded["code"],
                {"passed": recorded["passed"]},
                {"passed": played.get(recorded["code"])},
            )


def _statistics(source: Source, matter: Matter, play: Play) -> Iterator[dict[str, Any]]:
    recorded = source.recorded.get("outcome", {}).get("statistics", {})
    yield from _compared("statistics", "statistics", recorded, statistics(matter, play))


def statistics(matter: Matter, play: Play) -> dict[str, Any]:
    """Count what the file counts, under its names."""
    outcomes, ballots, votes = (
        clause_outcomes(matter),
        report.ballots(matter, play),
        report.votes(matter),
    )
    proposals = report.amendments(matter)
    sides = [
        row.side.code if row.side else "CONSULT" for row in matter.amendments.select_related("side")
    ]
    mirrors = sum(outcome == "mirrored_federal_norm" for outcome in outcomes.values())
    return {
        "clauses_total": len(outcomes),
        "clauses_in_version_1_0": report.clauses(matter)["adopted"],
        "negotiated": len(outcomes) - mirrors,
        "mirrored_federal": mirrors,
        "by_outcome": dict(Counter(outcomes.values())),
        "amendments_total": proposals["total"],
        "amendments_by_disposition": proposals["by_disposition"],
        "amendments_by_side": dict(Counter(sides)),
        "ballots_total": len(ballots),
        "ballots_by_result": dict(Counter(ballot["result"] for ballot in ballots)),
        "votes_counted": votes["counted"],
        "votes_superseded": votes["superseded"],
        "votes_rejected": votes["rejected"],
        "days_from_initiative_to_adoption": _days_to_adoption(matter),
    }


def _days_to_adoption(matter: Matter) -> int | None:
    adopted = matter.decided_in.closed_at if matter.decided_in else None
    return (day_of(adopted) - day_of(matter.registered_at)).days if adopted else None
