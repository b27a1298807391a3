"""Tell open pages that something was recorded – and never what.

A page shows what stands in several streams of the record, a body's and those of its seats. Its
number is the sum of the newest numbers of them all: every entry makes it greater, whichever stream
it stands in. A page that hears of a greater number fetches its own parts by its reader's own
rights, so nothing can leak by this way.

Each process holds one listening connection while pages are open in it. An announcement (NOTIFY,
sent in the act's transaction, so an act undone announces nothing) makes it read the numbers at
once; besides, they are read every few seconds. That finds the acts that are not announced – votes,
because a NOTIFY makes commits queue up – and whatever was lost with a connection.
"""

from __future__ import annotations

import logging
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from django.conf import settings
from django.db import Error, connection, connections
from psycopg import OperationalError as ConnectionLost

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from django.db.backends.base.base import BaseDatabaseWrapper

    from audit.models import Entry

_Answer = TypeVar("_Answer")

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
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, entry.stream])


def newest(streams: Collection[str]) -> int:
    """Return the number of a page that shows these streams: how many entries stand in them."""
    return sum(_numbers(connection, streams).values())


def _numbers(database: BaseDatabaseWrapper, streams: Collection[str]) -> dict[str, int]:
    """Return the number of the newest entry of each stream; streams without any are left out.

    All in one statement, so that the numbers are of one moment. For each stream the index is
    asked for its last entry; to group them would read all.
    """
    with database.cursor() as cursor:
        cursor.execute(
            """
            SELECT watched.stream, last.number
              FROM unnest(%s::text[]) AS watched(stream)
              JOIN LATERAL (SELECT max(stream_seq) AS number FROM audit_entry
                             WHERE stream = watched.stream) AS last ON last.number IS NOT NULL
            """,
            [sorted(streams)],
        )
        return dict(cursor.fetchall())


class Page:
    """One open page: the number up to which it has seen everything, and the one it should have."""

    def __init__(self, streams: Collection[str], seen: int) -> None:
        self.streams = streams
        self.seen = seen
        self._newest = seen
        self._changed = threading.Event()

    def tell(self, number: int) -> None:
        """Say how far the record is. Numbers that come late or twice change nothing."""
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
    def open(self, streams: Collection[str], seen: int) -> Iterator[Page]:
        """Keep a page informed until the end of the block.

        Raises:
            TooManyPages: `settings.LIVE_PAGES` are open in this process.
        """
        page = Page(streams, seen)
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
        """Look whenever something is announced, and after a while in any case."""
        with database.cursor() as cursor:
            cursor.execute(f"LISTEN {CHANNEL}")
        while self._is_wanted():
            self._look(database)
            self.listens.set()
            # Several that come together are one reason to look.
            for _note in database.connection.notifies(timeout=LOOK_SECONDS, stop_after=1):
                pass

    def _look(self, database: BaseDatabaseWrapper) -> None:
        """Read the newest number of every stream that somebody has open, and tell the pages."""
        with self._lock:
            shown = [(page, page.streams) for page in self._pages]
        numbers = _numbers(database, {stream for _, streams in shown for stream in streams})
        for page, streams in shown:
            page.tell(sum(numbers.get(stream, 0) for stream in streams))


hub = Hub()


def events(
    *, seen: int | None, streams: Callable[[], Collection[str]], has_left: Callable[[], bool]
) -> Iterator[str]:
    """Return the server-sent events of one open page, for as long as its reader may see it.

    `changed` says that there is something to fetch; its id is the number of the page then, which
    the browser sends back when it has to connect again. `gone` says that the reader may see it
    no longer, and is the last.

    Args:
        seen: the number when the page was made; what came after it is announced at once. None for
            a page that does not say it.
        streams: which streams of the record the page shows now; none when its reader may not
            see it. Asked on a connection of its own at every event and every heartbeat; a
            stream is added by an act in another one, and none is ever left out.
        has_left: whether the browser has hung up; asked every second.

    Raises:
        TooManyPages: at the first step, before anything is sent.
    """
    shown = _asked_afresh(streams)
    with hub.open(shown, _asked_afresh(lambda: newest(shown)) if seen is None else seen) as page:
        yield f"retry: {RETRY_MILLISECONDS}\n\n"
        quiet_since = time.monotonic()
        while not has_left():
            changed = page.wait(1.0)
            beat = time.monotonic() - quiet_since >= HEARTBEAT_SECONDS
            if not changed and not beat:
                continue
            quiet_since = time.monotonic()
            page.streams = _asked_afresh(streams)
            if not page.streams:
                yield "event: gone\ndata: gone\n\n"
                return
            yield f"id: {page.seen}\nevent: changed\ndata: changed\n\n" if changed else ": \n\n"


def _asked_afresh(question: Callable[[], _Answer]) -> _Answer:
    """Ask, and give the connection back: an open page holds none between two events."""
    try:
        return question()
    finally:
        if not connection.in_atomic_block:
            connection.close()
