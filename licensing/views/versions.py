"""The way of a version: submitted, endorsed, approved or returned, published, in force."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.pages import ActPage
from audit import clock
from documents.papers import Kind
from governance.authority import Action, examine
from governance.models import Body
from governance.papers import papers_of
from licensing import selectors
from licensing.forms import (
    ApproveForm,
    EmptyForm,
    PublishForm,
    RemarkForm,
    ReturnForm,
    SetForm,
    SubmitForm,
    UnitForm,
    VisaForm,
)
from licensing.models import RequirementSet, RequirementVersion, Visa, VisaUnit
from licensing.services import effect, orders, sets, submission, units, visas
from negotiation.models import Matter

if TYPE_CHECKING:
    from uuid import UUID

    from django.forms import BaseForm

    from accounts.models import Person

ONE_DAY = datetime.timedelta(days=1)


def after(last_day: datetime.date | None) -> datetime.date | None:
    """Turn the last day that people give into the excluded end that rows keep."""
    return None if last_day is None else last_day + ONE_DAY


def visible_version(person: Person, uid: UUID) -> RequirementVersion:
    """Return a version that the person may see before it is public, or raise 404."""
    mine = RequirementVersion.objects.filter(
        requirement_set__body__in=Body.objects.visible_to(person)
    ) | RequirementVersion.objects.filter(visa_requests__unit__officer=person)
    rows = mine.distinct().select_related(
        "requirement_set__body", "requirement_set__matter", "adopted_in", "approved_by"
    )
    return get_object_or_404(rows, uid=uid)


@login_required
@require_safe
def version_list(request: HttpRequest) -> HttpResponse:
    """Show the versions that the reader may see, those that await an act first."""
    at = clock.now()
    mine = RequirementVersion.objects.filter(
        requirement_set__body__in=Body.objects.visible_to(request.user)
    ) | RequirementVersion.objects.filter(visa_requests__unit__officer=request.user)
    rows = mine.distinct().select_related("requirement_set").order_by("-submitted_at", "-pk")
    context = {
        "versions": rows,
        "overdue": selectors.awaiting_too_long(at)
        .select_related("requirement_set")
        .order_by("decide_by", "pk"),
    }
    return render(request, "licensing/versions.html", context)


@login_required
@require_safe
def version_page(request: HttpRequest, version: UUID) -> HttpResponse:
    """Show a version on its way: the text, the differences, the visas, and what can be done."""
    row = visible_version(request.user, version)
    at = clock.now()
    body = row.requirement_set.body
    approves = bool(examine(request.user, Action.APPROVE, body=body, at=at))
    own_units = VisaUnit.objects.filter(officer=request.user, requests__version=row)
    predecessor = (
        row.requirement_set.versions.filter(in_force_from__isnull=False)
        .exclude(pk=row.pk)
        .order_by("-in_force_from")
        .first()
    )
    context = {
        "version": row,
        "requirement_set": row.requirement_set,
        "matter": Matter.objects.visible_to(request.user)
        .filter(pk=row.requirement_set.matter_id)
        .first(),
        "clauses": row.clauses.order_by("position"),
        "sheet": selectors.approval_sheet(row),
        "is_endorsed": selectors.is_endorsed(row),
        "is_late": selectors.is_awaiting_too_long(row, at),
        "returns": row.returns.prefetch_related("reasons__clause").order_by("pk"),
        "predecessor": predecessor,
        "approves": approves,
        "papers": papers_of(_papers(row)),
        "keeps": bool(examine(request.user, Action.KEEP, body=body, at=at)),
        "own_units": own_units,
        "at": at,
    }
    return render(request, "licensing/version.html", context)


def _papers(version: RequirementVersion) -> list[tuple[Kind, Any]]:
    """Return what there are papers of; what was taken over from paper has them elsewhere."""
    return [] if version.is_transcribed else [(Kind.APPROVAL_SHEET, version), (Kind.ORDER, version)]


class VersionPage(ActPage):
    """An act on one version."""

    template_name = "licensing/act.html"
    form_class = EmptyForm
    action: Action | None = None

    def load(self, **kwargs: Any) -> None:
        """Fetch the version; for those who may not act the page does not exist."""
        self.version = visible_version(self.request.user, kwargs["version"])
        if self.action is not None and not examine(
            self.request.user,
            self.action,
            body=self.version.requirement_set.body,
            at=clock.now(),
        ):
            raise Http404

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Name the version above the form."""
        return super().get_context_data(version=self.version, **kwargs)

    def where_next(self, result: Any) -> str:
        """Go back to the version."""
        return reverse("licensing:version", args=[self.version.uid])


class RegisterSet(ActPage):
    """Register the set of requirements that a matter negotiates."""

    template_name = "licensing/act.html"
    form_class = SetForm
    title = _("Register the set of requirements")
    submit = _("Register")

    def load(self, **kwargs: Any) -> None:
        """Fetch the matter, for the secretary of its body."""
        self.matter = get_object_or_404(
            Matter.objects.visible_to(self.request.user).select_related("body"),
            uid=kwargs["matter"],
        )
        if not examine(self.request.user, Action.KEEP, body=self.matter.body, at=clock.now()):
            raise Http404

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Go on to what follows where the set is registered already."""
        known = RequirementSet.objects.filter(matter=self.matter).order_by("pk").first()
        if known is None:
            return super().get(request, *args, **kwargs)
        awaiting = known.versions.filter(state=RequirementVersion.State.LEGAL_REVIEW)
        if version := awaiting.order_by("-pk").first():
            return redirect("licensing:version", version.uid)
        return redirect(self.where_next(known))

    def get_initial(self) -> dict[str, Any]:
        """Take over what the matter says."""
        return {
            "code": self.matter.code,
            "title_ru": self.matter.title_ru,
            "title_en": self.matter.title_en,
            "legal_basis": self.matter.legal_basis,
        }

    def act(self, form: BaseForm, at: datetime.datetime) -> RequirementSet:
        """Register."""
        return sets.register_set(
            body=self.matter.body,
            matter=self.matter,
            predecessor=None,
            actor=self.request.user,
            at=at,
            **form.cleaned_data,
        )

    def where_next(self, result: RequirementSet) -> str:
        """Go on to the submission."""
        return reverse("licensing:submit", args=[result.uid])


class Submit(ActPage):
    """Lay the agreed text before the approving official."""

    template_name = "licensing/act.html"
    form_class = SubmitForm
    title = _("Submit the agreed text for approval")
    intro = _("The text is frozen; the units are asked for their visas.")
    submit = _("Submit")

    def load(self, **kwargs: Any) -> None:
        """Fetch the set, for the secretary of its body."""
        sees = RequirementSet.objects.filter(body__in=Body.objects.visible_to(self.request.user))
        self.requirement_set = get_object_or_404(
            sees.select_related("body"), uid=kwargs["requirement_set"]
        )
        if not examine(
            self.request.user, Action.KEEP, body=self.requirement_set.body, at=clock.now()
        ):
            raise Http404

    def act(self, form: BaseForm, at: datetime.datetime) -> RequirementVersion:
        """Submit."""
        return submission.submit_for_approval(
            requirement_set=self.requirement_set,
            actor=self.request.user,
            at=at,
            **form.cleaned_data,
        )

    def where_next(self, result: RequirementVersion) -> str:
        """Go on to the version."""
        return reverse("licensing:version", args=[result.uid])


class RegisterUnit(ActPage):
    """Register a unit whose visa is asked for the texts of a body."""

    template_name = "licensing/act.html"
    form_class = UnitForm
    title = _("Register a unit that gives visas")
    submit = _("Register the unit")

    def load(self, **kwargs: Any) -> None:
        """Fetch the body, for its secretary."""
        self.body = get_object_or_404(
            Body.objects.visible_to(self.request.user), uid=kwargs["body"]
        )
        if not examine(self.request.user, Action.KEEP, body=self.body, at=clock.now()):
            raise Http404

    def act(self, form: BaseForm, at: datetime.datetime) -> VisaUnit:
        """Register."""
        return units.register_visa_unit(
            body=self.body, actor=self.request.user, at=at, **form.cleaned_data
        )

    def where_next(self, result: VisaUnit) -> str:
        """Go back to the body."""
        return reverse("governance:body", args=[result.body.uid])


class GiveVisa(VersionPage):
    """A unit's officer says what the unit thinks of the text."""

    form_class = VisaForm
    title = _("Give the visa of your unit")
    intro = _("The visa holds for exactly this text: a change of the text would void it.")
    submit = _("Give the visa")

    def load(self, **kwargs: Any) -> None:
        """Fetch the unit of which the person is the officer."""
        super().load(**kwargs)
        self.unit = get_object_or_404(
            VisaUnit, uid=kwargs["unit"], officer=self.request.user, requests__version=self.version
        )

    def get_initial(self) -> dict[str, Any]:
        """Bind the form to the text that is shown."""
        return {"text_sha256": self.version.text_sha256}

    def act(self, form: BaseForm, at: datetime.datetime) -> Visa:
        """Give it."""
        return visas.give_visa(
            version=self.version,
            unit=self.unit,
            actor=self.request.user,
            at=at,
            **form.cleaned_data,
        )


class AnswerRemark(VersionPage):
    """Say what became of a unit's remark."""

    form_class = RemarkForm
    title = _("Answer the remark")
    submit = _("Answer")

    def load(self, **kwargs: Any) -> None:
        """Fetch the visa."""
        super().load(**kwargs)
        self.visa = get_object_or_404(Visa, uid=kwargs["visa"], version=self.version)

    def act(self, form: BaseForm, at: datetime.datetime) -> Visa:
        """Answer."""
        return visas.answer_remark(
            visa=self.visa, actor=self.request.user, at=at, **form.cleaned_data
        )


class Approve(VersionPage):
    """Approve by order, unchanged."""

    action = Action.APPROVE
    form_class = ApproveForm
    title = _("Approve by order")
    intro = _("You approve exactly the text that the table voted. It cannot be edited here.")
    submit = _("Approve")
    done = _("Approved by order. The secretary publishes the text.")

    def get_initial(self) -> dict[str, Any]:
        """Bind the form to the text that is shown."""
        return {"order_text_sha256": self.version.text_sha256}

    def act(self, form: BaseForm, at: datetime.datetime) -> RequirementVersion:
        """Approve."""
        return orders.approve_version(
            version=self.version, actor=self.request.user, at=at, **form.cleaned_data
        )


class Return(VersionPage):
    """Return the text to the table, once."""

    action = Action.APPROVE
    form_class = ReturnForm
    title = _("Return the text to the table")
    intro = _("This is possible once. Only the clauses with a reason come back to the table.")
    submit = _("Return")
    dangerous = True

    def get_form_kwargs(self) -> dict[str, Any]:
        """Ask for a reason clause by clause."""
        return {**super().get_form_kwargs(), "version": self.version}

    def act(self, form: BaseForm, at: datetime.datetime) -> Any:
        """Return."""
        return orders.return_version(
            version=self.version,
            ground=form.cleaned_data["ground"],
            reasons=[
                orders.ClauseReason(clause=clause, reason_ru=words)
                for clause, words in form.reasons()
            ],
            actor=self.request.user,
            at=at,
        )


class Publish(VersionPage):
    """Publish an approved version."""

    action = Action.KEEP
    form_class = PublishForm
    title = _("Publish the version")
    submit = _("Publish")

    def act(self, form: BaseForm, at: datetime.datetime) -> RequirementVersion:
        """Publish."""
        words = form.cleaned_data
        return effect.publish_version(
            version=self.version,
            in_force_from=words["in_force_from"],
            in_force_to=after(words["last_day"]),
            existing_permits_until=words["existing_permits_until"],
            actor=self.request.user,
            at=at,
        )


class BringIntoForce(VersionPage):
    """Note that the day has come."""

    action = Action.KEEP
    title = _("Bring the version into force")
    intro = _("The day from which the version binds has come.")
    submit = _("Bring into force")

    def act(self, form: BaseForm, at: datetime.datetime) -> RequirementVersion:
        """Bring into force."""
        return effect.bring_into_force(version=self.version, actor=self.request.user, at=at)
