"""A flow as a transition system: everything that can happen to it, tried.

The flow's own graph is walked – its nodes, the acts they wait for, the order of a gateway's cases –
over a model of what the services allow. The model says, for every state of affairs, which acts
may be recorded next and what they change; the explorer asks what the flow makes of each.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from workflows.engine.nodes import ActStart, ActTask, Choice, Finish

CANCELLED = "(cancelled)"

Facts = TypeVar("Facts", bound=Hashable)


@dataclass(frozen=True)
class Step(Generic[Facts]):
    """From one state to another, by an act. A state is a node and the facts."""

    act: str
    before: tuple[str, Facts]
    after: tuple[str, Facts]


@dataclass
class Exploration(Generic[Facts]):
    """Every reachable state, every step between them, and the acts that the flow refused."""

    start: tuple[str, Facts]
    states: set[tuple[str, Facts]] = field(default_factory=set)
    steps: list[Step[Facts]] = field(default_factory=list)
    refused: set[tuple[str, str, Facts]] = field(default_factory=set)
    gateways: set[tuple[str, str]] = field(default_factory=set)

    def nodes(self) -> set[str]:
        """Return the nodes at which the process can stand."""
        return {node for node, _facts in self.states}

    def able_to_end(self, ends: Iterable[str]) -> set[tuple[str, Facts]]:
        """Return the states from which one of the ends can be reached."""
        ends = set(ends)
        able = {state for state in self.states if state[0] in ends}
        backwards: dict[tuple[str, Facts], set[tuple[str, Facts]]] = {}
        for step in self.steps:
            backwards.setdefault(step.after, set()).add(step.before)
        queue = deque(able)
        while queue:
            for state in backwards.get(queue.popleft(), set()) - able:
                able.add(state)
                queue.append(state)
        return able


def explore(
    flow_class: Any,
    *,
    facts: Facts,
    possible: Callable[[Facts], Iterable[tuple[str, Facts]]],
    readings: Callable[[Facts], Mapping[str, bool]],
) -> Exploration[Facts]:
    """Walk through everything that can happen.

    Args:
        facts: the state of affairs when the process begins.
        possible: the acts that the services allow, each with the facts after it.
        readings: what the flow's conditions, by their names, would read from the facts.
    """
    flow = flow_class.instance
    [begin] = [node for node in flow.nodes() if isinstance(node, ActStart)]
    found = Exploration((_arrive(begin._next, readings(facts), set()), facts))
    found.states.add(found.start)
    queue = deque([found.start])
    while queue:
        state = queue.popleft()
        for act, after in _moves(flow_class, state, possible, readings, found):
            found.steps.append(Step(act, state, after))
            if after not in found.states:
                found.states.add(after)
                queue.append(after)
    return found


def _moves(
    flow_class: Any,
    state: tuple[str, Facts],
    possible: Callable[[Facts], Iterable[tuple[str, Facts]]],
    readings: Callable[[Facts], Mapping[str, bool]],
    found: Exploration[Facts],
) -> Iterable[tuple[str, tuple[str, Facts]]]:
    """Yield what each possible act does to the process: the rules of `workflows.engine`."""
    name, facts = state
    node = None if name == CANCELLED else flow_class.instance.node(name)
    for act, after in possible(facts):
        if isinstance(node, ActTask) and node.awaits(act):
            yield act, (_arrive(node._next, readings(after), found.gateways), after)
        elif isinstance(node, ActTask) and act in flow_class.cancelled_by:
            yield act, (CANCELLED, after)
        elif act in flow_class.awaited_acts() | set(flow_class.cancelled_by):
            found.refused.add((act, name, facts))
        else:
            yield act, (name, after)


def _arrive(node: Any, read: Mapping[str, bool], gateways: set[tuple[str, str]]) -> str:
    """Follow gateways to the step or the end where the process comes to rest."""
    while isinstance(node, Choice):
        chosen = next(way for way, holds in node._branches if holds is None or read[holds.__name__])
        gateways.add((node.name, chosen.name))
        node = chosen
    assert isinstance(node, ActTask | Finish), node
    return str(node.name)
