"""The negotiated text: document, sections, clauses, and wordings that never change.

INVARIANT: a stored wording is what somebody saw, amended or voted. Its text and
its digests never change; a new text is a new row. Every published digest and every
ballot rests on these bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from negotiation.models.matters import Matter
from negotiation.models.positions import Position

if TYPE_CHECKING:
    from governance.models import Side


class ClauseDocument(models.Model):
    """The clauses of one matter, under one title."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    matter = models.OneToOneField(
        "negotiation.Matter", on_delete=models.PROTECT, related_name="document"
    )
    title_ru = models.CharField(_("title in Russian"), max_length=500)
    title_en = models.CharField(_("title in English"), max_length=500, blank=True)
    entered_at = models.DateTimeField(_("entered"))

    class Meta:
        verbose_name = _("clause document")
        verbose_name_plural = _("clause documents")

    def __str__(self) -> str:
        return self.title_ru


class Section(models.Model):
    """A heading that groups clauses."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    document = models.ForeignKey(ClauseDocument, on_delete=models.PROTECT, related_name="sections")
    number = models.CharField(_("number"), max_length=20)
    position = models.PositiveIntegerField(_("position"))
    title_ru = models.CharField(_("title in Russian"), max_length=500)
    title_en = models.CharField(_("title in English"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        constraints = [
            models.UniqueConstraint(
                name="a_section_number_occurs_once_per_document",
                fields=["document", "number"],
                violation_error_message=_("The document already has a section with this number."),
            ),
            models.UniqueConstraint(
                name="sections_of_a_document_stand_in_one_order",
                fields=["document", "position"],
                violation_error_message=_("Two sections cannot stand in the same place."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title_ru}"


class ClauseQuerySet(models.QuerySet["Clause"]):
    """Questions about clauses. Each method narrows; none orders, counts or writes."""

    def of_matter(self, matter: models.Model) -> Self:
        return self.filter(document__matter=matter)

    def numbered(self) -> Self:
        """Keep the clauses that are negotiated one by one: not the frame of the text."""
        return self.filter(kind=Clause.Kind.CLAUSE)

    def in_force_of_the_text(self) -> Self:
        """Keep what still belongs to the text."""
        return self.exclude(state=Clause.State.DELETED)

    def locked(self) -> Self:
        return self.filter(state__in=Clause.LOCKED)

    def awaiting(self, side: Side) -> Self:
        """Keep the clauses under discussion on whose present wording the side is silent."""
        said = Position.objects.last_words().filter(
            clause=OuterRef("pk"),
            side=side,
            wording=Coalesce(OuterRef("tabled_wording"), OuterRef("current_wording")),
        )
        return self.numbered().filter(
            ~Exists(said),
            document__matter__body=side.body_id,
            document__matter__state__in=Matter.AT_THE_TABLE,
            state__in=[Clause.State.DRAFT, Clause.State.DISPUTED, Clause.State.NOT_AGREED],
        )

    def in_order(self) -> Self:
        return self.order_by("position", "pk")


class Clause(models.Model):
    """One provision with a number that stays, whatever happens to its words."""

    class Kind(models.TextChoices):
        PREAMBLE = "preamble", _("preamble")
        DEFINITION = "definition", _("definition")
        CLAUSE = "clause", _("clause")
        PROVISION = "provision", _("final provision")

    class Origin(models.TextChoices):
        FEDERAL_MANDATORY = "federal_mandatory", pgettext_lazy("origin", "federal mandatory mirror")
        NEGOTIATED = "negotiated", pgettext_lazy("origin", "negotiated")

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("clause", "draft")
        DISPUTED = "disputed", pgettext_lazy("clause", "disputed")
        AGREED = "agreed", pgettext_lazy("clause", "agreed")
        NOT_AGREED = "not_agreed", pgettext_lazy("clause", "not agreed")
        MIRRORED = "mirrored", pgettext_lazy("clause", "federal norm, taken note of")
        DELETED = "deleted", pgettext_lazy("clause", "deleted")

    LOCKED = (State.AGREED, State.MIRRORED, State.DELETED)
    """States in which neither a wording nor an amendment is taken any more."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    document = models.ForeignKey(ClauseDocument, on_delete=models.PROTECT, related_name="clauses")
    section = models.ForeignKey(
        Section, on_delete=models.PROTECT, related_name="clauses", null=True, blank=True
    )
    number = models.CharField(_("number"), max_length=20, blank=True)
    position = models.PositiveIntegerField(_("position"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.CLAUSE)
    title_ru = models.CharField(_("title in Russian"), max_length=500, blank=True)
    title_en = models.CharField(_("title in English"), max_length=500, blank=True)
    origin = models.CharField(_("origin"), max_length=20, choices=Origin, default=Origin.NEGOTIATED)
    severable = models.BooleanField(_("severable"))
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.DRAFT)
    draft_wording = models.ForeignKey(
        "negotiation.Wording", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    current_wording = models.ForeignKey(
        "negotiation.Wording", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    tabled_wording = models.ForeignKey(
        "negotiation.Wording", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    agreed_in = models.ForeignKey(
        "governance.Ballot", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    introduced_by = models.OneToOneField(
        "negotiation.Amendment",
        on_delete=models.PROTECT,
        related_name="introduced_clause",
        null=True,
        blank=True,
    )

    history = HistoricalRecords()
    objects = ClauseQuerySet.as_manager()

    class Meta:
        verbose_name = _("clause")
        verbose_name_plural = _("clauses")
        constraints = [
            models.UniqueConstraint(
                name="a_clause_number_occurs_once_per_document",
                fields=["document", "number"],
                condition=~Q(number=""),
                violation_error_message=_("The document already has a clause with this number."),
            ),
            models.UniqueConstraint(
                name="clauses_of_a_document_stand_in_one_order",
                fields=["document", "position"],
                deferrable=models.Deferrable.DEFERRED,
                violation_error_message=_("Two clauses cannot stand in the same place."),
            ),
            models.CheckConstraint(
                name="a_clause_or_final_provision_has_a_number",
                condition=Q(kind__in=["preamble", "definition"]) | ~Q(number=""),
                violation_error_message=_("A clause needs a number."),
            ),
            models.CheckConstraint(
                name="a_federal_mirror_is_never_negotiated",
                condition=(
                    Q(
                        origin="federal_mandatory",
                        state__in=["mirrored", "deleted"],
                        tabled_wording=None,
                    )
                    | Q(origin="negotiated") & ~Q(state="mirrored")
                ),
                violation_error_message=_(
                    "A clause that mirrors a federal norm is not open to negotiation."
                ),
            ),
            models.CheckConstraint(
                name="an_agreed_clause_names_its_ballot_and_has_nothing_on_the_table",
                condition=(
                    ~Q(state="agreed")
                    | Q(
                        agreed_in__isnull=False,
                        current_wording__isnull=False,
                        tabled_wording__isnull=True,
                    )
                ),
                violation_error_message=_(
                    "An agreed clause keeps the wording and the ballot that agreed it."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.number or self.get_kind_display()

    @property
    def is_locked(self) -> bool:
        return self.state in self.LOCKED

    @property
    def is_mirror(self) -> bool:
        return self.origin == self.Origin.FEDERAL_MANDATORY

    @property
    def on_the_table(self) -> Wording | None:
        """The wording that a position taken now would be bound to."""
        return self.tabled_wording or self.current_wording

    @property
    def on_the_table_id(self) -> int | None:
        return self.tabled_wording_id or self.current_wording_id


class Wording(models.Model):
    """One immutable text of a clause, in Russian and English, with its digests."""

    class Origin(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("wording", "draft")
        TABLED = "tabled", pgettext_lazy("wording", "tabled")
        RECOMMENDED = (
            "recommended",
            pgettext_lazy("wording", "recommended by a conciliation meeting"),
        )
        AMENDMENT = "amendment", pgettext_lazy("wording", "introduced by an amendment")

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    clause = models.ForeignKey(Clause, on_delete=models.PROTECT, related_name="wordings")
    number = models.PositiveIntegerField(_("number"))
    text_ru = models.TextField(_("text in Russian"))
    text_en = models.TextField(_("text in English"), blank=True)
    terms = models.JSONField(_("terms"), default=dict, blank=True)
    sha256_ru = models.CharField(_("digest of the Russian text"), max_length=64)
    sha256_en = models.CharField(_("digest of the English text"), max_length=64, blank=True)
    sha256 = models.CharField(_("digest"), max_length=64)
    translates_sha256 = models.CharField(
        _("digest of the Russian text that the English renders"), max_length=64, blank=True
    )
    origin = models.CharField(_("origin"), max_length=20, choices=Origin)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("created"))

    class Meta:
        verbose_name = _("wording")
        verbose_name_plural = _("wordings")
        constraints = [
            models.UniqueConstraint(
                name="wordings_of_a_clause_are_numbered_without_repetition",
                fields=["clause", "number"],
                violation_error_message=_("The clause already has a wording with this number."),
            ),
            models.CheckConstraint(
                name="a_wording_has_its_digests",
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$", sha256_ru__regex=r"^[0-9a-f]{64}$"),
                violation_error_message=_("A wording needs its digests."),
            ),
            models.CheckConstraint(
                name="a_wording_has_a_russian_text",
                condition=~Q(text_ru=""),
                violation_error_message=_("The Russian text is authoritative and cannot be empty."),
            ),
            models.CheckConstraint(
                name="a_translation_names_the_text_it_renders",
                condition=(
                    Q(text_en="", sha256_en="", translates_sha256="")
                    | ~Q(text_en="") & ~Q(sha256_en="") & ~Q(translates_sha256="")
                ),
                violation_error_message=_(
                    "An English text must say which Russian text it translates."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.clause_id}/{self.number}"

    @property
    def is_translated(self) -> bool:
        """Whether the English renders this very Russian text."""
        return self.text_en != "" and self.translates_sha256 == self.sha256_ru

    @property
    def translation_is_stale(self) -> bool:
        return self.text_en != "" and self.translates_sha256 != self.sha256_ru


class WordingSource(models.Model):
    """An amendment that a wording takes up, wholly or in part: who asked for the change."""

    wording = models.ForeignKey(Wording, on_delete=models.PROTECT, related_name="sources")
    amendment = models.ForeignKey(
        "negotiation.Amendment", on_delete=models.PROTECT, related_name="taken_up_in"
    )

    class Meta:
        verbose_name = _("source of a wording")
        verbose_name_plural = _("sources of a wording")
        constraints = [
            models.UniqueConstraint(
                name="a_wording_takes_up_an_amendment_once",
                fields=["wording", "amendment"],
                violation_error_message=_("The wording already names this amendment."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.wording_id}: {self.amendment_id}"


class Revision(models.Model):
    """A labelled state of the whole text, as people received it. Never changes."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    document = models.ForeignKey(ClauseDocument, on_delete=models.PROTECT, related_name="revisions")
    label = models.CharField(_("label"), max_length=20)
    sha256 = models.CharField(_("digest"), max_length=64)
    issued_at = models.DateTimeField(_("issued"))
    note_ru = models.CharField(_("note in Russian"), max_length=500, blank=True)
    note_en = models.CharField(_("note in English"), max_length=500, blank=True)
    wordings = models.ManyToManyField(
        Wording, through="negotiation.RevisionWording", related_name="revisions"
    )

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        constraints = [
            models.UniqueConstraint(
                name="a_revision_label_occurs_once_per_document",
                fields=["document", "label"],
                violation_error_message=_("The document already has a revision with this label."),
            ),
            models.CheckConstraint(
                name="a_revision_has_a_label",
                condition=~Q(label=""),
                violation_error_message=_("A revision needs a label."),
            ),
        ]

    def __str__(self) -> str:
        return self.label


class RevisionWording(models.Model):
    """Which wording of a clause a revision holds."""

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="entries")
    clause = models.ForeignKey(Clause, on_delete=models.PROTECT, related_name="revision_entries")
    wording = models.ForeignKey(Wording, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("wording of a revision")
        verbose_name_plural = _("wordings of a revision")
        constraints = [
            models.UniqueConstraint(
                name="a_revision_holds_one_wording_per_clause",
                fields=["revision", "clause"],
                violation_error_message=_("A revision holds one wording of each clause."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.revision_id}: {self.wording_id}"
