"""A charter read in words: every rule a sentence, every test a line, in the reader's language.

What stands here is read from the parsed charter, so it says what the kernel will do and not what
an author meant. Names of sides are given by the caller; where there is none the code is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, assert_never

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from governance.domain.choice.methods import CHOOSE, Method, TieRule, Unranked
from governance.domain.expressions import (
    All,
    Any,
    Comparison,
    Each,
    Expression,
    Fixed,
    Not,
    Parameter,
    Result,
    Rule,
    Tally,
    Test,
    Vote,
)
from governance.domain.procedure import PartialAdoption, Procedure, Proxies, Silence, Tie
from governance.domain.table import ALL_SIDES_AGREE, SIDE_AGREES, SIDE_QUORUM
from governance.wording import COMPARISONS, COUNTED, INNER_RULES, RESULTS, number

if TYPE_CHECKING:
    from governance.domain.charter import Charter
    from governance.domain.choice.charter import ChoiceCharter
    from governance.domain.expressions import Rational, Recode, Value

BASES = {
    Vote.YES: pgettext_lazy("base", "the votes for"),
    Vote.NO: pgettext_lazy("base", "the votes against"),
    Vote.ABSTAIN: pgettext_lazy("base", "the abstentions"),
    Vote.VOID: pgettext_lazy("base", "the void papers"),
    Vote.SILENT: pgettext_lazy("base", "those present without a vote"),
    Vote.ABSENT: pgettext_lazy("base", "the absent"),
    Vote.RECUSED: pgettext_lazy("base", "the recused"),
    "cast": pgettext_lazy("base", "the votes for and against"),
    "valid": pgettext_lazy("base", "the valid votes (for, against, abstained)"),
    "ballots": pgettext_lazy("base", "the papers sent"),
    "present": pgettext_lazy("base", "those taking part"),
    "members": pgettext_lazy("base", "all who are entitled"),
    "not_yes": pgettext_lazy("base", "those who are not for"),
    "not_no": pgettext_lazy("base", "those who are not against"),
    "seats": pgettext_lazy("base", "all seats, vacant ones with them"),
    "above_default": pgettext_lazy("base", "those above the default option"),
    "below_default": pgettext_lazy("base", "those below the default option"),
    "level_with_default": pgettext_lazy("base", "those level with the default option"),
}
"""The same counts as `wording.COUNTED`, in the form that stands after «of» and «than»."""

AGAINST_BASE = {
    Comparison.MORE: pgettext_lazy("comparison", "more than %(base)s"),
    Comparison.AT_LEAST: pgettext_lazy("comparison", "at least as many as %(base)s"),
    Comparison.LESS: pgettext_lazy("comparison", "fewer than %(base)s"),
    Comparison.AT_MOST: pgettext_lazy("comparison", "at most as many as %(base)s"),
    Comparison.EQUAL: pgettext_lazy("comparison", "exactly as many as %(base)s"),
}
REASONS = {
    SIDE_QUORUM: gettext_lazy("quorum of every side"),
    SIDE_AGREES: gettext_lazy("agreement of every side"),
    ALL_SIDES_AGREE: gettext_lazy("all sides agreed"),
}
"""The reasons that composed charters carry as codes; others are written by people and stay."""

METHODS = {
    Method.PLURALITY: gettext_lazy("Plurality: the option with most votes is chosen."),
    Method.APPROVAL: gettext_lazy(
        "Approval: everybody may approve of several options, and the most approved are chosen."
    ),
    Method.BORDA: gettext_lazy("Borda count: places in the rankings give points."),
    Method.SCORE: gettext_lazy("Scores: the option with the highest sum is chosen."),
    Method.STAR: gettext_lazy(
        "STAR: of the two options with the highest scores the one that more voters prefer is "
        "chosen."
    ),
    Method.IRV: gettext_lazy(
        "Instant run-off: the lowest option goes out, until one has more than half of the ballots "
        "that are left."
    ),
    Method.STV: gettext_lazy(
        "Single transferable vote: who reaches the quota is elected, the surplus is transferred, "
        "and the lowest goes out."
    ),
    Method.SCHULZE: gettext_lazy(
        "Schulze: options are compared in pairs, and the strongest path of victories decides."
    ),
    Method.CONDORCET: gettext_lazy(
        "Condorcet: the option that wins against every other one, or none."
    ),
    Method.COPELAND: gettext_lazy("Copeland: the option that wins most comparisons in pairs."),
    Method.CONDORCET_IRV: gettext_lazy(
        "Condorcet, else instant run-off: the option that wins against every other one; where "
        "there is none, the winner of a run-off."
    ),
    Method.DEBIAN: gettext_lazy(
        "Debian: options that fail their test against the default option are dropped, and Schulze "
        "decides among the others."
    ),
}
TIES = {
    TieRule.BACKWARD: gettext_lazy("an earlier stage of the count"),
    TieRule.LOT: gettext_lazy("the lot"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence, and the parts it is made of where it joins several."""

    words: str
    parts: tuple[Line, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class RuleInWords:
    """One rule: its number, its result, when it applies, and why the charter says so."""

    number: int
    result: str
    code: str
    condition: Line | None
    exception: Line | None
    why: str
    next: str


@dataclass(frozen=True, slots=True)
class CharterInWords:
    """A charter as a page shows it: before the count, the rules in order, after them."""

    before: tuple[Line, ...]
    rules: tuple[RuleInWords, ...]
    after: tuple[str, ...]


def motion_in_words(charter: Charter, names: Mapping[str, str] | None = None) -> CharterInWords:
    """Read a charter of a motion in words."""
    says = _Says(names or {})
    before = [*_roll_of(charter, says), *(says.recode(recode) for recode in charter.recodes)]
    for units in charter.units.values():
        title = _(
            "Members are grouped by “%(by)s”, and each group (%(name)s) casts one vote by its "
            "own rules:"
        )
        before.append(
            Line(
                title % {"by": units.by, "name": units.name},
                tuple(says.unit_rule(rule) for rule in units.vote),
            )
        )
    return CharterInWords(
        tuple(before), tuple(says.rule(place, rule) for place, rule in enumerate(charter.rules)), ()
    )


def choice_in_words(charter: ChoiceCharter) -> CharterInWords:
    """Read a charter of a choice in words: its preliminary rules, the method, its parameters."""
    says = _Says({})
    after = [str(METHODS[charter.method])]
    after.append(
        ngettext("%(n)s option is chosen.", "%(n)s options are chosen.", charter.seats)
        % {"n": charter.seats}
    )
    if charter.unranked is Unranked.NO_OPINION:
        after.append(_("An option that a ballot does not rank is not compared on that ballot."))
    if charter.default:
        after.append(_("Default option: %(option)s.") % {"option": charter.default})
    if charter.least_votes is not None:
        after.append(_("An option needs a least share of the voters to be chosen."))
    if charter.cap is not None:
        after.append(
            ngettext(
                "At most %(n)s of those chosen may share the same “%(by)s”.",
                "At most %(n)s of those chosen may share the same “%(by)s”.",
                charter.cap.most,
            )
            % {"n": charter.cap.most, "by": charter.cap.by}
        )
    ties = ", ".join(str(TIES[rule]) for rule in charter.ties)
    after.append(
        _("Between equals decides: %(ties)s; else the result is a tie.") % {"ties": ties}
        if ties
        else _("Between equals nothing decides: the result is a tie.")
    )
    before = tuple(
        Line(
            _("An option is taken into account only if:"),
            (says.expression(need.condition),),
            reason(need.why),
        )
        for need in charter.needs
    )
    rules = [rule for rule in charter.rules if rule.then != CHOOSE]
    return CharterInWords(
        before, tuple(says.rule(place, rule) for place, rule in enumerate(rules)), tuple(after)
    )


def reason(why: str) -> str:
    """Return a reason in words: the codes of composed charters have sentences."""
    return str(REASONS.get(why, why))


def reason_code(words: str) -> str:
    """Return a reason as a charter keeps it: the code, where the words are those of a code.

    What is kept as a code is read in either language; other words stay as they were written.
    """
    for language in ("ru", "en"):
        with translation.override(language):
            known = {str(said): code for code, said in REASONS.items()}
        if words in known:
            return known[words]
    return words


def _roll_of(charter: Charter, says: _Says) -> Iterable[Line]:
    if charter.seats is not None:
        yield Line(_("Number of seats, vacant ones with them: %(n)s.") % {"n": charter.seats})
    special = [
        says.side_of(name, where)
        for name, where in charter.sides.items()
        if where != {"side": name}
    ]
    if special:
        yield Line(_("Groups that the rules name:"), tuple(Line(words) for words in special))
    for name, value in charter.params.items():
        yield Line(
            _("The number “%(name)s” is %(value)s.") % {"name": name, "value": number(value)}
        )
    if charter.recused_are_counted:
        yield Line(_("The recused stay among the entitled."))
    if charter.max_proxies is not None:
        yield Line(
            ngettext(
                "One member may vote for %(n)s other.",
                "One member may vote for at most %(n)s others.",
                charter.max_proxies,
            )
            % {"n": charter.max_proxies}
        )


@dataclass(frozen=True, slots=True)
class _Says:
    """Puts the parts of one charter into words, with the names of its sides."""

    names: Mapping[str, str]

    def name(self, side: str) -> str:
        return self.names.get(side, side)

    def rule(self, place: int, rule: Rule) -> RuleInWords:
        known = {str(code) for code in Result}
        return RuleInWords(
            number=place + 1,
            result=str(RESULTS[Result(rule.then)]) if rule.then in known else rule.then,
            code=rule.then,
            condition=self.expression(rule.condition) if rule.condition else None,
            exception=self.expression(rule.exception) if rule.exception else None,
            why=reason(rule.why),
            next=rule.next,
        )

    def unit_rule(self, rule: Rule) -> Line:
        vote = str(COUNTED.get(rule.then, rule.then))
        if rule.condition:
            return Line(_("“%(vote)s” if:") % {"vote": vote}, (self.expression(rule.condition),))
        if rule.exception:
            return Line(
                _("“%(vote)s” unless:") % {"vote": vote}, (self.expression(rule.exception),)
            )
        return Line(_("otherwise “%(vote)s”") % {"vote": vote})

    def recode(self, recode: Recode) -> Line:
        words = _("Before the count, “%(votes)s” is read as “%(to)s”") % {
            "votes": " / ".join(sorted(str(COUNTED.get(vote, vote)) for vote in recode.votes)),
            "to": str(COUNTED.get(recode.to, recode.to)),
        }
        if recode.where:
            words += _(", where %(where)s") % {"where": _attributes(recode.where)}
        if recode.unless:
            words += _(", unless it is marked “%(mark)s”") % {"mark": recode.unless}
        return Line(f"{words}.")

    def side_of(self, name: str, where: Mapping[str, Value]) -> str:
        return f"{self.name(name)}: {_attributes(where)}"

    def expression(self, expression: Expression) -> Line:
        match expression:
            case Test():
                return Line(self.test(expression))
            case All(parts):
                return Line(_("all of this holds:"), self._parts(parts))
            case Any(parts):
                return Line(_("at least one of this holds:"), self._parts(parts))
            case Not(part):
                return Line(_("this does not hold:"), (self.expression(part),))
            case Each():
                return Line(self._each(expression), (self.expression(expression.part),))
            case _ as never:
                assert_never(never)

    def _parts(self, parts: Iterable[Expression]) -> tuple[Line, ...]:
        return tuple(self.expression(part) for part in parts)

    def _each(self, each: Each) -> str:
        sides = ", ".join(self.name(side) for side in each.sides)
        if each.at_least == len(each.sides):
            return _("in each of the sides – %(sides)s:") % {"sides": sides}
        return _("in at least %(k)s of the sides – %(sides)s:") % {
            "k": each.at_least,
            "sides": sides,
        }

    def test(self, test: Test) -> str:
        """Say one test: whose votes, which votes, how many of what."""
        counted = " + ".join(str(COUNTED.get(name, name)) for name in test.counted.named)
        who = [self.name(test.counted.side)] if test.counted.side else []
        if test.counted.units:
            who.append(_("groups (%(units)s)") % {"units": test.counted.units})
        words = ": ".join([*who, counted, self._needed(test)])
        if test.counted.weight:
            words += _(" (counted by “%(weight)s”)") % {"weight": test.counted.weight}
        return words

    def _needed(self, test: Test) -> str:
        share = self._rational(test.share)
        if test.base is None:
            return str(COMPARISONS[test.comparison]) % {"number": share}
        base = self._base(test.base, test)
        if test.is_root:
            base = _("the square root of %(base)s") % {"base": base}
        if test.share == 1:
            words = str(AGAINST_BASE[test.comparison]) % {"base": base}
        else:
            amount = _("%(share)s of %(base)s") % {"share": share, "base": base}
            words = str(COMPARISONS[test.comparison]) % {"number": amount}
        if test.plus:
            words += _(" plus %(plus)s") % {"plus": self._rational(test.plus)}
        return words

    def _base(self, base: Tally | Fixed, test: Test) -> str:
        if isinstance(base, Fixed):
            return str(BASES["seats"])
        words = pgettext("base", " and ").join(str(BASES.get(name, name)) for name in base.named)
        if base.side and base.side != test.counted.side:
            words += f" ({self.name(base.side)})"
        return words

    def _rational(self, value: Rational) -> str:
        if isinstance(value, Parameter):
            return _("the number “%(name)s”") % {"name": value.name}
        return number(value)


def _attributes(where: Mapping[str, Value]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in where.items())


PROXIES = {
    Proxies.FORBIDDEN: gettext_lazy("nobody"),
    Proxies.SAME_ORGANISATION: gettext_lazy("a person of the same organisation"),
    Proxies.EXCEPT_EXPERTS: gettext_lazy("anybody with a mandate, but never on a side of experts"),
    Proxies.ANY: gettext_lazy("anybody with a mandate"),
}
PARTIAL = {
    PartialAdoption.FORBIDDEN: gettext_lazy("never"),
    PartialAdoption.SEVERABLE_CLAUSES: gettext_lazy("yes, if the clauses left out are severable"),
}
TIES_INSIDE = {
    Tie.NOT_ADOPTED: gettext_lazy("the side has not agreed"),
    Tie.REPEAT: gettext_lazy("one more ballot, then the side has not agreed"),
}
SILENCES = {
    Silence.OFF: gettext_lazy("never"),
    Silence.EDITORIAL: gettext_lazy(
        "to editorial amendments, if every seat is reached, reminded and none objects"
    ),
}
TERMS = {
    "notice_working_days": gettext_lazy("Notice of a meeting, working days"),
    "written_notice_working_days": gettext_lazy("Notice of a written ballot, working days"),
    "materials_working_days": gettext_lazy("Texts before a meeting, working days"),
    "comment_working_days": gettext_lazy("Comments on a draft, working days at least"),
    "conciliation_working_days": gettext_lazy("Conciliation, working days"),
    "remarks_working_days": gettext_lazy("Remarks on a protocol, working days"),
    "dissent_working_days": gettext_lazy("Dissenting opinion, working days"),
    "publication_working_days": gettext_lazy("Publication, working days"),
    "return_working_days": gettext_lazy("Return by the approving official, working days"),
    "silence_working_days": gettext_lazy("Silence procedure, working days"),
    "min_days_after_publication": gettext_lazy("Entry into force after publication, days at least"),
    "max_years": gettext_lazy("Term of a text, years at most"),
}


def procedure_in_words(
    procedure: Procedure, names: Mapping[str, str] | None = None
) -> list[tuple[str, str]]:
    """Return the terms of a procedure as pairs: what, and how it is in this charter."""
    known = names or {}
    order = {code: place for place, code in enumerate(known)}
    sides = [
        (
            _("Inside the side “%(side)s”") % {"side": known.get(code, code)},
            str(INNER_RULES[side.inner_rule]),
        )
        for code, side in sorted(procedure.sides.items(), key=lambda side: order.get(side[0], -1))
    ]
    independent = [
        (
            _("Months without a position with another side, asked of “%(side)s”")
            % {"side": known.get(code, code)},
            str(side.independent_months),
        )
        for code, side in procedure.sides.items()
        if side.independent_months
    ]
    entry = ", ".join(f"{day:02}.{month:02}" for month, day in procedure.entry_dates)
    return [
        *sides,
        *independent,
        (
            _("Share of a side’s seats that must be exceeded by those taking part"),
            number(procedure.side_quorum),
        ),
        (_("Who may vote for a holder of a seat"), str(PROXIES[procedure.proxy])),
        *_limit_of_proxies(procedure),
        (
            _("Adoption of a text without some clauses"),
            str(PARTIAL[procedure.partial_adoption]),
        ),
        (_("A tie inside a side"), str(TIES_INSIDE[procedure.tie])),
        (_("When no answer means consent"), str(SILENCES[procedure.silence])),
        (_("Days on which a text may enter into force"), entry),
        *((str(words), str(getattr(procedure, name))) for name, words in TERMS.items()),
    ]


def _limit_of_proxies(procedure: Procedure) -> list[tuple[str, str]]:
    if procedure.proxy is Proxies.FORBIDDEN:
        return []
    return [(_("For how many others one person may vote"), str(procedure.max_proxies_held))]


def lines_of(words: CharterInWords) -> list[str]:
    """Write a charter as plain lines, to be compared with those of another edition."""
    lines = [line for one in words.before for line in _flat(one, 0)]
    for rule in words.rules:
        lines.append(
            _("Rule %(n)s: “%(result)s”") % {"n": rule.number, "result": rule.result}
            + (f" – {rule.why}" if rule.why else "")
        )
        if rule.condition:
            lines += [_("if:"), *_flat(rule.condition, 1)]
        if rule.exception:
            lines += [_("unless:"), *_flat(rule.exception, 1)]
    return [*lines, *words.after]


@dataclass(frozen=True, slots=True)
class Change:
    """One line that one edition has and the other has not."""

    is_added: bool
    words: str


def differences(before: Sequence[str], after: Sequence[str]) -> list[Change]:
    """Return the lines taken out and put in, in the order of the text."""
    changes: list[Change] = []
    compared = SequenceMatcher(a=before, b=after, autojunk=False)
    for _tag, i1, i2, j1, j2 in (op for op in compared.get_opcodes() if op[0] != "equal"):
        changes += [Change(is_added=False, words=line) for line in before[i1:i2]]
        changes += [Change(is_added=True, words=line) for line in after[j1:j2]]
    return changes


def _flat(line: Line, depth: int) -> list[str]:
    return [
        f"{'– ' * depth}{line.words}" + (f" ({line.why})" if line.why else ""),
        *(words for part in line.parts for words in _flat(part, depth + 1)),
    ]
