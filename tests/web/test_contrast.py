"""Colours are computed, not trusted: WCAG 2.2, 1.4.3 and 1.4.11, in light and dark."""

import re
from pathlib import Path

import pytest
from django.conf import settings

SHEET: Path = settings.BASE_DIR / "web/static/web/tokens.css"
TOKEN = re.compile(r"--(v-[\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)")
COLOURS = {name: (light, dark) for name, light, dark in TOKEN.findall(SHEET.read_text())}

GROUNDS = ("v-paper", "v-surface", "v-surface-2")
INKS = ("v-ink", "v-ink-2", "v-accent", "v-accent-strong", "v-good", "v-bad", "v-warn", "v-idle")
TONES = ("v-good", "v-bad", "v-warn", "v-idle")

TEXTS = [
    *((ink, ground) for ink in INKS for ground in GROUNDS),
    *((tone, f"{tone}-wash") for tone in TONES),
    *(("v-ink", f"{tone}-wash") for tone in TONES),
    ("v-accent", "v-accent-wash"),
    ("v-ink", "v-accent-wash"),
    ("v-accent-ink", "v-accent"),
    ("v-accent-ink", "v-accent-strong"),
    ("v-bad-strong", "v-bad-wash"),
    ("v-ink-2", "v-idle-wash"),
]
CONTROLS = [("v-line-strong", "v-surface"), ("v-line-strong", "v-paper"), ("v-accent", "v-paper")]


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_the_measure_knows_black_and_white() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXTS)
def test_words_can_be_read(ink: str, ground: str, scheme: int) -> None:
    assert contrast(COLOURS[ink][scheme], COLOURS[ground][scheme]) >= 4.5


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("line", "ground"), CONTROLS)
def test_the_edge_of_a_control_can_be_seen(line: str, ground: str, scheme: int) -> None:
    assert contrast(COLOURS[line][scheme], COLOURS[ground][scheme]) >= 3
