"""Drafts of a charter as people write them: begun, edited, tried, put to the vote, adopted."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from django.views.generic import View

from accounts.pages import ActPage, perform
from audit import clock
from audit.acts import NotAuthorised
from calendars.domain import day_of
from governance import charter_mistakes, charter_wording, library, what_if
from governance.domain.charter import parse_charter
from governance.domain.documents import DocumentError
from governance.domain.fitness import check_fits
from governance.domain.procedure import parse_procedure
from governance.domain.table import InnerRule
from governance.forms.ballots import ConfirmForm
from governance.forms.charters import (
    IN_FORCE,
    BeginDraftForm,
    CharterAgendaForm,
    PutCharterForm,
    RulesTextForm,
    TallyForm,
    TermsForm,
)
from governance.forms.rules import RulesForm, rearranged, sheets_of
from governance.models import AgendaItem, CharterDraft, Meeting
from governance.services import charter_drafts as acts
from governance.services import meetings
from governance.views.charters import Edition, edition_in_words, names_of_sides
from governance.views.desk import body_or_404, keeps

if TYPE_CHECKING:
    import datetime
    from uuid import UUID

    from django.forms import BaseForm

    from accounts.models import Person
    from governance.models import Body


def may_draft(person: Person, body: Body, at: datetime.datetime) -> bool:
    """Say whether the person may propose another charter to the body."""
    try:
        acts.may_draft(person, body, at)
    except NotAuthorised:
        return False
    return True


def may_revise(person: Person, draft: CharterDraft, at: datetime.datetime) -> bool:
    """Say whether the person may rewrite this draft, as long as it may be rewritten."""
    if draft.withdrawn_at is not None or draft.questions.exists():
        return False
    if keeps(person, draft.body, at):
        return True
    return person.pk == draft.author_id and may_draft(person, draft.body, at)


def draft_or_404(person: Person, body: UUID, draft: UUID, at: datetime.datetime) -> CharterDraft:
    """Return a draft of a body that the person may see, or raise 404."""
    row = body_or_404(person, body, at)
    return get_object_or_404(row.charter_drafts.select_related("author", "body"), uid=draft)


def problems_of(draft: CharterDraft) -> list[str]:
    """Return what keeps a draft from being put to the vote, in words."""
    sides = list(draft.body.sides.order_by("position").values_list("code", flat=True))
    found = []
    try:
        charter = parse_charter(draft.rules)
        check_fits(charter, sides)
    except DocumentError as mistake:
        found.append(charter_mistakes.said(mistake))
    try:
        procedure = parse_procedure(draft.procedure)
        if set(procedure.sides) != set(sides):
            found.append(str(_("The terms of procedure name other sides than the body has.")))
    except DocumentError as mistake:
        found.append(charter_mistakes.said(mistake))
    return found


def draft_in_words(draft: CharterDraft) -> Edition:
    """Read a draft in words, as an edition is read."""
    names = names_of_sides(draft.body)
    return Edition(
        charter_wording.motion_in_words(parse_charter(draft.rules), names),
        charter_wording.procedure_in_words(parse_procedure(draft.procedure), names),
    )


@login_required
@require_safe
def draft_page(request: HttpRequest, body: UUID, draft: UUID) -> HttpResponse:
    """Show one draft: in words, against the edition in force, on past ballots, and its fate."""
    at = clock.now()
    row = draft_or_404(request.user, body, draft, at)
    version = row.body.charters.filter(draft=row).first()
    # What was adopted is set against what it changed, and no more against itself.
    before = (
        row.body.charters.filter(number__lt=version.number).order_by("-number").first()
        if version
        else row.body.charters.effective_on(day_of(at)).first()
    )
    words = draft_in_words(row)
    recounted = what_if.past(row.body, parse_charter(row.rules))
    questions = row.questions.select_related("ballot__meeting", "ballot__decision").order_by("pk")
    context = {
        "body": row.body,
        "draft": row,
        "edition": words,
        "before": before,
        "changes": charter_wording.differences(
            edition_in_words(row.body, before).lines(), words.lines()
        )
        if before
        else [],
        "problems": problems_of(row),
        "recounted": recounted,
        "changed": [one for one in recounted if one.is_changed],
        "questions": questions,
        "version": version,
        "keeps": keeps(request.user, row.body, at),
        "may_revise": may_revise(request.user, row, at),
        "may_adopt": version is None and acts.adopting_ballot(row) is not None,
        "may_put": row.withdrawn_at is None
        and not questions.exclude(ballot__state__in=["annulled", "not_held_no_quorum"]).exists(),
        "is_on_form": sheets_of(row.rules) is not None,
    }
    return render(request, "governance/charter_draft.html", context)


class BeginDraft(ActPage):
    """Begin a draft from the edition in force, or from a charter of the library."""

    form_class = BeginDraftForm
    template_name = "governance/charter_act.html"
    title = _("Begin a draft of the charter")
    intro = _("A draft changes nothing until the body has voted for exactly its text.")
    submit = _("Begin the draft")

    def load(self, **kwargs: Any) -> None:
        """For those at the table alone."""
        self.at = clock.now()
        self.body = body_or_404(self.request.user, kwargs["body"], self.at)
        if not may_draft(self.request.user, self.body, self.at):
            raise Http404
        self.in_force = self.body.charters.effective_on(day_of(self.at)).first()

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the edition in force where there is one."""
        return {**super().get_form_kwargs(), "has_edition": self.in_force is not None}

    def get_initial(self) -> dict[str, Any]:
        """Begin from what the address names, else from the edition in force."""
        return {"source": self.request.GET.get("from", IN_FORCE)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Name the body above the form."""
        return super().get_context_data(body=self.body, **kwargs)

    def act(self, form: BaseForm, at: datetime.datetime) -> CharterDraft:
        """Begin: a charter of the library brings its rules, the terms stay those in force."""
        words = dict(form.cleaned_data)
        source = words.pop("source")
        sides = list(self.body.sides.order_by("position").values_list("code", flat=True))
        procedure = (
            dict(self.in_force.procedure)
            if self.in_force
            else {"sides": {side: {"inner_rule": "majority_of_present"} for side in sides}}
        )
        if source == IN_FORCE and self.in_force:
            rules = self.in_force.rules
        else:
            rules = library.templates()[source].document
            procedure = by_rules(procedure)
        return acts.draft_charter(
            body=self.body,
            rules=rules,
            procedure=procedure,
            based_on=self.in_force if source == IN_FORCE else None,
            template="" if source == IN_FORCE else source,
            actor=self.request.user,
            at=at,
            **words,
        )

    def where_next(self, result: CharterDraft) -> str:
        """Go on to the draft."""
        return reverse("governance:charter_draft", args=[self.body.uid, result.uid])


def by_rules(procedure: dict[str, Any]) -> dict[str, Any]:
    """Let every side that votes by its seats decide as the written rules say."""
    sides = {
        code: side
        if side["inner_rule"] == InnerRule.SINGLE_VOICE
        else {**side, "inner_rule": str(InnerRule.BY_RULES)}
        for code, side in procedure["sides"].items()
    }
    if all(side["inner_rule"] == InnerRule.SINGLE_VOICE for side in sides.values()):
        sides = {code: {"inner_rule": str(InnerRule.BY_RULES)} for code in sides}
    return {**procedure, "sides": sides}


class OfDraft(ActPage):
    """An act on one draft by those who may rewrite it."""

    template_name = "governance/charter_act.html"
    draft: CharterDraft

    def load(self, **kwargs: Any) -> None:
        """For others the page does not exist."""
        self.at = clock.now()
        self.draft = draft_or_404(self.request.user, kwargs["body"], kwargs["draft"], self.at)
        self.body = self.draft.body
        if not self.is_allowed():
            raise Http404

    def is_allowed(self) -> bool:
        """Say for whom the page exists."""
        return may_revise(self.request.user, self.draft, self.at)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Name body and draft above the form."""
        return super().get_context_data(body=self.body, draft=self.draft, **kwargs)

    def where_next(self, result: Any) -> str:
        """Go back to the draft."""
        return reverse("governance:charter_draft", args=[self.body.uid, self.draft.uid])


class EditTerms(OfDraft):
    """Names, reasons, terms, and how each side decides inside."""

    form_class = TermsForm
    title = _("Edit names and terms")
    intro = _("How each side decides inside makes the rules of counting, unless you write them.")
    submit = _("Save the draft")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Ask for a rule for each side that the body has."""
        return {
            **super().get_form_kwargs(),
            "sides": self.body.sides.order_by("position"),
            "kept": self.draft.procedure,
        }

    def get_initial(self) -> dict[str, Any]:
        """Fill in what the draft says."""
        draft, kept = self.draft, parse_procedure(self.draft.procedure).as_document()
        sides = kept.pop("sides")
        names = ("document_ru", "document_en", "reasons_ru", "reasons_en", "effective_from")
        return {
            **kept,
            **{name: getattr(draft, name) for name in names},
            **{f"rule_{code}": side["inner_rule"] for code, side in sides.items()},
            **{f"independent_{code}": side["independent_months"] for code, side in sides.items()},
        }

    def act(self, form: BaseForm, at: datetime.datetime) -> CharterDraft:
        """Save: the rules are composed anew where every side has an inner rule."""
        names = ("document_ru", "document_en", "reasons_ru", "reasons_en", "effective_from")
        document = form.procedure()
        procedure = parse_procedure(document)
        rules = self.draft.rules
        if procedure.is_composed:
            rules = procedure.rules_document(
                charter_id=f"{self.body.code}/{self.draft.pk}".lower(),
                title=form.cleaned_data["document_ru"],
            )
        return acts.revise_charter(
            draft=self.draft,
            seen_sha256=self.request.POST.get("seen", ""),
            rules=rules,
            procedure=procedure.as_document(),
            actor=self.request.user,
            at=at,
            **{name: form.cleaned_data[name] for name in names},
        )


class EditText(OfDraft):
    """The rules of counting as data, for whatever the form cannot hold."""

    form_class = RulesTextForm
    title = _("Edit the rules as text")
    intro = _("For everything that the schema can say. The text is read before it is kept.")
    submit = _("Save the rules")

    def get_initial(self) -> dict[str, Any]:
        """Show the rules as they are."""
        return {"text": json.dumps(self.draft.rules, ensure_ascii=False, indent=2)}

    def act(self, form: BaseForm, at: datetime.datetime) -> CharterDraft:
        """Save the rules; the sides decide as they say."""
        return acts.revise_charter(
            draft=self.draft,
            seen_sha256=self.request.POST.get("seen", ""),
            rules=form.document,
            procedure=procedure_for(self.draft, form.document),
            actor=self.request.user,
            at=at,
        )


def procedure_for(draft: CharterDraft, rules: dict[str, Any]) -> dict[str, Any]:
    """Return the terms that go with written rules: sides decide by them, if they were changed."""
    return draft.procedure if rules == draft.rules else by_rules(draft.procedure)


class EditRules(LoginRequiredMixin, View):
    """The ordered rules as a form. Buttons add, remove and move; only saving keeps anything."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """For those who may rewrite the draft; rules that the form cannot hold are text."""
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        at = clock.now()
        self.draft = draft_or_404(request.user, kwargs["body"], kwargs["draft"], at)
        if not may_revise(request.user, self.draft, at):
            raise Http404
        if sheets_of(self.draft.rules) is None:
            return redirect("governance:edit_charter_text", self.draft.body.uid, self.draft.uid)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        """Show the rules."""
        return self._page(RulesForm(self.draft.rules, names_of_sides(self.draft.body)))

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        """Save, or do what a button beside a rule asks for."""
        data: dict[str, Any] = request.POST.dict()
        action = data.pop("do", "save")
        names = names_of_sides(self.draft.body)
        if action != "save":
            return self._page(RulesForm(self.draft.rules, names, rearranged(data, action)))
        form = RulesForm(self.draft.rules, names, data)
        if form.is_valid():
            rules = form.result()
            perform(
                form.head,
                acts.revise_charter,
                draft=self.draft,
                seen_sha256=data.get("seen", ""),
                rules=rules,
                procedure=procedure_for(self.draft, rules),
                actor=request.user,
            )
            if not form.head.errors:
                return redirect("governance:charter_draft", self.draft.body.uid, self.draft.uid)
        return self._page(form, status=422)

    def _page(self, form: RulesForm, status: int = 200) -> HttpResponse:
        context = {
            "body": self.draft.body,
            "draft": self.draft,
            "sheet": form,
            "is_saving": status != 200,  # noqa: PLR2004
            "seen": self.request.POST.get("seen", self.draft.sha256),
        }
        return render(self.request, "governance/charter_rules.html", context, status=status)


@login_required
@require_safe
def try_page(request: HttpRequest, body: UUID, draft: UUID) -> HttpResponse:
    """Count chosen votes under the edition in force and under the draft, side by side."""
    at = clock.now()
    row = draft_or_404(request.user, body, draft, at)
    names = names_of_sides(row.body)
    terms = parse_procedure(row.procedure)
    sides = [(code, names[code], size) for code, size in what_if.side_sizes(row.body, terms)]
    form = TallyForm(request.GET or None, sides=sides)
    in_force = row.body.charters.effective_on(day_of(at)).first()
    context: dict[str, Any] = {
        "body": row.body,
        "draft": row,
        "form": form,
        "votes": what_if.CHOSEN,
    }
    if form.is_valid():
        editions = [("draft", row.rules)] + ([("in_force", in_force.rules)] if in_force else [])
        for name, rules in editions:
            try:
                context[f"tried_{name}"] = what_if.tried(parse_charter(rules), form.votes(), names)
            except DocumentError as mistake:
                context[f"{name}_problem"] = charter_mistakes.said(mistake)
    return render(
        request,
        "governance/charter_try.html",
        context,
        status=422 if form.is_bound and form.errors else 200,
    )


class Withdraw(OfDraft):
    """Take the draft back."""

    form_class = ConfirmForm
    title = _("Withdraw the draft")
    intro = _("It stays readable and can no longer be put to the vote.")
    submit = _("Withdraw")
    dangerous = True

    def act(self, form: BaseForm, at: datetime.datetime) -> CharterDraft:
        """Withdraw."""
        return acts.withdraw_charter(draft=self.draft, actor=self.request.user, at=at)


class OfSecretary(OfDraft):
    """An act of the secretary on a draft."""

    def is_allowed(self) -> bool:
        """For the secretary, while no vote on the draft runs or is counted."""
        is_free = not self.draft.questions.exclude(
            ballot__state__in=["annulled", "not_held_no_quorum"]
        ).exists()
        return (
            self.draft.withdrawn_at is None
            and is_free
            and keeps(self.request.user, self.body, self.at)
        )


class PutOnAgenda(OfSecretary):
    """Put the draft on the agenda of a planned meeting."""

    form_class = CharterAgendaForm
    title = _("Put the draft on an agenda")
    intro = _("The agenda is locked when the meeting is convened; nothing outside it is decided.")
    submit = _("Put it on the agenda")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the planned meetings of the body."""
        planned = Meeting.objects.filter(body=self.body, state=Meeting.State.PLANNED)
        return {**super().get_form_kwargs(), "meetings": planned.order_by("planned_for", "pk")}

    def get_initial(self) -> dict[str, Any]:
        """Suggest the name of the document."""
        return {"title_ru": self.draft.document_ru, "title_en": self.draft.document_en}

    def act(self, form: BaseForm, at: datetime.datetime) -> AgendaItem:
        """Put it on the agenda."""
        return meetings.add_agenda_item(
            topics=[self.draft.uid], actor=self.request.user, at=at, **form.cleaned_data
        )

    def where_next(self, result: AgendaItem) -> str:
        """Go on to the meeting."""
        return reverse("governance:meeting", args=[result.meeting.uid])


class PutToVote(OfSecretary):
    """Prepare the ballot on exactly this text."""

    form_class = PutCharterForm
    title = _("Put the draft to the vote")
    intro = _("From now on the text does not change: its checksum is what is voted on.")
    submit = _("Prepare the ballot")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the agenda items that name this draft."""
        items = AgendaItem.objects.filter(
            meeting__body=self.body,
            topics__contains=[self.draft.uid],
            meeting__state__in=["planned", "convened", "opened"],
        ).select_related("meeting")
        return {**super().get_form_kwargs(), "items": items.order_by("meeting__planned_for", "pk")}

    def get_initial(self) -> dict[str, Any]:
        """Suggest the question."""
        english = self.draft.document_en
        return {
            "question_ru": f"Принять: {self.draft.document_ru}?",
            "question_en": f"Adopt: {english}?" if english else "",
        }

    def act(self, form: BaseForm, at: datetime.datetime) -> Any:
        """Prepare the ballot."""
        words = dict(form.cleaned_data)
        item = words.pop("item")
        return acts.put_charter(
            draft=self.draft,
            meeting=item.meeting,
            agenda_item=item,
            actor=self.request.user,
            at=at,
            **words,
        )

    def where_next(self, result: Any) -> str:
        """Go on to the ballot."""
        return reverse("governance:charter_ballot", args=[self.body.uid, result.ballot.uid])


class Adopt(OfDraft):
    """Make the edition that the body voted for."""

    form_class = ConfirmForm
    title = _("Register the edition that was voted")
    intro = _("The edition is exactly the text of the draft. What is open keeps the old edition.")
    submit = _("Register the edition")

    def is_allowed(self) -> bool:
        """For the secretary, once the body has agreed."""
        return (
            keeps(self.request.user, self.body, self.at)
            and acts.adopting_ballot(self.draft) is not None
            and not self.body.charters.filter(draft=self.draft).exists()
        )

    def act(self, form: BaseForm, at: datetime.datetime) -> Any:
        """Adopt."""
        return acts.adopt_draft(draft=self.draft, actor=self.request.user, at=at)

    def where_next(self, result: Any) -> str:
        """Go on to the edition."""
        return reverse("governance:charter_edition", args=[self.body.uid, result.number])
