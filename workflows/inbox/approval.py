"""Visas asked of the units whose officer the reader is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from calendars.domain import end_of_day
from licensing.selectors import visas_owed_by
from workflows.inbox.items import InboxItem, Kind, localised

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workflows.inbox.items import Reader


def visas(reader: Reader) -> Iterator[InboxItem]:
    """Yield the texts that await the visa of a unit of the reader's."""
    for request in visas_owed_by(reader.person):
        version = request.version
        yield InboxItem(
            kind=Kind.VISA,
            title=format_lazy(
                _("Give the visa of your unit: version {label}"), label=version.label
            ),
            matter=version.requirement_set.matter,
            url_name="licensing:version",
            args=(version.uid,),
            deadline=end_of_day(version.decide_by) if version.decide_by else None,
            capacity=localised(request.unit.name_ru, request.unit.name_en),
        )
