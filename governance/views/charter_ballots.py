"""The ballot in which a body votes on its own charter: what it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404

from audit import clock
from calendars.domain import day_of
from governance import charter_wording
from governance.models import CharterQuestion
from governance.pages import Standing
from governance.views.ballots import About
from governance.views.charter_drafts import draft_in_words
from governance.views.charters import edition_in_words
from governance.views.desk import body_or_404

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest


class AboutCharter(About):
    """A ballot on exactly one text of the charter."""

    space = "governance:charter_"
    page = "governance/charter_ballot.html"
    decision_page = "governance/charter_decision.html"
    act_page = "governance/charter_act.html"
    crumbs = "governance/_charter_crumbs.html"

    def __init__(self, request: HttpRequest, *, body: UUID, ballot: UUID) -> None:
        self.home = body
        row = body_or_404(request.user, body, clock.now())
        questions = CharterQuestion.objects.filter(draft__body=row).select_related(
            "draft__body", "ballot__meeting__body", "ballot__charter_version", "ballot__agenda_item"
        )
        question = get_object_or_404(questions, ballot__uid=ballot)
        self.draft, self.ballot = question.draft, question.ballot
        self.standing = Standing(request, row)

    def context(self) -> dict[str, Any]:
        """Lead back to the draft."""
        return {**super().context(), "draft": self.draft}

    def text(self) -> dict[str, Any]:
        """Say what the draft changes against the edition that counts the vote, and what it says."""
        words, today = draft_in_words(self.draft), day_of(self.standing.at)
        against = self.ballot.charter_version or (
            self.draft.body.charters.effective_on(today).first()
        )
        before = edition_in_words(self.draft.body, against).lines() if against else []
        return {
            **super().text(),
            "edition": words,
            "changes": charter_wording.differences(before, words.lines()) if against else [],
        }
