"""The papers of the demonstration: every kind comes out of the record, is issued and signed."""

from __future__ import annotations

from typing import Any

import pypdfium2 as pdfium
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import Person
from audit.clock import now
from audit.models import Entry
from demonstration.models import Play
from documents.papers import Kind
from governance import acts, refusals, services
from governance.authority import NotAuthorised
from governance.models import IssuedPaper, PaperFile, PaperSignature, Protocol
from governance.papers import issued_to, source_of, sources
from governance.services.papers import printed
from licensing.models import RequirementVersion
from negotiation.models import Matter
from negotiation.papers import issued_about
from tests.documents.signers import Authority

pytestmark = pytest.mark.usefixtures("played")

SIGN_IN = "allauth.account.auth_backends.AuthenticationBackend"


def person(code: str) -> Person:
    return Person.objects.get(uid=Play.objects.get().people[code])


def visitor(code: str) -> Client:
    browser = Client()
    browser.force_login(person(code), backend=SIGN_IN)
    return browser


def text_of(pdf: bytes) -> str:
    with pdfium.PdfDocument(pdf) as file:
        pages = [page.get_textpage().get_text_bounded() for page in file]
    return " ".join(" ".join(pages).replace("\u200b", "").split())


def one_of(kind: Kind) -> Any:
    row = source_of(kind).rows(person("P-SEC")).order_by("pk").first()
    assert row is not None
    return row


def minutes() -> tuple[Protocol, PaperFile]:
    """Return minutes that were issued when they were published, and their Russian file."""
    file = PaperFile.objects.filter(language="ru", format="pdf", paper__kind=Kind.PROTOCOL)
    first = file.select_related("paper").earliest("pk")
    return Protocol.objects.get(uid=first.paper.subject_uid), first


EXPECTED = {
    Kind.AGENDA: ("ПОВЕСТКА ДНЯ", "оформлен", "не более 4 обучающихся на станок"),
    Kind.PROTOCOL: ("ПРОТОКОЛ", "опубликован", "Воздержались: Немирова Татьяна Юрьевна (EMP-4)"),
    Kind.EXTRACT: ("ВЫПИСКА ИЗ ПРОТОКОЛА", "опубликован", "Выписка верна"),
    Kind.PUBLISHED_EXTRACT: ("ИЗВЛЕЧЕНИЕ ИЗ ПРОТОКОЛА", "опубликован", "Присутствовало мест"),
    Kind.APPROVAL_SHEET: ("ЛИСТ СОГЛАСОВАНИЯ", "оформлен", "учесть индексацию"),
    Kind.COMMENT_SUMMARY: ("СВОДКА ЗАМЕЧАНИЙ И ПРЕДЛОЖЕНИЙ", "оформлен", "Всего подано: 52."),
    Kind.DISAGREEMENTS: ("ПРОТОКОЛ РАЗНОГЛАСИЙ", "подписан", "Нет расходного обязательства края"),
    Kind.DISSENT: ("ОСОБОЕ МНЕНИЕ", "опубликован", "пятиосевом станке"),
    Kind.ORDER: ("ПРИКАЗ", "опубликован", "вступает в силу с 1 сентября 2026 г."),
}


def test_every_kind_has_a_source() -> None:
    assert [source.kind for source in sources()] == list(Kind)


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_is_generated_in_both_languages(kind: Kind) -> None:
    source, row = source_of(kind), one_of(kind)
    name, status, words = EXPECTED[kind]

    russian = text_of(printed(source.paper(row), "ru", "pdf"))
    assert name in russian
    assert f"Статус документа: {status}" in russian
    assert words in russian
    assert "Демонстрация: люди и события вымышлены" in russian
    assert "Status of the document" in text_of(printed(source.paper(row), "en", "pdf"))


def test_every_row_of_every_kind_makes_a_paper() -> None:
    secretary = person("P-SEC")
    made = {
        source.kind: [source.paper(row).sheet() for row in source.rows(secretary)]
        for source in sources()
    }
    assert all(made.values())
    assert len(made[Kind.EXTRACT]) > 30


def test_issued_files_are_the_record_s_and_the_same_again() -> None:
    protocol, file = minutes()
    entry = Entry.objects.of_types(acts.PAPER_ISSUED).of_subject(file.paper).get()

    assert entry.facts["files"]["ru_pdf"] == file.sha256
    assert printed(source_of(Kind.PROTOCOL).paper(protocol), "ru", "pdf") == bytes(file.content)
    with pytest.raises(refusals.PaperUnchanged):
        services.issue_paper(
            source=source_of(Kind.PROTOCOL), subject=protocol, actor=person("P-SEC"), at=now()
        )


def test_a_vote_changed_in_the_data_changes_the_file() -> None:
    protocol, file = minutes()
    vote = protocol.content["ballots"][0]["votes"][0]
    vote["choice"] = "against" if vote["choice"] == "for" else "for"

    assert printed(source_of(Kind.PROTOCOL).paper(protocol), "ru", "pdf") != bytes(file.content)


def test_a_paper_is_issued_by_its_officers_only() -> None:
    for code in ("P-EMP-2", "P-AUDIT"):
        with pytest.raises(NotAuthorised):
            services.issue_paper(
                source=source_of(Kind.AGENDA),
                subject=one_of(Kind.AGENDA),
                actor=person(code),
                at=now(),
            )
    issued = services.issue_paper(
        source=source_of(Kind.AGENDA),
        subject=one_of(Kind.AGENDA),
        actor=person("P-SEC"),
        at=now(),
    )
    assert (issued.edition, issued.files.count()) == (1, 4)


@pytest.fixture
def signed() -> tuple[PaperFile, bytes, bytes]:
    """Return a file, and two real signatures: in the paper and beside it."""
    _, file = minutes()
    signer = Authority.create().signer("Рогожин Андрей Михайлович")
    return file, signer.pdf(bytes(file.content)), signer.cms(bytes(file.content))


def test_signatures_come_through_the_page(signed: tuple[PaperFile, bytes, bytes]) -> None:
    file, *sent = signed
    address = reverse("governance:sign_paper", args=[file.uid])
    page = reverse("governance:paper", args=[Kind.PROTOCOL, file.paper.subject_uid])
    browser = visitor("P-SEC")

    for content in sent:
        answer = browser.post(address, {"signed": SimpleUploadedFile("signed", content)})
        assert (answer.status_code, answer.headers["Location"]) == (302, page)
    again = browser.post(address, {"signed": SimpleUploadedFile("signed", sent[0])})
    assert (again.status_code, "уже сохранена" in again.text) == (422, True)

    shown = browser.get(page).text
    assert shown.count("<strong>Рогожин Андрей Михайлович</strong>") == 2
    assert "подлинна; издатель сертификата здесь не проверялся" in shown
    kept = PaperSignature.objects.order_by("pk").last()
    assert kept is not None
    entry = Entry.objects.of_types(acts.PAPER_SIGNATURE_KEPT).of_subject(kept).get()
    assert (entry.facts["file_sha256"], entry.actor_uid) == (file.sha256, person("P-SEC").uid)
    download = browser.get(reverse("governance:paper_signature", args=[kept.uid]))
    assert download.content == sent[1]


def test_what_is_no_signature_of_the_paper_is_refused_with_words(
    signed: tuple[PaperFile, bytes, bytes],
) -> None:
    file, _, beside = signed
    address = reverse("governance:sign_paper", args=[file.uid])
    english = PaperFile.objects.get(paper=file.paper, language="en", format="pdf")
    browser = visitor("P-SEC")

    for content, where, words in (
        (b"nonsense", address, "В файле нет подписи"),
        (beside, reverse("governance:sign_paper", args=[english.uid]), "Подписан не этот документ"),
        (b"", address, "Файл пуст"),
    ):
        answer = browser.post(where, {"signed": SimpleUploadedFile("signed", content)})
        assert (answer.status_code, words in answer.text) == (422, True)
    assert browser.post(address).status_code == 422
    assert not PaperSignature.objects.exists()


def test_downloads_have_their_type_and_name() -> None:
    _, file = minutes()
    browser = visitor("P-EMP-1")

    answer = browser.get(reverse("governance:paper_file", args=[file.uid]))
    assert answer.content == bytes(file.content)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert ".pdf" in answer.headers["Content-Disposition"]
    now_ = reverse(
        "governance:paper_now", args=[Kind.PROTOCOL, file.paper.subject_uid, "en", "docx"]
    )
    assert browser.get(now_).content.startswith(b"PK")


LISTS = ("negotiation:papers", "governance:body", "governance:papers")


def test_issued_papers_stand_where_one_looks_for_them() -> None:
    protocol, file = minutes()
    matter = Matter.objects.get(code="ЛТ-МШ-05")
    uids = {"negotiation": matter.uid, "governance": matter.body.uid}
    addresses = [reverse(name, args=[uids[name.partition(":")[0]]]) for name in LISTS]
    paper = reverse("governance:paper", args=[Kind.PROTOCOL, protocol.uid])

    for address in (*addresses, reverse("governance:meeting", args=[protocol.meeting.uid])):
        shown = visitor("P-EMP-1").get(address).text
        assert f'href="{paper}"' in shown
        assert file.sha256 in shown
        assert "опубликован · выпуск 1" in shown
    for address in addresses:
        assert visitor("P-VISA-LAW").get(address).status_code == 404


def test_of_each_paper_the_last_edition_is_listed_to_those_who_may_see_it() -> None:
    version = RequirementVersion.objects.filter(approved_at__isnull=False).earliest("pk")
    protocol, _ = minutes()
    slip = {"ground": "misprint", "place": "п. 1", "was": "а", "becomes": "б", "reason": "описка"}
    correction = services.correct_protocol(
        protocol=protocol, actor=person("P-SEC"), at=now(), **slip
    )
    services.agree_correction(correction=correction, actor=person("P-COORD"), at=now())
    assert issue(Kind.PROTOCOL, protocol).edition == 2
    for kind in (Kind.EXTRACT, Kind.DISSENT):
        issue(kind, one_of(kind))
    issue(Kind.ORDER, version)

    about = issued_about(version.requirement_set.matter, person("P-EMP-1"))
    found = {(paper.kind, paper.subject_uid): paper for paper in about}
    assert found[Kind.PROTOCOL, protocol.uid].edition == 2
    assert found[Kind.ORDER, version.uid].name_ru == source_of(Kind.ORDER).name(version)
    assert issued_to(person("P-EMP-1")).count() == IssuedPaper.objects.last_editions().count()
    # Whoever gives visas to the version sees its papers, and nothing of the table.
    assert {paper.kind for paper in issued_to(person("P-VISA-LAW"))} == {Kind.ORDER}


def issue(kind: Kind, row: Any) -> IssuedPaper:
    """Issue a paper as its secretary does."""
    return services.issue_paper(
        source=source_of(kind), subject=row, actor=person("P-SEC"), at=now()
    )


def test_everybody_reads_what_was_published_and_nothing_else() -> None:
    protocol, full = minutes()
    extract = IssuedPaper.objects.get(kind=Kind.PUBLISHED_EXTRACT, subject_uid=protocol.uid)
    page = reverse("web:published", args=[extract.kind, protocol.uid])
    anybody = Client()

    assert page in anybody.get(reverse("web:published_list")).text
    shown = anybody.get(page).text
    assert protocol.sha256 in shown
    people = {vote["name_ru"] for ballot in protocol.content["ballots"] for vote in ballot["votes"]}
    for file in extract.files.all():
        assert file.sha256 in shown
        address = reverse("web:published_file", args=[file.uid])
        assert anybody.get(address).content == bytes(file.content)
    said = text_of(bytes(extract.files.get(language="ru", format="pdf").content))
    assert page in said.replace(" ", "")
    assert [name for name in people if name in shown or name in said] == []
    # The paper of the full minutes leads there too, and is nobody's business outside.
    assert page in text_of(bytes(full.content)).replace(" ", "")
    for address in (
        reverse("web:published", args=[Kind.PROTOCOL, protocol.uid]),
        reverse("web:published_file", args=[full.uid]),
        reverse("web:published", args=["nonsense", protocol.uid]),
    ):
        assert anybody.get(address).status_code == 404
    with pytest.raises(refusals.PaperNotPublic):
        services.publish_paper(paper=full.paper, subject=protocol, actor=person("P-SEC"), at=now())


def test_an_order_is_opened_to_everybody_by_an_act_of_its_own() -> None:
    version = RequirementVersion.objects.filter(published_at__isnull=False).earliest("pk")
    issued = issue(Kind.ORDER, version)
    page = reverse("web:published", args=[Kind.ORDER, version.uid])
    act = reverse("governance:publish_paper", args=[Kind.ORDER, version.uid, issued.edition])

    assert Client().get(page).status_code == 404
    assert visitor("P-EMP-1").get(act).status_code == 404
    assert visitor("P-SEC").post(act).status_code == 302
    assert Client().get(page).status_code == 200
    assert Entry.objects.of_types(acts.PAPER_PUBLISHED).of_subject(issued).exists()
    again = visitor("P-SEC").post(act)
    assert (again.status_code, "уже открыт для всех" in again.text) == (422, True)


def test_what_is_forbidden_looks_like_what_is_absent() -> None:
    _, file = minutes()
    known = file.paper.subject_uid
    addresses = [
        reverse("governance:paper", args=[Kind.PROTOCOL, known]),
        reverse("governance:paper_file", args=[file.uid]),
        reverse("governance:paper_now", args=[Kind.PROTOCOL, known, "ru", "pdf"]),
        reverse("governance:issue_paper", args=[Kind.PROTOCOL, known]),
        reverse("governance:sign_paper", args=[file.uid]),
    ]
    # Whoever gives visas sits at no table.
    stranger, member = visitor("P-VISA-LAW"), visitor("P-EMP-1")

    assert [stranger.get(address).status_code for address in addresses] == [404] * 5
    assert [member.get(address).status_code for address in addresses[:3]] == [200] * 3
    assert member.get(addresses[3]).status_code == 404
    for kind, uid, language, format_ in (
        ("nonsense", known, "ru", "pdf"),
        (Kind.AGENDA, known, "ru", "pdf"),
        (Kind.PROTOCOL, known, "de", "pdf"),
        (Kind.PROTOCOL, known, "ru", "exe"),
    ):
        address = reverse("governance:paper_now", args=[kind, uid, language, format_])
        assert member.get(address).status_code == 404
    assert Client().get(addresses[0]).status_code == 302


@pytest.mark.parametrize("model", [IssuedPaper, PaperFile])
def test_an_issued_paper_stays_as_it_is(model: Any) -> None:
    row = model.objects.earliest("pk")
    for change in (model.objects.filter(pk=row.pk).delete, lambda: _touch(model, row)):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def _touch(model: Any, row: Any) -> None:
    field = "status" if model is IssuedPaper else "sha256"
    model.objects.filter(pk=row.pk).update(**{field: "0" * 5})
