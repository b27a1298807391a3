import pytest

from audit import registry, sentences
from audit.registry import UndeclaredAct


def test_an_act_is_declared_with_its_facts() -> None:
    registry.register("tests.door_opened", facts={"door"})

    assert registry.known("tests.door_opened").facts == {"door"}
    assert "tests.door_opened" in registry.all_types()
    registry.examine("tests.door_opened", {"door": 1})


def test_the_same_declaration_may_be_read_twice() -> None:
    once = registry.register("tests.door_closed", facts={"door"})

    assert registry.register("tests.door_closed", facts=["door"]) == once


def test_a_declared_act_does_not_change() -> None:
    registry.register("tests.door_painted", facts={"door"})

    with pytest.raises(ValueError, match="already declared"):
        registry.register("tests.door_painted", facts={"door", "colour"})


@pytest.mark.parametrize(
    "name", ["door", "Tests.opened", "tests.door-opened", "tests.", "тест.дверь"]
)
def test_a_name_is_dotted_lower_case(name: str) -> None:
    with pytest.raises(ValueError, match="not a name"):
        registry.register(name)


def test_unknown_acts_are_unknown() -> None:
    with pytest.raises(UndeclaredAct):
        registry.known("tests.window_opened")
    with pytest.raises(UndeclaredAct):
        sentences.say("tests.window_opened", "A window was opened")


def test_every_act_of_an_app_reads_as_a_sentence() -> None:
    silent = [
        name
        for name in registry.all_types()
        if not name.startswith("tests.") and not sentences.is_said(name)
    ]

    assert not silent
