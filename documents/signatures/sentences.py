"""What is known of the certificate of a kept signature, in words, and what is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import pgettext

from documents.papers.words import moment, short_day

from .revocation import Revocation

if TYPE_CHECKING:
    import datetime


def sentences(
    *,
    valid_from: datetime.datetime | None,
    valid_to: datetime.datetime | None,
    signed_at: datetime.datetime | None,
    kept_at: datetime.datetime,
    revocation: str,
    revocation_at: datetime.datetime | None,
) -> tuple[str, ...]:
    """Say whether the certificate was valid when it signed, and whether it was revoked.

    Args:
        valid_from, valid_to: the period of the certificate; None of a signature that was kept
            before periods were.
        signed_at: what the signer says; nobody else vouches for it, and the sentence says so.
        kept_at: when the signature was handed in, which is all that is known without `signed_at`.
        revocation: a `Revocation`; empty of a signature that was kept before anybody asked.
        revocation_at: the date of the finding, see `revocation.Finding`.
    """
    return (
        _period(valid_from, valid_to, signed_at, kept_at),
        _revocation(revocation, revocation_at),
    )


def _period(
    valid_from: datetime.datetime | None,
    valid_to: datetime.datetime | None,
    signed_at: datetime.datetime | None,
    kept_at: datetime.datetime,
) -> str:
    if valid_from is None or valid_to is None:
        return pgettext("signature", "The period of the certificate was not noted.")
    period = pgettext(
        "signature", "The certificate is valid from %(begins)s to %(ends)s, Krasnoyarsk time"
    ) % {"begins": moment(valid_from), "ends": moment(valid_to)}
    if signed_at is not None:
        said = pgettext("signature", "it was valid at the time of signing that the signer states.")
    elif valid_from <= kept_at <= valid_to:
        said = pgettext(
            "signature",
            "the signer states no time, and it was valid when the signature was handed in.",
        )
    else:
        said = pgettext(
            "signature",
            "the signer states no time, and it was not valid when the signature was handed in.",
        )
    return f"{period}; {said}"


def _revocation(revocation: str, at: datetime.datetime | None) -> str:
    said = {
        "": pgettext("signature", "Whether the certificate was revoked was not asked."),
        Revocation.NOT_LISTED: pgettext(
            "signature", "The certificate is not on its issuer's list of revoked ones of %(day)s."
        ),
        Revocation.LATER: pgettext(
            "signature",
            "The certificate was revoked on %(day)s, after the time of signing that the signer "
            "states.",
        ),
        Revocation.NO_LIST: pgettext(
            "signature",
            "Whether the certificate was revoked could not be checked: no list of its issuer was "
            "given here.",
        ),
        Revocation.OUTDATED: pgettext(
            "signature",
            "Whether the certificate was revoked could not be checked: the list of its issuer "
            "that was given here held until %(day)s, and the signer states a later time.",
        ),
        Revocation.NO_ISSUER: pgettext(
            "signature",
            "Whether the certificate was revoked could not be checked: its issuer is not known "
            "here.",
        ),
        Revocation.UNSUPPORTED: pgettext(
            "signature",
            "Whether the certificate was revoked is not checked here for GOST R 34.10-2012.",
        ),
    }[revocation]
    return said % {"day": short_day(at) if at else ""}
