"""Where django-allauth asks us: who may come in, and how mail leaves.

People are registered by the desk and invited; nobody signs up. What allauth would write to a
person goes through `accounts.services`, and what it would send goes to the outbox.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.db import transaction
from django.utils import translation

from accounts import services
from accounts.models import Person
from audit import clock
from notifications.services import queue_message

if TYPE_CHECKING:
    from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in with a password, a passkey or a code."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody registers themselves."""
        return False

    def set_password(self, user: Person, password: str) -> None:
        """Change a password as an act of its owner."""
        services.change_password(person=user, password=password, actor=user, at=clock.now())

    def format_email_subject(self, subject: str) -> str:
        """Leave the subject as it is written."""
        return str(subject)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue a letter in its reader's language.

        Who is not known here, or cannot sign in, gets none: allauth would tell them that
        they have no account, and anybody could make us write to anybody.
        """
        person = Person.objects.active().filter(email__iexact=email).order_by("pk").first()
        if person is None:
            return
        with translation.override(person.language):
            letter = self.render_mail(template_prefix, email, {"email": email, **context})
        with transaction.atomic():
            queue_message(
                recipient_uid=person.uid,
                address=email,
                kind=template_prefix.rpartition("/")[2],
                subject=letter.subject,
                body=str(letter.body),
                language=person.language,
                key=f"sign_in:{uuid4()}",
                at=clock.now(),
            )


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Sign-in through another system (OpenID Connect), for people who are known here."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Nobody is registered by another system: it only vouches for who somebody is."""
        return False
