"""The ways in, over HTTP: an empty installation, an invitation, a password."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts import services
from accounts.models import Person
from notifications.models import OutboxMessage
from tests.accounts.pages import of, signed_in
from tests.accounts.test_people import last

PASSWORD = "battery staple 9"


FIRST = {
    "name_ru": "Рогожин Андрей Михайлович",
    "name_en": "Rogozhin A. M.",
    "email": "rogozhin@example.org",
    "language": "ru",
    "password1": PASSWORD,
    "password2": PASSWORD,
}


@pytest.mark.django_db
def test_an_empty_installation_is_opened_on_a_page(client: Client) -> None:
    page = reverse("accounts:first_administrator")
    assert client.get(reverse("account_login"))["Location"] == page
    assert client.get(page).status_code == 200

    assert client.post(page, FIRST)["Location"] == "/"
    administrator = Person.objects.get()
    assert services.is_administrator(administrator)
    assert client.get(reverse("accounts:people")).status_code == 200

    # The page existed only then.
    assert client.get(page).status_code == 404
    assert Client().post(page, FIRST | {"email": "other@example.org"}).status_code == 404
    assert Client().get(reverse("account_login")).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        {"password2": "another"},
        {"password1": "12345678", "password2": "12345678"},
        {"password1": "rogozhin@example.org", "password2": "rogozhin@example.org"},
        {"email": ""},
        {"name_ru": ""},
    ],
    ids=["not the same", "guessable", "like the address", "no address", "no name"],
)
def test_the_first_administrator_is_judged_by_the_form(
    client: Client, change: dict[str, str]
) -> None:
    response = client.post(reverse("accounts:first_administrator"), FIRST | change)

    assert response.status_code == 422
    assert not Person.objects.exists()


def invited(desk: Client, person: Person) -> str:
    """Invite, deliver the mail, and return the link in the letter."""
    from django.core import mail  # noqa: PLC0415 -- its outbox exists in tests only

    desk.post(of("invite", person))
    call_command("deliver_mail", verbosity=0)
    [line] = [line for line in mail.outbox[-1].body.splitlines() if "/invitation/" in line]
    return line.removeprefix("http://127.0.0.1:8000")


def test_an_invited_person_comes_in(desk: Client, person: Person, client: Client) -> None:
    link = invited(desk, person)
    shown = client.get(link)
    assert shown.status_code == 200
    assert "petrova@example.org" in shown.text

    response = client.post(link, {"password1": PASSWORD, "password2": PASSWORD})
    assert response["Location"] == "/"
    assert client.get(reverse("account_change_password")).status_code == 200
    assert last(person).type == "accounts.invitation_accepted"

    # And later with the password, in another browser.
    browser = Client()
    signing_in = {"login": "Petrova@example.org", "password": PASSWORD}
    assert browser.post(reverse("account_login"), signing_in)["Location"] == "/"


def test_a_used_link_says_so(desk: Client, person: Person) -> None:
    link = invited(desk, person)
    Client().post(link, {"password1": PASSWORD, "password2": PASSWORD})

    for response in (Client().get(link), Client().post(link, {"password1": "a", "password2": "a"})):
        assert response.status_code == 410
        assert "Это приглашение уже использовано." in response.text
        assert reverse("account_login") in response.text


def test_an_expired_link_says_so(desk: Client, person: Person) -> None:
    link = invited(desk, person)
    # Eight days have passed: the link was made by the same rules, only earlier.
    from accounts import invitations  # noqa: PLC0415

    person.refresh_from_db()
    person.invited_at -= timedelta(days=8)
    person.save(update_fields=["invited_at"])
    response = Client().get(invitations.link(person).removeprefix("http://127.0.0.1:8000"))

    assert response.status_code == 410
    assert "Срок приглашения истёк." in response.text
    # The letter's own link names another instant: it was replaced.
    assert "более новое приглашение" in Client().get(link).text


@pytest.mark.django_db
def test_a_link_that_names_nobody_says_so(client: Client) -> None:
    response = client.get(reverse("accounts:invitation", args=[uuid4(), "5f:abc"]))

    assert response.status_code == 410
    assert "Эта ссылка не является приглашением." in response.text


def test_a_weak_password_is_refused_with_words(desk: Client, person: Person) -> None:
    link = invited(desk, person)
    for password in ("12345678", "petrova@example.org", ""):
        response = Client().post(link, {"password1": password, "password2": password})
        assert response.status_code == 422
    person.refresh_from_db()
    assert person.state == "invited"


def test_who_is_not_active_cannot_sign_in(
    client: Client, member: Person, person: Person, administrator: Person, at: datetime
) -> None:
    signing_in = {"login": member.email, "password": PASSWORD}
    wrong = client.post(reverse("account_login"), signing_in | {"password": "wrong"})
    assert wrong.status_code == 200
    assert "_auth_user_id" not in client.session

    services.block_person(person=member, actor=administrator, at=at)
    response = client.post(reverse("account_login"), signing_in, follow=True)
    assert "_auth_user_id" not in client.session
    assert "Войти нельзя" in response.text


def test_nobody_signs_up_and_nobody_changes_an_address_alone(member: Person) -> None:
    browser = signed_in(member)

    assert Client().get("/accounts/signup/").status_code in {301, 302}
    assert Client().post("/accounts/signup/", {"email": "x@example.org"}).status_code in {301, 302}
    assert browser.get("/accounts/email/").status_code == 404
    assert browser.post("/accounts/email/", {"email": "x@example.org"}).status_code == 404
    assert browser.get("/accounts/confirm-email/abc/").status_code == 404
    assert not Person.objects.filter(email="x@example.org").exists()


def test_a_forgotten_password_is_set_anew_by_mail(member: Person) -> None:
    from django.core import mail  # noqa: PLC0415

    browser = Client()
    browser.post(reverse("account_reset_password"), {"email": member.email})
    message = OutboxMessage.objects.get(recipient_uid=member.uid, kind="password_reset_key")
    assert message.sent_at is None
    assert message.subject == "Новый пароль в системе «Вече»"
    call_command("deliver_mail", verbosity=0)
    [link] = [word for word in mail.outbox[-1].body.split() if "/password/reset/key/" in word]

    page = browser.get(link.removeprefix("http://testserver"), follow=True)
    assert page.status_code == 200
    form = page.redirect_chain[-1][0]
    new = {"password1": "another word 41", "password2": "another word 41"}
    assert browser.post(form, new, follow=True).status_code == 200

    member.refresh_from_db()
    assert member.check_password("another word 41")
    assert last(member).type == "accounts.password_changed"
    # The link works once.
    assert (
        "Эта ссылка не действует"
        in Client().get(link.removeprefix("http://testserver"), follow=True).text
    )


def test_a_letter_goes_to_nobody_who_is_unknown_or_not_active(
    client: Client, person: Person, administrator: Person
) -> None:
    for address in ("nobody@example.org", person.email):
        response = client.post(reverse("account_reset_password"), {"email": address}, follow=True)
        # The same answer for everybody: it tells nobody who is registered.
        assert "Ссылка отправляется" in response.text
    assert not OutboxMessage.objects.exists()


def test_a_password_is_changed_by_its_owner_and_the_session_stays(member: Person) -> None:
    browser = signed_in(member)
    page = reverse("account_change_password")
    new = {"password1": "another word 41", "password2": "another word 41"}
    assert browser.post(page, {"oldpassword": PASSWORD} | new).status_code == 302

    assert browser.get(page).status_code == 200
    member.refresh_from_db()
    assert member.check_password("another word 41")
    assert last(member).type == "accounts.password_changed"


def test_everybody_sees_what_is_known_about_them(member: Person) -> None:
    assert Client().get(reverse("accounts:me")).status_code == 302
    shown = signed_in(member).get(reverse("accounts:me")).text

    assert member.email in shown
    assert reverse("account_change_password") in shown
    # What is switched off is not offered.
    assert reverse("mfa_index") not in shown
    assert reverse("socialaccount_connections") not in shown


def test_the_language_of_letters_is_chosen(member: Person) -> None:
    browser, page = signed_in(member), reverse("accounts:language")

    assert Client().post(page, {"language": "en"}).status_code == 302
    assert browser.post(page, {"language": "en"})["Location"] == reverse("accounts:me")
    member.refresh_from_db()
    assert member.language == "en"
    assert browser.post(page, {"language": "en"}).status_code == 422
    assert browser.post(page, {"language": "de"}).status_code == 422


def test_a_session_is_listed_where_it_was_opened(desk: Client, person: Person) -> None:
    link = invited(desk, person)
    browser = Client(headers={"user-agent": "Browser of Petrova"})
    browser.post(link, {"password1": PASSWORD, "password2": PASSWORD})

    assert "Browser of Petrova" in browser.get(reverse("usersessions_list")).text


def test_signing_out_asks_first(member: Person) -> None:
    browser = signed_in(member)

    assert browser.get(reverse("account_logout")).status_code == 200
    assert "_auth_user_id" in browser.session
    browser.post(reverse("account_logout"))
    assert "_auth_user_id" not in browser.session
