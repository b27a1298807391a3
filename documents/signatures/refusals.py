"""Why a file is not taken as a signature under a paper."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from audit.acts import ActRefused


class NotASignature(ActRefused):
    message = _(
        "This file holds no signature. Send the signed PDF, or a detached signature (.sig, .p7s)."
    )
    code = "not_a_signature"


class AnotherPaper(ActRefused):
    message = _(
        "What was signed is not this paper. Download the paper again, sign that very file without "
        "saving it anew, and send the result."
    )
    code = "another_paper"


class PaperWasChanged(ActRefused):
    message = _(
        "The PDF was changed besides being signed. Sign the file as it was issued and add nothing "
        "but the signature."
    )
    code = "paper_was_changed"


class SignatureIsBroken(ActRefused):
    message = _("The signature does not fit the paper: it is damaged or was made for other bytes.")
    code = "signature_is_broken"


class SignatureNotDetached(ActRefused):
    message = _("The signature carries a document within. Make a detached signature and send it.")
    code = "signature_not_detached"


class SignatureUnsupported(ActRefused):
    message = _(
        "The signature is made in a way that is not supported here (%(algorithm)s). Sign with RSA, "
        "ECDSA or GOST R 34.10-2012, one signature in a file."
    )
    code = "signature_unsupported"


class IssuerNotTrusted(ActRefused):
    message = _(
        "The certificate of %(signer)s was not issued by an authority that is trusted here. Sign "
        "with a certificate of a trusted authority."
    )
    code = "issuer_not_trusted"


class CertificateNotValidThen(ActRefused):
    message = _(
        "The certificate of %(signer)s was not valid at the time of signing. Sign with one that is."
    )
    code = "certificate_not_valid_then"


class CertificateRevoked(ActRefused):
    message = _(
        "The certificate of %(signer)s was revoked on %(day)s, and the signature was not made "
        "before. Sign with one that is in force."
    )
    code = "certificate_revoked"
