"""How the negotiation says *not now*: each refusal has a code for machines and words for people."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from audit.acts import ActRefused


class NegotiationRefused(ActRefused):
    """An act that the negotiation does not allow now."""

    message = _("The negotiation does not allow this now.")
    code = "negotiation_refused"


class WrongState(NegotiationRefused):
    """The matter is not where this act belongs."""

    message = _("Not possible while the matter is: %(state)s.")
    code = "wrong_state"


class MatterHasNoInitiator(NegotiationRefused):
    message = _("Negotiations open on the initiative of a side: name it first.")
    code = "no_initiator"


class NoCharterInForce(NegotiationRefused):
    message = _("The body has no charter in force on this day.")
    code = "no_charter"


class NotASideOfThisTable(NegotiationRefused):
    message = _("This is not a side of the body that negotiates the matter.")
    code = "foreign_side"


class ForeignRow(NegotiationRefused):
    """A row of another matter was handed in."""

    message = _("This belongs to another matter.")
    code = "other_matter"


class DraftAlreadyEntered(NegotiationRefused):
    message = _("The draft is already entered.")
    code = "draft_entered"


class NothingToCirculate(NegotiationRefused):
    message = _("There is no draft to circulate.")
    code = "no_draft"


class DraftIsNotReady(NegotiationRefused):
    message = _("The text is not ready: %(problems)s.")
    code = "draft_not_ready"


class NumberIsTaken(NegotiationRefused):
    message = _("Number %(number)s is already taken.")
    code = "number_taken"


class CommentPeriodTooShort(NegotiationRefused):
    message = _(
        "The charter asks for at least %(required)s working days for comments; these are %(given)s."
    )
    code = "comment_period_too_short"


class CalendarIsNotKnown(NegotiationRefused):
    message = _("There is no working calendar for %(year)s yet.")
    code = "calendar_not_known"


class NoOpenRound(NegotiationRefused):
    message = _("No comment round is open.")
    code = "no_open_round"


class CommentsAreOver(NegotiationRefused):
    message = _("The period for this kind of proposal is over.")
    code = "comments_over"


class CommentsNotOver(NegotiationRefused):
    message = _("Comments are taken until the end of the period.")
    code = "comments_not_over"


class ClauseIsLocked(NegotiationRefused):
    message = _("Clause %(clause)s is agreed and locked.")
    code = "clause_locked"


class ClauseIsAMirror(NegotiationRefused):
    """B12: a clause that repeats federal law is not open to negotiation."""

    message = _("Clause %(clause)s mirrors a federal norm and is not open to negotiation.")
    code = "federal_mirror"


class WeakerThanFederalNorm(NegotiationRefused):
    """B12: a negotiated clause may be stricter than a mirror, never weaker."""

    message = _("The wording of clause %(clause)s would be weaker than the federal norm.")
    code = "weaker_than_mirror"


class ClauseIsUnderVote(NegotiationRefused):
    """B2: what an open ballot asks about does not move."""

    message = _("Clause %(clause)s is under vote. The ballot must be closed or annulled first.")
    code = "clause_under_vote"


class NothingOnTheTable(NegotiationRefused):
    message = _("Clause %(clause)s has no wording on the table.")
    code = "nothing_on_the_table"


class AnotherWordingIsOnTheTable(NegotiationRefused):
    message = _("The wording of clause %(clause)s has changed since you read it.")
    code = "wording_changed"


class SameWording(NegotiationRefused):
    message = _("Clause %(clause)s already has this very wording on the table.")
    code = "same_wording"


class TermsAreNotExact(NegotiationRefused):
    message = _("Numbers of the terms must be whole, decimal text or fractions.")
    code = "terms_not_exact"


class LabelIsTaken(NegotiationRefused):
    message = _("Revision %(label)s is already issued.")
    code = "label_taken"


class AmendmentIsClosed(NegotiationRefused):
    message = _("Amendment %(amendment)s is already closed: %(state)s.")
    code = "amendment_closed"


class WrongAmendmentState(NegotiationRefused):
    message = _("Not possible while amendment %(amendment)s is: %(state)s.")
    code = "wrong_amendment_state"


class NotAdmissible(NegotiationRefused):
    """The admissibility check says no; `code` is its reason."""

    message = _("The proposal cannot be admitted: %(reason)s.")
    code = "not_admissible"


class AmendmentIsUnderVote(NegotiationRefused):
    message = _("Amendment %(amendment)s is under vote.")
    code = "amendment_under_vote"


class NotTheAuthor(NegotiationRefused):
    message = _("Only its author may do this with amendment %(amendment)s.")
    code = "not_the_author"


class AlreadySponsored(NegotiationRefused):
    message = _("Amendment %(amendment)s already has a side behind it.")
    code = "already_sponsored"


class NeedsASponsor(NegotiationRefused):
    message = _(
        "Amendment %(amendment)s comes from a person with a consultative voice: "
        "it goes to the vote only when a side sponsors it."
    )
    code = "needs_sponsor"


class DispositionIsMissing(NegotiationRefused):
    """B9: no summary and no vote while an item has no proposed conclusion."""

    message = _("These proposals have no proposed conclusion yet: %(amendments)s.")
    code = "disposition_missing"


class NotWithoutObjection(NegotiationRefused):
    message = _("A side wants a vote on: %(amendments)s.")
    code = "objection_to_disposition"


class NotDecidedBySummary(NegotiationRefused):
    message = _("Amendment %(amendment)s can only be decided by a vote.")
    code = "vote_needed"


class NoInnerApproval(NegotiationRefused):
    """A single-voiced side speaks only after its members approved the position."""

    message = _("The side has not yet approved this position inside.")
    code = "no_inner_approval"


class SamePosition(NegotiationRefused):
    message = _("Your side has already taken this position on this wording.")
    code = "same_position"


class QuestionIsEmpty(NegotiationRefused):
    message = _("A question needs something to vote on.")
    code = "question_empty"


class UndisposedAmendments(NegotiationRefused):
    """B9: every amendment has one disposition before its clause or the whole is voted."""

    message = _("Undecided amendments stand in the way: %(amendments)s.")
    code = "undisposed_amendments"


class WrongVotingOrder(NegotiationRefused):
    """B10: a sub-amendment before its amendment, the amendment before its clause."""

    message = _("Sub-amendment %(child)s must be decided before %(parent)s.")
    code = "voting_order"


class IncompatibleAmendments(NegotiationRefused):
    """B10: two amendments to the same words cannot both be incorporated."""

    message = _("Amendments %(first)s and %(second)s change the same words.")
    code = "incompatible_amendments"


class SeparateVoteWanted(NegotiationRefused):
    """Situation 16: a package never hides what a side wants to vote on by itself."""

    message = _("A side wants a separate vote on: %(clauses)s.")
    code = "separate_vote_wanted"


class DeletionIsVotedByItself(NegotiationRefused):
    message = _("Amendment %(amendment)s deletes the clause: put it to the vote by itself.")
    code = "deletion_voted_alone"


class AlreadyDemanded(NegotiationRefused):
    message = _("Your side has already asked for a separate vote.")
    code = "already_demanded"


class ClausesAreNotAgreed(NegotiationRefused):
    """B11: the whole leaves out only severable clauses whose disagreement is recorded."""

    message = _("Not agreed, and not in a disagreement that could be recorded: %(clauses)s.")
    code = "clauses_not_agreed"


class NotSeverable(NegotiationRefused):
    """B11: partial adoption only of severable clauses."""

    message = _("Without these clauses the text cannot be adopted: %(clauses)s.")
    code = "not_severable"


class PartialAdoptionForbidden(NegotiationRefused):
    message = _("The charter does not allow adoption in part.")
    code = "partial_adoption_forbidden"


class TextIsInconsistent(NegotiationRefused):
    message = _("The text is not consistent: %(problems)s.")
    code = "text_inconsistent"


class QuestionIsStale(NegotiationRefused):
    """B2, situation 14: the ballot opens only on the text that is on the table."""

    message = _("The text has changed since the question was put. Put it anew.")
    code = "question_stale"


class WholeIsUnderVote(NegotiationRefused):
    message = _("The text as a whole and a part of it cannot be under vote together.")
    code = "whole_under_vote"


class BallotAsksNothingHere(NegotiationRefused):
    message = _("This ballot belongs to no negotiated text.")
    code = "no_question"


class BallotIsNotCertified(NegotiationRefused):
    message = _("The ballot has no certified result.")
    code = "ballot_not_certified"


class DecisionAlreadyApplied(NegotiationRefused):
    message = _("What this ballot decided has already taken effect.")
    code = "decision_applied"


class NotAConciliationMeeting(NegotiationRefused):
    message = _("Only a conciliation meeting recommends wordings.")
    code = "not_conciliation"


class MeetingIsNotOpen(NegotiationRefused):
    message = _("The meeting is not open.")
    code = "meeting_not_open"


class NoDisagreement(NegotiationRefused):
    message = _("There is no open disagreement on clause %(clause)s.")
    code = "no_disagreement"


class AlreadyRecommended(NegotiationRefused):
    message = _("The meeting has already dealt with clause %(clause)s.")
    code = "already_recommended"


class DisagreementIsClosed(NegotiationRefused):
    message = _("Disagreement %(disagreement)s is closed: %(state)s.")
    code = "disagreement_closed"


class StatementsAreMissing(NegotiationRefused):
    message = _("These sides have not given their reasons on clause %(clause)s: %(sides)s.")
    code = "statements_missing"


class NothingToRecord(NegotiationRefused):
    message = _("There is no recorded disagreement to put into a protocol.")
    code = "nothing_to_record"


class AlreadySigned(NegotiationRefused):
    message = _("Your side has already signed.")
    code = "already_signed"


class AnotherText(NegotiationRefused):
    """What is signed is what was read: the digests must be equal."""

    message = _("The text has changed since you read it.")
    code = "other_text"


class NothingToReopen(NegotiationRefused):
    message = _("Name the clauses that come back to the table.")
    code = "nothing_to_reopen"


class ClauseWasNotAgreed(NegotiationRefused):
    message = _("Clause %(clause)s was not agreed: there is nothing to reopen.")
    code = "clause_not_agreed"


class NothingWritten(NegotiationRefused):
    message = _("Write something first.")
    code = "nothing_written"


class TooLong(NegotiationRefused):
    message = _("The text is longer than %(limit)s characters.")
    code = "too_long"


class NotEditorial(NegotiationRefused):
    message = _(
        "Silence is consent only to editorial amendments. Put the question to a vote: a duty is"
        " never taken on by silence."
    )
    code = "not_editorial"
