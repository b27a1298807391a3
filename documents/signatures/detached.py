"""A signature in a file of its own: CMS, by RSA or ECDSA, or by ГОСТ Р 34.10-2012."""

from __future__ import annotations

import asyncio
import base64
import binascii
import datetime
from typing import TYPE_CHECKING, Any

from asn1crypto import cms, pem, x509
from pyhanko.sign.validation import async_validate_detached_cms
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import ValidationContext

from . import gost, refusals, revocation
from .found import Found, Standing, Trust, name_in

if TYPE_CHECKING:
    from pyhanko.sign.validation.status import SignatureStatus

KEY_USAGE = KeyUsageConstraints(
    key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False
)


def examine(paper: bytes, sent: bytes, trust: Trust) -> Found:
    """Return what a detached signature says of the paper.

    Raises:
        NotASignature, SignatureNotDetached, AnotherPaper, SignatureIsBroken, SignatureUnsupported,
        IssuerNotTrusted, CertificateNotValidThen, CertificateRevoked: see
            `documents.signatures.examine`.
    """
    der = _der(sent)
    signed = _signed_data(der)
    if signed["encap_content_info"]["content"].native is not None:
        raise refusals.SignatureNotDetached
    certificate = _certificate(signed)
    signed_at = _claimed_time(signed["signer_infos"][0])
    return judge(paper, der, signed, certificate, trust, signed_at=signed_at)


def judge(
    content: bytes,
    der: bytes,
    signed: cms.SignedData,
    certificate: x509.Certificate,
    trust: Trust,
    *,
    signed_at: datetime.datetime | None,
    status: SignatureStatus | None = None,
) -> Found:
    """Judge one signature over its content.

    Args:
        signed_at: when the signer says to have signed.
        status: what pyhanko said already, for a signature inside a PDF.
    """
    signer = signed["signer_infos"][0]
    algorithm = signer["signature_algorithm"]["algorithm"].native
    valid = certificate["tbs_certificate"]["validity"]
    if signed_at and not valid["not_before"].native <= signed_at <= valid["not_after"].native:
        raise refusals.CertificateNotValidThen(signer=name_in(certificate.subject))
    if gost.is_gost(signer):
        standing = gost.check(content, der, trust, at=signed_at)
        algorithm, finding = "gost_r_34.10", revocation.UNSUPPORTED
    else:
        status = status or _status(content, signed, trust, signed_at)
        standing = _standing(status, certificate, trust)
        finding = _revocation(status, certificate, trust, signed_at)
    return Found.of(
        standing, certificate, cms=der, algorithm=algorithm, signed_at=signed_at, finding=finding
    )


def context(trust: Trust, moment: datetime.datetime | None) -> ValidationContext:
    """Return whom pyhanko believes, at the time of signing; it fetches nothing."""
    return ValidationContext(
        trust_roots=trust.certificates(), allow_fetching=False, moment=moment, other_certs=[]
    )


def _standing(status: SignatureStatus, certificate: x509.Certificate, trust: Trust) -> Standing:
    if not status.intact:
        raise refusals.AnotherPaper
    if not status.valid:
        raise refusals.SignatureIsBroken
    if trust.file is None:
        return Standing.INTACT
    if not status.trusted:
        raise refusals.IssuerNotTrusted(signer=name_in(certificate.subject))
    return Standing.TRUSTED


def _revocation(
    status: SignatureStatus,
    certificate: x509.Certificate,
    trust: Trust,
    signed_at: datetime.datetime | None,
) -> revocation.Finding:
    """Ask the lists of an issuer that is known; of another nobody can tell which lists are its."""
    if not status.trusted or status.validation_path is None:
        return revocation.UNKNOWN_ISSUER
    return revocation.ask(
        certificate,
        status.validation_path,
        trust.revocation_lists(),
        signed_at=signed_at,
        signer=name_in(certificate.subject),
    )


def _status(
    content: bytes, signed: cms.SignedData, trust: Trust, moment: datetime.datetime | None
) -> Any:
    return asyncio.run(
        async_validate_detached_cms(
            content,
            signed,
            signer_validation_context=context(trust, moment),
            key_usage_settings=KEY_USAGE,
        )
    )


def _der(sent: bytes) -> bytes:
    """Return the binary form, whichever of the three usual ones was sent."""
    try:
        if pem.detect(sent):
            return bytes(pem.unarmor(sent)[2])
        if not sent.startswith(b"\x30"):
            return base64.b64decode(b"".join(sent.split()), validate=True)
    except (ValueError, binascii.Error) as malformed:
        raise refusals.NotASignature from malformed
    return sent


def _signed_data(der: bytes) -> cms.SignedData:
    """Return the one signature of a CMS message."""
    try:
        message = cms.ContentInfo.load(der, strict=True)
        if message["content_type"].native != "signed_data":
            raise refusals.NotASignature
        signed = message["content"]
        if len(signed["signer_infos"]) != 1:
            raise refusals.SignatureUnsupported(algorithm=f"{len(signed['signer_infos'])} × CMS")
    except (ValueError, TypeError, KeyError) as malformed:
        raise refusals.NotASignature from malformed
    return signed


def _certificate(signed: cms.SignedData) -> x509.Certificate:
    """Return the signer's certificate, which the message has to carry."""
    wanted = signed["signer_infos"][0]["sid"].chosen
    for choice in signed["certificates"] or ():
        certificate = choice.chosen
        if isinstance(wanted, cms.IssuerAndSerialNumber):
            fits = (
                certificate.issuer == wanted["issuer"]
                and certificate.serial_number == wanted["serial_number"].native
            )
        else:
            fits = certificate.key_identifier == wanted.native
        if fits:
            return certificate
    raise refusals.NotASignature


def _claimed_time(signer: cms.SignerInfo) -> datetime.datetime | None:
    """Return when the signer says to have signed; nobody else vouches for it."""
    for attribute in signer["signed_attrs"] or ():
        if attribute["type"].native == "signing_time":
            said: datetime.datetime = attribute["values"][0].native
            return said
    return None
