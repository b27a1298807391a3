"""What every page that performs an act has in common.

A page loads what the person may see, shows a form, and hands a valid form to one act.
Whatever the act answers, nothing typed is lost: a refusal becomes the form's own error
and the page comes back with status 422.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView

from audit import clock
from audit.acts import ActRefused, AlreadyDone, NotAuthorised

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable

    from django.forms import BaseForm
    from django.http import HttpRequest, HttpResponse
    from django.utils.functional import _StrPromise


def perform(form: BaseForm, act: Callable[..., Any], /, **arguments: Any) -> Any:
    """Do an act now, with what a form holds; a refusal becomes the form's error.

    So does what a constraint says about a row (`full_clean` in the act).
    `NotAuthorised` and `AlreadyDone` pass through: they are about the person and the
    request, not about what was typed.
    """
    try:
        return act(**arguments, at=clock.now())
    except (NotAuthorised, AlreadyDone):
        raise
    except ActRefused as refusal:
        form.add_error(None, str(refusal))
    except ValidationError as wrong:
        for sentence in wrong.messages:
            form.add_error(None, sentence)
    return None


class ActPage(LoginRequiredMixin, FormView):
    """A page with one form that leads to one act."""

    template_name = "web/act.html"
    title: ClassVar[str | _StrPromise] = ""
    intro: ClassVar[str | _StrPromise] = ""
    submit: ClassVar[str | _StrPromise] = _("Save")
    done: ClassVar[str | _StrPromise] = _("Done. The act is in the record.")
    dangerous: ClassVar[bool] = False

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Load the page's objects once somebody is signed in; others are sent to sign in."""
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            self.load(**kwargs)

    def load(self, **kwargs: Any) -> None:
        """Fetch what the page is about, narrowed to what the person may see, or raise 404."""

    def act(self, form: BaseForm, at: datetime.datetime) -> Any:
        """Perform the act with a valid form."""
        raise LookupError("a page of an act says which act")

    def where_next(self, result: Any) -> str:
        """Return the address to go on to."""
        raise LookupError("a page of an act says where to go on")

    def form_valid(self, form: BaseForm) -> HttpResponse:
        """Perform the act; go on when it was done, show the form again when it was refused."""
        result = perform(form, lambda at: self.act(form, at))
        if form.errors:
            return self.form_invalid(form)
        messages.success(self.request, self.done)
        return redirect(self._came_from() or self.where_next(result))

    def _came_from(self) -> str:
        """Return the page of ours on which the button stood, if it said so (`next`)."""
        asked = self.request.POST.get("next", "")
        is_ours = url_has_allowed_host_and_scheme(
            asked, {self.request.get_host()}, self.request.is_secure()
        )
        return asked if is_ours else ""

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        """Show the form with its errors, and say with the status that nothing was done."""
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words of the page."""
        return super().get_context_data(
            act_title=self.title,
            act_intro=self.intro,
            act_submit=self.submit,
            act_dangerous=self.dangerous,
            **kwargs,
        )
