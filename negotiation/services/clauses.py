"""A clause that an amendment would add comes to the table as a clause of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from audit.services import record
from negotiation import acts, refusals
from negotiation.models import Amendment, Clause, Matter, Section, Wording
from negotiation.services import drafts, standing, texts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from accounts.models import Person


@transaction.atomic
def introduce_clause(
    *,
    amendment: Amendment,
    number: str,
    title_ru: str,
    text_ru: str,
    severable: bool,
    terms: Mapping[str, Any],
    actor: Person,
    at: datetime,
    title_en: str = "",
    text_en: str = "",
    section: Section | None = None,
    after: Clause | None = None,
) -> Clause:
    """Put the clause that an admitted amendment would add on the table, disputed.

    From here on the amendment and its sub-amendments belong to this clause. If the
    amendment fails, the clause goes with it.

    Raises:
        WrongAmendmentState: it adds no clause, is not admitted, or has its disposition.
        NumberIsTaken: the text has a clause with this number, or this amendment has one.
        TermsAreNotExact: the terms hold a floating-point number.
        NotAuthorised: the actor does not keep the record of the body.
    """
    row = standing.lock_matter(amendment.matter_id)
    evidence = standing.keeper(actor, row, at)
    standing.require_state(row, *Matter.AT_THE_TABLE)
    fresh = standing.fresh_amendment(amendment, row)
    if (
        fresh.kind != Amendment.Kind.ADD_CLAUSE
        or not fresh.is_undecided
        or fresh.state == Amendment.State.FILED
    ):
        raise refusals.WrongAmendmentState(amendment=fresh, state=fresh.get_state_display())
    document = row.document
    number = number.strip()
    if fresh.clause_id is not None or document.clauses.filter(number=number).exists():
        raise refusals.NumberIsTaken(number=number)
    if section is not None and section.document_id != document.pk:
        raise refusals.ForeignRow

    clause = Clause(
        document=document,
        section=section,
        number=number,
        position=drafts.make_room(document, after=after),
        kind=Clause.Kind.CLAUSE,
        title_ru=title_ru.strip(),
        title_en=title_en.strip(),
        origin=Clause.Origin.NEGOTIATED,
        severable=severable,
        state=Clause.State.DISPUTED,
        introduced_by=fresh,
    )
    clause.full_clean()
    clause.save()
    wording, _nothing = texts.lay_on_the_table(
        clause,
        text_ru=text_ru,
        text_en=text_en,
        terms=terms,
        origin=Wording.Origin.AMENDMENT,
        author=actor,
        at=at,
    )
    fresh.clause = clause
    fresh.save(update_fields=["clause"])
    for child in fresh.sub_amendments.undecided().order_by("pk"):
        child.clause = clause
        child.base_wording = wording
        child.save(update_fields=["clause", "base_wording"])
    record(
        type=acts.CLAUSE_INTRODUCED,
        actor=actor,
        at=at,
        stream=row.stream,
        subject=clause,
        authority=evidence,
        facts={"amendment": fresh.uid, "wording": wording.uid, "sha256": wording.sha256},
    )
    return clause
