"""Drafts of a charter: written by those at the table, put to the vote, adopted by the body itself.

The exact text is what is voted (its digest is the ballot's), under the edition in force and by the
stricter rule for changes of the charter (DT-01). Nothing else turns a draft into an edition.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.acts import NotAuthorised
from calendars.domain import day_of
from governance import acts, refusals
from governance.authority import REASONS, Action, examine, require
from governance.models import Ballot, CharterDraft, CharterQuestion, CharterVersion, SeatHolding

from ._rows import checked, digest_of, lock, record, refusing, tidy, update
from .ballots import prepare_ballot
from .charters import proxies_of, require_readable

if TYPE_CHECKING:
    import datetime

    from accounts.models import Person
    from governance.authority import Evidence
    from governance.models import AgendaItem, Body, Meeting


@transaction.atomic
def draft_charter(
    *,
    body: Body,
    document_ru: str,
    document_en: str = "",
    rules: dict[str, Any],
    procedure: dict[str, Any],
    effective_from: datetime.date,
    based_on: CharterVersion | None = None,
    template: str = "",
    actor: Person,
    at: datetime.datetime,
) -> CharterDraft:
    """Begin a draft. It may have mistakes: they are found before it is put to the vote.

    Raises:
        WrongBody: it is based on the edition of another body.
        NotAuthorised: the actor neither serves the body nor holds a seat at it.
        ValidationError: it has no name.
    """
    body = lock(body)
    evidence = may_draft(actor, body, at)
    if based_on is not None and based_on.body_id != body.pk:
        raise refusals.WrongBody
    draft = checked(
        CharterDraft(
            body=body,
            author=actor,
            based_on=based_on,
            template=template,
            document_ru=tidy(document_ru),
            document_en=tidy(document_en),
            rules=rules,
            procedure=procedure,
            effective_from=effective_from,
            begun_at=at,
            changed_at=at,
        ),
        *("document_ru", "document_en"),
    )
    draft.sha256 = digest_of(draft.text())
    draft.save()
    record(
        acts.CHARTER_DRAFTED,
        draft,
        body=body,
        actor=actor,
        at=at,
        facts={
            "sha256": draft.sha256,
            "based_on": based_on.uid if based_on else None,
            "template": template or None,
            "effective_from": effective_from,
        },
        authority=evidence,
    )
    return draft


@transaction.atomic
def revise_charter(
    *,
    draft: CharterDraft,
    seen_sha256: str,
    actor: Person,
    at: datetime.datetime,
    **words: Any,
) -> CharterDraft:
    """Rewrite parts of a draft: names, reasons, rules, procedure, the day of effect.

    Args:
        seen_sha256: the digest of the text that the author had before them.

    Raises:
        DraftChanged: somebody else saved it meanwhile.
        DraftIsFixed: it is put to the vote, decided or withdrawn.
        NotAuthorised: the actor is neither the author nor the secretary.
        ValidationError: the name is missing or too long.
    """
    draft = lock(draft, "body", "author")
    evidence = _may_revise(draft, actor, at)
    require_unfixed(draft)
    if draft.sha256 != seen_sha256:
        raise refusals.DraftChanged
    allowed = {
        *("document_ru", "document_en", "reasons_ru", "reasons_en"),
        *("rules", "procedure", "effective_from"),
    }
    for name, value in words.items():
        if name not in allowed:
            raise TypeError(f"a draft has no {name} to be rewritten")
        setattr(draft, name, value)
    checked(draft, "document_ru", "document_en", "reasons_ru", "reasons_en")
    sha256 = digest_of(draft.text())
    update(draft, **{name: getattr(draft, name) for name in words}, sha256=sha256, changed_at=at)
    record(
        acts.CHARTER_REVISED,
        draft,
        body=draft.body,
        actor=actor,
        at=at,
        facts={"sha256": sha256, "effective_from": draft.effective_from},
        authority=evidence,
    )
    return draft


@transaction.atomic
def withdraw_charter(*, draft: CharterDraft, actor: Person, at: datetime.datetime) -> CharterDraft:
    """Take a draft back before it is put to the vote. It stays readable.

    Raises:
        DraftIsFixed: it is put to the vote, decided or withdrawn.
        NotAuthorised: the actor is neither the author nor the secretary.
    """
    draft = lock(draft, "body", "author")
    evidence = _may_revise(draft, actor, at)
    require_unfixed(draft)
    update(draft, withdrawn_at=at)
    record(
        acts.CHARTER_WITHDRAWN,
        draft,
        body=draft.body,
        actor=actor,
        at=at,
        facts={"sha256": draft.sha256},
        authority=evidence,
    )
    return draft


@transaction.atomic
def put_charter(
    *,
    draft: CharterDraft,
    meeting: Meeting,
    agenda_item: AgendaItem,
    code: str,
    question_ru: str,
    question_en: str = "",
    actor: Person,
    at: datetime.datetime,
) -> CharterQuestion:
    """Put exactly this text to the vote of the body. From now on it does not change.

    Raises:
        CharterInvalid: the draft has a mistake; the parameters say where.
        DraftIsFixed: a ballot on it is prepared, open or decided, or it was withdrawn.
        WrongBody: the meeting is another body's.
        OutsideAgenda and the others of `prepare_ballot`.
        NotAuthorised: the actor is not the secretary.
    """
    draft = lock(draft, "body")
    require(actor, Action.KEEP, body=draft.body, at=at)
    _require_votable(draft)
    if meeting.body_id != draft.body_id:
        raise refusals.WrongBody
    require_readable(draft.body, draft.rules, draft.procedure)
    ballot = prepare_ballot(
        meeting=meeting,
        agenda_item=agenda_item,
        code=code,
        question_ru=question_ru,
        question_en=question_en,
        topics=[draft.uid],
        text_sha256=draft.sha256,
        mode=Ballot.Mode.WRITTEN if meeting.is_written else Ballot.Mode.IN_PERSON,
        decision_type=Ballot.DecisionType.CHARTER,
        actor=actor,
        at=at,
    )
    question = CharterQuestion.objects.create(draft=draft, ballot=ballot, put_at=at)
    record(
        acts.CHARTER_PUT,
        draft,
        body=draft.body,
        actor=actor,
        at=at,
        facts={"sha256": draft.sha256, "ballot": ballot.uid},
        authority=require(actor, Action.KEEP, body=draft.body, at=at),
    )
    return question


@transaction.atomic
def adopt_draft(*, draft: CharterDraft, actor: Person, at: datetime.datetime) -> CharterVersion:
    """Make the edition that the body voted for. What is open keeps the edition it has.

    The result of the vote alone decides: it is read from the decision, under the rule pinned when
    the ballot was opened. An edition with lower thresholds never makes an earlier vote a success.
    The edition applies from the day the draft names, and not before the day of the vote.

    Raises:
        DraftNotAdopted: no ballot on this digest ended in agreement.
        DraftIsFixed: it is an edition already.
        PeriodOverlaps: another edition takes effect on this day.
        NotAuthorised: the actor is not the secretary.
    """
    draft = lock(draft, "body")
    body = lock(draft.body)
    evidence = require(actor, Action.KEEP, body=body, at=at)
    if CharterVersion.objects.filter(draft=draft).exists():
        raise refusals.DraftIsFixed
    ballot = adopting_ballot(draft)
    if ballot is None:
        raise refusals.DraftNotAdopted
    decided_on = day_of(ballot.decision.decided_at)
    last = body.charters.order_by("-number").first()
    version = CharterVersion(
        body=body,
        number=last.number + 1 if last else 1,
        document_ru=draft.document_ru,
        document_en=draft.document_en,
        rules=draft.rules,
        procedure=draft.procedure,
        sha256=digest_of({"rules": draft.rules, "procedure": draft.procedure}),
        adopted_on=decided_on,
        effective_from=max(draft.effective_from, decided_on),
        draft=draft,
    )
    with refusing({"one_charter_takes_effect_on_a_day": refusals.PeriodOverlaps()}):
        version.save()
    record(
        acts.CHARTER_VOTED,
        version,
        body=body,
        actor=actor,
        at=at,
        facts={
            "number": version.number,
            "sha256": version.sha256,
            "adopted_on": version.adopted_on,
            "effective_from": version.effective_from,
            **proxies_of(body, version.procedure),
            "draft": draft.uid,
            "ballot": ballot.uid,
        },
        authority=evidence,
    )
    return version


def adopting_ballot(draft: CharterDraft) -> Ballot | None:
    """Return the ballot in which all sides agreed to exactly this text."""
    return (
        Ballot.objects.filter(
            charter_question__draft=draft,
            state=Ballot.State.CERTIFIED,
            text_sha256=draft.sha256,
            decision__result="agreed",
            decision__text_sha256=draft.sha256,
        )
        .select_related("decision")
        .first()
    )


def may_draft(person: Person, body: Body, at: datetime.datetime) -> Evidence:
    """Authorise a proposal: by the secretary, the coordinator, or a member with a mandate.

    Raises:
        NotAuthorised: the person is none of them.
    """
    for action in (Action.KEEP, Action.PRESIDE):
        if found := examine(person, action, body=body, at=at):
            return found
    held = SeatHolding.objects.of_body(body).filter(person=person).on(day_of(at))
    holding = held.select_related("seat").order_by("seat_id").first()
    if holding is None:
        raise NotAuthorised(REASONS["no_seat"], code="no_seat")
    return require(person, Action.NEGOTIATE, body=body, at=at, seat=holding.seat)


def require_unfixed(draft: CharterDraft) -> None:
    """Refuse to rewrite what is put to the vote, decided or withdrawn.

    Raises:
        DraftIsFixed: it is.
    """
    if draft.withdrawn_at is not None or draft.questions.exists():
        raise refusals.DraftIsFixed


def _require_votable(draft: CharterDraft) -> None:
    """Refuse a second vote, but where the first was annulled or not held."""
    ended = {Ballot.State.ANNULLED, Ballot.State.NOT_HELD}
    states = set(draft.questions.values_list("ballot__state", flat=True))
    if draft.withdrawn_at is not None or states - ended:
        raise refusals.DraftIsFixed


def _may_revise(draft: CharterDraft, actor: Person, at: datetime.datetime) -> Evidence:
    """Authorise whoever rewrites a draft: its author while still at the table, or the secretary."""
    if found := examine(actor, Action.KEEP, body=draft.body, at=at):
        return found
    if actor.pk != draft.author_id:
        raise NotAuthorised(
            _("Only its author and the secretary rewrite a draft."), code="not_author"
        )
    return may_draft(actor, draft.body, at)
