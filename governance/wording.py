"""Say outcomes, consequences and checks in the language of the reader.

The rules speak in codes and exact numbers (`governance.domain`); here each code has its sentence.
Nothing is computed: a sentence repeats the numbers that were stored. Names of sides and members are
given by the caller, so that no name has to be stored with a decision.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from governance.domain.explain import Said, Statement, least_that_passes
from governance.domain.expressions import Comparison, Number, Result, Vote
from governance.domain.mandates import Standing
from governance.domain.materiality import Materiality
from governance.domain.outcome import TraceItem
from governance.domain.stakes import Effect, Stakes
from governance.domain.table import InnerRule, TableResult
from governance.domain.validity import CheckCode, State, Verdict

RESULTS = {
    Result.ADOPTED: gettext_lazy("Adopted"),
    Result.REJECTED: gettext_lazy("Not adopted"),
    Result.NO_QUORUM: gettext_lazy("No quorum"),
    Result.BLOCKED: gettext_lazy("Blocked"),
    Result.NO_OPINION: gettext_lazy("No opinion"),
    Result.TIE: gettext_lazy("Tie"),
}
TABLE_RESULTS = {
    TableResult.AGREED: gettext_lazy("Agreed"),
    TableResult.NOT_AGREED: gettext_lazy("Not agreed"),
    TableResult.NOT_HELD: gettext_lazy("Not held"),
}
INNER_RULES = {
    InnerRule.SINGLE_VOICE: gettext_lazy(
        "The side speaks with one voice: its coordinator, or the deputy in absence."
    ),
    InnerRule.MAJORITY_OF_ENTITLED: gettext_lazy(
        "The side agrees if more than half of all its entitled seats vote for."
    ),
    InnerRule.MAJORITY_OF_PRESENT: gettext_lazy(
        "The side agrees if more than half of its seats that take part vote for."
    ),
    InnerRule.TWO_THIRDS_PRESENT: gettext_lazy(
        "The side agrees if at least two thirds of its seats that take part vote for."
    ),
    InnerRule.CONSENSUS: gettext_lazy(
        "The side agrees if nobody in it votes against and at least one seat votes for."
    ),
    InnerRule.BY_RULES: gettext_lazy("As the rules of counting say."),
}
COUNTED = {
    Vote.YES: pgettext_lazy("votes", "For"),
    Vote.NO: pgettext_lazy("votes", "Against"),
    Vote.ABSTAIN: pgettext_lazy("votes", "Abstained"),
    Vote.VOID: pgettext_lazy("votes", "Void"),
    Vote.SILENT: pgettext_lazy("votes", "Present without a vote"),
    Vote.ABSENT: pgettext_lazy("votes", "Absent"),
    Vote.RECUSED: pgettext_lazy("votes", "Recused"),
    "cast": pgettext_lazy("votes", "For and against"),
    "valid": pgettext_lazy("votes", "Valid votes"),
    "ballots": pgettext_lazy("votes", "Ballots sent"),
    "present": pgettext_lazy("votes", "Taking part"),
    "members": pgettext_lazy("votes", "Entitled"),
    "not_yes": pgettext_lazy("votes", "Not for"),
    "not_no": pgettext_lazy("votes", "Not against"),
    "seats": pgettext_lazy("votes", "Seats"),
    "above_default": pgettext_lazy("votes", "Above the default option"),
    "below_default": pgettext_lazy("votes", "Below the default option"),
    "level_with_default": pgettext_lazy("votes", "Level with the default option"),
}
COMPARISONS = {
    Comparison.MORE: pgettext_lazy("comparison", "more than %(number)s"),
    Comparison.AT_LEAST: pgettext_lazy("comparison", "at least %(number)s"),
    Comparison.LESS: pgettext_lazy("comparison", "less than %(number)s"),
    Comparison.AT_MOST: pgettext_lazy("comparison", "at most %(number)s"),
    Comparison.EQUAL: pgettext_lazy("comparison", "exactly %(number)s"),
}
ABSTENTIONS = {
    Effect.COUNTS_AGAINST: gettext_lazy(
        "An abstention acts like a vote against: it never helps the question to pass."
    ),
    Effect.COUNTS_FOR: gettext_lazy("An abstention acts like a vote for."),
    Effect.NEITHER: gettext_lazy(
        "An abstention is neither for nor against: it helps the question less than a vote for and "
        "stands less in its way than a vote against."
    ),
}
ABSENCES = {
    Effect.COUNTS_AGAINST: gettext_lazy("To send no vote acts like a vote against."),
    Effect.COUNTS_FOR: gettext_lazy("To send no vote acts like a vote for."),
    Effect.NEITHER: gettext_lazy(
        "To send no vote is neither for nor against: the answer is counted without your seat."
    ),
}
STANDINGS = {
    Standing.VALID: gettext_lazy("The mandate is valid."),
    Standing.EXPIRED: gettext_lazy("The mandate had expired."),
    Standing.REVOKED_KNOWN: gettext_lazy("The mandate had been revoked."),
    Standing.REVOKED_UNKNOWN_AT_TIME: gettext_lazy(
        "The mandate had been revoked, but nobody here could know it yet. The act stands until the "
        "principal confirms it or the body decides again."
    ),
    Standing.OUT_OF_SCOPE: gettext_lazy("The mandate does not give this power."),
    Standing.NOT_YET_VALID: gettext_lazy("The mandate was not yet valid."),
    Standing.NOT_FOUND: gettext_lazy("There is no mandate."),
    Standing.UNDATED: gettext_lazy("The mandate has no date of issue and cannot be used."),
    Standing.SUBSTITUTION_OUTSIDE_PARENT: gettext_lazy(
        "The substitution goes beyond the mandate it rests on."
    ),
    Standing.NOT_DELEGABLE: gettext_lazy(
        "This power is personal and cannot be exercised by another person."
    ),
}
CHECKS = {
    CheckCode.COMPETENCE: gettext_lazy("Competence of the body"),
    CheckCode.AGENDA: gettext_lazy("Question on the agenda"),
    CheckCode.NOTICE: gettext_lazy("Notice in time"),
    CheckCode.QUORUM: gettext_lazy("Quorum at the ballot"),
    CheckCode.AUTHORITY: gettext_lazy("Authority of each counted vote"),
    CheckCode.RECUSALS: gettext_lazy("Recusals"),
    CheckCode.ONE_VOTE_PER_SEAT: gettext_lazy("One vote per seat"),
    CheckCode.TEXT_HASH: gettext_lazy("Text voted and text decided"),
    CheckCode.CHARTER_VERSION: gettext_lazy("Version of the charter"),
    CheckCode.COUNT: gettext_lazy("Count"),
    CheckCode.PROTOCOL_FORM: gettext_lazy("Form of the protocol"),
}
STATES = {
    State.HELD: pgettext_lazy("check", "In order"),
    State.EXCUSED: pgettext_lazy("check", "Excused: every seat took part and nobody objected"),
    State.CURED: pgettext_lazy("check", "Cured: the body confirmed the decision"),
    State.FLAGGED: pgettext_lazy("check", "To be confirmed by the principal"),
    State.BREACHED: pgettext_lazy("check", "Breached"),
    State.PENDING: pgettext_lazy("check", "Not yet due"),
}
VERDICTS = {
    Verdict.VALID: gettext_lazy("The decision is valid"),
    Verdict.VOIDABLE: gettext_lazy("The decision can be challenged (voidable)"),
    Verdict.VOID: gettext_lazy("The decision is void"),
}
MATERIALITIES = {
    Materiality.IMMATERIAL: gettext_lazy(
        "The defect could not have changed the result: with these votes changed in the most "
        "adverse way the result is the same."
    ),
    Materiality.MATERIAL: gettext_lazy("The defect could have changed the result."),
    Materiality.NOT_EXAMINED: gettext_lazy(
        "The defect touches too many votes to try every way; it is treated as one that could have "
        "changed the result."
    ),
}


def number(value: Number) -> str:
    """Write an exact number: a whole one as it is, another one as `p/q`."""
    return str(value)


def statement(said: Statement, names: Mapping[str, str]) -> str:
    """Return the sentence of one statement. `names` gives sides and members their names."""
    side = names.get(said.side, said.side)
    match said.said:
        case Said.RESULT:
            return str(RESULTS[Result(said.result)])
        case Said.TABLE_RESULT:
            return str(TABLE_RESULTS[TableResult(said.result)])
        case Said.ALL_SIDES_AGREED:
            return _("Every side agreed.")
        case Said.SIDE_HAD_NO_QUORUM:
            return _("%(side)s: no quorum. %(arithmetic)s") % {
                "side": side,
                "arithmetic": test(said.test) if said.test else "",
            }
        case Said.SIDE_DID_NOT_AGREE:
            return _("%(side)s: not agreed. %(arithmetic)s") % {
                "side": side,
                "arithmetic": test(said.test) if said.test else "",
            }
        case Said.RULE_APPLIED if said.why:
            return _("Rule %(number)s of the charter applied: %(why)s.") % {
                "number": said.votes,
                "why": said.why,
            }
        case Said.RULE_APPLIED:
            return _("Rule %(number)s of the charter applied.") % {"number": said.votes}
        case Said.BLOCKED_BY_SIDES:
            return _("Did not agree: %(names)s.") % {"names": _listed(said.names, names)}
        case Said.BLOCKED_BY_MEMBERS:
            return _("Blocked by the votes of: %(names)s.") % {"names": _listed(said.names, names)}
        case Said.VOTES_NEEDED:
            return ngettext(
                "%(side)s: %(votes)s more vote for would have been enough.",
                "%(side)s: %(votes)s more votes for would have been enough.",
                said.votes,
            ) % {"side": side, "votes": said.votes}
        case Said.NOTHING_WOULD_DO:
            return _("%(side)s: no seat was entitled, so no votes could have been enough.") % {
                "side": side
            }
        case Said.NEEDED_TOGETHER:
            return ngettext(
                "Altogether at least %(votes)s more vote for.",
                "Altogether at least %(votes)s more votes for.",
                said.votes,
            ) % {"votes": said.votes}
        case Said.WOULD_HAVE_CHANGED:
            return ngettext(
                "%(side)s: %(votes)s vote cast otherwise would have changed the result.",
                "%(side)s: %(votes)s votes cast otherwise would have changed the result.",
                said.votes,
            ) % {"side": side, "votes": said.votes}
        case Said.ENOUGH_TO_CHANGE:
            return ngettext(
                "%(side)s: %(votes)s vote cast otherwise would have changed the result; whether "
                "fewer would have done was not computed, there are too many counts to try.",
                "%(side)s: %(votes)s votes cast otherwise would have changed the result; whether "
                "fewer would have done was not computed, there are too many counts to try.",
                said.votes,
            ) % {"side": side, "votes": said.votes}
        case Said.CHANGE_NOT_FOUND:
            return _(
                "%(side)s: how few votes cast otherwise would have changed the result was not "
                "computed, there are too many counts to try."
            ) % {"side": side}
        case Said.NEXT_VOTE:
            return _("What follows: %(next)s.") % {"next": said.why}


def test(item: TraceItem) -> str:
    """Return the arithmetic of one test: what was counted, what was needed, whether it holds."""
    verdict = _("Holds.") if item.holds else _("Does not hold.")
    return " ".join((_counted(item), _needed(item), verdict))


def test_of(item: TraceItem, names: Mapping[str, str]) -> str:
    """Return the arithmetic of one test after the name of what it was made of."""
    unit = item.unit.partition("/")[2]
    of = [names.get(one, one) for one in (unit, item.side) if one]
    return ": ".join([*([item.why] if item.why else []), *of, test(item)])


def _counted(item: TraceItem) -> str:
    if item.base is None:
        return _("%(counted)s: %(left)s.") % {
            "counted": _named(item.counted),
            "left": number(item.left),
        }
    return _("%(counted)s: %(left)s. %(base_name)s: %(base)s.") % {
        "counted": _named(item.counted),
        "left": number(item.left),
        "base_name": _named(item.of),
        "base": number(item.base),
    }


def _needed(item: TraceItem) -> str:
    if item.is_root:
        return _("Needed: %(share)s of its square root, compared as squares.") % {
            "share": _compared(item.comparison, item.share)
        }
    whole = _compared(item.comparison, item.right)
    least = least_that_passes(item)
    if item.base is None or (item.share == 1 and item.base and not item.plus):
        # «Exactly all of it» is said by the number alone.
        return _("Needed: %(whole)s.") % {"whole": whole}
    if item.base == 0 and item.left == 0:
        return _("Needed: %(share)s of it. Nothing is not a share of nothing.") % {
            "share": _compared(item.comparison, item.share)
        }
    words = {"share": _compared(item.comparison, item.share), "whole": whole}
    if least is None or Fraction(least) == item.right:
        return _("Needed: %(share)s of it, that is %(whole)s.") % words
    words["least"] = number(least)
    return _("Needed: %(share)s of it, that is %(whole)s, so at least %(least)s.") % words


def _compared(comparison: Comparison, value: Number) -> str:
    return str(COMPARISONS[comparison]) % {"number": number(value)}


def _named(counts: Iterable[str]) -> str:
    return ", ".join(str(COUNTED.get(name, name)) for name in counts)


def _listed(codes: Iterable[str], names: Mapping[str, str]) -> str:
    return ", ".join(names.get(code, code) for code in codes)


def at_stake(found: Stakes) -> list[str]:
    """Say, before the vote, what an abstention and an absence do, and how many votes are enough."""
    single = [_("You speak for the whole side.")] if not found.others else []
    absence = str(ABSENCES[found.absence])
    if found.absence_costs_quorum:
        absence = " ".join((absence, _("The seat would be missing from the quorum.")))
    return [*single, str(ABSTENTIONS[found.abstention]), absence, *_enough(found)]


def _enough(found: Stakes) -> list[str]:
    if not found.others:
        return []
    words = {
        vote: _("not possible") if count is None else number(count)
        for vote, count in found.enough.items()
    }
    return [
        ngettext(
            "Your side has %(n)s other vote. So many of the others must be for: %(yes)s if you are "
            "for, %(abstain)s if you abstain, %(absent)s if you send no vote, %(no)s if you are "
            "against.",
            "Your side has %(n)s other votes. So many of the others must be for: %(yes)s if you "
            "are for, %(abstain)s if you abstain, %(absent)s if you send no vote, %(no)s if you "
            "are against.",
            found.others,
        )
        % {
            "n": found.others,
            "yes": words[Vote.YES],
            "no": words[Vote.NO],
            "abstain": words[Vote.ABSTAIN],
            "absent": words[Vote.ABSENT],
        }
    ]
