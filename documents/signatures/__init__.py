"""Signatures under printed papers: what was signed, by whom, when, and what could be checked.

A signature comes as the paper signed in place (PAdES) or as a file beside it (detached CMS). It is
checked against exactly the bytes that were issued. Nothing here knows a table or a person.
"""

from .examination import examine
from .found import Found, Standing, Trust
from .refusals import (
    AnotherPaper,
    CertificateNotValidThen,
    CertificateRevoked,
    IssuerNotTrusted,
    NotASignature,
    PaperWasChanged,
    SignatureIsBroken,
    SignatureNotDetached,
    SignatureUnsupported,
)
from .revocation import Revocation
from .sentences import sentences

__all__ = [
    "AnotherPaper",
    "CertificateNotValidThen",
    "CertificateRevoked",
    "Found",
    "IssuerNotTrusted",
    "NotASignature",
    "PaperWasChanged",
    "Revocation",
    "SignatureIsBroken",
    "SignatureNotDetached",
    "SignatureUnsupported",
    "Standing",
    "Trust",
    "examine",
    "sentences",
]
