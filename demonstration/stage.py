"""Where a play takes place: one body, one matter, and the rows that the file calls by id.

Everything is looked up in the database at the moment of the act, so that a play can stop after
any act and go on in another process. What an earlier act failed to bring about is not found, and
the act that needs it is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from django.utils.translation import pgettext_lazy

from accounts.models import Person
from demonstration.refusals import UnknownReference, UnknownValue
from governance.models import Ballot, Body, Mandate, Meeting, Organisation, Seat, Side
from licensing.models import PermitApplication, RequirementSet, RequirementVersion
from negotiation.models import Amendment, Clause, Disagreement, Matter, Section

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet
    from django.utils.functional import _StrPromise

    from demonstration.models import Play

    _M = TypeVar("_M", bound=Model)

_T = TypeVar("_T")


@dataclass(frozen=True)
class Stage:
    """The body and the matter of a play, and whom the file means by an id."""

    play: Play
    body_code: str
    matter_code: str

    def person(self, id: str) -> Person:  # noqa: A002 -- the file's word
        """Return whom the file calls by this id."""
        uid = self.play.people.get(id)
        if uid is None:
            raise UnknownReference(kind=pgettext_lazy("reference", "person"), id=id)
        return Person.objects.get(uid=uid)

    def introduce(self, id: str, person: Person) -> None:  # noqa: A002 -- the file's word
        """Note whom the file calls by this id; saved with the play after the act."""
        self.play.people[id] = str(person.uid)

    @property
    def body(self) -> Body:
        """The body at which everything happens."""
        return _one(
            Body.objects.filter(code=self.body_code),
            pgettext_lazy("reference", "body"),
            self.body_code,
        )

    @property
    def matter(self) -> Matter:
        """What is negotiated."""
        return _one(
            Matter.objects.filter(code=self.matter_code),
            pgettext_lazy("reference", "matter"),
            self.matter_code,
        )

    @property
    def requirement_set(self) -> RequirementSet:
        """The requirements that come out of the matter."""
        found = RequirementSet.objects.filter(code=self.matter_code)
        return _one(found, pgettext_lazy("reference", "requirement set"), self.matter_code)

    def requirement_set_called(self, code: str) -> RequirementSet:
        """Return requirements by their code, such as those that are replaced."""
        return _one(
            RequirementSet.objects.filter(code=code),
            pgettext_lazy("reference", "requirement set"),
            code,
        )

    def version(self) -> RequirementVersion:
        """Return the latest version submitted in the matter."""
        found = RequirementVersion.objects.filter(requirement_set__code=self.matter_code)
        return _one(
            found.order_by("-pk"),
            pgettext_lazy("reference", "requirement version"),
            self.matter_code,
        )

    def organisation(self, code: str) -> Organisation:
        """Return an organisation."""
        return _one(
            Organisation.objects.filter(code=code), pgettext_lazy("reference", "organisation"), code
        )

    def side(self, code: str) -> Side:
        """Return a side of the body."""
        return _one(
            Side.objects.filter(body__code=self.body_code, code=code),
            pgettext_lazy("reference", "side"),
            code,
        )

    def seat(self, code: str) -> Seat:
        """Return a seat of the body."""
        found = Seat.objects.filter(body__code=self.body_code, code=code)
        return _one(found.select_related("side", "body"), pgettext_lazy("reference", "seat"), code)

    def mandate(self, code: str) -> Mandate:
        """Return a mandate."""
        return _one(Mandate.objects.filter(code=code), pgettext_lazy("reference", "mandate"), code)

    def clause(self, number: str) -> Clause:
        """Return a clause of the matter, also one that an amendment brought in."""
        found = Clause.objects.filter(document__matter__code=self.matter_code, number=number)
        return _one(found.select_related("document"), pgettext_lazy("reference", "clause"), number)

    def section(self, number: str) -> Section:
        """Return a section of the text."""
        found = Section.objects.filter(document__matter__code=self.matter_code, number=number)
        return _one(found, pgettext_lazy("reference", "section"), number)

    def amendment(self, code: str) -> Amendment:
        """Return an amendment of the matter."""
        found = Amendment.objects.filter(matter__code=self.matter_code, code=code)
        return _one(
            found.select_related("clause", "author"), pgettext_lazy("reference", "amendment"), code
        )

    def meeting(self, code: str) -> Meeting:
        """Return a meeting of the body."""
        found = Meeting.objects.filter(body__code=self.body_code, code=code)
        return _one(found.select_related("body"), pgettext_lazy("reference", "meeting"), code)

    def ballot(self, code: str) -> Ballot:
        """Return a ballot of the body."""
        found = Ballot.objects.filter(meeting__body__code=self.body_code, code=code)
        return _one(
            found.select_related("meeting", "agenda_item"),
            pgettext_lazy("reference", "ballot"),
            code,
        )

    def disagreement(self, number: str) -> Disagreement:
        """Return the disagreement on a clause that is not settled."""
        found = Disagreement.objects.unresolved().filter(
            matter__code=self.matter_code, clause__number=number
        )
        return _one(
            found.select_related("clause"),
            pgettext_lazy("reference", "disagreement on clause"),
            number,
        )

    def application(self, code: str) -> PermitApplication:
        """Return an application for a permit."""
        return _one(
            PermitApplication.objects.filter(code=code),
            pgettext_lazy("reference", "application"),
            code,
        )


def meant(words: Mapping[str, _T], value: object, field: str) -> _T:
    """Return what a word of the file means here.

    Raises: UnknownValue – it has no meaning.
    """
    if not isinstance(value, str) or value not in words:
        raise UnknownValue(value=value, field=field)
    return words[value]


def _one(found: QuerySet[_M], kind: _StrPromise, id: str) -> _M:  # noqa: A002 -- the file's word
    row = found.first() if found.ordered else found.order_by("pk").first()
    if row is None:
        raise UnknownReference(kind=kind, id=id)
    return row
