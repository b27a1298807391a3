"""What was played into this database, and how far.

A play is a long row of acts, each in a transaction of its own. The number of acts done is kept
here, in the same transaction as the act: a play that was interrupted, or stopped at an instant,
goes on where it stood, and one that ended is not played twice.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Play(models.Model):
    """A file played act by act, and the live matters beside it. There is at most one."""

    file_name = models.CharField(_("file"), max_length=500)
    file_sha256 = models.CharField(_("digest of the file"), max_length=64)
    people = models.JSONField(_("people by their id in the file"), default=dict)
    acts_total = models.PositiveIntegerField(_("acts in the file"))
    acts_done = models.PositiveIntegerField(_("acts played"), default=0)
    refused = models.JSONField(_("refused acts"), default=list)
    live_on = models.DateField(_("day of the live matters"), null=True, blank=True)
    live_done = models.PositiveIntegerField(_("acts of the live matters played"), default=0)
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("play")
        verbose_name_plural = _("plays")
        constraints = [
            models.CheckConstraint(
                name="there_is_one_play",
                condition=Q(id=1),
                violation_error_message=_("This database holds a play already."),
            ),
            models.CheckConstraint(
                name="a_play_goes_no_further_than_its_file",
                condition=Q(acts_done__lte=F("acts_total")),
                violation_error_message=_("There are no more acts in the file."),
            ),
            models.CheckConstraint(
                name="a_finished_play_was_played_to_its_end",
                condition=Q(finished_at=None) | Q(acts_done=F("acts_total")),
                violation_error_message=_("Some acts of the file were not played."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_name}: {self.acts_done}/{self.acts_total}"

    @property
    def is_finished(self) -> bool:
        """Whether every act of the file has been tried, and the live matters stand."""
        return self.finished_at is not None
