"""A mail server for tests: it speaks SMTP on the loopback and keeps what it was given.

Small, but real: the mail goes through a socket and the standard library's client.
"""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass
class MailServer:
    """What arrived, and what the server is told to answer instead of taking it."""

    host: str = "127.0.0.1"
    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)

    def answer(self, command: str, usual: str) -> str:
        """Return the answer to a command, the usual one unless told otherwise."""
        return self.answers.get(command, usual)


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """Serve on a free port until the end of the block."""
    state = MailServer()

    class Conversation(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.say("220 test")
            while line := self.rfile.readline():
                command = line[:4].decode().strip().upper()
                if command == "DATA" and "DATA" not in state.answers:
                    self.say("354 go on")
                    self.take()
                elif command == "QUIT":
                    self.say("221 bye")
                    return
                else:
                    if command == "RCPT":
                        state.recipients.append(line.decode().strip())
                    self.say(state.answer(command, "250 ok"))

        def take(self) -> None:
            lines = []
            while (line := self.rfile.readline()) not in (b".\r\n", b""):
                lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
            letter = message_from_bytes(b"".join(lines), policy=policy.default)
            assert isinstance(letter, EmailMessage)
            state.letters.append(letter)
            self.say(state.answer("TEXT", "250 taken"))

        def say(self, words: str) -> None:
            self.wfile.write(f"{words}\r\n".encode())

    with socketserver.ThreadingTCPServer((state.host, 0), Conversation) as server:
        server.daemon_threads = True
        state.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield state
        server.shutdown()
