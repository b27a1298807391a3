"""Papers that were issued from the record, and the signatures that came for them.

INVARIANT: an issued file never changes, and its digest is that of its bytes. A paper whose data
has changed is issued anew, as the next edition; the earlier one stays.
"""

from __future__ import annotations

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q, Subquery, Value
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from .bodies import Body

DATED = ["not_listed", "later", "outdated"]
"""Findings about the revocation of a certificate that have a date."""


class IssuedPaperQuerySet(models.QuerySet["IssuedPaper"]):
    """Questions about issued papers. Each method narrows, or adds a column."""

    def last_editions(self) -> Self:
        """Keep of each paper the edition that stands."""
        later = IssuedPaper.objects.filter(
            kind=OuterRef("kind"),
            subject_uid=OuterRef("subject_uid"),
            edition__gt=OuterRef("edition"),
        )
        return self.filter(~Exists(later))

    def published(self) -> Self:
        """Keep what everybody may read."""
        return self.filter(publication__isnull=False)

    def last_published(self) -> Self:
        """Keep of each paper the newest edition that everybody may read."""
        later = IssuedPaper.objects.published().filter(
            kind=OuterRef("kind"),
            subject_uid=OuterRef("subject_uid"),
            edition__gt=OuterRef("edition"),
        )
        return self.published().filter(~Exists(later))

    def with_digest(self) -> Self:
        """Add `sha256`: that of the Russian PDF, which is the paper that people sign."""
        file = PaperFile.objects.filter(paper=OuterRef("pk"), language="ru", format="pdf")
        return self.annotate(sha256=Subquery(file.values("sha256")[:1]))


class IssuedPaper(models.Model):
    """One edition of a paper about one thing: a meeting, a summary, a version.

    Papers are about rows of several apps, so the thing is named by its uid, as in the record, and
    what it was called then is kept with the edition.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="papers")
    kind = models.CharField(_("kind"), max_length=30)
    subject_uid = models.UUIDField(_("what it is about"))
    name_ru = models.CharField(_("name in Russian"), max_length=300, blank=True)
    name_en = models.CharField(_("name in English"), max_length=300, blank=True)
    edition = models.PositiveSmallIntegerField(_("edition"))
    status = models.CharField(_("status"), max_length=10)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    issued_at = models.DateTimeField(_("issued at"))

    objects = IssuedPaperQuerySet.as_manager()

    class Meta:
        verbose_name = _("issued paper")
        verbose_name_plural = _("issued papers")
        constraints = [
            models.UniqueConstraint(
                name="editions_of_a_paper_are_numbered_once",
                fields=["kind", "subject_uid", "edition"],
            ),
            models.CheckConstraint(
                name="editions_of_a_paper_begin_at_one", condition=Q(edition__gte=1)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_uid} {self.edition}"

    @property
    def name(self) -> str:
        """What the thing was called when the edition was issued, in the reader's language."""
        russian = (get_language() or "ru").startswith("ru")
        return self.name_ru if russian else self.name_en or self.name_ru


class PaperPublication(models.Model):
    """The act by which everybody may read an edition. Without it nobody outside knows of it."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    paper = models.OneToOneField(IssuedPaper, on_delete=models.PROTECT, related_name="publication")
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    published_at = models.DateTimeField(_("published at"))

    class Meta:
        verbose_name = _("publication of a paper")
        verbose_name_plural = _("publications of papers")

    def __str__(self) -> str:
        return f"{self.paper_id}: {self.published_at}"


class PaperFile(models.Model):
    """One file of an edition: exactly the bytes that people download and sign."""

    class Language(models.TextChoices):
        RUSSIAN = "ru", pgettext_lazy("paper", "Russian")
        ENGLISH = "en", pgettext_lazy("paper", "English")

    class Format(models.TextChoices):
        PDF = "pdf", "PDF"
        DOCX = "docx", "DOCX"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    paper = models.ForeignKey(IssuedPaper, on_delete=models.PROTECT, related_name="files")
    language = models.CharField(_("language"), max_length=2, choices=Language.choices)
    format = models.CharField(_("format"), max_length=4, choices=Format.choices)
    content = models.BinaryField(_("bytes"))
    sha256 = models.CharField(_("digest"), max_length=64)

    class Meta:
        verbose_name = _("file of a paper")
        verbose_name_plural = _("files of papers")
        constraints = [
            models.UniqueConstraint(
                name="an_edition_has_one_file_per_language_and_format",
                fields=["paper", "language", "format"],
            ),
            models.CheckConstraint(
                name="the_digest_of_a_file_is_that_of_its_bytes",
                condition=Q(
                    sha256=Func(
                        Func(F("content"), function="sha256"),
                        Value("hex"),
                        function="encode",
                        output_field=models.CharField(),
                    )
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.paper_id}.{self.language}.{self.format}"


class PaperSignature(models.Model):
    """A signature that fits a file, or that could not be checked here. Broken ones are refused."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    file = models.ForeignKey(PaperFile, on_delete=models.PROTECT, related_name="signatures")
    standing = models.CharField(_("standing"), max_length=12)
    signer = models.CharField(_("signer"), max_length=500)
    issuer = models.CharField(_("issuer of the certificate"), max_length=500)
    serial = models.CharField(_("number of the certificate"), max_length=80)
    certificate_sha256 = models.CharField(_("digest of the certificate"), max_length=64)
    sha256 = models.CharField(_("digest of the signature"), max_length=64)
    algorithm = models.CharField(_("algorithm"), max_length=60)
    signed_at = models.DateTimeField(_("time said by the signer"), null=True, blank=True)
    valid_from = models.DateTimeField(_("certificate valid from"), null=True, blank=True)
    valid_to = models.DateTimeField(_("certificate valid to"), null=True, blank=True)
    revocation = models.CharField(_("revocation of the certificate"), max_length=12, blank=True)
    revocation_at = models.DateTimeField(_("date of that finding"), null=True, blank=True)
    content = models.BinaryField(_("the file that was sent"))
    kept_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    kept_at = models.DateTimeField(_("kept at"))

    class Meta:
        verbose_name = _("signature of a paper")
        verbose_name_plural = _("signatures of papers")
        constraints = [
            models.UniqueConstraint(name="a_signature_is_kept_once", fields=["file", "sha256"]),
            models.CheckConstraint(
                name="a_finding_about_revocation_has_its_date",
                condition=Q(revocation__in=DATED, revocation_at__isnull=False)
                | (~Q(revocation__in=DATED) & Q(revocation_at=None)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_id}: {self.certificate_sha256[:12]}"
