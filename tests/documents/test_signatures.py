"""Signatures under papers: made with real certificates, judged against the issued bytes."""

from __future__ import annotations

import base64
import io
from datetime import timedelta
from pathlib import Path

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from audit.acts import ActRefused
from documents import printing, signatures
from documents.papers import in_language
from documents.signatures import Standing, Trust, examine, gost
from tests.documents import papers
from tests.documents.signers import Authority, Signer, now

UNKNOWN = Trust()


@pytest.fixture(scope="module")
def paper() -> bytes:
    with in_language("ru"):
        return printing.pdf(papers.protocol().sheet())


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority.create()


@pytest.fixture(scope="module")
def signer(authority: Authority) -> Signer:
    return authority.signer("Лыткина Елена Борисовна")


@pytest.fixture
def trust(authority: Authority, tmp_path: Path) -> Trust:
    return Trust(authority.written(tmp_path))


def test_a_signed_paper_names_its_signer(paper: bytes, signer: Signer, trust: Trust) -> None:
    (found,) = examine(paper, signer.pdf(paper), trust)

    assert (found.standing, found.signer) == (Standing.TRUSTED, "Лыткина Елена Борисовна")
    assert found.issuer == "УЦ Пример"
    assert found.signed_at is not None
    assert abs(found.signed_at - now()) < timedelta(minutes=5)


def test_without_authorities_the_issuer_is_said_to_be_unchecked(
    paper: bytes, signer: Signer
) -> None:
    (found,) = examine(paper, signer.pdf(paper), UNKNOWN)

    assert found.standing is Standing.INTACT


def test_two_sign_one_paper_and_a_stamp_is_drawn(
    paper: bytes, authority: Authority, signer: Signer, trust: Trust
) -> None:
    once = signer.pdf(paper, box=(60, 60, 260, 110))
    twice = authority.signer("Рогожин Андрей Михайлович").pdf(once, "Signature2")

    names = [found.signer for found in examine(paper, twice, trust)]
    assert names == ["Лыткина Елена Борисовна", "Рогожин Андрей Михайлович"]


def test_a_signature_beside_the_paper(paper: bytes, signer: Signer, trust: Trust) -> None:
    der = signer.cms(paper)
    pem = b"-----BEGIN CMS-----\n" + base64.encodebytes(der) + b"-----END CMS-----\n"

    for sent in (der, pem, base64.b64encode(der)):
        (found,) = examine(paper, sent, trust)
        assert (found.standing, found.signer) == (Standing.TRUSTED, "Лыткина Елена Борисовна")


def test_a_signature_of_another_paper_is_refused(paper: bytes, signer: Signer) -> None:
    other = paper.replace(b"%PDF-1.7", b"%PDF-1.6")
    assert other != paper

    for sent in (signer.pdf(other), signer.cms(other)):
        with pytest.raises(signatures.AnotherPaper):
            examine(paper, sent, UNKNOWN)


def test_a_damaged_signature_is_refused(paper: bytes, signer: Signer) -> None:
    der = bytearray(signer.cms(paper))
    der[-3] ^= 1
    signed = bytearray(signer.pdf(paper))
    signed[len(paper) + 20] ^= 1

    with pytest.raises(signatures.SignatureIsBroken):
        examine(paper, bytes(der), UNKNOWN)
    with pytest.raises(ActRefused):
        examine(paper, bytes(signed), UNKNOWN)


def overwritten(paper: bytes) -> bytes:
    """Append another first page to a paper."""
    writer = IncrementalPdfFileWriter(io.BytesIO(paper))
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Contents"] = writer.add_object(
        generic.StreamObject(stream_data=b"BT /F0 40 Tf 100 500 Td (No) Tj ET")
    )
    writer.update_container(page)
    changed = io.BytesIO()
    writer.write(changed)
    return changed.getvalue()


def test_what_is_changed_before_signing_is_found(paper: bytes, signer: Signer) -> None:
    with pytest.raises(signatures.PaperWasChanged):
        examine(paper, signer.pdf(overwritten(paper)), UNKNOWN)


def test_what_is_changed_after_signing_is_found(paper: bytes, signer: Signer) -> None:
    with pytest.raises(signatures.PaperWasChanged):
        examine(paper, overwritten(signer.pdf(paper)), UNKNOWN)


def test_a_stamp_that_hides_the_page_is_refused(paper: bytes, signer: Signer) -> None:
    with pytest.raises(signatures.PaperWasChanged):
        examine(paper, signer.pdf(paper, box=(0, 0, 595, 842)), UNKNOWN)


def test_an_unknown_issuer_is_refused_where_authorities_are_known(
    paper: bytes, trust: Trust
) -> None:
    stranger = Authority.create("Чужой УЦ").signer("Лыткина Елена Борисовна")

    for sent in (stranger.pdf(paper), stranger.cms(paper)):
        with pytest.raises(signatures.IssuerNotTrusted, match="Лыткина"):
            examine(paper, sent, trust)


def test_a_certificate_that_had_expired_is_refused(paper: bytes, authority: Authority) -> None:
    expired = authority.signer("Лыткина Елена Борисовна", until=now() - timedelta(days=2))

    for sent in (expired.pdf(paper), expired.cms(paper)):
        with pytest.raises(signatures.CertificateNotValidThen):
            examine(paper, sent, UNKNOWN)
    # The same certificate, used in time.
    in_time = expired.cms(paper, at=now() - timedelta(days=3))
    assert examine(paper, in_time, UNKNOWN)[0].standing is Standing.INTACT


def test_an_enveloping_signature_is_refused(paper: bytes, signer: Signer) -> None:
    with pytest.raises(signatures.SignatureNotDetached):
        examine(paper, signer.cms(paper, detached=False), UNKNOWN)


NONSENSE = [b"", b"\x30", b"\x30\x80\x06\x09", b"hello", b"%PDF-", b"MIIB", b"\xff" * 1000]


@pytest.mark.parametrize("sent", NONSENSE)
def test_nonsense_is_no_signature(paper: bytes, sent: bytes) -> None:
    with pytest.raises((signatures.NotASignature, signatures.AnotherPaper)):
        examine(paper, sent, UNKNOWN)


def test_a_paper_that_nobody_signed_is_no_signature(paper: bytes) -> None:
    for sent in (paper, paper + b"\n% nothing\n"):
        with pytest.raises(signatures.NotASignature):
            examine(paper, sent, UNKNOWN)


def test_no_damage_breaks_more_than_the_signature(paper: bytes, signer: Signer) -> None:
    for good, begins in ((signer.pdf(paper), len(paper)), (signer.cms(paper), 0)):
        step = max(1, (len(good) - begins) // 60)
        for place in range(begins, len(good), step):
            bad = bytearray(good)
            bad[place] ^= 0x55
            try:
                examine(paper, bytes(bad), UNKNOWN)
            except ActRefused:
                continue


# --- ГОСТ ------------------------------------------------------------------------------------

GOST_CONTENT = b"What was agreed.\n"
GOST_SIGNATURE = Path(__file__).with_name("gost.sig")
"""Made by `openssl cms` with its ГОСТ engine, by an invented signer; see `gost.md`."""


def test_a_gost_signature_is_checked_where_the_engine_is() -> None:
    (found,) = examine(GOST_CONTENT, GOST_SIGNATURE.read_bytes(), UNKNOWN)

    assert found.signer == "Пример Подписант"
    assert found.algorithm == "gost_r_34.10"
    assert found.standing is (Standing.INTACT if gost.program() else Standing.NOT_CHECKED)


def test_a_gost_signature_of_other_bytes_is_never_said_to_hold() -> None:
    if gost.program():
        with pytest.raises(signatures.SignatureIsBroken):
            examine(b"Something else.\n", GOST_SIGNATURE.read_bytes(), UNKNOWN)
    else:
        (found,) = examine(b"Something else.\n", GOST_SIGNATURE.read_bytes(), UNKNOWN)
        assert found.standing is Standing.NOT_CHECKED


def test_without_the_engine_nothing_is_claimed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    gost.program.cache_clear()
    try:
        (found,) = examine(GOST_CONTENT, GOST_SIGNATURE.read_bytes(), UNKNOWN)
    finally:
        monkeypatch.undo()
        gost.program.cache_clear()
    assert found.standing is Standing.NOT_CHECKED
