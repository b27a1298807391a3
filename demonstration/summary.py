"""What a newcomer reads when the play is over: what happened, and how to sign in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from demonstration.models import Play
from demonstration.source import Source

LONGEST_LIST = 20


def of(report: dict[str, Any], play: Play, source: Source) -> str:
    """Return the summary of a play in the language that is active."""
    lines = [*_results(report, play), *_surprises(report)]
    if play.is_finished:
        lines += ["", *_invitation(source)]
    return "\n".join(lines)


def _results(report: dict[str, Any], play: Play) -> Iterator[str]:
    results = Counter(ballot["result"] for ballot in report["ballots"])
    yield ""
    yield _("%(file)s: %(done)s of %(total)s acts played.") % {
        "file": play.file_name,
        "done": play.acts_done,
        "total": play.acts_total,
    }
    yield _("Clauses: %(adopted)s adopted, %(disagreed)s without agreement.") % report["clauses"]
    yield _(
        "Ballots: %(total)s – %(agreed)s agreed, %(not_agreed)s not agreed, %(not_held)s not held."
    ) % {
        "total": len(report["ballots"]),
        "agreed": results["agreed"],
        "not_agreed": results["not_agreed"],
        "not_held": results["not_held"],
    }
    yield (
        _("Votes: %(counted)s counted, %(superseded)s superseded, %(rejected)s rejected.")
        % report["votes"]
    )
    yield _("Amendments and comments: %(total)s.") % report["amendments"]
    passed = sum(check["passed"] for check in report["checks"])
    yield _("Consistency checks: %(passed)s of %(total)s hold.") % {
        "passed": passed,
        "total": len(report["checks"]),
    }


def _surprises(report: dict[str, Any]) -> Iterator[str]:
    """Yield what was refused, what came out otherwise, and which checks fail."""
    failed = [check["code"] for check in report["checks"] if not check["passed"]]
    if failed:
        yield _("Checks that do not hold: %(codes)s") % {"codes": ", ".join(failed)}
    if report["refused"]:
        yield _("Refused acts: %(count)s") % {"count": len(report["refused"])}
        for refused in report["refused"][:LONGEST_LIST]:
            yield f"  {refused['act']} {refused['id']}: {refused['message']}"
    if report["differences"]:
        yield _("Results that differ from those of the file: %(count)s") % {
            "count": len(report["differences"])
        }
        for one in report["differences"][:LONGEST_LIST]:
            yield (
                f"  {one['subject']} {one['id']} {one['field']}: "
                f"{one['recorded']} → {one['played']}"
            )


def _invitation(source: Source) -> Iterator[str]:
    body = source.inputs["body"]
    names = {p["id"]: p["name_ru"] for p in source.inputs["persons"]}
    official = source.additions["official"]["name_ru"]
    speakers = [side["seats"][0]["person"] for side in body["sides"]]
    yield _(
        "To go on: make serve, then %(address)s – “Sign in” offers every person with one click."
    ) % {"address": settings.ADDRESS}
    yield _(
        "For example: %(official)s (approves by order), %(secretary)s (secretary), %(sides)s."
    ) % {
        "official": official,
        "secretary": names.get(body["secretary"], body["secretary"]),
        "sides": ", ".join(names.get(person, person) for person in speakers),
    }
    yield _("People, organisations and events are invented.")
