"""How the player itself says no: a file may name what nobody here knows."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from audit.acts import ActRefused


class UnknownReference(ActRefused):
    """The file names something that no earlier act brought about."""

    message = _("%(kind)s %(id)s is not known here.")
    code = "unknown_reference"


class UnknownValue(ActRefused):
    """The file says something in a word that has no meaning here."""

    message = _("“%(value)s” is not a value of %(field)s.")
    code = "unknown_value"
