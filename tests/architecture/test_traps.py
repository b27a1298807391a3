"""Each trap of `docs/traps.md` has the tests that are named there, and no other."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TRAPS = range(1, 28)
ROW = re.compile(r"^\| (?P<trap>\d+) \|.*?\| (?P<tests>pending|`test_trap_.*?`) \|", re.MULTILINE)


def test_every_trap_has_its_tests() -> None:
    listed: dict[int, list[str]] = {
        int(row["trap"]): re.findall(r"test_\w+", row["tests"])
        for row in ROW.finditer((ROOT / "docs" / "traps.md").read_text(encoding="utf-8"))
    }
    written = [
        name
        for path in sorted((ROOT / "tests").rglob("test_traps.py"))
        for name in re.findall(r"^def (test_trap_\w+)", path.read_text("utf-8"), re.MULTILINE)
    ]

    assert list(listed) == list(TRAPS)
    assert sorted(name for names in listed.values() for name in names) == sorted(written)
    assert all(name.startswith(f"test_trap_{trap:02}_") for trap in listed for name in listed[trap])
    assert [trap for trap in TRAPS if not listed[trap]] == [16, 20]
