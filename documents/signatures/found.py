"""What an examination of a signature finds."""

from __future__ import annotations

import datetime
import enum
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from asn1crypto import pem, x509
from cryptography import x509 as cryptography_x509
from django.utils.translation import pgettext_lazy

from .revocation import Finding, Revocation


class Standing(enum.StrEnum):
    """What could be said of a signature here. What was found wrong is refused, not stored."""

    TRUSTED = "trusted"
    INTACT = "intact"
    NOT_CHECKED = "not_checked"

    @property
    def label(self) -> str:
        """Return it in words."""
        return str(_STANDINGS[self])


_STANDINGS = {
    Standing.TRUSTED: pgettext_lazy("signature", "holds; the issuer is trusted here"),
    Standing.INTACT: pgettext_lazy("signature", "holds; the issuer was not checked here"),
    Standing.NOT_CHECKED: pgettext_lazy("signature", "stored, not checked here"),
}


@dataclass(frozen=True, slots=True)
class Trust:
    """The authorities whose certificates are believed, and their lists of revoked ones: PEM files.

    Without authorities a signature is checked against the paper and its certificate is shown, but
    nobody says that the name in it is true. Without lists nobody says that it still was.
    """

    file: Path | None = None
    lists: Path | None = None

    def certificates(self) -> list[x509.Certificate]:
        """Return the authorities' certificates.

        Raises:
            OSError, ValueError: the file cannot be read; the installation is to mend it.
        """
        if self.file is None:
            return []
        parts = pem.unarmor(self.file.read_bytes(), multiple=True)
        return [x509.Certificate.load(der) for _kind, _headers, der in parts]

    def revocation_lists(self) -> list[cryptography_x509.CertificateRevocationList]:
        """Return the lists, whoever drew them up.

        Raises:
            OSError, ValueError: the file cannot be read; the installation is to mend it.
        """
        if self.lists is None:
            return []
        parts = pem.unarmor(self.lists.read_bytes(), multiple=True)
        return [cryptography_x509.load_der_x509_crl(der) for _kind, _headers, der in parts]


@dataclass(frozen=True, slots=True)
class Found:
    """One signature that fits the paper, or could not be checked here."""

    standing: Standing
    signer: str
    issuer: str
    serial: str
    certificate_sha256: str
    sha256: str
    algorithm: str
    signed_at: datetime.datetime | None
    valid_from: datetime.datetime
    valid_to: datetime.datetime
    revocation: Revocation
    revocation_at: datetime.datetime | None

    @classmethod
    def of(
        cls,
        standing: Standing,
        certificate: x509.Certificate,
        *,
        cms: bytes,
        algorithm: str,
        signed_at: datetime.datetime | None,
        finding: Finding,
    ) -> Found:
        """Say it with the words of the certificate."""
        period = certificate["tbs_certificate"]["validity"]
        return cls(
            standing=standing,
            signer=name_in(certificate.subject),
            issuer=name_in(certificate.issuer),
            serial=f"{certificate.serial_number:x}",
            certificate_sha256=hashlib.sha256(certificate.dump()).hexdigest(),
            sha256=hashlib.sha256(cms).hexdigest(),
            algorithm=algorithm,
            signed_at=signed_at,
            valid_from=period["not_before"].native,
            valid_to=period["not_after"].native,
            revocation=finding.revocation,
            revocation_at=finding.at,
        )


def name_in(name: x509.Name) -> str:
    """Return a name as people read it: who, and of which organisation."""
    said: dict[str, Any] = name.native
    parts = [said.get(key) for key in ("common_name", "organization_name")]
    texts = [one if isinstance(one, str) else ", ".join(one) for one in parts if one]
    return ", ".join(dict.fromkeys(texts)) or name.human_friendly
