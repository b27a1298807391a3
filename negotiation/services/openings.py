"""A ballot opens only on the text that lies on the table."""

from __future__ import annotations

from negotiation import refusals
from negotiation.domain import canonical
from negotiation.models import Question
from negotiation.services import questions, standing, whole


def verify_question(question: Question) -> None:
    """Check at the opening of its ballot that a question still asks about the table's text.

    Raises:
        QuestionIsStale: the text has changed since it was put (B2).
        WholeIsUnderVote: the whole and a part of it would be under vote together.
        UndisposedAmendments and the others of `put_question`: it may not be asked any more.
    """
    row = standing.lock_matter(question.matter_id)
    if question.basis == Question.Basis.CONFIRMATION:
        # What was decided is confirmed as it was decided, whatever lies on the table now.
        return
    _require_no_clash(question)
    if row.state not in questions.TAKES_QUESTIONS:
        raise refusals.QuestionIsStale
    if question.basis == Question.Basis.WHOLE:
        if whole.compose_whole(row).sha256 != question.ballot.text_sha256:
            raise refusals.QuestionIsStale
        return
    wordings = questions.wordings_of(question)
    try:
        asked = [questions.on_the_table(wording, row, besides=question) for wording in wordings]
    except refusals.AnotherWordingIsOnTheTable as error:
        raise refusals.QuestionIsStale from error
    named = questions.amendments_of(question)
    if question.basis == Question.Basis.CLAUSE_WORDING:
        questions.require_votable_wordings(asked, named)
        digests = [wording.sha256 for wording in wordings]
    else:
        questions.require_votable_amendments(asked, named, besides=question)
        digests = [amendment.sha256 for amendment in named]
    if canonical.combined_sha256(digests) != question.ballot.text_sha256:
        raise refusals.QuestionIsStale


def _require_no_clash(question: Question) -> None:
    """Refuse while the whole and a part of it would be under vote together."""
    others = Question.objects.filter(standing.under_vote(), matter=question.matter_id).exclude(
        basis=Question.Basis.CONFIRMATION
    )
    if question.basis != Question.Basis.WHOLE:
        others = others.filter(basis=Question.Basis.WHOLE)
    if others.exclude(pk=question.pk).exists():
        raise refusals.WholeIsUnderVote
