"""From nothing to a draft in circulation: the secretary's acts before anybody comments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.pages import ActPage
from audit import clock
from documents import importing
from governance.authority import Action, examine
from governance.models import Body
from negotiation.forms.desk import CirculationForm, ClauseForm, ImportForm, MatterForm
from negotiation.forms.proposals import ConfirmForm
from negotiation.models import Clause, Matter, Section
from negotiation.services import circulation, drafts, matters
from negotiation.views.access import ClauseActPage, MatterActPage

if TYPE_CHECKING:
    import datetime

    from django.forms import BaseForm


class RegisterMatter(ActPage):
    """Register what is to be negotiated."""

    form_class = MatterForm
    title = _("Register a matter")
    intro = _("What is to be negotiated, at which table, and on whose initiative.")
    submit = _("Register the matter")

    def load(self, **kwargs: Any) -> None:
        """Find the bodies whose records the person keeps; without one the page does not exist."""
        at = clock.now()
        bodies = Body.objects.visible_to(self.request.user)
        kept = [
            body.pk
            for body in bodies
            if examine(self.request.user, Action.KEEP, body=body, at=at)
            or examine(self.request.user, Action.NEGOTIATE, body=body, at=at)
        ]
        if not kept:
            raise Http404
        self.bodies = Body.objects.filter(pk__in=kept).order_by("name_ru", "pk")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer only these bodies."""
        return {**super().get_form_kwargs(), "bodies": self.bodies}

    def act(self, form: BaseForm, at: datetime.datetime) -> Matter:
        """Register."""
        return matters.register_matter(actor=self.request.user, at=at, **form.cleaned_data)

    def where_next(self, result: Matter) -> str:
        """Go on to the draft."""
        return reverse("negotiation:import_draft", args=[result.uid])


class KeeperPage(MatterActPage):
    """A page for the secretary of the body alone; for others it does not exist."""

    def load(self, **kwargs: Any) -> None:
        """See that the reader keeps the record of the body."""
        super().load(**kwargs)
        if not self.standing.keeps:
            raise Http404

    def where_next(self, result: Any) -> str:
        """Go back to the matter."""
        return reverse("negotiation:matter", args=[self.matter.uid])


class ImportDraft(KeeperPage):
    """Read a draft from a Word or text file, clause by clause."""

    form_class = ImportForm
    template_name = "negotiation/import_draft.html"
    title = _("Enter the draft")
    intro = _("Sections and clauses are recognised by their numbers. Nothing is circulated yet.")
    submit = _("Read the draft")
    done = _("The draft is entered. Check it clause by clause before you circulate it.")

    def act(self, form: BaseForm, at: datetime.datetime) -> Any:
        """Parse the source and enter what was recognised."""
        source = form.cleaned_data
        try:
            if source["file"]:
                parsed = importing.clauses_from_file(source["file"])
            else:
                parsed = importing.clauses_from_text(source["text"])
        except importing.ImportRefused as refusal:
            place = "file" if source["file"] else "text"
            for problem in refusal.problems:
                form.add_error(place, str(problem))
            return None
        headings = {clause.section.number: clause.section for clause in parsed if clause.section}
        sections = [
            drafts.DraftSection(number=heading.number, title_ru=heading.title)
            for heading in headings.values()
        ]
        clauses = [
            drafts.DraftClause(
                number=clause.number,
                section=clause.section.number if clause.section else None,
                kind=Clause.Kind(clause.kind),
                title_ru=clause.title,
                text_ru=clause.text,
                severable=True,
            )
            for clause in parsed
        ]
        return drafts.enter_draft(
            matter=self.matter, sections=sections, clauses=clauses, actor=self.request.user, at=at
        )


class AddClause(KeeperPage):
    """Add a clause to a draft by hand."""

    form_class = ClauseForm
    title = _("Add a clause")
    submit = _("Add the clause")

    def get_initial(self) -> dict[str, Any]:
        """Most clauses are negotiated and severable."""
        return {"origin": Clause.Origin.NEGOTIATED, "severable": True}

    def act(self, form: BaseForm, at: datetime.datetime) -> Clause:
        """Add it at the end of its section, making the document first where there is none."""
        draft = _draft_of(form.cleaned_data, self.matter)
        if not hasattr(self.matter, "document"):
            return drafts.enter_draft(
                matter=self.matter, sections=[], clauses=[draft], actor=self.request.user, at=at
            )
        return drafts.add_draft_clause(
            matter=self.matter, clause=draft, actor=self.request.user, at=at
        )


class RewriteClause(ClauseActPage):
    """Correct a clause of a draft that nobody else has seen."""

    form_class = ClauseForm
    title = _("Correct the clause")
    submit = _("Save the clause")

    def load(self, **kwargs: Any) -> None:
        """For the secretary alone."""
        super().load(**kwargs)
        if not self.standing.keeps:
            raise Http404

    def get_initial(self) -> dict[str, Any]:
        """Show the clause as it stands."""
        wording = self.clause.current_wording
        return {
            "number": self.clause.number,
            "title_ru": self.clause.title_ru,
            "title_en": self.clause.title_en,
            "text_ru": wording.text_ru if wording else "",
            "text_en": wording.text_en if wording else "",
            "origin": self.clause.origin,
            "severable": self.clause.severable,
        }

    def act(self, form: BaseForm, at: datetime.datetime) -> Clause:
        """Rewrite, keeping the terms by which the clause is checked."""
        wording = self.clause.current_wording
        draft = _draft_of(
            form.cleaned_data,
            self.matter,
            section=self.clause.section,
            terms=wording.terms if wording else {},
        )
        return drafts.rewrite_draft_clause(
            clause=self.clause, draft=draft, actor=self.request.user, at=at
        )

    def where_next(self, result: Clause) -> str:
        """Go back to the clause."""
        return reverse("negotiation:clause", args=[self.matter.uid, result.uid])


class OpenMatter(KeeperPage):
    """Open negotiations: from now on the charter's version is fixed for this matter."""

    form_class = ConfirmForm
    title = _("Open negotiations")
    intro = _("The charter in force today is pinned: a later edition will not change this matter.")
    submit = _("Open negotiations")

    def load(self, **kwargs: Any) -> None:
        """The coordinator may do it as well as the secretary."""
        super(KeeperPage, self).load(**kwargs)
        if not (self.standing.keeps or self.standing.presides):
            raise Http404

    def act(self, form: BaseForm, at: datetime.datetime) -> Matter:
        """Open."""
        return matters.open_matter(matter=self.matter, actor=self.request.user, at=at)


class Circulate(KeeperPage):
    """Send the draft to the sides."""

    form_class = CirculationForm
    title = _("Circulate the draft")
    intro = _("All who take part receive the draft and may comment until the deadlines.")
    submit = _("Circulate")
    done = _("The draft is in circulation; comments are being taken.")

    def act(self, form: BaseForm, at: datetime.datetime) -> Any:
        """Circulate."""
        return circulation.circulate(
            matter=self.matter, actor=self.request.user, at=at, **form.cleaned_data
        )


def _draft_of(
    words: dict[str, Any],
    matter: Matter,
    *,
    section: Section | None = None,
    terms: dict[str, Any] | None = None,
) -> drafts.DraftClause:
    """Make the draft of a clause out of a form's words.

    Without a section given, the number says it: 3.2 stands in section 3 if there is one.
    """
    number = words["number"].strip().rstrip(".")
    if section is None and hasattr(matter, "document"):
        section = matter.document.sections.filter(number=number.split(".")[0]).first()
    return drafts.DraftClause(
        number=number,
        section=section.number if section else None,
        title_ru=words["title_ru"],
        title_en=words["title_en"],
        text_ru=words["text_ru"],
        text_en=words["text_en"],
        origin=Clause.Origin(words["origin"]),
        severable=words["severable"],
        terms=terms or {},
    )
