"""ГОСТ Р 34.10-2012, by OpenSSL's engine where the machine has it.

The keys of Russian qualified signatures are made and used by certified programs outside. Here a
signature is stored and, if `openssl` knows the algorithms, checked; otherwise the page says that it
was not checked.
"""

from __future__ import annotations

import datetime
import shutil
import subprocess
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from . import refusals
from .found import Standing

if TYPE_CHECKING:
    from asn1crypto import cms

    from .found import Trust

OIDS = "1.2.643."
"""The arc of Russian algorithms."""

_CONFIGURATION = """
openssl_conf = main
[main]
engines = engines
[engines]
gost = gost
[gost]
engine_id = gost
default_algorithms = ALL
"""
_SECONDS = 20


def is_gost(signer: cms.SignerInfo) -> bool:
    """Tell whether a signature is made by Russian algorithms."""
    return any(
        signer[field]["algorithm"].dotted.startswith(OIDS)
        for field in ("digest_algorithm", "signature_algorithm")
    )


@lru_cache(maxsize=1)
def program() -> str | None:
    """Return the OpenSSL that knows the algorithms; None where there is none."""
    found = shutil.which("openssl")
    if found is None:
        return None
    with tempfile.TemporaryDirectory() as directory:
        asked = _run(found, Path(directory), "engine", "-t", "gost")
    return found if asked.returncode == 0 and b"[ available ]" in asked.stdout else None


def check(content: bytes, der: bytes, trust: Trust, *, at: datetime.datetime | None) -> Standing:
    """Check a detached signature over its content.

    Raises:
        SignatureIsBroken: it does not fit.
        IssuerNotTrusted: it does, and an authority trusted here did not issue the certificate.
    """
    openssl = program()
    if openssl is None:
        return Standing.NOT_CHECKED
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        (directory / "content").write_bytes(content)
        (directory / "signature").write_bytes(der)
        question = (
            *("cms", "-verify", "-binary", "-inform", "DER", "-in", "signature"),
            *("-content", "content", "-out", "said"),
        )
        if _run(openssl, directory, *question, "-noverify").returncode != 0:
            raise refusals.SignatureIsBroken
        if trust.file is None:
            return Standing.INTACT
        authorities = ("-CAfile", str(trust.file.resolve()), "-purpose", "any")
        moment = ("-attime", str(int(at.timestamp()))) if at else ()
        if _run(openssl, directory, *question, *authorities, *moment).returncode != 0:
            raise refusals.IssuerNotTrusted(signer="–")
    return Standing.TRUSTED


def _run(openssl: str, directory: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Ask OpenSSL with the engine switched on."""
    configuration = directory / "openssl.cnf"
    configuration.write_text(_CONFIGURATION)
    return subprocess.run(  # noqa: S603 -- our own arguments; what people sent is in files
        [openssl, *arguments],
        cwd=directory,
        env={"OPENSSL_CONF": str(configuration)},
        capture_output=True,
        check=False,
        timeout=_SECONDS,
    )
