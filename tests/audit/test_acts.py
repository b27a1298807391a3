from django.core.exceptions import PermissionDenied
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from audit.acts import ActRefused, NotAuthorised, NotTheTime


class ThingIsOver(ActRefused):
    message = _("%(thing)s is over, 100%% of it.")
    code = "thing_is_over"


def test_a_refusal_speaks_with_its_values() -> None:
    refusal = ThingIsOver(thing="B-15")

    assert (str(refusal), refusal.code) == ("B-15 is over, 100% of it.", "thing_is_over")
    assert refusal.params == {"thing": "B-15"}


def test_a_refusal_may_be_told_its_words_and_code() -> None:
    refusal = ActRefused("Not before %(day)s.", code="too_early", day="1 March")

    assert (str(refusal), refusal.code) == ("Not before 1 March.", "too_early")
    assert ActRefused.code == "refused"


def test_a_refusal_is_read_in_the_language_of_its_reader() -> None:
    refusal = NotTheTime()

    with translation.override("en"):
        assert str(refusal).startswith("The time of the act")
    with translation.override("ru"):
        assert str(refusal).startswith("Время действия")


def test_not_you_is_a_refusal_that_django_answers_with_403() -> None:
    assert issubclass(NotAuthorised, PermissionDenied)
    assert NotAuthorised(code="no_seat").code == "no_seat"
