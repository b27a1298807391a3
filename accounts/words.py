"""Words that are kept in two languages, picked for whoever reads."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language


def localised(thing: Any, name: str) -> str:
    """Pick `<name>_en` or `<name>_ru` of an object or dict; Russian where English is absent."""
    read = thing.get if isinstance(thing, dict) else lambda key: getattr(thing, key, None)
    chosen = read(f"{name}_{(get_language() or 'ru')[:2]}")
    return chosen or read(f"{name}_ru") or ""
