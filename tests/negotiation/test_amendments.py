"""Proposals on the text: filed, admitted or not, sponsored, concluded on, withdrawn."""

import pytest
from django.core.exceptions import ValidationError

import negotiation.services as acts
from audit.acts import NotAuthorised
from audit.models import Entry
from negotiation import refusals
from negotiation.models import Amendment, Clause, Round
from tests.negotiation.table import Table
from tests.negotiation.traces import refused
from tests.world import chosen_time

Kind, State, Disposition = Amendment.Kind, Amendment.State, Amendment.Disposition


class TestFiling:
    def test_keeps_author_base_and_digest(self, commenting: Table) -> None:
        amendment = commenting.file("A-01", "2.1")
        assert amendment.state == State.FILED
        assert amendment.base_wording == commenting.clause("2.1").current_wording
        entry = Entry.objects.of_subject(amendment).get()
        assert entry.facts["sha256"] == amendment.sha256
        assert entry.authority["seat"] == str(commenting.world.seats["PUB-2"].uid)

    def test_numbers_what_comes_without_a_code(self, commenting: Table) -> None:
        commenting.file("A-02", "2.1")
        assert commenting.file("", "2.2").code == "A-03"

    def test_needs_a_text_and_a_reason(self, commenting: Table) -> None:
        with refused(ValidationError):
            commenting.file("A-01", "2.1", reason_ru="  ", reason_en="")
        with refused(ValidationError):
            commenting.file("A-01", "2.1", proposal_ru="\u200b", proposal_en="")

    def test_is_for_those_who_negotiate_for_the_side(self, commenting: Table) -> None:
        world = commenting.world
        for person in (world.people["EMP-2"], world.heads[0], world.secretary):
            with refused(NotAuthorised):
                commenting.file("A-01", "2.1", actor=person)
        commenting.file("A-01", "2.1", actor=world.people["PUB-4"])

    def test_is_open_to_consultative_voices_without_a_side(self, commenting: Table) -> None:
        head = commenting.world.heads[0]
        amendment = commenting.file(
            "A-01", "2.1", side=None, actor=head, on_behalf_of="institution_heads"
        )
        assert amendment.side is None
        with refused(NotAuthorised):
            commenting.file("A-02", "2.1", side=None)

    def test_ends_with_the_period_to_the_instant(self, commenting: Table) -> None:
        round_ = Round.objects.get(matter=commenting.matter)
        commenting.filed("A-01", "2.1")
        commenting.world.now = round_.closes_at
        with refused(refusals.CommentsAreOver):
            commenting.file("A-02", "2.1", at=round_.closes_at)
        sub = commenting.file("A-03", kind=Kind.SUB_AMENDMENT, parent=commenting.amendment("A-01"))
        assert sub.clause.number == "2.1"
        commenting.world.now = round_.sub_amendments_until
        with refused(refusals.CommentsAreOver):
            commenting.file(
                "A-04",
                kind=Kind.SUB_AMENDMENT,
                parent=commenting.amendment("A-01"),
                at=round_.sub_amendments_until,
            )

    def test_needs_a_round(self, registered: Table, table: Table) -> None:
        with refused(refusals.WrongState):
            registered.file("A-01")
        with refused(refusals.WrongState):
            table.file("A-01", "2.1")

    def test_trap_26_refuses_a_sub_amendment_to_what_is_withdrawn(self, commenting: Table) -> None:
        commenting.filed("A-01", "2.1")
        with chosen_time():
            acts.withdraw_amendment(
                amendment=commenting.amendment("A-01"),
                reason_ru="Передумали.",
                actor=commenting.world.people["PUB-2"],
                at=commenting.now(),
            )
        with refused(refusals.AmendmentIsClosed):
            commenting.file("A-02", kind=Kind.SUB_AMENDMENT, parent=commenting.amendment("A-01"))

    def test_a_sub_amendment_names_its_parent(self, commenting: Table) -> None:
        with refused(ValidationError):
            commenting.file("A-01", "2.1", kind=Kind.SUB_AMENDMENT)
        commenting.filed("A-01", "2.1")
        with refused(ValidationError):
            commenting.file("A-02", parent=commenting.amendment("A-01"))

    def test_refuses_a_clause_of_another_matter(self, commenting: Table, table: Table) -> None:
        with refused(refusals.ForeignRow):
            commenting.file("A-01", clause=table.clause("2.1"))


class TestAdmission:
    def test_makes_a_clause_disputed_unless_it_is_a_mere_comment(self, commenting: Table) -> None:
        commenting.filed("A-01", "2.1", kind=Kind.COMMENT)
        assert commenting.clause("2.1").state == Clause.State.DRAFT
        commenting.filed("A-02", "2.1")
        assert commenting.clause("2.1").state == Clause.State.DISPUTED

    def test_b12_is_refused_on_a_federal_mirror(self, commenting: Table) -> None:
        commenting.file("A-51", "1.1", proposal_ru="Лицензия действует не менее трёх лет.")
        with refused(refusals.NotAdmissible) as caught:
            commenting.admit("A-51")
        assert caught.value.params["grounds"] == ["federal_mirror"]
        with chosen_time():
            answered = acts.refuse_admission(
                amendment=commenting.amendment("A-51"),
                ground=Amendment.Inadmissibility.FEDERAL_MIRROR,
                reason_ru="Пункт воспроизводит федеральную норму.",
                actor=commenting.secretary,
                at=commenting.now(),
            )
        assert (answered.state, answered.disposition) == (
            State.NOT_ADMITTED,
            Disposition.INADMISSIBLE,
        )
        assert answered.decided_by == Amendment.DecidedBy.ADMISSIBILITY_CHECK

    def test_is_refused_for_the_same_words_twice(self, commenting: Table) -> None:
        words = {"proposal_ru": "Слова «50» заменить словами «60».", "proposal_en": ""}
        commenting.filed("A-01", "2.1", **words)
        commenting.file("A-02", "2.1", **words)
        with refused(refusals.NotAdmissible) as caught:
            commenting.admit("A-02")
        assert caught.value.params["grounds"] == ["duplicate"]

    def test_is_refused_when_the_base_has_moved(self, commenting: Table) -> None:
        commenting.file("A-01", "2.1")
        commenting.lay("2.1", 60)
        with refused(refusals.NotAdmissible) as caught:
            commenting.admit("A-01")
        assert caught.value.params["grounds"] == ["base_not_current"]

    def test_situation_7_goes_no_deeper_than_a_sub_amendment(self, commenting: Table) -> None:
        commenting.filed("A-01", "2.1")
        commenting.filed("A-02", kind=Kind.SUB_AMENDMENT, parent=commenting.amendment("A-01"))
        commenting.file("A-03", kind=Kind.SUB_AMENDMENT, parent=commenting.amendment("A-02"))
        with refused(refusals.NotAdmissible) as caught:
            commenting.admit("A-03")
        assert caught.value.params["grounds"] == ["nested_too_deep"]

    def test_happens_once_and_is_the_secretarys(self, commenting: Table) -> None:
        commenting.filed("A-01", "2.1")
        with refused(refusals.WrongAmendmentState):
            commenting.admit("A-01")
        commenting.file("A-02", "2.1")
        with chosen_time(), refused(NotAuthorised):
            acts.admit_amendment(
                amendment=commenting.amendment("A-02"),
                actor=commenting.world.people["PUB-1"],
                at=commenting.now(),
            )

    def test_g5_a_refusal_needs_words_besides_its_ground(self, commenting: Table) -> None:
        commenting.file("A-01", "2.1")
        with chosen_time(), refused(refusals.DispositionIsMissing):
            acts.refuse_admission(
                amendment=commenting.amendment("A-01"),
                ground=Amendment.Inadmissibility.OUTSIDE_SCOPE,
                reason_ru=" ",
                actor=commenting.secretary,
                at=commenting.now(),
            )


class TestSponsoring:
    @pytest.fixture
    def advised(self, commenting: Table) -> Table:
        commenting.filed("A-01", "2.1", side=None, actor=commenting.world.heads[0])
        return commenting

    def _sponsor(self, table: Table, side: str, person: str) -> Amendment:
        with chosen_time():
            return acts.sponsor_amendment(
                amendment=table.amendment("A-01"),
                side=table.world.sides[side],
                actor=table.world.people[person],
                at=table.now(),
            )

    def test_is_said_by_the_coordinator_of_the_side(self, advised: Table) -> None:
        for person in ("EMP-3", "EMP-2", "PUB-1"):
            with refused(NotAuthorised):
                self._sponsor(advised, "EMP", person)
        assert self._sponsor(advised, "EMP", "EMP-1").sponsor_side.code == "EMP"
        with refused(refusals.AlreadySponsored):
            self._sponsor(advised, "PUB", "PUB-1")

    def test_is_for_consultative_proposals_alone(self, commenting: Table) -> None:
        commenting.filed("A-01", "2.1")
        with refused(refusals.AlreadySponsored):
            self._sponsor(commenting, "EMP", "EMP-1")

    def test_the_deputy_speaks_when_nobody_coordinates(self, advised: Table) -> None:
        world = advised.world
        from governance.services import vacate_seat  # noqa: PLC0415 -- beside its only use

        with chosen_time():
            vacate_seat(
                seat=world.seats["EMP-1"],
                valid_to=world.now.date(),
                actor=world.secretary,
                at=world.later(),
            )
        assert self._sponsor(advised, "EMP", "EMP-2").sponsor_side.code == "EMP"


class TestConcluding:
    def test_waits_for_admission(self, commenting: Table) -> None:
        commenting.file("A-01", "2.1")
        with refused(refusals.WrongAmendmentState):
            commenting.conclude("A-01")
        commenting.admit("A-01")
        assert commenting.conclude("A-01").proposed_disposition == "accepted"

    def test_needs_a_ground(self, commenting: Table) -> None:
        commenting.filed("A-01", "2.1")
        with chosen_time(), refused(refusals.DispositionIsMissing):
            acts.propose_disposition(
                amendment=commenting.amendment("A-01"),
                disposition=Amendment.Proposal.REJECTED,
                reason_ru="",
                actor=commenting.secretary,
                at=commenting.now(),
            )

    def test_is_for_the_rapporteur_and_the_secretary(self, commenting: Table) -> None:
        commenting.filed("A-01", "2.1")
        proposal = {
            "amendment": commenting.amendment("A-01"),
            "disposition": Amendment.Proposal.ACCEPTED,
            "reason_ru": "Мотив.",
            "at": commenting.now(),
        }
        with chosen_time(), refused(NotAuthorised):
            acts.propose_disposition(**proposal, actor=commenting.speaker("EXP"))
        rapporteur = commenting.world.person("Rapporteur")
        from governance.services import appoint  # noqa: PLC0415 -- beside its only use

        with chosen_time():
            appoint(
                body=commenting.world.body,
                person=rapporteur,
                role="rapporteur",
                basis_ru="решение",
                basis_en="decision",
                valid_from=commenting.world.now.date(),
                actor=commenting.secretary,
                at=commenting.now(),
            )
            acts.propose_disposition(**proposal, actor=rapporteur)


class TestWithdrawing:
    def _withdraw(self, table: Table, code: str, person: str) -> Amendment:
        with chosen_time():
            return acts.withdraw_amendment(
                amendment=table.amendment(code),
                reason_ru="Снимаем.",
                actor=table.world.people[person],
                at=table.now(),
            )

    def test_is_the_authors_alone(self, commenting: Table) -> None:
        commenting.filed("A-01", "2.1")
        with refused(refusals.NotTheAuthor):
            self._withdraw(commenting, "A-01", "PUB-1")
        withdrawn = self._withdraw(commenting, "A-01", "PUB-2")
        assert withdrawn.disposition == Disposition.WITHDRAWN
        with refused(refusals.AmendmentIsClosed):
            self._withdraw(commenting, "A-01", "PUB-2")

    def test_situation_7_lets_its_sub_amendment_fall(self, commenting: Table) -> None:
        commenting.filed("A-01", "2.1")
        commenting.filed("A-02", kind=Kind.SUB_AMENDMENT, parent=commenting.amendment("A-01"))
        self._withdraw(commenting, "A-01", "PUB-2")
        fallen = commenting.amendment("A-02")
        assert (fallen.disposition, fallen.decided_by) == (
            Disposition.ABSORBED,
            Amendment.DecidedBy.CONSEQUENCE,
        )
        assert fallen.disposition_reason_ru

    def test_is_too_late_under_vote(self, commenting: Table) -> None:
        commenting.filed("A-01", "2.1")
        commenting.summarise()
        meeting = commenting.meeting()
        question = commenting.ask(meeting, "2.1", amendments=["A-01"])
        commenting.world.open_ballot(question.ballot)
        with refused(refusals.AmendmentIsUnderVote):
            self._withdraw(commenting, "A-01", "PUB-2")


class TestANewClause:
    @pytest.fixture
    def adding(self, commenting: Table) -> Table:
        commenting.filed("A-31", kind=Kind.ADD_CLAUSE, proposed_number="2.5")
        commenting.filed("A-32", kind=Kind.SUB_AMENDMENT, parent=commenting.amendment("A-31"))
        return commenting

    def _introduce(self, table: Table, **says: object) -> Clause:
        clause = {
            "amendment": table.amendment("A-31"),
            "number": "2.5",
            "title_ru": "Проезд",
            "title_en": "Travel",
            "text_ru": "Проезд компенсируется.",
            "text_en": "Travel is compensated.",
            "severable": True,
            "terms": {},
            "section": table.clause("2.1").section,
            "after": table.clause("2.4"),
            "actor": table.secretary,
            "at": table.now(),
        }
        with chosen_time():
            return acts.introduce_clause(**{**clause, **says})

    def test_comes_to_the_table_with_everything_filed_on_it(self, adding: Table) -> None:
        clause = self._introduce(adding)
        assert clause.state == Clause.State.DISPUTED
        assert clause.on_the_table.origin == "amendment"
        assert clause.draft_wording is None
        assert {adding.amendment(code).clause for code in ("A-31", "A-32")} == {clause}
        after = [c.number for c in Clause.objects.of_matter(adding.matter).in_order()]
        assert after[-2:] == ["2.5", "10.1"]

    def test_comes_once_and_only_from_an_admitted_amendment(self, adding: Table) -> None:
        with refused(refusals.NumberIsTaken):
            self._introduce(adding, number="2.4")
        self._introduce(adding)
        with refused(refusals.NumberIsTaken):
            self._introduce(adding, number="2.6")
        adding.filed("A-33", "2.1")
        with refused(refusals.WrongAmendmentState):
            self._introduce(adding, amendment=adding.amendment("A-33"), number="2.7")

    def test_goes_when_its_amendment_is_withdrawn(self, adding: Table) -> None:
        self._introduce(adding)
        with chosen_time():
            acts.withdraw_amendment(
                amendment=adding.amendment("A-31"),
                reason_ru="Снимаем.",
                actor=adding.world.people["PUB-2"],
                at=adding.now(),
            )
        assert adding.clause("2.5").state == Clause.State.DELETED
        assert adding.amendment("A-32").disposition == Disposition.ABSORBED
