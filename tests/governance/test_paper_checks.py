"""A paper vote is compared with its paper by a second person before the ballot is counted."""

import json

import pytest

from audit.models import Entry
from governance import acts, refusals, services
from governance.authority import NotAuthorised
from governance.domain.authority import reexamine
from governance.exports import attachments
from governance.models import Ballot, PaperCheck, Vote
from tests.governance.refusals import broken, refused
from tests.governance.test_database_refuses import copy_row, run
from tests.world import World
from verifier import tally

pytestmark = pytest.mark.django_db


@pytest.fixture
def ballot(world: World) -> Ballot:
    """Return an open ballot in a hall."""
    return world.ballot()


def test_INV_G4_no_count_rests_on_a_paper_that_one_person_saw(world: World, ballot: Ballot) -> None:
    """INV G4: the clerk is not the sole teller; the refusal names the seats that wait."""
    paper = world.paper_vote(ballot, "EMP-1")
    world.vote_all(ballot, EMP_1="")
    with refused(refusals.PapersUnchecked) as refusal:
        world.close(ballot)
    assert "EMP-1" in str(refusal.value)
    for own in (world.secretary, world.people["EMP-1"]):
        with refused(refusals.OwnPaper):
            world.check_paper(paper, actor=own)
    for other in (world.people["EMP-2"], world.auditor, world.official):
        with refused(NotAuthorised):
            world.check_paper(paper, actor=other)
    with refused(refusals.NotOnPaper):
        world.check_paper(Vote.objects.get(ballot=ballot, seat__code="EMP-2"))
    check = world.check_paper(paper)
    with refused(refusals.PaperChecked):
        world.check_paper(paper)
    world.close(ballot)
    assert ballot.decision.result == "agreed"
    entry = Entry.objects.of_subject(check).get()
    assert (entry.type, entry.facts["finding"]) == (acts.PAPER_VOTE_CHECKED, "confirmed")
    entries = [one.members for one in Entry.objects.order_by("id")]
    assert [found for found in reexamine(entries) if not found.stands] == []


def test_a_second_secretary_checks_too(world: World, ballot: Ballot) -> None:
    second = world.person("Second secretary")
    services.appoint(
        body=world.body,
        person=second,
        role="secretary",
        basis_ru="решение сторон",
        valid_from=world.now.date(),
        actor=world.secretary,
        at=world.now,
    )
    assert world.check_paper(world.paper_vote(ballot, "EMP-1"), actor=second).pk


def test_a_disputed_entry_counts_no_more_and_is_made_again(world: World, ballot: Ballot) -> None:
    wrong = world.paper_vote(ballot, "EMP-1", "against")
    with refused(refusals.ReasonMissing):
        world.check_paper(wrong, "disputed")
    world.check_paper(wrong, "disputed", note="На бумаге «за»")
    wrong.refresh_from_db()
    assert (wrong.status, wrong.reason_code) == ("rejected", "paper_disputed")
    right = world.paper_vote(ballot, "EMP-1", "for")
    with refused(refusals.PapersUnchecked):
        world.close(ballot)
    world.check_paper(right)
    world.vote_all(ballot, EMP_1="")
    world.close(ballot)
    assert Vote.objects.counted().get(ballot=ballot, seat__code="EMP-1") == right
    with refused(refusals.NotOnPaper):
        world.check_paper(wrong)
    # A stranger who counts from the record alone leaves the disputed entry out too.
    files = dict(attachments())
    charters = {
        path.removeprefix("charters/").removesuffix(".json"): content
        for path, content in files.items()
    }
    entries = [one.members for one in Entry.objects.order_by("id")]
    counts = tally.recount(entries, charters, json.loads(files["sides.json"]))
    assert [(count.missing, count.differs) for count in counts] == [("", "")]


def test_INV_G4_the_database_holds_it_against_whoever_writes(world: World, ballot: Ballot) -> None:
    paper = world.paper_vote(ballot, "EMP-1")
    other = world.paper_vote(ballot, "EMP-2")
    with broken("a_ballot_is_counted_when_its_papers_are_checked"):
        run("UPDATE governance_ballot SET state = 'closed', closed_at = now()")
    with broken("a_vote_is_superseded_never_changed"):
        run(
            "UPDATE governance_vote SET status = 'rejected', reason_code = 'paper_disputed'"
            " WHERE id = %s",
            paper.pk,
        )
    check = world.check_paper(paper)
    for own in (other.entered_by_id, other.person_id):
        with broken("a_paper_is_checked_by_a_second_person"):
            copy_row(PaperCheck, check.pk, vote_id=other.pk, checked_by_id=own)
    on_platform = world.vote(ballot, "EMP-3")
    with broken("a_paper_is_checked_while_its_ballot_is_open"):
        copy_row(PaperCheck, check.pk, vote_id=on_platform.pk)
    with broken("governance_papercheck_vote_id_key"):
        copy_row(PaperCheck, check.pk)
