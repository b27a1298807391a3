"""How governance says *not now*. Each refusal has words for people and a code for machines."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from audit.acts import ActRefused


class CodeTaken(ActRefused):
    """Codes are how people refer to things, so they are unique where they are read."""

    message = _("The code %(code)s is already taken here.")
    code = "code_taken"

    def __init__(self, *, code: str) -> None:
        super().__init__()
        # `code` is also the name of the machine's code of a refusal, hence not passed on.
        self.params = {"code": code}


class PeriodOverlaps(ActRefused):
    """What can exist once at a time already exists on these days."""

    message = _("Another entry already covers some of these days.")
    code = "period_overlaps"


class PeriodIsEmpty(ActRefused):
    """A period ends after it begins."""

    message = _("The period ends before it begins.")
    code = "period_is_empty"


class TwoSides(ActRefused):
    """Nobody represents two sides of one table towards each other (ГК 182 п. 3)."""

    message = _("%(person)s already acts for another side of this body on these days.")
    code = "two_sides"


class NeutralDuty(ActRefused):
    """Whoever serves the body does not sit on a side of it."""

    message = _("%(person)s cannot both sit on a side and serve the same body.")
    code = "neutral_duty"


class SeatIsHeld(ActRefused):
    """One holder at a time; the seat is vacated first."""

    message = _("Seat %(seat)s is already held on these days.")
    code = "seat_is_held"


class SeatIsVacant(ActRefused):
    """There is nobody to take away."""

    message = _("Nobody holds seat %(seat)s on this day.")
    code = "seat_is_vacant"


class AppointmentEnded(ActRefused):
    """The duty has already ended."""

    message = _("This duty ends on %(valid_to)s already.")
    code = "appointment_ended"


class WrongBody(ActRefused):
    """Things of two bodies do not mix."""

    message = _("This belongs to another body.")
    code = "wrong_body"


class CharterInvalid(ActRefused):
    """The rules or the procedure cannot be read; the parameters say where and why."""

    message = _("The charter has a mistake at %(path)s: %(problem)s")
    code = "charter_invalid"


class CharterNeedsBallot(ActRefused):
    """A body that has decided under a charter changes it itself (DT-01)."""

    message = _(
        "The body has decided under its charter and changes it by its own vote: "
        "write a draft and put it to the vote."
    )
    code = "charter_needs_ballot"


class DraftIsFixed(ActRefused):
    """What is put to the vote, decided or withdrawn is not rewritten or put again."""

    message = _("This draft is put to the vote, decided or withdrawn. Begin another draft.")
    code = "draft_is_fixed"


class DraftChanged(ActRefused):
    """Somebody else saved the draft while it was being written."""

    message = _(
        "The draft was changed by somebody else since you opened it. Compare and save again."
    )
    code = "draft_changed"


class DraftNotAdopted(ActRefused):
    """Only a ballot in which all sides agreed to exactly this text makes an edition."""

    message = _("No ballot has adopted exactly this text.")
    code = "draft_not_adopted"


class NoCharter(ActRefused):
    """A body without a charter in force can convene nothing."""

    message = _("The body has no charter in force on %(day)s.")
    code = "no_charter"


class MandateRefused(ActRefused):
    """The paper contradicts the rules on mandates; the code says which."""

    message = _("This mandate cannot be registered.")
    code = "mandate_refused"


class TooManyProxies(ActRefused):
    """The charter limits for how many others one person votes."""

    message = _(
        "%(person)s already stands in for %(seats)s on these days, and the charter lets one person"
        " vote for %(limit)s at most. Name another person, or revoke one of those mandates first."
    )
    code = "too_many_proxies"


class MandateAlreadyRevoked(ActRefused):
    """A revocation is registered once."""

    message = _("This mandate was already revoked from %(revoked_on)s.")
    code = "mandate_already_revoked"


class ConflictAlreadyDecided(ActRefused):
    """A decision on a conflict stands; new facts are a new declaration."""

    message = _("This conflict of interest was already decided.")
    code = "conflict_already_decided"


class OwnConflict(ActRefused):
    """The side decides without the person concerned."""

    message = _("Nobody decides on his or her own conflict of interest.")
    code = "own_conflict"


class MeetingNotInState(ActRefused):
    """The meeting is not where this act finds it."""

    message = _("The meeting is %(state)s.")
    code = "meeting_not_in_state"


class AgendaLocked(ActRefused):
    """Notices were sent with this agenda."""

    message = _("The agenda is locked: notices were sent with it.")
    code = "agenda_locked"


class AgendaEmpty(ActRefused):
    """People are called to something."""

    message = _("Put at least one item on the agenda first.")
    code = "agenda_empty"


class NoticeTooShort(ActRefused):
    """The charter gives people time."""

    message = _(
        "The charter demands %(required)s working days' notice; from today there are %(given)s."
    )
    code = "notice_too_short"


class NobodyToCall(ActRefused):
    """A side without a single held seat cannot be called."""

    message = _("No seat of the side %(side)s is held.")
    code = "nobody_to_call"


class NoticeAlreadyDelivered(ActRefused):
    """The proof is on record."""

    message = _("The delivery of this notice is already proved.")
    code = "notice_already_delivered"


class NoQuorum(ActRefused):
    """The meeting cannot be opened; the parameters name the sides that lack people."""

    message = _("There is no quorum of: %(sides)s.")
    code = "no_quorum"


class QuorumPresent(ActRefused):
    """A meeting with a quorum does not fail for want of one."""

    message = _("Every side has a quorum.")
    code = "quorum_present"


class TooEarly(ActRefused):
    """The hour has not come."""

    message = _("This is possible from %(since)s.")
    code = "too_early"


class AlreadyPresent(ActRefused):
    """The seat is occupied."""

    message = _("Seat %(seat)s is already occupied.")
    code = "already_present"


class NotPresent(ActRefused):
    """Nobody occupies the seat."""

    message = _("Seat %(seat)s is not occupied.")
    code = "not_present"


class AlreadyTakenUp(ActRefused):
    """An item is taken up once until another is."""

    message = _("This item is already under discussion.")
    code = "already_taken_up"


class AlreadyOnTheList(ActRefused):
    """A person waits for the floor once at a time."""

    message = _("This person is already on the speakers' list.")
    code = "already_on_the_list"


class NotOnTheList(ActRefused):
    """The turn came, or the request was withdrawn."""

    message = _("This person is no longer waiting for the floor.")
    code = "not_on_the_list"


class FirstOnTheList(ActRefused):
    """Nobody comes before."""

    message = _("This person is already the first on the speakers' list.")
    code = "first_on_the_list"


class NotSpeaking(ActRefused):
    """There is no speech to end."""

    message = _("This person does not have the floor.")
    code = "not_speaking"


class NoAttendanceHere(ActRefused):
    """Presence is kept at meetings, not at written ballots."""

    message = _("No attendance is kept at this kind of meeting.")
    code = "no_attendance_here"


class BallotsUnfinished(ActRefused):
    """A meeting is closed after its ballots."""

    message = _("Ballots are not finished: %(ballots)s.")
    code = "ballots_unfinished"


class NotAllTakePart(ActRefused):
    """A question outside the agenda needs every seat of the body (ГК 181.5 п. 1)."""

    message = _("Not every seat takes part: %(seats)s.")
    code = "not_all_take_part"


class SomebodyObjects(ActRefused):
    """A question outside the agenda needs everybody's consent."""

    message = _("Not every seat agrees: %(seats)s.")
    code = "somebody_objects"


class LateItemNotOpen(ActRefused):
    """The item is on the agenda, or was decided on."""

    message = _("This item is not waiting for consent.")
    code = "late_item_not_open"


class AlreadyAnswered(ActRefused):
    """A seat answers once."""

    message = _("This seat has already answered.")
    code = "already_answered"


class OutsideAgenda(ActRefused):
    """Nothing outside the locked agenda is decided (ГК 181.5 п. 1)."""

    message = _("The question is not on the agenda of this meeting.")
    code = "outside_agenda"


class NoBallotsHere(ActRefused):
    """A conciliation meeting recommends; it never votes."""

    message = _("A conciliation meeting does not vote.")
    code = "no_ballots_here"


class WrongMode(ActRefused):
    """Papers belong to written ballots, hands to meetings."""

    message = _("This mode of voting does not fit the kind of the meeting.")
    code = "wrong_mode"


class BallotNotInState(ActRefused):
    """The ballot is not where this act finds it."""

    message = _("The ballot is %(state)s.")
    code = "ballot_not_in_state"


class BallotNotOpen(BallotNotInState):
    """Votes are taken while a ballot is open, and at no other time."""

    message = _("The ballot is %(state)s: votes are not taken.")
    code = "ballot_not_open"


class ConflictUndecided(ActRefused):
    """The roll cannot be frozen while it is open who is recused."""

    message = _("A conflict of interest is not decided yet: seat %(seats)s.")
    code = "conflict_undecided"


class IndependenceNotExamined(ActRefused):
    """Somebody is to be independent and tied to another side, and nobody declared it."""

    message = _(
        "By the register of positions these seats are tied to another side: %(seats)s. Declare it "
        "as a conflict of interest; the side decides without the person what follows."
    )
    code = "independence_not_examined"


class TooLate(ActRefused):
    """The time for papers is over."""

    message = _("Papers were taken until %(until)s.")
    code = "too_late"


class OutsideCompetence(ActRefused):
    """A body decides what its kind decides."""

    message = _("This kind of body does not take such decisions.")
    code = "outside_competence"


class DeadlineRuns(ActRefused):
    """A written ballot stays open until its deadline: until then a principal may speak."""

    message = _("Papers are taken until %(closes_at)s; the ballot cannot be closed before.")
    code = "deadline_runs"


class TextDiffers(ActRefused):
    """The voter saw another text than the one put to the vote."""

    message = _("The text you saw is not the text put to the vote. Read it again.")
    code = "text_differs"


class AlreadyVoted(ActRefused):
    """One counted vote per seat."""

    message = _("Seat %(seat)s has already voted in this ballot.")
    code = "already_voted"


class PaperIncomplete(ActRefused):
    """A paper vote enters only as the transcript of a named paper."""

    message = _("Name the paper whose vote is entered.")
    code = "paper_incomplete"


class NotSingleVoice(ActRefused):
    """Only a side that speaks with one voice approves inside first."""

    message = _("This side votes seat by seat: nothing is approved inside it first.")
    code = "not_single_voice"


class AlreadyApproved(ActRefused):
    """The seat has approved exactly this."""

    message = _("This seat has already approved this.")
    code = "already_approved"


class SpeakerApproves(ActRefused):
    """Whoever speaks for the side cannot also be the approval inside it."""

    message = _("The seat that speaks for the side does not approve its own words.")
    code = "speaker_approves"


class ProtocolExists(ActRefused):
    """A meeting has one protocol."""

    message = _("The protocol of this meeting was already drawn up.")
    code = "protocol_exists"


class ProtocolNotInState(ActRefused):
    """The protocol is not where this act finds it."""

    message = _("The protocol is %(state)s.")
    code = "protocol_not_in_state"


class RemarksOver(ActRefused):
    """Members remark on a draft while the charter's days run."""

    message = _("Remarks on this draft were taken until %(until)s.")
    code = "remarks_over"


class RemarksUnanswered(ActRefused):
    """Every remark has an answer before anybody signs."""

    message = _("Answer the remarks on the draft first: %(numbers)s.")
    code = "remarks_unanswered"


class RemarkAnswered(ActRefused):
    """A remark is answered once."""

    message = _("This remark was already answered.")
    code = "remark_answered"


class AlreadySigned(ActRefused):
    """A person signs once."""

    message = _("You have already signed this protocol.")
    code = "already_signed"


class DissentWindowOpen(ActRefused):
    """A protocol is published when opinions can no longer be added to it."""

    message = _("Dissenting opinions may be filed until %(until)s.")
    code = "dissent_window_open"


class DissentWindowClosed(ActRefused):
    """Opinions are filed within the days the charter gives."""

    message = _("The time for dissenting opinions ended on %(until)s.")
    code = "dissent_window_closed"


class OpinionExists(ActRefused):
    """One opinion per person and ballot."""

    message = _("You have already filed an opinion on this ballot.")
    code = "opinion_exists"


class CorrectionAgreed(ActRefused):
    """The correction is in force."""

    message = _("This correction was already agreed.")
    code = "correction_agreed"


class AlreadyChallenged(ActRefused):
    """A doubt is recorded once."""

    message = _("The vote is already challenged for this reason.")
    code = "already_challenged"


class ChallengeSettled(ActRefused):
    """A doubt is settled once."""

    message = _("This challenge was already settled.")
    code = "challenge_settled"


class ChallengeTooLate(ActRefused):
    """Half a year from the day one knew, two years from publication (ГК 181.4 п. 5)."""

    message = _("This decision could be challenged until %(until)s.")
    code = "challenge_too_late"


class KnownLater(ActRefused):
    """Nobody knows today what comes to light tomorrow, nor of a vote before it was cast."""

    message = _("The day on which it became known lies before the vote or after today.")
    code = "known_later"


class OwnChallenge(ActRefused):
    """Who raised a doubt is not the one who dismisses it (G4)."""

    message = _("Another person than the one who raised the doubt says that it is unfounded.")
    code = "own_challenge"


class NotCuredByConfirmation(ActRefused):
    """A principal can confirm what was done for him, not that somebody was impartial."""

    message = _("The principal's confirmation cures a defect of the mandate, and nothing else.")
    code = "not_cured_by_confirmation"


class NotDecidedAgain(ActRefused):
    """A later count of the same question, by the same body, and nothing less."""

    message = _("Name a later ballot of this body on the same question that was counted.")
    code = "not_decided_again"


class NotOnPaper(ActRefused):
    """Only a vote that was carried over from paper, and counts, is compared with its paper."""

    message = _("This vote did not come on paper, or no longer counts: there is nothing to check.")
    code = "not_on_paper"


class OwnPaper(ActRefused):
    """The clerk is not the sole teller (G4), and nobody checks his or her own vote."""

    message = _("Another person checks a paper than the one who entered it or signed it.")
    code = "own_paper"


class PaperChecked(ActRefused):
    """A finding stands; an entry that was wrong is made again."""

    message = _("This paper was already checked.")
    code = "paper_checked"


class PapersUnchecked(ActRefused):
    """No count rests on papers that only one person has seen."""

    message = _(
        "Votes from paper wait for the check of a second person: %(seats)s. The coordinator or"
        " another secretary compares each with its paper; then close the ballot."
    )
    code = "papers_unchecked"


class ReasonMissing(ActRefused):
    """A refusal or deviation carries a reason and an explanation."""

    message = _("Explain the reason.")
    code = "reason_missing"


class CalendarUnknown(ActRefused):
    """A working day guessed wrongly is a notice sent too late."""

    message = _("The working calendar of %(year)s is not known here yet.")
    code = "calendar_unknown"


class PaperUnchanged(ActRefused):
    """A new edition would be the same file again."""

    message = _("Nothing has changed since edition %(edition)s: download and sign that one.")
    code = "paper_unchanged"


class SignatureKept(ActRefused):
    """The same signature came before."""

    message = _("This signature is already kept under the paper.")
    code = "signature_kept"


class NotSignable(ActRefused):
    """Word documents are for work; what is signed is the PDF."""

    message = _("Only the PDF of a paper is signed.")
    code = "not_signable"


class SilenceNotAllowed(ActRefused):
    """B6: silence is consent only where the charter says so, and never to what is listed there."""

    message = _(
        "The charter allows no silence procedure for this kind of question. Put it to a vote."
    )
    code = "silence_not_allowed"


class SilenceAskedBefore(ActRefused):
    """One attempt: after that the question goes to a vote."""

    message = _(
        "A silence procedure was opened on this ballot before. The question goes to a vote."
    )
    code = "silence_asked_before"


class SeatsVacant(ActRefused):
    """B6: an empty seat cannot be silent."""

    message = _("No silence procedure while a seat is vacant: %(seats)s.")
    code = "seats_vacant"


class SilenceUnderWay(ActRefused):
    """A question is not voted on while people are told that no answer means consent."""

    message = _("A silence procedure runs on this question. Wait for its end.")
    code = "silence_under_way"


class SilenceRuns(ActRefused):
    """The term belongs to those who may object."""

    message = _("Objections are taken until %(until)s; the procedure cannot be ended before.")
    code = "silence_runs"


class SilenceIsOver(ActRefused):
    """The term is over, or something ended the procedure."""

    message = _("The silence procedure is over.")
    code = "silence_is_over"


class RemindedBefore(ActRefused):
    """One reminder, so that nobody is worn down by them."""

    message = _("The reminder was sent. There is one, not more.")
    code = "reminded_before"


class NotCalledToObject(ActRefused):
    """Who is recused for a question neither consents nor objects."""

    message = _("Seat %(seat)s is recused for this question and cannot object.")
    code = "not_called_to_object"


class NotRepeatable(ActRefused):
    """What was decided is not put again until it comes out differently."""

    message = _(
        "Ballot %(ballot)s cannot be repeated: only one that was not held, was annulled, or was"
        " tied where the charter says so, and only once."
    )
    code = "not_repeatable"


class RepeatedTextDiffers(ActRefused):
    """A repeated ballot asks about the same text, or says why about another."""

    message = _(
        "A repeated ballot asks about the same text. If the text is another one, say why; if it is"
        " the same, say nothing."
    )
    code = "repeated_text_differs"


class VoidIsTakenAnew(ActRefused):
    """Confirmation does not reach back over a lack of competence, agenda or quorum."""

    message = _("The decision is void and cannot be confirmed: put the question anew.")
    code = "void_is_taken_anew"


class NothingToConfirm(ActRefused):
    """Only what was agreed and is voidable needs confirming."""

    message = _("Only a decision that was agreed and is voidable is confirmed.")
    code = "nothing_to_confirm"


class ConfirmationIsPutAgain(ActRefused):
    """A chain of confirmations would hang on its weakest one: each is of the decision itself."""

    message = _(
        "This is a confirmation. If it is doubtful, put the decision that it confirms to"
        " confirmation again."
    )
    code = "confirmation_is_put_again"


class PaperNotPublic(ActRefused):
    """Only what the procedure has published may be opened to everybody."""

    message = _("This edition is %(status)s: only a published paper is opened to everybody.")
    code = "paper_not_public"


class PaperPublished(ActRefused):
    """An edition is opened once."""

    message = _("This edition is already open to everybody.")
    code = "paper_published"
