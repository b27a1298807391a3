"""The list of people on the secretary's desk, and what is done there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from accounts import services
from accounts.forms import (
    AddressForm,
    ConfirmationForm,
    PersonFilterForm,
    PersonForm,
    RenameForm,
)
from accounts.models import Person
from accounts.pages import ActPage
from audit.acts import NotAuthorised
from audit.models import Entry
from audit.sentences import sentence

if TYPE_CHECKING:
    import datetime

    from django.forms import BaseForm
    from django.http import HttpRequest

PEOPLE_SHOWN = 50
ENTRIES_SHOWN = 50


def _require_desk(request: HttpRequest) -> None:
    """Let in only those who keep the list of people.

    Raises:
        NotAuthorised: the person does not.
    """
    if not services.may_keep_people(request.user):
        raise NotAuthorised(code="no_permission")


def _actor(request: HttpRequest) -> Person:
    """Return who acts: pages of the desk let nobody in who is not signed in."""
    return cast("Person", request.user)


class People(LoginRequiredMixin, TemplateView):
    """Everybody who is known here."""

    template_name = "accounts/people.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Find whom the words in the address describe."""
        _require_desk(self.request)
        form = PersonFilterForm(self.request.GET)
        people = Person.objects.order_by("name_ru", "pk")
        if form.is_valid():
            people = people.found_by(form.cleaned_data["q"])
            if form.cleaned_data["state"]:
                people = people.filter(state=form.cleaned_data["state"])
        page = Paginator(people, PEOPLE_SHOWN).get_page(self.request.GET.get("page"))
        return super().get_context_data(form=form, page=page, **kwargs)


class PersonPage(LoginRequiredMixin, TemplateView):
    """One person: names, access, and what happened to both."""

    template_name = "accounts/person.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Gather the person, the earlier names and the history."""
        _require_desk(self.request)
        person = get_object_or_404(Person, uid=self.kwargs["uid"])
        entries = list(
            Entry.objects.of_stream(f"person:{person.uid}").order_by("-stream_seq")[:ENTRIES_SHOWN]
        )
        actors = Person.objects.in_bulk({entry.actor_uid for entry in entries}, field_name="uid")
        names = {str(person.uid): _named(person)}
        return super().get_context_data(
            person=person,
            names=person.names.order_by("-valid_from"),
            history=[
                {
                    "at": entry.at,
                    "title": sentence(entry, names),
                    "actor": _named(actors[entry.actor_uid]) if entry.actor_uid in actors else "",
                }
                for entry in entries
            ],
            acts=_acts_on(person, viewer=self.request.user),
            **kwargs,
        )


class RegisterPerson(ActPage):
    """Somebody new."""

    form_class = PersonForm
    title = _("Register a person")
    intro = _("A registered person can hold a seat or an office. To sign in, they are invited.")
    submit = _("Register")

    def load(self, **_kwargs: Any) -> None:
        """Let in only those who keep the list."""
        _require_desk(self.request)

    def act(self, form: BaseForm, at: datetime.datetime) -> Person:
        """Register."""
        return services.register_person(
            name_ru=form.cleaned_data["name_ru"],
            name_en=form.cleaned_data["name_en"],
            email=form.cleaned_data["email"],
            language=form.cleaned_data["language"],
            actor=_actor(self.request),
            at=at,
        )

    def where_next(self, result: Person) -> str:
        """Go to the new person."""
        return reverse("accounts:person", args=[result.uid])


class _OnPerson(ActPage):
    """An act on a person who is shown already."""

    person: Person

    def load(self, **kwargs: Any) -> None:
        """Let in only those who keep the list, and find the person."""
        _require_desk(self.request)
        self.person = get_object_or_404(Person, uid=kwargs["uid"])

    def where_next(self, result: Any) -> str:
        """Go back to the person."""
        return reverse("accounts:person", args=[self.person.uid])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Name the person above the form."""
        return super().get_context_data(person=self.person, **kwargs)


class RenamePerson(_OnPerson):
    """A new name, from a day on."""

    form_class = RenameForm
    template_name = "accounts/act_on_person.html"
    title = _("Change the name")
    intro = _("Papers made before that day keep showing the earlier name.")

    def get_initial(self) -> dict[str, Any]:
        """Begin from the present name, and today."""
        return {
            "name_ru": self.person.name_ru,
            "name_en": self.person.name_en,
            "valid_from": timezone.localdate(),
        }

    def act(self, form: BaseForm, at: datetime.datetime) -> Any:
        """Rename."""
        return services.rename_person(
            person=self.person, actor=_actor(self.request), at=at, **form.cleaned_data
        )


class ChangeAddress(_OnPerson):
    """Another e-mail address."""

    form_class = AddressForm
    template_name = "accounts/act_on_person.html"
    title = _("Change the e-mail address")
    intro = _(
        "Whoever reads the mail of this address can set a new password. An invitation that was "
        "sent to the earlier address stops working."
    )

    def get_initial(self) -> dict[str, Any]:
        """Begin from the present address."""
        return {"email": self.person.email or ""}

    def act(self, form: BaseForm, at: datetime.datetime) -> Person:
        """Change it."""
        return services.change_address(
            person=self.person, email=form.cleaned_data["email"], actor=_actor(self.request), at=at
        )


class _Confirmed(_OnPerson):
    """An act that asks for nothing but a press of the button."""

    form_class = ConfirmationForm
    template_name = "accounts/act_on_person.html"


class InvitePerson(_Confirmed):
    """Send a link to set a password."""

    title = _("Invite")
    intro = _(
        "A letter with a link goes to the address below. The link works once, for seven days; "
        "a newer invitation ends the earlier one."
    )
    submit = _("Send the invitation")
    done = _("The invitation is on its way.")

    def act(self, form: BaseForm, at: datetime.datetime) -> Person:
        """Invite."""
        return services.invite_person(person=self.person, actor=_actor(self.request), at=at)


class BlockPerson(_Confirmed):
    """End somebody's access."""

    title = _("Block")
    intro = _("The person is signed out at once and cannot sign in. Seats and past acts stay.")
    submit = _("Block")
    dangerous = True

    def act(self, form: BaseForm, at: datetime.datetime) -> Person:
        """Block."""
        return services.block_person(person=self.person, actor=_actor(self.request), at=at)


class UnblockPerson(_Confirmed):
    """Give access again."""

    title = _("Unblock")
    intro = _("The person can sign in again. Who never had a password is invited anew.")
    submit = _("Unblock")

    def act(self, form: BaseForm, at: datetime.datetime) -> Person:
        """Unblock."""
        return services.unblock_person(person=self.person, actor=_actor(self.request), at=at)


class AppointAdministrator(_Confirmed):
    """Another administrator."""

    title = _("Appoint an administrator")
    intro = _("An administrator registers and blocks everybody, and appoints administrators.")
    submit = _("Appoint")

    def act(self, form: BaseForm, at: datetime.datetime) -> Person:
        """Appoint."""
        return services.appoint_administrator(person=self.person, actor=_actor(self.request), at=at)


class DismissAdministrator(_Confirmed):
    """One administrator fewer."""

    title = _("Dismiss as administrator")
    intro = _("The person keeps the access that seats and offices give.")
    submit = _("Dismiss")
    dangerous = True

    def act(self, form: BaseForm, at: datetime.datetime) -> Person:
        """Dismiss."""
        return services.dismiss_administrator(person=self.person, actor=_actor(self.request), at=at)


def _acts_on(person: Person, *, viewer: Any) -> list[tuple[str, Any]]:
    """Return the addresses and words of what the viewer may do to a person now."""
    offered: list[tuple[str, Any]] = [("rename", RenamePerson.title)]
    administers = services.is_administrator(viewer)
    if administers or person.state != Person.State.ACTIVE:
        offered.append(("address", ChangeAddress.title))
    if person.state in (Person.State.REGISTERED, Person.State.INVITED):
        offered.append(("invite", InvitePerson.title))
    if person.state == Person.State.BLOCKED:
        offered.append(("unblock", UnblockPerson.title))
    elif person.state != Person.State.CLOSED:
        offered.append(("block", BlockPerson.title))
    if administers and person.state == Person.State.ACTIVE:
        offered.append(
            ("dismiss", DismissAdministrator.title)
            if services.is_administrator(person)
            else ("appoint", AppointAdministrator.title)
        )
    return [(reverse(f"accounts:{name}", args=[person.uid]), words) for name, words in offered]


def _named(person: Person) -> str:
    """Return the name in the language of the page."""
    return person.name_en if translation.get_language() == "en" else person.name_ru
