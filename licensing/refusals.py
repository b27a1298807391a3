"""How licensing says *not now*: each refusal has a code for machines and words for people."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from audit.acts import ActRefused


class LicensingRefused(ActRefused):
    """An act that licensing does not allow now."""

    message = _("This is not possible now.")
    code = "licensing_refused"


class MatterIsNotAgreed(LicensingRefused):
    message = _("The table has not agreed on the text as a whole.")
    code = "matter_not_agreed"


class SetHasNoMatter(LicensingRefused):
    message = _("These requirements are not being negotiated here.")
    code = "set_without_matter"


class ForeignRow(LicensingRefused):
    """A row of another set, body or version was handed in."""

    message = _("This belongs to other requirements.")
    code = "other_requirements"


class ScopeIsTaken(LicensingRefused):
    message = _("Only a successor of the requirements in this scope may share it.")
    code = "scope_taken"


class CodeIsTaken(LicensingRefused):
    message = _("%(code)s is already taken.")
    code = "code_taken"

    def __init__(self, *, code: str) -> None:
        super().__init__()
        # `code` is also the name of the machine's code of a refusal, hence not passed on.
        self.params = {"code": code}


class AlreadySubmitted(LicensingRefused):
    message = _("The text adopted in this ballot has already been submitted for approval.")
    code = "already_submitted"


class NotAwaitingOrder(LicensingRefused):
    message = _("The version does not await an order; it is: %(state)s.")
    code = "not_awaiting_order"


class NotTheVotedText(LicensingRefused):
    message = _(
        "The text has digest %(given)s, but the table voted for %(voted)s. "
        "Approve the text voted, or return it."
    )
    code = "not_the_voted_text"


class TextChanged(LicensingRefused):
    message = _("The text is no longer the one you saw. Read it again before you give a visa.")
    code = "text_changed"


class UnitNotAsked(LicensingRefused):
    message = _("The visa of this unit was not asked for.")
    code = "unit_not_asked"


class VisaAlreadyGiven(LicensingRefused):
    message = _("The unit has already said this to the same text.")
    code = "visa_already_given"


class RemarkMissing(LicensingRefused):
    message = _("Write the remark in Russian.")
    code = "remark_missing"


class RemarkNotWanted(LicensingRefused):
    message = _("A visa without a remark has no remark. Choose “approved with a remark”.")
    code = "remark_not_wanted"


class NothingToAnswer(LicensingRefused):
    message = _("There is no unanswered remark in this visa.")
    code = "nothing_to_answer"


class VisasMissing(LicensingRefused):
    message = _("Visas are missing or negative: %(units)s.")
    code = "visas_missing"


class OrderNumberMissing(LicensingRefused):
    message = _("An order has a number.")
    code = "order_number_missing"


class AlreadyReturned(LicensingRefused):
    message = _("The text was returned once already. A second return is not possible.")
    code = "already_returned"


class ReasonsMissing(LicensingRefused):
    message = _("Name the clauses that you return and give a reason for each, in Russian.")
    code = "reasons_missing"


class UnknownGround(LicensingRefused):
    message = _("A text is returned only on one of the closed grounds.")
    code = "unknown_ground"


class MirrorCannotBeReturned(LicensingRefused):
    message = _("Clause %(number)s repeats federal law; the table cannot change it.")
    code = "mirror_not_negotiable"


class NotApproved(LicensingRefused):
    message = _("Only an approved version is published; this one is: %(state)s.")
    code = "not_approved"


class DatesNotAllowed(LicensingRefused):
    message = _("The charter does not allow these dates: %(problems)s.")
    code = "dates_not_allowed"


class ScopeOccupied(LicensingRefused):
    message = _("Version %(label)s is in force in this scope on some of these days.")
    code = "scope_occupied"


class NotPublished(LicensingRefused):
    message = _("Only a published version enters into force; this one is: %(state)s.")
    code = "not_published"


class NotYet(LicensingRefused):
    message = _("The version enters into force on %(day)s.")
    code = "not_yet"


class AlreadyAccepted(LicensingRefused):
    message = _("The application was already accepted.")
    code = "already_accepted"


class NotAccepted(LicensingRefused):
    message = _("The application was not accepted yet.")
    code = "not_accepted"


class NoClauses(LicensingRefused):
    message = _("A version has at least one clause.")
    code = "no_clauses"


class NothingInForce(LicensingRefused):
    message = _("No requirements are in force in this scope on %(day)s.")
    code = "nothing_in_force"


class AlreadyChosen(LicensingRefused):
    message = _("The applicant has already chosen a version; the choice is made once.")
    code = "already_chosen"


class NotANewerVersion(LicensingRefused):
    message = _(
        "Only a published version that enters into force after the acceptance can be chosen."
    )
    code = "not_a_newer_version"


class CalendarIsNotKnown(LicensingRefused):
    message = _("The working calendar of %(year)s is not known yet.")
    code = "calendar_not_known"


class UnitIsClosed(LicensingRefused):
    message = _("The unit gives no visas any more.")
    code = "unit_closed"


class SameOfficer(LicensingRefused):
    message = _("This person already gives the visa of the unit.")
    code = "same_officer"
