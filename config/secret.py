"""The signing key of an installation that was given none."""

import os
import secrets
from pathlib import Path


def secret_key(path: Path) -> str:
    """Return the key kept in the file, making it at the first call.

    Two processes may make it at the same moment: the file appears whole under its name or
    not at all, the first one to link it wins, and both return what is there.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()
