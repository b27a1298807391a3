"""People with certificates of their own, who sign for real."""

from __future__ import annotations

import asyncio
import datetime
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from asn1crypto import keys
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Authority:
    """Who issues certificates."""

    name: str
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @classmethod
    def create(cls, name: str = "УЦ Пример") -> Authority:
        """Set one up."""
        key = ec.generate_private_key(ec.SECP256R1())
        return cls(name, key, _certificate(name, key, issuer=name, signer=key))

    def written(self, directory: Path) -> Path:
        """Write the certificate where an installation keeps those it trusts."""
        path = directory / "authorities.pem"
        path.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))
        return path

    def signer(
        self,
        name: str,
        until: datetime.datetime | None = None,
        lists_at: str = "",
    ) -> Signer:
        """Issue a certificate to somebody; it may say where its lists of revoked ones are had."""
        key = ec.generate_private_key(ec.SECP256R1())
        issued = _certificate(
            name, key, issuer=self.name, signer=self.key, until=until, lists_at=lists_at
        )
        return Signer(key, issued)

    def revoked(
        self,
        *signers: Signer,
        on: datetime.datetime | None = None,
        at: datetime.datetime | None = None,
        until: datetime.datetime | None = None,
        scope: x509.ExtensionType | None = None,
        by: Authority | None = None,
    ) -> bytes:
        """Draw up the list of revoked certificates, as PEM; `by` forges it with another key."""
        drawn_up = at or now()
        given = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.certificate.subject)
            .last_update(drawn_up)
            .next_update(until or drawn_up + 7 * DAY)
        )
        for signer in signers:
            entry = x509.RevokedCertificateBuilder().serial_number(signer.certificate.serial_number)
            given = given.add_revoked_certificate(entry.revocation_date(on or drawn_up).build())
        if scope is not None:
            given = given.add_extension(scope, critical=True)
        signed = given.sign((by or self).key, hashes.SHA256())
        return signed.public_bytes(serialization.Encoding.PEM)


@dataclass(frozen=True)
class Signer:
    """Somebody who signs."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    def pdf(
        self,
        paper: bytes,
        field: str = "Signature1",
        box: tuple[int, int, int, int] | None = None,
    ) -> bytes:
        """Sign a paper in place; a box is where a stamp is drawn."""
        signed = signers.sign_pdf(
            IncrementalPdfFileWriter(io.BytesIO(paper)),
            signers.PdfSignatureMetadata(field_name=field, subfilter=fields.SigSeedSubFilter.PADES),
            signer=self._pyhanko(),
            new_field_spec=fields.SigFieldSpec(field, box=box),
        )
        return bytes(signed.getvalue())

    def cms(
        self, content: bytes, *, detached: bool = True, at: datetime.datetime | None = None
    ) -> bytes:
        """Sign bytes beside them."""
        attributes = signers.pdf_cms.PdfCMSSignedAttributes(signing_time=at or now())
        message: Any = asyncio.run(
            self._pyhanko().async_sign_general_data(
                content,
                digest_algorithm="sha256",
                detached=detached,
                signed_attr_settings=attributes,
            )
        )
        return bytes(message.dump())

    def _pyhanko(self) -> signers.SimpleSigner:
        return signers.SimpleSigner(
            signing_cert=asn1.Certificate.load(_der(self.certificate)),
            signing_key=keys.PrivateKeyInfo.load(
                self.key.private_bytes(
                    serialization.Encoding.DER,
                    serialization.PrivateFormat.PKCS8,
                    serialization.NoEncryption(),
                )
            ),
            cert_registry=SimpleCertificateStore(),
        )


def now() -> datetime.datetime:
    """Return the time; certificates and signatures need a real one."""
    return datetime.datetime.now(datetime.UTC).replace(microsecond=0)


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)


def _certificate(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    *,
    issuer: str,
    signer: ec.EllipticCurvePrivateKey,
    until: datetime.datetime | None = None,
    lists_at: str = "",
) -> x509.Certificate:
    is_authority = name == issuer
    usage = {
        **dict.fromkeys(("key_encipherment", "data_encipherment", "key_agreement"), False),
        **dict.fromkeys(("encipher_only", "decipher_only"), False),
        "digital_signature": not is_authority,
        "content_commitment": not is_authority,
        "key_cert_sign": is_authority,
        "crl_sign": is_authority,
    }
    certificate = (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now() - 30 * DAY)
        .not_valid_after(until or now() + 30 * DAY)
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
    )
    if lists_at:
        points = [x509.DistributionPoint(addresses(lists_at), None, None, None)]
        certificate = certificate.add_extension(x509.CRLDistributionPoints(points), critical=False)
    return certificate.sign(signer, hashes.SHA256())


def addresses(*urls: str) -> list[x509.UniformResourceIdentifier]:
    """Return where something is to be had, as certificates say it."""
    return [x509.UniformResourceIdentifier(url) for url in urls]


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])
