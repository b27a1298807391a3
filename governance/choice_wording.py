"""Say what a choice came to, and each stage of its count, in the language of the reader.

Like `wording`, which says motions: nothing is computed, and a sentence repeats the stored numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance import wording
from governance.domain.choice.outcome import ChoiceOutcome, ChoiceResult, Figure, Stage, Step
from governance.domain.expressions import Result

RESULTS = {
    ChoiceResult.ELECTED: gettext_lazy("Elected: %(winners)s."),
    ChoiceResult.DEFAULT: gettext_lazy("No option prevails over the default option: %(winners)s."),
    ChoiceResult.NO_MAJORITY: gettext_lazy("Fewer reached the threshold than there are seats."),
    ChoiceResult.NO_CONDORCET_WINNER: gettext_lazy("No option wins against every other one."),
    ChoiceResult.NO_VOTES: gettext_lazy("There are no votes to count."),
    ChoiceResult.TIE: gettext_lazy("Equal, and no rule of the charter decides: %(between)s."),
}
STEPS = {
    Step.COUNTED: gettext_lazy("Count."),
    Step.PAIRS: gettext_lazy("How many prefer one to the other."),
    Step.PATHS: gettext_lazy("Strength of the strongest path from one to the other."),
    Step.DROPPED: gettext_lazy("Dropped after the tests against the default option: %(who)s."),
    Step.FINALISTS: gettext_lazy("The run-off is between: %(who)s."),
    Step.RUN_OFF: gettext_lazy("Run-off: how many score one higher than the other."),
    Step.HIGHER_SCORE: gettext_lazy("The higher score decides for: %(who)s."),
    Step.CONDORCET_WINNER: gettext_lazy("Wins against every other option left: %(who)s."),
    Step.CYCLE: gettext_lazy("None of these wins against every other one: %(who)s."),
    Step.REACHED: gettext_lazy("Reached the threshold: %(who)s."),
    Step.SURPLUS: gettext_lazy("The surplus is transferred from: %(who)s."),
    Step.EXCLUDED: gettext_lazy("Excluded: %(who)s."),
    Step.EXCLUDED_TOGETHER: gettext_lazy(
        "Excluded together, since the order among them changes nothing: %(who)s."
    ),
    Step.AS_MANY_AS_SEATS: gettext_lazy(
        "No more are left than there are seats, so these are elected: %(who)s."
    ),
    Step.CANNOT_BE_OVERTAKEN: gettext_lazy(
        "Nobody can overtake any more, so this one is elected: %(who)s."
    ),
    Step.PASSED_OVER: gettext_lazy("Passed over because of the cap: %(who)s."),
    Step.EQUAL: gettext_lazy("Equal: %(who)s."),
    Step.BACKWARD: gettext_lazy("An earlier stage decides: %(who)s."),
    Step.LOT: gettext_lazy("The lot decides: %(who)s."),
    Step.CASTING_VOTE: gettext_lazy("The casting vote decides for: %(who)s."),
    Step.ELECTED: gettext_lazy("The seats go to: %(who)s."),
}


def sentences(outcome: ChoiceOutcome, names: Mapping[str, str]) -> tuple[str, ...]:
    """Say the result, the tests and the stages. `names` gives options their full names."""
    said = [_result(outcome, names)]
    if outcome.result not in (ChoiceResult.ELECTED, ChoiceResult.DEFAULT) and outcome.winners:
        said.append(
            str(RESULTS[ChoiceResult.ELECTED]) % {"winners": _listed(outcome.winners, names)}
        )
    if outcome.quota is not None:
        said.append(_("Quota: %(quota)s.") % {"quota": outcome.quota})
    if outcome.next:
        said.append(_("What follows: %(next)s.") % {"next": outcome.next})
    said.extend(wording.test_of(item, names) for item in outcome.tests)
    said.extend(stage(item, names) for item in outcome.stages)
    return tuple(said)


def stage(item: Stage, names: Mapping[str, str]) -> str:
    """Return the sentence of one stage with its numbers."""
    said = [str(STEPS[item.step]) % {"who": _listed(item.who, names)}]
    if item.figures:
        said.append("; ".join(_figure(figure, names) for figure in item.figures) + ".")
    if item.needed is not None:
        said.append(_("Threshold: %(needed)s.") % {"needed": wording.number(item.needed)})
    if item.rest:
        said.append(_("Not transferable: %(rest)s.") % {"rest": wording.number(item.rest)})
    return " ".join(said)


def _result(outcome: ChoiceOutcome, names: Mapping[str, str]) -> str:
    if outcome.result not in [*ChoiceResult]:
        # A rule ended the choice before it began.
        return str(wording.RESULTS[Result(outcome.result)])
    if outcome.result == ChoiceResult.TIE and not outcome.between:
        return str(wording.RESULTS[Result.TIE])
    return str(RESULTS[ChoiceResult(outcome.result)]) % {
        "winners": _listed(outcome.winners, names),
        "between": _listed(outcome.between, names),
    }


def _figure(figure: Figure, names: Mapping[str, str]) -> str:
    who, number = figure
    return f"{' > '.join(names.get(one, one) for one in who)} – {wording.number(number)}"


def _listed(codes: Iterable[str], names: Mapping[str, str]) -> str:
    return ", ".join(names.get(code, code) for code in codes) or _("nobody")
