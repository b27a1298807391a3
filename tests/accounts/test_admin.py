"""The administration pages: read by administrators, written by nobody."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Person
from tests.accounts.pages import of, signed_in

TABLES = [
    "audit_entry",
    "audit_installation",
    "accounts_person",
    "accounts_personname",
    "notifications_outboxmessage",
]


@pytest.mark.parametrize("table", TABLES)
def test_administrators_read_tables_and_change_nothing(
    administrator: Person, keeper: Person, person: Person, desk: Client, table: str
) -> None:
    desk.post(of("invite", person))
    browser = signed_in(administrator)
    rows = browser.get(reverse(f"admin:{table}_changelist"))
    assert rows.status_code == 200
    [first, *_] = rows.context["cl"].result_list
    one = browser.get(reverse(f"admin:{table}_change", args=[first.pk]))
    assert one.status_code == 200
    assert "/invitation/" not in one.text
    assert administrator.password not in one.text

    assert browser.get(reverse(f"admin:{table}_add")).status_code == 403
    assert browser.post(reverse(f"admin:{table}_change", args=[first.pk])).status_code == 403
    assert browser.post(reverse(f"admin:{table}_delete", args=[first.pk])).status_code == 403
    assert desk.get(reverse(f"admin:{table}_changelist")).status_code in {302, 403}


def test_the_administration_pages_have_no_way_in_of_their_own(client: Client) -> None:
    response = client.get(reverse("admin:login"))

    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))
