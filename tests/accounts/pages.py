"""What the tests of pages share."""

from django.test import Client
from django.urls import reverse

from accounts.models import Person


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def of(name: str, person: Person) -> str:
    return reverse(f"accounts:{name}", args=[person.uid])
