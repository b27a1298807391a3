"""Organisations: the list, one organisation, and what is done to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from audit import clock
from governance.forms.tables import AffiliationForm, NewNameForm, OrganisationForm, after
from governance.models import Organisation
from governance.services import organisations
from governance.views.desk import DeskPage, keeps_any

if TYPE_CHECKING:
    import datetime
    from uuid import UUID

    from django.forms import BaseForm

PER_PAGE = 50


@login_required
@require_safe
def organisation_list(request: HttpRequest) -> HttpResponse:
    """Show the organisations known here; `q` narrows by the words of a name."""
    if not keeps_any(request.user, clock.now()):
        raise Http404
    rows = Organisation.objects.all()
    words = request.GET.get("q", "").strip()
    for word in words.split()[:5]:
        rows = rows.filter(
            Q(name_ru__icontains=word) | Q(name_en__icontains=word) | Q(code__iexact=word)
        )
    page = Paginator(rows.order_by("name_ru", "pk"), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "organisations": page.object_list, "words": words}
    return render(request, "governance/organisations.html", context)


@login_required
@require_safe
def organisation_page(request: HttpRequest, organisation: UUID) -> HttpResponse:
    """Show one organisation, the names it bore and the people who belong to it."""
    if not keeps_any(request.user, clock.now()):
        raise Http404
    row = get_object_or_404(Organisation, uid=organisation)
    context = {
        "organisation": row,
        "names": row.names.order_by("-valid_from"),
        "affiliations": row.affiliations.select_related("person").order_by("-valid_from", "pk"),
    }
    return render(request, "governance/organisation.html", context)


class RegisterOrganisation(DeskPage):
    """Make an organisation known here."""

    form_class = OrganisationForm
    title = _("Register an organisation")
    submit = _("Register")

    def act(self, form: BaseForm, at: datetime.datetime) -> Organisation:
        """Register."""
        return organisations.register_organisation(
            actor=self.request.user, at=at, **form.cleaned_data
        )

    def where_next(self, result: Organisation) -> str:
        """Go on to the organisation."""
        return reverse("governance:organisation", args=[result.uid])


class OrganisationPage(DeskPage):
    """An act on one organisation."""

    def load(self, **kwargs: Any) -> None:
        """Fetch the organisation."""
        super().load(**kwargs)
        self.organisation = get_object_or_404(Organisation, uid=kwargs["organisation"])

    def where_next(self, result: Any) -> str:
        """Go back to the organisation."""
        return reverse("governance:organisation", args=[self.organisation.uid])


class RenameOrganisation(OrganisationPage):
    """Give an organisation a new name from a day on."""

    form_class = NewNameForm
    title = _("Enter a new name")
    intro = _("Earlier papers keep showing the earlier name.")

    def act(self, form: BaseForm, at: datetime.datetime) -> Any:
        """Rename."""
        return organisations.rename_organisation(
            organisation=self.organisation, actor=self.request.user, at=at, **form.cleaned_data
        )


class Affiliate(OrganisationPage):
    """Note that a person works here, and as what."""

    form_class = AffiliationForm
    title = _("Enter a position")

    def act(self, form: BaseForm, at: datetime.datetime) -> Any:
        """Affiliate."""
        words = dict(form.cleaned_data)
        return organisations.affiliate(
            organisation=self.organisation,
            valid_to=after(words.pop("last_day")),
            actor=self.request.user,
            at=at,
            **words,
        )
