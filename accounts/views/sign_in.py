"""The ways in: sign-in, an invitation, the demonstration, an empty installation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.utils import perform_login
from allauth.account.views import LoginView
from django.http import Http404
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView

from accounts import acts, invitations, services
from accounts.forms import DemonstrationSignInForm, FirstAdministratorForm, PasswordForm
from accounts.introductions import in_groups
from accounts.models import Person
from accounts.pages import perform
from audit import clock
from audit.services import is_demonstration

if TYPE_CHECKING:
    from django.forms import BaseForm
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

HOME = "/"


class SignIn(LoginView):
    """Sign in with an address and a password, or another way that is switched on."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Lead into an empty installation, where nobody could sign in."""
        if not Person.objects.exists():
            return redirect("accounts:first_administrator")
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Offer the demonstration's own way in."""
        return super().get_context_data(is_demonstration=is_demonstration(), **kwargs)


class _Entrance(FormView):
    """A page with a form that lets somebody in."""

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        """Show the form with its errors, and say with the status that nothing was done."""
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def let_in(self, person: Person) -> HttpResponse:
        """Sign a person in as the sign-in page does, and go where they wanted to go."""
        wanted = self.request.POST.get("next", "")
        is_ours = url_has_allowed_host_and_scheme(
            wanted, {self.request.get_host()}, require_https=self.request.is_secure()
        )
        answer: HttpResponse = perform_login(
            self.request, person, redirect_url=wanted if is_ours else HOME
        )
        return answer


@method_decorator([never_cache, sensitive_post_parameters()], name="dispatch")
class FirstAdministrator(_Entrance):
    """Open an empty installation."""

    form_class = FirstAdministratorForm
    template_name = "accounts/first_administrator.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Exist only while nobody does."""
        if Person.objects.exists():
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: BaseForm) -> HttpResponse:
        """Create the administrator and let them in."""
        data = form.cleaned_data
        person = perform(
            form,
            services.create_first_administrator,
            name_ru=data["name_ru"],
            name_en=data["name_en"],
            email=data["email"],
            language=data["language"],
            password=data["password1"],
        )
        return self.form_invalid(form) if person is None else self.let_in(person)


@method_decorator([never_cache, sensitive_post_parameters()], name="dispatch")
class Invitation(_Entrance):
    """Set the first password with the link of a letter."""

    form_class = PasswordForm
    template_name = "accounts/invitation.html"
    person: Person | None
    standing: invitations.Standing

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find whom the link names. A link that names nobody is one that cannot be used."""
        super().setup(request, *args, **kwargs)
        self.person = Person.objects.filter(uid=kwargs["uid"]).order_by("pk").first()
        self.standing = (
            invitations.examine(self.person, kwargs["token"], at=clock.now())
            if self.person
            else invitations.Standing.UNKNOWN
        )

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Say clearly why a link cannot be used, and what to do."""
        if self.standing is invitations.Standing.GOOD:
            return super().dispatch(request, *args, **kwargs)
        refusal = acts.REFUSED_LINKS[self.standing]()
        context = {"refusal": refusal, "is_used": self.standing is invitations.Standing.USED}
        return self.render_to_response(context, status=410)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Compare the password with the person's own name and address."""
        return {**super().get_form_kwargs(), "person": self.person}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Greet the person."""
        return super().get_context_data(person=self.person, **kwargs)

    def form_valid(self, form: BaseForm) -> HttpResponse:
        """Accept, and let the person in."""
        person = perform(
            form,
            services.accept_invitation,
            person=self.person,
            token=self.kwargs["token"],
            password=form.cleaned_data["password1"],
        )
        return self.form_invalid(form) if person is None else self.let_in(person)


@method_decorator(never_cache, name="dispatch")
class DemonstrationSignIn(_Entrance):
    """Pick a fictional person and be signed in as them. It exists in a demonstration only."""

    form_class = DemonstrationSignInForm
    template_name = "accounts/demonstration_sign_in.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Be absent from a real installation."""
        if not is_demonstration():
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """List everybody with what they are here."""
        people = list(Person.objects.for_demonstration().order_by("name_ru", "pk"))
        return super().get_context_data(
            groups=in_groups(people, clock.now()),
            next=self.request.GET.get("next") or self.request.POST.get("next", ""),
            **kwargs,
        )

    def form_valid(self, form: BaseForm) -> HttpResponse:
        """Let the visitor in as the person."""
        return self.let_in(form.cleaned_data["person"])
