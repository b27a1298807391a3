"""Examine a file that somebody sends as the signature under a paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptography.exceptions import UnsupportedAlgorithm
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.general import SigningError
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko_certvalidator.errors import ValidationError

from . import detached, pades, refusals

if TYPE_CHECKING:
    from .found import Found, Trust

MALFORMED = (
    *(ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError),
    *(RecursionError, NotImplementedError),
)
"""What parsers raise about bytes that are none of theirs."""
UNFIT = (SignatureValidationError, ValidationError, SigningError, PdfError, UnsupportedAlgorithm)
"""What pyhanko raises about a signature that it cannot judge."""


def examine(paper: bytes, sent: bytes, trust: Trust) -> tuple[Found, ...]:
    """Return the signatures in a file, each of which fits the paper or could not be checked.

    Args:
        paper: exactly the bytes that were issued.
        sent: the signed PDF, or a detached CMS signature in DER, PEM or Base64.

    Raises:
        NotASignature, AnotherPaper, PaperWasChanged, SignatureIsBroken, SignatureNotDetached,
        SignatureUnsupported, IssuerNotTrusted, CertificateNotValidThen, CertificateRevoked: what
            is wrong, and what would be right. Nothing else is raised, whatever the file holds.
        OSError, ValueError: what the installation trusts cannot be read.
    """
    # Before anything of the sender's is looked at, so that a fault of ours is not put down to it.
    trust.certificates(), trust.revocation_lists()
    try:
        if sent.startswith(b"%PDF-"):
            return pades.examine(paper, sent, trust)
        return (detached.examine(paper, sent, trust),)
    except UNFIT as unfit:
        raise refusals.SignatureUnsupported(algorithm=type(unfit).__name__) from unfit
    except MALFORMED as malformed:
        raise refusals.SignatureIsBroken from malformed
