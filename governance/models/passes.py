"""Passes to a ballot: what was found at the opening about whoever may simply vote."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from .ballots import Ballot
from .bodies import Seat
from .mandates import Mandate


class VotingPass(models.Model):
    """The answer to "may this person vote for this seat", while nothing changes it.

    Found by the rules themselves when the ballot opens, for every holder against whose vote
    nothing speaks. It says until when the answer stands by its own dates; whatever else it rests
    on – a mandate, a holding, presence, a conflict, the account – takes the pass away when it
    changes, by a trigger. A vote with a pass is cast by one statement, which uses it up. A vote
    without one is judged anew, so a pass that is missing costs time and never a vote.

    INVARIANT: while a pass stands, the ordinary judgement at that instant gives its answer.
    """

    ballot = models.ForeignKey(Ballot, on_delete=models.PROTECT, related_name="passes")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="passes")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="voting_passes"
    )
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="passes")
    capacity = models.CharField(_("capacity"), max_length=14)
    begins = models.DateTimeField(_("stands from"))
    ends = models.DateTimeField(_("stands until, excluded"), null=True, blank=True)
    evidence = models.JSONField(_("what the check found, without its time"))
    entry = ArrayField(
        models.TextField(), verbose_name=_("the entry of the vote in its pieces, with blanks")
    )

    class Meta:
        verbose_name = _("pass to a ballot")
        verbose_name_plural = _("passes to ballots")
        constraints = [
            models.UniqueConstraint(
                name="a_seat_has_one_pass_to_a_ballot", fields=["ballot", "seat"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ballot_id}/{self.seat_id}"
