"""Whether a signer's certificate was revoked, by the lists of its issuer that were given here.

Nothing is fetched: an installation may stand where no list can be had, and an answer that depends
on the weather of a network is no evidence. A list is believed if the issuer of the certificate
signed it (RFC 5280, 6.3.3) and it speaks of all certificates of its kind; any other is as if it
had not been given.
"""

from __future__ import annotations

import datetime
import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_der_public_key

from documents.papers.words import short_day

from . import refusals

if TYPE_CHECKING:
    from collections.abc import Iterable

    from asn1crypto import x509 as asn1
    from pyhanko_certvalidator.path import ValidationPath


class Revocation(enum.StrEnum):
    """What could be said. A certificate that was revoked when it signed is refused instead."""

    NOT_LISTED = "not_listed"
    LATER = "later"
    NO_LIST = "no_list"
    OUTDATED = "outdated"
    NO_ISSUER = "no_issuer"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found, and the date that belongs to it.

    `at` is when the list was drawn up (`NOT_LISTED`), since when the certificate is revoked
    (`LATER`), or until when the list held (`OUTDATED`); otherwise there is none.
    """

    revocation: Revocation
    at: datetime.datetime | None = None


UNKNOWN_ISSUER = Finding(Revocation.NO_ISSUER)
UNSUPPORTED = Finding(Revocation.UNSUPPORTED)


def ask(
    certificate: asn1.Certificate,
    path: ValidationPath,
    lists: Iterable[x509.CertificateRevocationList],
    *,
    signed_at: datetime.datetime | None,
    signer: str,
) -> Finding:
    """Return what the newest list of the issuer says of a certificate.

    Args:
        path: how the certificate is derived from an authority that is trusted here.
        signed_at: when the signer says to have signed; None where nothing is said, and then any
            revocation counts.
        signer: who signed, for the refusal.

    Raises:
        CertificateRevoked: it was revoked by then.
    """
    subject = x509.load_der_x509_certificate(certificate.dump())
    public_key = path.find_issuing_authority(certificate).public_key.dump()
    believed = [one for one in lists if _speaks_of(one, subject, public_key)]
    newest = max(believed, key=lambda one: one.last_update_utc, default=None)
    if newest is None:
        return Finding(Revocation.NO_LIST)
    entry = newest.get_revoked_certificate_by_serial_number(subject.serial_number)
    if entry is not None:
        revoked_at = entry.revocation_date_utc
        if signed_at is None or revoked_at <= signed_at:
            raise refusals.CertificateRevoked(signer=signer, day=short_day(revoked_at))
        return Finding(Revocation.LATER, revoked_at)
    ends = newest.next_update_utc
    if signed_at and ends and max(ends, newest.last_update_utc) < signed_at:
        return Finding(Revocation.OUTDATED, ends)
    return Finding(Revocation.NOT_LISTED, newest.last_update_utc)


def _speaks_of(
    given: x509.CertificateRevocationList, subject: x509.Certificate, public_key: bytes
) -> bool:
    """Tell whether a list is the issuer's, signed by it, and covers the certificate."""
    if given.issuer != subject.issuer or not _is_whole(given, subject):
        return False
    try:
        key = load_der_public_key(public_key)
        return given.is_signature_valid(key)  # type: ignore[arg-type]  # others raise
    except (UnsupportedAlgorithm, TypeError, ValueError):
        return False


def _is_whole(given: x509.CertificateRevocationList, subject: x509.Certificate) -> bool:
    """Tell whether a list says everything that its issuer has to say of the certificate.

    A list may be one of several that share the certificates out by the address from which they
    are fetched. What else narrows a list, or only adds to another one, is critical in it.
    """
    for extension in given.extensions:
        scope = extension.value
        if isinstance(scope, x509.IssuingDistributionPoint):
            narrowed = (
                scope.indirect_crl
                or scope.only_some_reasons
                or scope.only_contains_ca_certs
                or scope.only_contains_attribute_certs
                or scope.relative_name
            )
            if narrowed or (scope.full_name and not set(scope.full_name) & _addresses(subject)):
                return False
        elif extension.critical:
            return False
    return True


def _addresses(subject: x509.Certificate) -> set[x509.GeneralName]:
    """Return where, by a certificate, its lists are to be had."""
    try:
        points = subject.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except x509.ExtensionNotFound:
        return set()
    return {name for point in points for name in point.full_name or ()}
