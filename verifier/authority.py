"""Ask again, from the entries alone, on what each act rested.

Mandates registered, seats filled, duties given are entries themselves. They are laid down one after
another; at each act the same question is put to them as was put then, and the answer is compared
with the one that the act states. What became known later changes no earlier answer.

Sources: Civil Code of the Russian Federation, articles 186 to 189 and 190 to 192.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta, timezone
from typing import Any

Entry = dict[str, Any]

KRASNOYARSK = timezone(timedelta(hours=7))
STATED = {
    "action",
    "body",
    "capacity",
    "charter",
    "checked_at",
    "mandate",
    "person",
    "result",
    "seat",
}
BY_ONESELF = {
    *("governance.notice_delivered", "governance.silence_notice_delivered"),
    *("governance.floor_left", "governance.floor_withdrawn"),
}
DUTIES = {
    "preside": "coordinator",
    "keep": "secretary",
    "consult": "consultative",
    "report": "rapporteur",
    "approve": "approving_official",
    "audit": "auditor",
}
CAPACITIES = {"substitution": "proxy", "appointment": "personal"}
OUTSIDE, PERSONAL = "substitution_outside_parent", "not_delegable"


class Papers:
    """What the record holds of papers and ties, as far as it was read."""

    def __init__(self) -> None:
        self.seats: dict[str, Entry] = {}
        self.mandates: dict[str, Entry] = {}
        self.ties: dict[str, Entry] = {}
        self.charters: dict[str, Entry] = {}
        self.ballots: dict[str, str] = {}
        self.administrators: set[str] = set()
        self.blocked: set[str] = set()

    def learn(self, entry: Entry) -> None:
        """Lay down what an entry says."""
        uid, says, kind = entry["object"][0]["id"], entry["data"], entry["type"]
        body = entry["stream"].partition(":")[2]
        match kind.partition(".")[2]:
            case "seat_added":
                self.seats[uid] = says | {"body": body}
            case "seat_filled" | "person_appointed" | "person_affiliated":
                self.ties[uid] = says | {"to": says.get("seat") or says.get("organisation") or body}
            case "seat_vacated" | "appointment_ended" | "affiliation_ended" if uid in self.ties:
                self.ties[uid] = self.ties[uid] | {"valid_to": says["valid_to"]}
            case "charter_adopted" | "charter_voted":
                self.charters[uid] = says | {"body": body}
            case "mandate_registered":
                self.mandates[uid] = dict(says)
            case "mandate_revoked" if uid in self.mandates:
                self.mandates[uid] |= {name: says[name] for name in ("revoked_on", "known_at")}
            case "ballot_opened":
                self.ballots[uid] = says["charter"]
            case "first_administrator_created" | "administrator_appointed":
                if says["permission"] == "accounts.administer":
                    self.administrators.add(uid)
            case "administrator_dismissed":
                self.administrators.discard(uid)
            case "person_blocked":
                self.blocked.add(uid)
            case "person_unblocked":
                self.blocked.discard(uid)

    def tied(self, person: str, to: str | None, day: date) -> bool:
        """Say whether a person holds a seat, or belongs to an organisation, on a day."""
        return any(
            tie["person"] == person and tie["to"] == to and _covers(tie, day)
            for tie in self.ties.values()
        )

    def charter_of(self, body: str, day: date) -> str | None:
        """Return the edition in force at a body on a day."""
        begun = [
            (charter["effective_from"], uid)
            for uid, charter in self.charters.items()
            if charter["body"] == body and charter["effective_from"] <= day.isoformat()
        ]
        return max(begun)[1] if begun else None


def reexamine(entries: Iterable[Entry]) -> Iterator[tuple[Entry, str, str, str]]:
    """Return for each statement the entry, what it states, what is found, and a fault or none."""
    papers = Papers()
    for entry in entries:
        stated = entry["authz"] or {}
        if stated == {"basis": "oneself"} and entry["type"] in BY_ONESELF:
            same = entry["data"]["person"] == entry["actor"]["subject"]
            yield entry, "oneself", "oneself" if same else "", "" if same else "person"
        elif entry["type"].startswith("governance.") or "checked_at" in stated:
            if not stated.keys() >= STATED:
                yield entry, "", "", "evidence"
            else:
                yield (entry, *_asked(papers, entry, stated, entry["actor"]["subject"]))
                if signer := stated.get("signer"):
                    yield (entry, *_asked(papers, entry, signer, entry["data"]["person"]))
        papers.learn(entry)


def _asked(papers: Papers, entry: Entry, stated: Entry, who: str) -> tuple[str, str, str]:
    moment = datetime.fromisoformat(stated["checked_at"])
    found, fault = _answer(papers, entry, stated, moment)
    if found != stated["result"]:
        fault = "verdict"
    elif stated["person"] != who:
        fault = "person"
    elif moment != datetime.fromisoformat(entry["at"]):
        fault = "time"
    return stated["result"], found, fault


def _answer(papers: Papers, entry: Entry, stated: Entry, moment: datetime) -> tuple[str, str]:
    """Return the answer of the papers, and what else of the statement they do not bear."""
    action, person, seat = stated["action"], stated["person"], stated["seat"]
    day = moment.astimezone(KRASNOYARSK).date()
    if person in papers.blocked:
        return "person_blocked", ""
    if action in {"vote", "negotiate", "sign"}:
        return _by_mandate(papers, entry, stated, moment)
    if action == "dissent":
        held = seat is not None and papers.tied(person, seat, day)
        return ("valid" if held else "no_seat"), _elsewhere(papers, stated)
    if stated.get("appointment"):
        duty = papers.ties.get(stated["appointment"])
        if duty is None or duty["person"] != person or "role" not in duty:
            return "no_duty", "paper"
        fits = duty["role"] == DUTIES.get(action) and _covers(duty, day)
        same = stated["body"] in {None, duty["to"]} and stated["role"] == duty["role"]
        return ("valid" if fits else "no_duty"), "" if same else "body"
    if action in {"administer", "keep"}:
        return ("valid" if person in papers.administrators else "not_administrator"), ""
    return "no_duty", ""


def _by_mandate(papers: Papers, entry: Entry, stated: Entry, moment: datetime) -> tuple[str, str]:
    person, seat, uid = stated["person"], stated["seat"], stated["mandate"]
    day = moment.astimezone(KRASNOYARSK).date()
    if uid is None:
        of_seat = [
            m for m in papers.mandates.values() if (m["person"], m["seat"]) == (person, seat)
        ]
        if seat is None or of_seat:
            return "no_seat", ""
        return ("not_found" if papers.tied(person, seat, day) else "wrong_seat"), ""
    paper = papers.mandates.get(uid)
    if paper is None or paper["person"] != person:
        return "not_found", "paper"
    capacity = CAPACITIES.get(paper["kind"], "representative")
    charter = None
    if capacity == "proxy":
        pinned = papers.ballots.get(entry["data"].get("ballot", ""))
        is_vote = stated["action"] == "vote" and pinned is not None
        charter = pinned if is_vote else papers.charter_of(stated["body"], day)
    fault = _elsewhere(papers, stated)
    if paper["seat"] != seat:
        fault = "seat"
    elif stated["capacity"] != capacity or stated["charter"] != charter:
        fault = "capacity"
    return _worth(papers, paper, stated["action"], charter, moment), fault


def _worth(papers: Papers, paper: Entry, action: str, charter: str | None, moment: datetime) -> str:
    """Say what a mandate is worth for an act, by the paper first and then by what surrounds it."""
    seat = papers.seats[paper["seat"]]
    powers = {action}
    if action == "vote" and seat["duty"] == "deputy":
        powers.add("vote_in_absence_of_coordinator")
    parent = papers.mandates.get(paper["parent"] or "")
    worth = _standing(papers, paper, powers, moment)
    if worth in {"valid", "revoked_unknown_at_time"} and parent is not None:
        above = _standing(papers, parent, {"substitute"}, moment, personal=paper)
        worth = worth if above == "valid" else above
    if worth not in {"valid", "revoked_unknown_at_time"}:
        return worth
    day = moment.astimezone(KRASNOYARSK).date()
    if paper["kind"] != "substitution":
        return worth if papers.tied(paper["person"], paper["seat"], day) else "not_holder"
    ruling = papers.charters.get(charter or "")
    if ruling is None or seat["side"] not in ruling["proxy_sides"]:
        return "proxy_forbidden"
    giver = parent["person"] if parent else paper["person"]
    if not papers.tied(giver, paper["seat"], day):
        return "giver_not_holder"
    if ruling["proxy"] == "same_organisation" and not papers.tied(
        paper["person"], paper["principal"], day
    ):
        return "other_organisation"
    return worth


def _standing(
    papers: Papers, paper: Entry, powers: set[str], moment: datetime, personal: Entry | None = None
) -> str:
    """Judge one paper; `personal` is the one that was derived from it, if it is a parent."""
    end = _end(papers, paper)
    if end is None:
        return "undated"
    may_be_handed_on = (personal or paper)["kind"] != "appointment"
    if fault := _fault(papers, paper, may_be_handed_on=may_be_handed_on):
        return fault
    today = moment.astimezone(KRASNOYARSK).date()
    if today < max(date.fromisoformat(paper[name]) for name in ("valid_from", "issued_on")):
        return "not_yet_valid"
    if today >= end:
        return "expired"
    is_revoked = "revoked_on" in paper and today >= date.fromisoformat(paper["revoked_on"])
    if is_revoked and moment >= datetime.fromisoformat(paper["known_at"]):
        return "revoked_known"
    if powers.isdisjoint(paper["scope"]):
        return "out_of_scope"
    return "revoked_unknown_at_time" if is_revoked else "valid"


def _fault(papers: Papers, paper: Entry, *, may_be_handed_on: bool) -> str:
    """Say what is wrong with a substitution as such (article 187)."""
    parent = papers.mandates.get(paper["parent"] or "")
    if paper["kind"] != "substitution" and parent is None:
        return ""
    if not may_be_handed_on:
        return PERSONAL
    if parent is None:
        return OUTSIDE
    if parent["kind"] in {"substitution", "appointment"}:
        return PERSONAL
    end, limit = _end(papers, paper), _end(papers, parent)
    inside = (
        paper["seat"] == parent["seat"]
        and "substitute" in parent["scope"]
        and set(paper["scope"]) <= set(parent["scope"])
        and paper["valid_from"] >= parent["valid_from"]
        and None not in {end, limit}
        and end <= limit  # type: ignore[operator] # neither is None
    )
    return "" if inside else OUTSIDE


def _end(papers: Papers, paper: Entry) -> date | None:
    """Return the first day on which a paper no longer holds; without a term it holds for a year."""
    if paper["issued_on"] is None:
        return None
    if paper["valid_to"] is not None:
        return date.fromisoformat(paper["valid_to"])
    issued = date.fromisoformat(paper["issued_on"])
    leap_day = (issued.month, issued.day) == (2, 29)
    last = issued.replace(year=issued.year + 1, day=28 if leap_day else issued.day)
    own = last + timedelta(days=1)
    parent = papers.mandates.get(paper["parent"] or "")
    above = _end(papers, parent) if parent else None
    return min(own, above) if above else own


def _elsewhere(papers: Papers, stated: Entry) -> str:
    seat = papers.seats.get(stated["seat"] or "")
    return "" if seat is not None and seat["body"] == stated["body"] else "body"


def _covers(tie: Entry, day: date) -> bool:
    return tie["valid_from"] <= day.isoformat() and (
        tie["valid_to"] is None or day.isoformat() < tie["valid_to"]
    )
