"""Ask again, from the record alone, on what each act rested.

Every act stores what `governance.authority` found: who, in what quality, on which paper, judged at
which instant. The papers themselves are acts too: a mandate registered, a seat filled, a duty
given. So a stranger with the entries of the record, and nothing else, can lay the papers down one
after another, put the same question at each act and compare the answers. Stated evidence that the
papers do not bear is found, whoever wrote it.

INVARIANT (A2): the question is put as it stood at the act. Of each entry only what was recorded
before it is known, so a revocation that became known later changes no earlier answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from calendars.domain import day_of

from .mandates import (
    Bar,
    Mandate,
    MandateKind,
    Scope,
    Standing,
    Surroundings,
    capacity_of,
    verdict,
)

Members = Mapping[str, Any]
"""The members of one entry, as its leaf has them."""

ROLES = {
    "preside": "coordinator",
    "keep": "secretary",
    "consult": "consultative",
    "report": "rapporteur",
    "approve": "approving_official",
    "audit": "auditor",
}
"""Acts of a duty, and the duty each of them needs."""

BY_MANDATE = frozenset({"vote", "negotiate", "sign"})
"""Acts that need a paper for a seat."""

AT_A_BODY = "governance."
"""Acts of these types are all done on a check of authority."""

BY_ONESELF = frozenset(
    {
        *("governance.notice_delivered", "governance.silence_notice_delivered"),
        *("governance.floor_left", "governance.floor_withdrawn"),
    }
)
"""Acts that a person does about nothing but himself: they need no paper, and say so."""

_MEMBERS = frozenset(
    ("action", "body", "capacity", "charter", "checked_at", "mandate", "person", "result", "seat")
)
_ADMINISTER = "accounts.administer"
_DEPUTY = "deputy"
_SAME_ORGANISATION = "same_organisation"


@dataclass(frozen=True, slots=True)
class Finding:
    """What asking again showed about one evidence.

    `faults` names what the papers do not bear, in order: `verdict` (the answer differs), `paper`
    (nothing like it was recorded, or it is not this person's), `person` (not the one who acted),
    `time` (not the instant of the act), `seat`, `body`, `charter`, `capacity`, `role`. Empty: the
    evidence stands. `stated` and `found` are the two answers. `evidence`: there is none, or a
    member of it is missing, so that nothing could be asked.
    """

    entry: str
    stream: str
    type: str
    action: str
    stated: str
    found: str
    faults: tuple[str, ...]

    @property
    def stands(self) -> bool:
        """Whether the papers bear out what the entry says."""
        return not self.faults


@dataclass(frozen=True, slots=True)
class _Period:
    """A tie of a person – a holding, a duty, a position – to a seat, a body or an organisation."""

    person: str
    to: str | None
    valid_from: date
    valid_to: date | None
    role: str = ""

    def covers(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True, slots=True)
class _Seat:
    body: str
    side: str
    duty: str


@dataclass(frozen=True, slots=True)
class _Charter:
    body: str
    effective_from: date
    proxy: str
    proxy_sides: frozenset[str]


@dataclass
class Papers:
    """The papers as far as the record has been read."""

    seats: dict[str, _Seat] = field(default_factory=dict)
    mandates: dict[str, Mandate] = field(default_factory=dict)
    principals: dict[str, str | None] = field(default_factory=dict)
    holdings: dict[str, _Period] = field(default_factory=dict)
    duties: dict[str, _Period] = field(default_factory=dict)
    positions: dict[str, _Period] = field(default_factory=dict)
    charters: dict[str, _Charter] = field(default_factory=dict)
    # By ballot, the edition under which it was opened.
    pinned: dict[str, str] = field(default_factory=dict)
    administrators: set[str] = field(default_factory=set)
    blocked: set[str] = field(default_factory=set)

    def learn(self, entry: Members) -> None:
        """Lay down what an entry says; entries that change no paper change nothing here."""
        if reader := _READERS.get(entry["type"]):
            reader(self, entry)

    def holds(self, person: str, seat: str, day: date) -> bool:
        """Say whether a person holds a seat on a day."""
        return any(
            tie.person == person and tie.to == seat and tie.covers(day)
            for tie in self.holdings.values()
        )

    def papers_of(self, person: str, seat: str) -> list[str]:
        """Return the mandates that a person has for a seat, whatever they are worth."""
        return [
            uid
            for uid, paper in self.mandates.items()
            if paper.person == person and paper.seat == seat
        ]

    def charter_on(self, body: str, day: date) -> str | None:
        """Return the edition in force at a body on a day."""
        begun = [
            (charter.effective_from, uid)
            for uid, charter in self.charters.items()
            if charter.body == body and charter.effective_from <= day
        ]
        return max(begun)[1] if begun else None

    def verdict_on(
        self, mandate: str, action: str, *, at: datetime, charter: str | None
    ) -> Standing | Bar:
        """Say what a registered mandate is worth for an act at an instant, by the one rule.

        Raises:
            KeyError: no such mandate, or its seat, was recorded.
        """
        paper = self.mandates[mandate]
        seat = self.seats[paper.seat]
        ruling = self.charters.get(charter or "")
        same = ruling is not None and ruling.proxy == _SAME_ORGANISATION
        giver = paper.parent.person if paper.parent else paper.person
        return verdict(
            paper,
            Scope(action),
            Surroundings(
                holds_seat=self.holds(paper.person, paper.seat, day_of(at)),
                seat_is_deputy=seat.duty == _DEPUTY,
                proxies_allowed=ruling is not None and seat.side in ruling.proxy_sides,
                is_outsider=same and not self._belongs(mandate, day_of(at)),
                giver_holds_seat=self.holds(giver, paper.seat, day_of(at)),
            ),
            at=at,
        )

    def _belongs(self, mandate: str, day: date) -> bool:
        person, principal = self.mandates[mandate].person, self.principals[mandate]
        return any(
            tie.person == person and tie.to == principal and tie.covers(day)
            for tie in self.positions.values()
        )


def reexamine(entries: Iterable[Members]) -> Iterator[Finding]:
    """Ask again on what each act rested, in the order of the record.

    Entries that rest on something else than a check of authority – the first administrator, what
    the system does by itself, an applicant's own position – bear no evidence of this kind and give
    no finding. An act at a body rests on nothing else, but for what a person does about himself
    alone, as confirming a notice: where its evidence is missing or lacks a
    member, that is the finding. An entry for another person bears two: the messenger's and the
    signer's.
    """
    papers = Papers()
    for entry in entries:
        evidence = entry.get("authz") or {}
        is_due = entry["type"].startswith(AT_A_BODY) or "checked_at" in evidence
        is_due = is_due and not _is_about_oneself(entry, evidence)
        if is_due and not _is_whole(evidence):
            yield _without_evidence(entry, evidence)
        elif is_due:
            yield _finding(papers, entry, evidence, entry["actor"]["subject"])
            signer = evidence.get("signer")
            if signer:
                yield _finding(papers, entry, signer, entry["data"]["person"])
        papers.learn(entry)


def _is_about_oneself(entry: Members, evidence: Members) -> bool:
    """Say whether the one who acted is the one whom alone the act is about."""
    return (
        evidence == {"basis": "oneself"}
        and entry["type"] in BY_ONESELF
        and entry["data"]["person"] == entry["actor"]["subject"]
    )


def _is_whole(evidence: Members) -> bool:
    return evidence.keys() >= _MEMBERS


def _without_evidence(entry: Members, evidence: Members) -> Finding:
    return Finding(
        entry=entry["id"],
        stream=entry["stream"],
        type=entry["type"],
        action=evidence.get("action", ""),
        stated=evidence.get("result", ""),
        found="",
        faults=("evidence",),
    )


def _finding(papers: Papers, entry: Members, evidence: Members, who: str) -> Finding:
    """Compare one stated evidence with the answer that the papers give."""
    at = datetime.fromisoformat(evidence["checked_at"])
    found, faults = _answer(papers, entry, evidence, at)
    if evidence["person"] != who:
        faults.append("person")
    if at != datetime.fromisoformat(entry["at"]):
        faults.append("time")
    if found != evidence["result"]:
        faults.insert(0, "verdict")
    return Finding(
        entry=entry["id"],
        stream=entry["stream"],
        type=entry["type"],
        action=evidence["action"],
        stated=evidence["result"],
        found=found,
        faults=tuple(faults),
    )


def _answer(
    papers: Papers, entry: Members, evidence: Members, at: datetime
) -> tuple[str, list[str]]:
    """Return the answer of the papers, and what of the evidence besides they do not bear."""
    action, person = evidence["action"], evidence["person"]
    if person in papers.blocked:
        return "person_blocked", []
    if action in BY_MANDATE:
        return _by_mandate(papers, entry, evidence, at)
    if action == "dissent":
        seat = evidence["seat"]
        held = seat is not None and papers.holds(person, seat, day_of(at))
        return ("valid" if held else "no_seat"), _at_its_body(papers, evidence)
    if evidence.get("appointment"):
        return _by_duty(papers, evidence, day_of(at))
    if action in {"administer", "keep"}:
        return ("valid" if person in papers.administrators else "not_administrator"), []
    return "no_duty", []


def _by_duty(papers: Papers, evidence: Members, day: date) -> tuple[str, list[str]]:
    duty = papers.duties.get(evidence["appointment"])
    if duty is None or duty.person != evidence["person"]:
        return "no_duty", ["paper"]
    faults = ["body"] if evidence["body"] not in {None, duty.to} else []
    if evidence["role"] != duty.role:
        faults.append("role")
    fits = duty.role == ROLES.get(evidence["action"]) and duty.covers(day)
    return ("valid" if fits else "no_duty"), faults


def _by_mandate(
    papers: Papers, entry: Members, evidence: Members, at: datetime
) -> tuple[str, list[str]]:
    person, seat, uid = evidence["person"], evidence["seat"], evidence["mandate"]
    if uid is None:
        if seat is None or papers.papers_of(person, seat):
            return "no_seat", []
        return ("not_found" if papers.holds(person, seat, day_of(at)) else "wrong_seat"), []
    paper = papers.mandates.get(uid)
    if paper is None or paper.person != person:
        return Standing.NOT_FOUND.value, ["paper"]
    faults = _at_its_body(papers, evidence)
    if paper.seat != seat:
        faults.append("seat")
    capacity = capacity_of(paper.kind)
    if evidence["capacity"] != capacity:
        faults.append("capacity")
    charter = _ruling(papers, entry, evidence, day_of(at)) if capacity == "proxy" else None
    if evidence["charter"] != charter:
        faults.append("charter")
    return papers.verdict_on(uid, evidence["action"], at=at, charter=charter).value, faults


def _at_its_body(papers: Papers, evidence: Members) -> list[str]:
    """Say whether the seat is one of the body at which the evidence says to act."""
    seat = papers.seats.get(evidence["seat"] or "")
    return [] if seat is not None and seat.body == evidence["body"] else ["body"]


def _ruling(papers: Papers, entry: Members, evidence: Members, day: date) -> str | None:
    """Return the edition that rules: of a vote that of its ballot, else the one in force."""
    if evidence["action"] == "vote" and (pinned := papers.pinned.get(entry["data"].get("ballot"))):
        return pinned
    return papers.charter_on(evidence["body"], day)


def _subject(entry: Members) -> str:
    uid: str = entry["object"][0]["id"]
    return uid


def _body_of(entry: Members) -> str:
    stream: str = entry["stream"]
    return stream.partition(":")[2]


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _period(entry: Members, to: str | None, role: str = "") -> _Period:
    says = entry["data"]
    return _Period(
        says["person"], to, date.fromisoformat(says["valid_from"]), _day(says["valid_to"]), role
    )


def _ended(ties: dict[str, _Period], entry: Members) -> None:
    uid = _subject(entry)
    # What was never begun in the record ends nothing: every act that rests on it is found.
    if uid in ties:
        ties[uid] = replace(ties[uid], valid_to=_day(entry["data"]["valid_to"]))


def _seat_added(papers: Papers, entry: Members) -> None:
    says = entry["data"]
    papers.seats[_subject(entry)] = _Seat(_body_of(entry), says["side"], says["duty"])


def _seat_filled(papers: Papers, entry: Members) -> None:
    papers.holdings[_subject(entry)] = _period(entry, entry["data"]["seat"])


def _appointed(papers: Papers, entry: Members) -> None:
    role = entry["data"]["role"]
    papers.duties[_subject(entry)] = _period(entry, _body_of(entry), role)


def _affiliated(papers: Papers, entry: Members) -> None:
    papers.positions[_subject(entry)] = _period(entry, entry["data"]["organisation"])


def _charter_adopted(papers: Papers, entry: Members) -> None:
    says = entry["data"]
    papers.charters[_subject(entry)] = _Charter(
        _body_of(entry),
        date.fromisoformat(says["effective_from"]),
        says["proxy"],
        frozenset(says["proxy_sides"]),
    )


def _mandate_registered(papers: Papers, entry: Members) -> None:
    uid, says = _subject(entry), entry["data"]
    papers.principals[uid] = says["principal"]
    papers.mandates[uid] = Mandate(
        code=uid,
        seat=says["seat"],
        person=says["person"],
        kind=MandateKind(says["kind"]),
        issued_on=_day(says["issued_on"]),
        valid_from=date.fromisoformat(says["valid_from"]),
        valid_to=_day(says["valid_to"]),
        scope=frozenset(Scope(power) for power in says["scope"]),
        parent=papers.mandates.get(says["parent"] or ""),
    )


def _mandate_revoked(papers: Papers, entry: Members) -> None:
    uid, says = _subject(entry), entry["data"]
    if uid not in papers.mandates:
        return
    revoked = replace(
        papers.mandates[uid],
        revoked_on=date.fromisoformat(says["revoked_on"]),
        revocation_known_at=datetime.fromisoformat(says["known_at"]),
    )
    # With the mandate its substitutions fall: they are judged by it (Civil Code, article 188).
    for code, paper in papers.mandates.items():
        if paper.parent is not None and paper.parent.code == uid:
            papers.mandates[code] = replace(paper, parent=revoked)
    papers.mandates[uid] = revoked


def _ballot_opened(papers: Papers, entry: Members) -> None:
    papers.pinned[_subject(entry)] = entry["data"]["charter"]


def _made_administrator(papers: Papers, entry: Members) -> None:
    if entry["data"]["permission"] == _ADMINISTER:
        papers.administrators.add(_subject(entry))


_READERS: dict[str, Callable[[Papers, Members], None]] = {
    "governance.seat_added": _seat_added,
    "governance.seat_filled": _seat_filled,
    "governance.seat_vacated": lambda papers, entry: _ended(papers.holdings, entry),
    "governance.person_appointed": _appointed,
    "governance.appointment_ended": lambda papers, entry: _ended(papers.duties, entry),
    "governance.person_affiliated": _affiliated,
    "governance.affiliation_ended": lambda papers, entry: _ended(papers.positions, entry),
    "governance.charter_adopted": _charter_adopted,
    "governance.charter_voted": _charter_adopted,
    "governance.mandate_registered": _mandate_registered,
    "governance.mandate_revoked": _mandate_revoked,
    "governance.ballot_opened": _ballot_opened,
    "accounts.first_administrator_created": _made_administrator,
    "accounts.administrator_appointed": _made_administrator,
    "accounts.administrator_dismissed": lambda papers, entry: papers.administrators.discard(
        _subject(entry)
    ),
    "accounts.person_blocked": lambda papers, entry: papers.blocked.add(_subject(entry)),
    "accounts.person_unblocked": lambda papers, entry: papers.blocked.discard(_subject(entry)),
}
