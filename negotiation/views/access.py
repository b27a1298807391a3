"""Which matter a page is about, and in what standing the reader meets it.

What a person may not see answers like what does not exist: 404. Whether a person may *act*
is asked again by the act itself; here it only decides which buttons are worth showing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe

from accounts.pages import ActPage
from governance.pages import Standing as AtBody
from negotiation.models import Amendment, Clause, Matter

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest

    from accounts.models import Person

page = method_decorator(require_safe, name="dispatch")


def visible_matter(person: Person, uid: UUID) -> Matter:
    """Return a matter that the person may see, or raise 404."""
    matters = Matter.objects.visible_to(person).select_related(
        "body", "document", "initiator_side", "charter_version", "decided_in"
    )
    return get_object_or_404(matters, uid=uid)


def visible_clause(matter: Matter, uid: UUID) -> Clause:
    """Return a clause of a matter that the person may see, or raise 404."""
    clauses = Clause.objects.of_matter(matter).select_related(
        "document",
        "section",
        "current_wording",
        "tabled_wording",
        "draft_wording",
        "agreed_in",
        "introduced_by",
    )
    return get_object_or_404(clauses, uid=uid)


def visible_amendment(matter: Matter, uid: UUID) -> Amendment:
    """Return an amendment of a matter that the person may see, or raise 404."""
    amendments = matter.amendments.select_related(
        "author", "side", "sponsor_side", "clause", "parent", "base_wording", "decided_in"
    )
    return get_object_or_404(amendments, uid=uid)


class Standing(AtBody):
    """Who the reader is at the table of a matter."""

    def __init__(self, request: HttpRequest, matter: Matter) -> None:
        super().__init__(request, matter.body)
        self.matter = matter


class MatterMixin:
    """A page about one matter, whose address begins with the matter's uid."""

    matter: Matter
    standing: Standing

    def load(self, **kwargs: Any) -> None:
        """Fetch the matter and the reader's standing."""
        person = self.request.user
        self.matter = visible_matter(person, kwargs["uid"])
        self.standing = Standing(self.request, self.matter)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Hand both to the template."""
        return super().get_context_data(matter=self.matter, standing=self.standing, **kwargs)


class MatterActPage(MatterMixin, ActPage):
    """A page with one act on one matter."""

    template_name = "negotiation/act.html"


class ClauseActPage(MatterActPage):
    """A page with one act on one clause."""

    clause: Clause

    def load(self, **kwargs: Any) -> None:
        """Fetch the clause too."""
        super().load(**kwargs)
        self.clause = visible_clause(self.matter, kwargs["clause"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Show the clause beside the form."""
        return super().get_context_data(clause=self.clause, **kwargs)


class AmendmentActPage(MatterActPage):
    """A page with one act on one amendment."""

    amendment: Amendment

    def load(self, **kwargs: Any) -> None:
        """Fetch the amendment too."""
        super().load(**kwargs)
        self.amendment = visible_amendment(self.matter, kwargs["amendment"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Show the amendment beside the form."""
        return super().get_context_data(amendment=self.amendment, **kwargs)
