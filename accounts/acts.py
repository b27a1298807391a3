"""The acts on people: their types in the record, their sentences, their refusals."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop as noop

from audit.acts import ActRefused
from audit.registry import register
from audit.sentences import say

FIRST_ADMINISTRATOR_CREATED = "accounts.first_administrator_created"
PERSON_REGISTERED = "accounts.person_registered"
PERSON_RENAMED = "accounts.person_renamed"
ADDRESS_CHANGED = "accounts.address_changed"
LANGUAGE_CHOSEN = "accounts.language_chosen"
PERSON_INVITED = "accounts.person_invited"
INVITATION_ACCEPTED = "accounts.invitation_accepted"
PASSWORD_CHANGED = "accounts.password_changed"  # noqa: S105 -- the name of an act
PERSON_BLOCKED = "accounts.person_blocked"
PERSON_UNBLOCKED = "accounts.person_unblocked"
ADMINISTRATOR_APPOINTED = "accounts.administrator_appointed"
ADMINISTRATOR_DISMISSED = "accounts.administrator_dismissed"

register(FIRST_ADMINISTRATOR_CREATED, facts={"permission"})
register(PERSON_REGISTERED, facts={"state", "demonstration", "has_address"})
register(PERSON_RENAMED, facts={"valid_from"})
register(ADDRESS_CHANGED, facts={"has_address"})
register(LANGUAGE_CHOSEN, facts={"language"})
register(PERSON_INVITED, facts={"valid_until"})
register(INVITATION_ACCEPTED, facts={"invited_at"})
register(PASSWORD_CHANGED)
register(PERSON_BLOCKED, facts={"state_before"})
register(PERSON_UNBLOCKED, facts={"state"})
register(ADMINISTRATOR_APPOINTED, facts={"permission"})
register(ADMINISTRATOR_DISMISSED, facts={"permission"})

say(FIRST_ADMINISTRATOR_CREATED, noop("The first administrator was created"))
say(PERSON_REGISTERED, noop("%(subject)s was registered"))
say(PERSON_RENAMED, noop("%(subject)s bears a new name from %(valid_from)s"))
say(ADDRESS_CHANGED, noop("The e-mail address of %(subject)s was changed"))
say(LANGUAGE_CHOSEN, noop("%(subject)s chose a language: %(language)s"))
say(PERSON_INVITED, noop("%(subject)s was invited to sign in"))
say(INVITATION_ACCEPTED, noop("%(subject)s accepted the invitation"))
say(PASSWORD_CHANGED, noop("%(subject)s changed the password"))
say(PERSON_BLOCKED, noop("%(subject)s was blocked"))
say(PERSON_UNBLOCKED, noop("%(subject)s was unblocked"))
say(ADMINISTRATOR_APPOINTED, noop("%(subject)s became an administrator"))
say(ADMINISTRATOR_DISMISSED, noop("%(subject)s is an administrator no longer"))


class AddressTaken(ActRefused):
    """Addresses identify people at sign-in, so two people cannot share one."""

    message = _("Another person already has this address.")
    code = "address_taken"


class AddressMissing(ActRefused):
    """An invitation goes somewhere."""

    message = _("%(person)s has no e-mail address: give one first.")
    code = "address_missing"


class NameAlreadyBorne(ActRefused):
    """A new name begins after the present one, and not tomorrow."""

    message = _("The new name must begin after %(valid_from)s and not later than today.")
    code = "name_already_borne"


class NothingChanges(ActRefused):
    """The new value is the present one."""

    message = _("Nothing would change.")
    code = "nothing_changes"


class PersonIsActive(ActRefused):
    """Whoever can sign in needs no invitation, and cannot be unblocked."""

    message = _("%(person)s can already sign in.")
    code = "person_is_active"


class PersonIsBlocked(ActRefused):
    """A blocked person is unblocked first."""

    message = _("%(person)s is blocked.")
    code = "person_is_blocked"


class PersonIsNotActive(ActRefused):
    """Only somebody who can sign in can be given this."""

    message = _("%(person)s cannot sign in.")
    code = "person_is_not_active"


class PersonIsNotBlocked(ActRefused):
    """Only a blocked person is unblocked."""

    message = _("%(person)s is not blocked.")
    code = "person_is_not_blocked"


class InvitationRefused(ActRefused):
    """The link cannot be used; the subclass says why, and what to do about it."""

    message = _("This link is not an invitation. Check that it was copied whole.")
    code = "invitation_unknown"


class InvitationExpired(InvitationRefused):
    """A week has passed."""

    message = _("This invitation has expired. Ask whoever invited you for a new one.")
    code = "invitation_expired"


class InvitationUsed(InvitationRefused):
    """A link works once."""

    message = _("This invitation was already used. Sign in with your password.")
    code = "invitation_used"


class InvitationReplaced(InvitationRefused):
    """The latest letter is the one that counts."""

    message = _("A newer invitation was sent to you. Use the link in the latest letter.")
    code = "invitation_replaced"


REFUSED_LINKS: dict[str, type[InvitationRefused]] = {
    "unknown": InvitationRefused,
    "expired": InvitationExpired,
    "used": InvitationUsed,
    "replaced": InvitationReplaced,
}
"""The refusal for each standing of a link (`invitations.Standing`) that is not good."""


class FirstAdministratorExists(ActRefused):
    """The first administrator is created in an empty installation, once."""

    message = _("People are registered here already: ask an administrator for access.")
    code = "first_administrator_exists"


class AlreadyAdministrator(ActRefused):
    """Said instead of appointing silently again."""

    message = _("%(person)s is an administrator already.")
    code = "already_administrator"


class NotAnAdministrator(ActRefused):
    """Said instead of dismissing silently."""

    message = _("%(person)s is not an administrator.")
    code = "not_an_administrator"


class LastAdministrator(ActRefused):
    """Without an administrator nobody could ever be registered again."""

    message = _("%(person)s is the last administrator: appoint another one first.")
    code = "last_administrator"
