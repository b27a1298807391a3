"""Pages of another hour: no link leads there now, but whoever has the duty may open them."""

from __future__ import annotations

from collections import defaultdict

from django.urls import reverse

from accounts.models import Person
from demonstration.models import Play
from documents.papers import Kind
from governance.models import (
    Ballot,
    CharterQuestion,
    IssuedPaper,
    Meeting,
    PaperFile,
    Protocol,
    Seat,
)
from licensing.models import RequirementVersion, Visa
from negotiation.models import Amendment, Clause, Disagreement, Matter, ProtocolOfDisagreements


def doors() -> dict[str, list[str]]:
    """Return addresses by the code of the person who may open them."""
    found: dict[str, list[str]] = defaultdict(list)
    meeting = Meeting.objects.filter(body__code="BODY-NC-ENG").earliest("planned_for")
    seat = Seat.objects.filter(body=meeting.body).earliest("pk")
    person = Person.objects.order_by("pk").last()
    for who, names in {
        "P-SEC": ("arrive", "arrive_all", "cancel_meeting", "convene", "draft_protocol", "leave"),
        "P-COORD": ("adjourn", "open_meeting"),
    }.items():
        found[who] += [reverse(f"governance:{name}", args=[meeting.uid]) for name in names]
    found["P-COORD"] += [
        reverse("governance:ask_for_the_floor", args=[meeting.uid]),
        reverse("governance:take_up_item", args=[meeting.uid, meeting.agenda.get(number=1).uid]),
    ]
    found["P-SEC"] += [
        reverse("governance:sign_protocol", args=[meeting.uid]),
        reverse("governance:fill_seat", args=[meeting.body.uid, seat.uid]),
    ]
    found["P-ADMIN"] += [
        reverse(f"accounts:{name}", args=[person.uid]) for name in ("invite", "unblock")
    ]
    minutes = PaperFile.objects.filter(format="pdf").earliest("pk")
    found["P-SEC"].append(reverse("governance:sign_paper", args=[minutes.uid]))
    extract = IssuedPaper.objects.filter(kind=Kind.PUBLISHED_EXTRACT).earliest("pk")
    protocol = Protocol.objects.get(uid=extract.subject_uid)
    found["P-SEC"].append(
        reverse(
            "governance:publish_paper", args=[extract.kind, extract.subject_uid, extract.edition]
        )
    )
    found["P-SEC"].append(reverse("governance:protocol", args=[protocol.meeting.uid]))
    found["P-EMP-1"].append(reverse("governance:remark_on_protocol", args=[protocol.meeting.uid]))
    for who, addresses in (*_at_the_table(), *_at_the_charter(), *_at_the_ministry()):
        found[who] += addresses
    return found


def _at_the_table() -> list[tuple[str, list[str]]]:
    finished = Matter.objects.get(code="ЛТ-МШ-05")
    live = Matter.objects.get(code="ЛТ-ЛС-06")
    clause = Clause.objects.of_matter(live).numbered().earliest("pk")
    amendment = Amendment.objects.filter(matter=live, side__code="EMP").earliest("pk")
    advised = Amendment.objects.filter(matter=live, side=None).earliest("pk")
    decided = Ballot.objects.get(code="B-28")
    disagreement = Disagreement.objects.filter(matter=finished).latest("pk")
    protocol = ProtocolOfDisagreements.objects.get(matter=finished)
    codes = {uid: code for code, uid in Play.objects.get().people.items()}
    author = codes[str(amendment.author.uid)]

    def here(name: str, *args: object) -> str:
        return reverse(f"negotiation:{name}", args=[live.uid, *args])

    def there(name: str, *args: object) -> str:
        return reverse(f"negotiation:{name}", args=[finished.uid, *args])

    return [
        (
            "P-SEC",
            [
                *map(here, ("add_clause", "circulate", "import_draft", "open_matter")),
                here("prepare_summary"),
                here("admit", amendment.uid),
                here("rewrite_clause", clause.uid),
                here("table_wording", clause.uid),
                there("record_disagreement", disagreement.uid),
            ],
        ),
        ("P-COORD", [there("open_ballot", decided.uid)]),
        (
            "P-EMP-1",
            [
                there("dissent", decided.uid),
                there("state_reasons", disagreement.uid),
                there("sign_protocol", protocol.uid),
                here("sponsor", advised.uid),
            ],
        ),
        (author, [here("rebase", amendment.uid)]),
        ("P-COORD", [here("propose_late_item")]),
    ]


def _at_the_charter() -> list[tuple[str, list[str]]]:
    """The pages of the vote by which a table changed its charter, as on that day."""
    voted = CharterQuestion.objects.get(ballot__code="LCH-1")
    here = [voted.draft.body.uid, voted.ballot.uid]

    def there(*names: str) -> list[str]:
        return [reverse(f"governance:charter_{name}", args=here) for name in names]

    return [
        ("P-COORD", there("open_ballot", "close_ballot", "annul_ballot")),
        ("P-SEC", there("paper_vote")),
        ("P-EMP-1", there("approve_vote")),
    ]


def _at_the_ministry() -> list[tuple[str, list[str]]]:
    version = RequirementVersion.objects.get(requirement_set__code="ЛТ-ЛС-01")
    visa = Visa.objects.filter(version=version).earliest("pk")
    names = ("publish", "bring_into_force")
    return [
        (
            "P-SEC",
            [
                *(reverse(f"licensing:{name}", args=[version.uid]) for name in names),
                reverse("licensing:answer_remark", args=[version.uid, visa.uid]),
                reverse("licensing:submit", args=[version.requirement_set.uid]),
            ],
        )
    ]
