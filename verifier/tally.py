"""Count every ballot again: the frozen roll, the votes that count, the rules of the charter.

The rules are the yes/no charters of `decision-charter/1` as bodies adopt them: an ordered list, the
first that fires names the result; a rule compares the weight of some votes with a share of a base.
What this program does not know it does not count, and says so.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

Entry = dict[str, Any]
Row = tuple[str, str]
"""A side by its code, and a vote."""

CAST = {"for": "yes", "against": "no", "abstain": "abstain"}
COUNTS = {
    "cast": {"yes", "no"},
    "valid": {"yes", "no", "abstain"},
    "ballots": {"yes", "no", "abstain", "void"},
    "present": {"yes", "no", "abstain", "void", "silent"},
    "members": {"yes", "no", "abstain", "void", "silent", "absent"},
    "not_yes": {"no", "abstain", "void", "silent", "absent"},
    "not_no": {"yes", "abstain", "void", "silent", "absent"},
}
COMPARE: dict[str, Callable[[Fraction, Fraction], bool]] = {
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    "==": lambda a, b: a == b,
}
TWO_THIRDS = {">=": "2/3", "of": "present"}
AGREES: dict[str, list[Entry]] = {
    "single_voice": [{"==": "1", "of": "members"}],
    "majority_of_entitled": [{">": "1/2", "of": "members"}, TWO_THIRDS],
    "majority_of_present": [{">": "1/2", "of": "present"}, TWO_THIRDS],
    "two_thirds_present": [TWO_THIRDS],
    "consensus": [{"votes": "no", "<": "1"}, {">=": "1"}, TWO_THIRDS],
    "by_rules": [TWO_THIRDS],
}
"""What a side needs to agree to a change of the charter, by its own rule. One voice is one."""


class Unknown(Exception):
    """The charter holds something that this program does not know how to count."""


@dataclass
class Ballot:
    """One ballot, as far as the record was read."""

    opened: Entry | None = None
    is_about_charter: bool = False
    in_a_hall: bool = True
    votes: dict[str, Entry] = field(default_factory=dict)
    superseded: set[str] = field(default_factory=set)
    rejected: int = 0


@dataclass(frozen=True)
class Count:
    """What counting again gave: `missing` names what could not be had, `differs` what is not so."""

    entry: Entry
    missing: str = ""
    differs: str = ""


def recount(
    entries: Iterable[Entry], charters: dict[str, bytes], sides: dict[str, str]
) -> Iterator[Count]:
    """Count each ballot that was counted or given up at its closing.

    Args:
        charters: documents of charters, by the hash that the record binds them by.
        sides: the codes that charters use for sides, by the ids that the record uses.
    """
    side_of: dict[str, str] = {}
    sha256_of: dict[str, str] = {}
    ballots: dict[str, Ballot] = defaultdict(Ballot)
    hall: list[tuple[str, str, str, str]] = []
    for entry in entries:
        uid, says, at = entry["object"][0]["id"], entry["data"], entry["at"]
        match entry["type"]:
            case "governance.seat_added":
                side_of[uid] = says["side"]
            case "governance.charter_adopted" | "governance.charter_voted":
                sha256_of[uid] = says["sha256"]
            case "governance.ballot_prepared":
                ballots[uid].in_a_hall = says["mode"] != "written"
                # A decision is confirmed by the rules by which it was taken.
                confirmed = ballots[says.get("confirms") or uid]
                ballots[uid].is_about_charter = (
                    says["decision_type"] == "DT-01" or confirmed.is_about_charter
                )
            case "governance.ballot_opened":
                ballots[uid].opened = entry
            case "governance.vote_cast":
                ballot = ballots[says["ballot"]]
                ballot.votes[uid] = entry
                if says["supersedes"]:
                    ballot.superseded.add(says["supersedes"])
            case "governance.vote_rejected":
                ballots[says["ballot"]].rejected += 1
            case "governance.paper_vote_checked" if says["finding"] == "disputed":
                del ballots[says["ballot"]].votes[says["vote"]]
                ballots[says["ballot"]].rejected += 1
            case "governance.seat_arrived":
                hall.append((says["meeting"], says["seat"], "came", at))
            case "governance.seat_left":
                hall.append((says["meeting"], says["seat"], "left", at))
            case "governance.ballot_certified" | "governance.ballot_not_held":
                ballot = ballots[uid]
                if ballot.opened is None:
                    continue
                stayed = _stayed(hall, says["meeting"], ballot.opened["at"], at)
                document = charters.get(sha256_of.get(ballot.opened["data"]["charter"], ""))
                codes = {seat: sides.get(side) for seat, side in side_of.items()}
                yield _count(entry, ballot, stayed, document, codes)


def decide(rules: list[Entry], rows: list[Row]) -> tuple[str, int]:
    """Return the result and which rule named it.

    Raises:
        Unknown: a rule is not of the kinds known here.
    """
    for number, rule in enumerate(rules):
        if unknown := rule.keys() - {"then", "if", "unless", "why", "next"}:
            raise Unknown(", ".join(sorted(unknown)))
        fires = "if" not in rule or _holds(rule["if"], rows)
        if fires and not ("unless" in rule and _holds(rule["unless"], rows)):
            return rule["then"], number
    raise Unknown("no rule fires")


def change_rules(procedure: Entry) -> list[Entry]:
    """Return the rules by which a body changes its charter; no charter can make them easier.

    Each side is there, and agrees by its own rule and with two thirds of those taking part.

    Raises:
        Unknown: a side decides by a rule that is not known here.
    """
    rules = {side: terms["inner_rule"] for side, terms in procedure["sides"].items()}
    if unknown := set(rules.values()) - AGREES.keys():
        raise Unknown(", ".join(sorted(unknown)))
    quorum = procedure.get("side_quorum", "1/2")
    there = {"votes": "present", ">": quorum, "of": "members"}
    agreed = [{**test, "side": side} for side, rule in rules.items() for test in AGREES[rule]]
    return [
        {"then": "no_quorum", "unless": {"each": list(rules), "is": there}},
        {"then": "blocked", "unless": {"all": agreed}},
        {"then": "adopted"},
    ]


def _count(
    entry: Entry,
    ballot: Ballot,
    stayed: set[str],
    document: bytes | None,
    codes: dict[str, str | None],
) -> Count:
    opened, says = ballot.opened, entry["data"]
    if document is None or opened is None:
        return Count(entry, missing="charter")
    counted = {uid: vote for uid, vote in ballot.votes.items() if uid not in ballot.superseded}
    choices = {vote["data"]["seat"]: CAST[vote["data"]["choice"]] for vote in counted.values()}
    entitled = opened["data"]["entitled"]
    if len(choices) != len(counted) or not choices.keys() <= set(entitled):
        return Count(entry, differs="roll")
    if any(vote["data"]["text_sha256"] != says["text_sha256"] for vote in counted.values()):
        return Count(entry, differs="text")
    there = stayed if ballot.in_a_hall else set()
    votes = {s: choices.get(s) or ("silent" if s in there else "absent") for s in entitled}
    votes |= dict.fromkeys(opened["data"]["recused"], "recused")
    rows = [(codes.get(seat) or "", vote) for seat, vote in votes.items()]
    if any(not side for side, _ in rows):
        return Count(entry, missing="sides")
    try:
        result, rule = decide(_rules(json.loads(document), ballot), rows)
    except Unknown as reason:
        return Count(entry, missing=f"rules: {reason}")
    if entry["type"] == "governance.ballot_not_held":
        return Count(entry, differs="" if result == "no_quorum" else "result")
    said = (says["result"], says["rule"], says["counted"], says["superseded"], says["rejected"])
    word = "agreed" if result == "adopted" else "not_agreed"
    found = (word, rule, len(counted), len(ballot.superseded), ballot.rejected)
    return Count(entry, differs="" if said == found else "result")


def _rules(charter: Entry, ballot: Ballot) -> list[Entry]:
    """Return the rules that count a ballot. Of a vote on the charter they are not its own."""
    if ballot.is_about_charter:
        return change_rules(charter["procedure"])
    rules: Entry = charter["rules"]
    if unknown := rules.keys() & {"units", "params", "choose", "ballot"}:
        raise Unknown(", ".join(sorted(unknown)))
    decides: list[Entry] = rules["decide"]
    return decides


def _stayed(hall: list[tuple[str, str, str, str]], meeting: str, start: str, end: str) -> set[str]:
    """Return the seats that were occupied from the opening of a ballot to its closing."""
    since: dict[str, str] = {}
    stayed: set[str] = set()
    for where, seat, what, at in hall:
        if where != meeting:
            continue
        if what == "came":
            since[seat] = at
        elif (came := since.pop(seat, None)) and came <= start and at >= end:
            stayed.add(seat)
    return stayed | {seat for seat, came in since.items() if came <= start}


def _holds(rule: Entry, rows: list[Row], side: str | None = None) -> bool:
    """Evaluate an expression."""
    match rule:
        case {"all": parts, **rest} if not rest:
            return all(_holds(part, rows, side) for part in parts)
        case {"any": parts, **rest} if not rest:
            return any(_holds(part, rows, side) for part in parts)
        case {"not": part, **rest} if not rest:
            return not _holds(part, rows, side)
        case {"each": names, "is": part, **rest} if rest.keys() <= {"at_least"}:
            held = sum(_holds(part, rows, name) for name in names)
            return held >= int(rest.get("at_least", len(names)))
    return _compares(rule, rows, side)


def _compares(test: Entry, rows: list[Row], side: str | None) -> bool:
    """Compare the weight of some votes with a share of a base; nothing is no share of nothing."""
    (sign, *others) = [name for name in test if name in COMPARE] or [""]
    known = {"votes", "side", "of", "plus", "root", *COMPARE}
    if others or not sign or test.keys() - known:
        raise Unknown(", ".join(sorted(test)))
    among = test.get("side", side)
    left = Fraction(_weight(test.get("votes", "yes"), rows, among))
    right = Fraction(test[sign])
    base = None
    if "of" in test:
        base = _base(test["of"], rows, among)
        if left == base == 0:
            return False
    plus = Fraction(test.get("plus", 0))
    if "root" not in test:
        return COMPARE[sign](left, right * (1 if base is None else base) + plus)
    if base is None or plus > left:
        raise Unknown("root")
    return COMPARE[sign]((left - plus) ** 2, right * right * base)


def _base(base: Any, rows: list[Row], side: str | None) -> int:
    if isinstance(base, dict):
        if base.keys() - {"votes", "side"}:
            raise Unknown(", ".join(sorted(base)))
        return _weight(base.get("votes", "members"), rows, base.get("side", side))
    return _weight(base, rows, side)


def _weight(votes: str | list[str], rows: list[Row], side: str | None) -> int:
    if "seats" in ([votes] if isinstance(votes, str) else votes):
        raise Unknown("seats")
    wanted: set[str] = set()
    for name in [votes] if isinstance(votes, str) else votes:
        wanted |= COUNTS.get(name, {name})
    return sum(vote in wanted and side in {None, where} for where, vote in rows)
