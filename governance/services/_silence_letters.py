"""Letters of a silence procedure: the call to object, and the one reminder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from notifications.services import queue_message

from ._terms import clock_words

if TYPE_CHECKING:
    import datetime

    from governance.models import SilenceNotice, SilenceProcedure


def call_to_object(notice: SilenceNotice, silence: SilenceProcedure, at: datetime.datetime) -> None:
    """Send the call, which says plainly what no answer will mean."""
    _send(notice, silence, "silence_opened", at)


def remind(notice: SilenceNotice, silence: SilenceProcedure, at: datetime.datetime) -> None:
    """Send the reminder."""
    _send(notice, silence, "silence_reminder", at)


def _send(
    notice: SilenceNotice, silence: SilenceProcedure, kind: str, at: datetime.datetime
) -> None:
    """Put the letter into the outbox; whoever has no address reads it on the platform."""
    person, ballot = notice.person, silence.ballot
    if not person.email:
        return
    is_english = person.language == "en"
    with translation.override(person.language):
        words = {
            "ballot": ballot.code,
            "seat": notice.seat.code,
            "question": (is_english and ballot.question_en) or ballot.question_ru,
            "until": clock_words(silence.closes_at),
            "address": settings.ADDRESS,
        }
        subject = (
            _("No answer means consent: %(ballot)s, until %(until)s") % words
            if kind == "silence_opened"
            else _("Reminder – no answer means consent: %(ballot)s, until %(until)s") % words
        )
        lines = [
            _("A silence procedure was opened on this question: %(question)s") % words,
            "",
            _("No answer means consent."),
            "",
            _(
                "You are called for seat %(seat)s. You may object until %(until)s (Krasnoyarsk);"
                " no reason is needed. One objection ends the procedure, and the question goes to"
                " a vote."
            )
            % words,
            _("Please confirm on the platform that you have read this: %(address)s") % words,
        ]
    queue_message(
        recipient_uid=person.uid,
        address=person.email,
        kind=kind,
        subject=subject,
        body="\n".join(lines),
        language=person.language,
        key=f"{kind}:{silence.uid}:{notice.seat.uid}",
        at=at,
    )
