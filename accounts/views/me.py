"""What somebody sees and changes about themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.contrib.auth.mixins import LoginRequiredMixin
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from accounts import services
from accounts.forms import LanguageForm
from accounts.models import Person
from accounts.pages import ActPage

if TYPE_CHECKING:
    import datetime

    from django.forms import BaseForm


class Me(LoginRequiredMixin, TemplateView):
    """Name, address and language, and the ways to secure one's access."""

    template_name = "accounts/me.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say which ways are switched on. A fictional person has no password to change."""
        person = cast("Person", self.request.user)
        return super().get_context_data(
            person=person,
            has_password=person.has_usable_password(),
            has_passkeys=bool(settings.MFA_SUPPORTED_TYPES),
            has_providers=bool(settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]),
            **kwargs,
        )


class ChooseLanguage(ActPage):
    """The language of letters."""

    form_class = LanguageForm
    title = _("Language of letters")
    intro = _("Letters from Veche come in this language. Pages follow the switch above.")

    def get_initial(self) -> dict[str, Any]:
        """Begin from the present language."""
        person = self.request.user
        return {"language": person.language} if isinstance(person, Person) else {}

    def act(self, form: BaseForm, at: datetime.datetime) -> Person:
        """Choose."""
        return services.choose_language(
            person=cast("Person", self.request.user), language=form.cleaned_data["language"], at=at
        )

    def where_next(self, result: Person) -> str:
        """Go back to one's own page."""
        return reverse("accounts:me")
