"""Whether a certificate was revoked: what lists say, and what nobody says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509

from documents import signatures
from documents.papers import in_language
from documents.signatures import Revocation, Trust, examine, sentences
from tests.documents.signers import DAY, Authority, Signer, addresses, now

CONTENT = b"What was agreed.\n"
HERE, ELSEWHERE = "http://ca.example/1.crl", "http://ca.example/2.crl"


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority.create()


@pytest.fixture(scope="module")
def signer(authority: Authority) -> Signer:
    return authority.signer("Лыткина Елена Борисовна", lists_at=HERE)


@pytest.fixture
def ask(authority: Authority, signer: Signer, tmp_path: Path) -> Callable[..., Any]:
    """Return a function that signs and asks some lists."""

    def examined(*lists: bytes, signed_at: Any = None) -> signatures.Found:
        given = tmp_path / "revoked.pem"
        given.write_bytes(b"".join(lists))
        trust = Trust(authority.written(tmp_path), given if lists else None)
        (found,) = examine(CONTENT, signer.cms(CONTENT, at=signed_at), trust)
        return found

    return examined


def test_who_is_on_no_list_is_said_to_be_on_none(authority: Authority, ask: Any) -> None:
    drawn_up = now() - DAY
    found = ask(authority.revoked(authority.signer("Другой"), at=drawn_up))

    assert (found.revocation, found.revocation_at) == (Revocation.NOT_LISTED, drawn_up)
    assert found.valid_from < now() < found.valid_to


def test_a_signature_after_the_revocation_is_refused(
    authority: Authority, signer: Signer, ask: Any
) -> None:
    on = now() - DAY
    listed = authority.revoked(signer, on=on)
    for signed_at in (on, now()):
        with pytest.raises(signatures.CertificateRevoked, match="Лыткина"):
            ask(listed, signed_at=signed_at)

    found = ask(listed, signed_at=on - timedelta(seconds=1))
    assert (found.revocation, found.revocation_at) == (Revocation.LATER, on)


def test_the_newest_list_speaks(authority: Authority, signer: Signer, ask: Any) -> None:
    older, newer = authority.revoked(at=now() - 2 * DAY), authority.revoked(signer, at=now() - DAY)

    for order in ((older, newer), (newer, older)):
        with pytest.raises(signatures.CertificateRevoked):
            ask(*order)


def test_a_list_that_ended_before_the_signing_says_nothing(authority: Authority, ask: Any) -> None:
    ends = now() - 2 * DAY
    ended = authority.revoked(at=ends - DAY, until=ends)

    found = ask(ended, signed_at=now() - DAY)
    assert (found.revocation, found.revocation_at) == (Revocation.OUTDATED, ends)
    assert ask(ended, signed_at=ends).revocation is Revocation.NOT_LISTED


def test_no_list_is_no_answer(paper_lists: list[bytes], authority: Authority, ask: Any) -> None:
    assert ask().revocation is Revocation.NO_LIST
    for not_believed in paper_lists:
        found = ask(not_believed)
        assert (found.revocation, found.revocation_at) == (Revocation.NO_LIST, None)


@pytest.fixture
def paper_lists(authority: Authority, signer: Signer) -> list[bytes]:
    """Return lists that must not be believed, each with the signer on it."""

    def narrowed(**scope: Any) -> x509.IssuingDistributionPoint:
        usual: dict[str, Any] = {
            **dict.fromkeys(("full_name", "relative_name", "only_some_reasons")),
            **dict.fromkeys(("only_contains_user_certs", "only_contains_ca_certs"), False),
            **dict.fromkeys(("indirect_crl", "only_contains_attribute_certs"), False),
        }
        return x509.IssuingDistributionPoint(**{**usual, **scope})

    reasons = frozenset({x509.ReasonFlags.key_compromise})
    return [
        Authority.create("Чужой УЦ").revoked(signer),
        authority.revoked(signer, by=Authority.create()),
        authority.revoked(signer, scope=x509.DeltaCRLIndicator(1)),
        authority.revoked(signer, scope=narrowed(full_name=addresses(ELSEWHERE))),
        authority.revoked(signer, scope=narrowed(only_contains_ca_certs=True)),
        authority.revoked(signer, scope=narrowed(only_some_reasons=reasons)),
        authority.revoked(signer, scope=narrowed(indirect_crl=True)),
    ]


def test_a_list_of_the_certificates_own_address_is_believed(
    authority: Authority, signer: Signer, ask: Any
) -> None:
    scope = x509.IssuingDistributionPoint(
        full_name=addresses(HERE),
        relative_name=None,
        only_contains_user_certs=True,
        only_contains_ca_certs=False,
        only_some_reasons=None,
        indirect_crl=False,
        only_contains_attribute_certs=False,
    )
    with pytest.raises(signatures.CertificateRevoked):
        ask(authority.revoked(signer, scope=scope))


def test_of_an_unknown_issuer_no_list_is_asked(
    authority: Authority, signer: Signer, tmp_path: Path
) -> None:
    lists = tmp_path / "revoked.pem"
    lists.write_bytes(authority.revoked(signer))

    (found,) = examine(CONTENT, signer.cms(CONTENT), Trust(None, lists))
    assert found.revocation is Revocation.NO_ISSUER


def test_what_the_installation_gave_wrongly_is_not_put_down_to_the_sender(
    signer: Signer, tmp_path: Path
) -> None:
    nonsense = tmp_path / "revoked.pem"
    nonsense.write_bytes(b"nonsense")

    with pytest.raises(ValueError, match=r"PEM|pem"):
        examine(CONTENT, signer.cms(CONTENT), Trust(None, nonsense))


NOON = now().replace(year=2026, month=5, day=20, hour=5, minute=0, second=0)
SAID = {
    "not_listed": "В списке отозванных сертификатов его издателя от 20.05.2026 сертификата нет.",
    "later": "Сертификат отозван 20.05.2026, позже указанного подписавшим времени подписания.",
    "no_list": "проверить не удалось: списка его издателя здесь нет.",
    "outdated": "список его издателя действовал до 20.05.2026, а подписавший указывает",
    "no_issuer": "проверить не удалось: его издатель здесь не известен.",
    "unsupported": "Отзыв сертификатов ГОСТ Р 34.10-2012 здесь не проверяется.",
    "": "Отозван ли сертификат, не проверялось.",
}


@pytest.mark.parametrize(("revocation", "words"), SAID.items(), ids=str)
def test_every_finding_is_said_in_both_languages(revocation: str, words: str) -> None:
    facts: dict[str, Any] = {
        "valid_from": NOON - DAY,
        "valid_to": NOON + DAY,
        "kept_at": NOON,
        "revocation": revocation,
        "revocation_at": NOON,
    }
    with in_language("ru"):
        period, said = sentences(signed_at=NOON, **facts)
    assert words in said
    assert period == (
        "Сертификат действует с 19.05.2026, 12:00 по 21.05.2026, 12:00 (время Красноярска); "
        "на указанное подписавшим время подписания он действовал."
    )
    with in_language("en"):
        assert not any(
            "а" <= letter <= "я" for line in sentences(signed_at=None, **facts) for letter in line
        )


def test_without_a_time_of_signing_the_day_of_receipt_is_named() -> None:
    facts: dict[str, Any] = {
        "valid_from": NOON - DAY,
        "valid_to": NOON + DAY,
        "signed_at": None,
        "revocation": "no_list",
        "revocation_at": None,
    }
    with in_language("en"):
        assert "it was valid when" in sentences(kept_at=NOON, **facts)[0]
        assert "it was not valid when" in sentences(kept_at=NOON + 2 * DAY, **facts)[0]
        unknown = {**facts, "valid_from": None, "valid_to": None}
        assert sentences(kept_at=NOON, **unknown)[0] == (
            "The period of the certificate was not noted."
        )


assert {one.value for one in Revocation} | {""} == SAID.keys()
