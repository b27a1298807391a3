"""Tell open pages that something was recorded – and never what.

An announcement names a stream of the record and the number of its newest entry. A page that
hears it fetches its own parts by its reader's own rights, so nothing can leak by this way.

Each process holds one listening connection while pages are open in it. Announcements arrive at
once (NOTIFY, sent in the act's transaction, so an act undone announces nothing); besides, the
newest numbers are read every few seconds. That finds the acts that are not announced – votes,
because a NOTIFY makes commits queue up – and whatever was lost with a connection.
"""

from __future__ import annotations

import logging
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import Error, connection, connections
from django.db.models import Max
from psycopg import OperationalError as ConnectionLost

from audit.models import Entry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.db.backends.base.base import BaseDatabaseWrapper

logger = logging.getLogger(__name__)

CHANNEL = "veche_record"
LOOK_SECONDS = 3.0
"""How often the newest numbers are read, announced or not."""
REST_SECONDS = 1.0
"""Between the loss of the listening connection and the next attempt."""
HEARTBEAT_SECONDS = 15.0
"""How long a page's connection is silent at most; then its rights are asked again too."""
RETRY_MILLISECONDS = 2000
"""After how long a browser comes back when its connection broke."""


class TooManyPages(Exception):
    """As many pages as this process serves are open; the page has to look by itself."""


def announce(entry: Entry) -> None:
    """Tell whoever listens that a stream has a new entry. A handler of `audit.handlers`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, f"{entry.stream} {entry.stream_seq}"])


def newest(stream: str) -> int:
    """Return the number of the newest entry of a stream; 0 if it has none."""
    found = Entry.objects.of_stream(stream).aggregate(newest=Max("stream_seq"))["newest"]
    return int(found or 0)


class Page:
    """One open page: the number of the entry it has seen, and the one it should have seen."""

    def __init__(self, stream: str, seen: int) -> None:
        self.stream = stream
        self.seen = seen
        self._newest = seen
        self._changed = threading.Event()

    def tell(self, number: int) -> None:
        """Say which entry is the newest. Numbers that come late or twice change nothing."""
        if number > self._newest:
            self._newest = number
            self._changed.set()

    def wait(self, seconds: float) -> bool:
        """Wait for a change; return whether there was one. Several become one."""
        if not self._changed.wait(seconds):
            return False
        self._changed.clear()
        self.seen = self._newest
        return True


class Hub:
    """The pages open in this process, and the one connection that listens for them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pages: set[Page] = set()
        self._thread: threading.Thread | None = None
        self.listens = threading.Event()
        """Set while announcements are heard at once."""

    @contextmanager
    def open(self, stream: str, seen: int) -> Iterator[Page]:
        """Keep a page informed until the end of the block.

        Raises:
            TooManyPages: `settings.LIVE_PAGES` are open in this process.
        """
        page = Page(stream, seen)
        with self._lock:
            if len(self._pages) >= settings.LIVE_PAGES:
                raise TooManyPages
            self._pages.add(page)
            if self._thread is None:
                self._thread = threading.Thread(target=self._serve, name="live", daemon=True)
                self._thread.start()
        try:
            yield page
        finally:
            with self._lock:
                self._pages.discard(page)

    def _serve(self) -> None:
        """Listen until no page is open any more; come back whenever the connection is lost."""
        while self._is_wanted():
            database = connections.create_connection("default")
            try:
                self._listen(database)
            except (ConnectionLost, Error) as lost:
                logger.warning("The connection that listens for open pages was lost: %s", lost)
                time.sleep(REST_SECONDS)
            finally:
                self.listens.clear()
                database.close()

    def _is_wanted(self) -> bool:
        """Say whether a page is open; if not, the thread ends and the next page starts another."""
        with self._lock:
            if not self._pages:
                self._thread = None
            return self._thread is not None

    def _listen(self, database: BaseDatabaseWrapper) -> None:
        """Pass on announcements, and look by ourselves between them."""
        with database.cursor() as cursor:
            cursor.execute(f"LISTEN {CHANNEL}")
        while True:
            self._look(database)
            self.listens.set()
            # The lock is taken once a look, not once a page.
            for note in database.connection.notifies(timeout=LOOK_SECONDS):
                stream, _, number = note.payload.rpartition(" ")
                self._tell({stream: int(number)})
            if not self._is_wanted():
                return

    def _look(self, database: BaseDatabaseWrapper) -> None:
        """Read the newest number of every stream that somebody has open."""
        with self._lock:
            streams = sorted({page.stream for page in self._pages})
        with database.cursor() as cursor:
            cursor.execute(
                "SELECT stream, max(stream_seq) FROM audit_entry WHERE stream = ANY(%s)"
                " GROUP BY stream",
                [streams],
            )
            self._tell(dict(cursor.fetchall()))

    def _tell(self, numbers: dict[str, int]) -> None:
        with self._lock:
            pages = [page for page in self._pages if page.stream in numbers]
        for page in pages:
            page.tell(numbers[page.stream])


hub = Hub()


def events(
    stream: str, *, seen: int, may_see: Callable[[], bool], has_left: Callable[[], bool]
) -> Iterator[str]:
    """Return the server-sent events of one open page, for as long as its reader may see it.

    `changed` says that there is something to fetch; its id is the number of the newest entry,
    which the browser sends back when it has to connect again. `gone` says that the reader may
    see it no longer, and is the last.

    Args:
        stream: the stream of the record that the page shows.
        seen: the newest entry when the page was made; what came after it is announced at once.
        may_see: asked on a connection of its own at every event and every heartbeat.
        has_left: whether the browser has hung up; asked every second.

    Raises:
        TooManyPages: at the first step, before anything is sent.
    """
    with hub.open(stream, seen) as page:
        yield f"retry: {RETRY_MILLISECONDS}\n\n"
        quiet_since = time.monotonic()
        while not has_left():
            changed = page.wait(1.0)
            beat = time.monotonic() - quiet_since >= HEARTBEAT_SECONDS
            if not changed and not beat:
                continue
            quiet_since = time.monotonic()
            if not _asked_afresh(may_see):
                yield "event: gone\ndata: gone\n\n"
                return
            yield f"id: {page.seen}\nevent: changed\ndata: changed\n\n" if changed else ": \n\n"


def _asked_afresh(may_see: Callable[[], Any]) -> bool:
    """Ask, and give the connection back: an open page holds none between two events."""
    try:
        return bool(may_see())
    finally:
        if not connection.in_atomic_block:
            connection.close()
