import signal
import socket
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import uuid4

import pytest
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend as EmailBackend
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from audit import clock
from notifications import services
from notifications.models import OutboxMessage
from notifications.services import LEASE, WAITS, Delivery
from tests.connections import at_once
from tests.notifications.mail_server import MailServer, mail_server

TEXT = "Здравствуйте!\n.\nСсылка: http://127.0.0.1:8000/secret-link/\n"


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    with mail_server() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.host, server.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.DEFAULT_FROM_EMAIL = "Вече <veche@example.org>"
        yield server


def queue(at: datetime, **other: Any) -> OutboxMessage:
    with transaction.atomic():
        return services.queue_message(
            **{
                "recipient_uid": uuid4(),
                "address": "petrova@example.org",
                "kind": "invitation",
                "subject": "Приглашение",
                "body": TEXT,
                "language": "ru",
                "key": str(uuid4()),
                "at": at,
                **other,
            }
        )


def due_now(message: OutboxMessage) -> None:
    """Let the waiting of a message be over."""
    OutboxMessage.objects.filter(pk=message.pk).update(next_attempt_at=clock.now())


def test_a_letter_is_sent_and_its_text_forgotten(server: MailServer, at: datetime) -> None:
    message = queue(at)

    assert services.deliver() == Delivery(sent=1)

    [letter] = server.letters
    assert letter["Subject"] == "Приглашение"
    assert letter["To"] == "petrova@example.org"
    assert letter["From"] == "Вече <veche@example.org>"
    assert letter["Message-ID"] == f"<{message.uid}@example.org>"
    assert letter["Content-Language"] == "ru"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter.get_content().replace("\r\n", "\n") == TEXT
    message.refresh_from_db()
    assert message.sent_at is not None
    assert (message.body, message.attempts, message.last_error_code) == ("", 1, "")


def test_a_letter_is_sent_once(server: MailServer, at: datetime) -> None:
    queue(at)
    services.deliver()

    assert services.deliver() == Delivery()
    assert len(server.letters) == 1


def test_a_letter_is_not_sent_before_its_act(server: MailServer, at: datetime) -> None:
    queue(at + timedelta(minutes=2))

    assert services.deliver() == Delivery()


def test_letters_go_in_the_order_in_which_they_are_due(server: MailServer, at: datetime) -> None:
    queue(at, subject="second")
    queue(at - timedelta(minutes=1), subject="first")

    services.deliver()

    assert [letter["Subject"] for letter in server.letters] == ["first", "second"]


def test_a_run_may_be_limited(server: MailServer, at: datetime) -> None:
    for _ in range(3):
        queue(at)

    assert services.deliver(limit=2) == Delivery(sent=2)
    assert OutboxMessage.objects.waiting().count() == 1


def test_a_message_is_queued_once(at: datetime, db: None) -> None:
    queue(at, key="invitation:1")
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        queue(at, key="invitation:1")
    assert caught.value.__cause__.diag.constraint_name == "a_message_is_queued_once"


def test_a_letter_of_an_act_that_was_undone_never_existed(at: datetime, db: None) -> None:
    with pytest.raises(LookupError), transaction.atomic():
        queue(at)
        raise LookupError

    assert not OutboxMessage.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_message_is_queued_in_a_transaction(at: datetime) -> None:
    with pytest.raises(RuntimeError):
        services.queue_message(
            recipient_uid=uuid4(),
            address="a@example.org",
            kind="k",
            subject="s",
            body="b",
            language="ru",
            key="k",
            at=at,
        )


def test_a_subject_is_one_line(server: MailServer, at: datetime) -> None:
    queue(at, subject="Notice\r\nBcc: everybody@example.org")
    services.deliver()

    [letter] = server.letters
    assert letter["Subject"] == "Notice Bcc: everybody@example.org"
    assert letter["Bcc"] is None
    assert len(server.recipients) == 1


FAILURES = {
    "the server is busy": ("RCPT", "451 try later", "smtp_451"),
    "the text is not taken now": ("TEXT", "452 full", "smtp_452"),
    "the sender is refused": ("MAIL", "550 not you", "smtp_550"),
    "the server is closing": ("EHLO", "421 bye", "smtp_421"),
}


@pytest.mark.parametrize(("command", "answer", "code"), FAILURES.values(), ids=FAILURES)
def test_a_failure_that_may_pass_is_tried_again(
    server: MailServer, at: datetime, command: str, answer: str, code: str
) -> None:
    message = queue(at)
    server.answers[command] = answer
    if command == "EHLO":
        server.answers["HELO"] = answer

    assert services.deliver() == Delivery(failed=1)
    message.refresh_from_db()
    assert (message.last_error_code, message.body) == (code, TEXT)
    assert message.next_attempt_at > clock.now()
    # Not at once: the server would be asked without a pause.
    assert services.deliver() == Delivery()

    server.answers.clear()
    due_now(message)
    assert services.deliver() == Delivery(sent=1)
    message.refresh_from_db()
    assert (message.attempts, message.last_error_code, message.body) == (2, "", "")


REFUSALS = {
    "nobody of this name": ("RCPT", "550 5.1.1 <petrova@example.org> unknown", "smtp_550"),
    "the text is refused": ("TEXT", "554 spam: secret-link", "smtp_554"),
}


@pytest.mark.parametrize(("command", "answer", "code"), REFUSALS.values(), ids=REFUSALS)
def test_a_final_refusal_is_not_tried_again_and_keeps_a_code_only(
    server: MailServer, at: datetime, command: str, answer: str, code: str
) -> None:
    message = queue(at)
    server.answers[command] = answer

    assert services.deliver() == Delivery(given_up=1)
    message.refresh_from_db()
    assert message.given_up_at is not None
    assert (message.last_error_code, message.body) == (code, "")
    due_now(message)
    assert services.deliver() == Delivery()


def test_attempts_end(settings: Any, at: datetime, db: None) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        # Nobody listens here: a connection is refused.
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = closed.getsockname()
        message = queue(at)
        for wait in WAITS:
            before = clock.now()
            assert services.deliver() == Delivery(failed=1)
            message.refresh_from_db()
            assert message.last_error_code == "ConnectionRefusedError"
            assert message.next_attempt_at >= before + wait
            due_now(message)

        assert services.deliver() == Delivery(given_up=1)

    message.refresh_from_db()
    assert (message.attempts, message.body) == (len(WAITS) + 1, "")


def test_a_process_that_was_killed_loses_nothing(server: MailServer, at: datetime) -> None:
    message = queue(at)
    leased = services._lease_one()
    assert leased == message
    # While the lease runs nobody else sends it; afterwards somebody does.
    assert services.deliver() == Delivery()
    message.refresh_from_db()
    assert message.next_attempt_at <= clock.now() + LEASE

    due_now(message)
    assert services.deliver() == Delivery(sent=1)


def test_a_late_failure_does_not_undo_a_success(server: MailServer, at: datetime) -> None:
    message = queue(at)
    services._lease_one()
    due_now(message)
    services.deliver()

    assert services._settle(message.pk, services.Failure("timeout")) == Delivery()
    message.refresh_from_db()
    assert message.sent_at is not None
    assert message.given_up_at is None


@pytest.mark.django_db(transaction=True)
def test_two_processes_send_every_letter_once(server: MailServer, at: datetime) -> None:
    keys = {queue(at, subject=f"letter {number}").subject for number in range(10)}

    done = at_once(services.deliver, services.deliver)

    assert sum(run.sent for run in done) == 10
    assert sorted(letter["Subject"] for letter in server.letters) == sorted(keys)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("a_settled_message_keeps_no_text", {"sent_at": "now", "body": "x"}),
        ("a_settled_message_keeps_no_text", {"given_up_at": "now", "body": "x"}),
        (
            "a_message_is_sent_or_given_up_and_not_both",
            {"sent_at": "now", "given_up_at": "now", "body": ""},
        ),
        ("a_waiting_message_says_something", {"body": ""}),
    ],
)
def test_the_database_keeps_the_rules(at: datetime, name: str, change: dict[str, Any]) -> None:
    message = queue(at)
    values = {key: at if value == "now" else value for key, value in change.items()}
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        OutboxMessage.objects.filter(pk=message.pk).update(**values)
    assert caught.value.__cause__.diag.constraint_name == name


def test_the_command_says_what_it_did(
    server: MailServer, at: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    queue(at)
    call_command("deliver_mail")

    assert capsys.readouterr().out == "sent 1, failed 0, given up 0\n"


def test_the_command_watches_until_it_is_interrupted(
    server: MailServer, at: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    queue(at)
    ordinary = signal.signal(signal.SIGALRM, interrupt)
    try:
        signal.setitimer(signal.ITIMER_REAL, 1)
        call_command("deliver_mail", "--watch", "--every", "60")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, ordinary)

    assert capsys.readouterr().out == "sent 1, failed 0, given up 0\nstopped\n"


class Watching(EmailBackend):
    """Notes, when a letter leaves, whether a transaction is open."""

    open_transactions: ClassVar[list[bool]] = []

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        self.open_transactions.append(connection.in_atomic_block)
        return len(messages)


@pytest.mark.django_db(transaction=True)
def test_nothing_is_sent_inside_a_transaction(settings: Any, at: datetime) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Watching"
    queue(at)

    assert services.deliver() == Delivery(sent=1)
    assert Watching.open_transactions == [False]
