"""The acts of licensing, as the record knows them.

INVARIANT: types and the names of their facts are stored data: added, never renamed.
"""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from audit.registry import register
from audit.sentences import say

SET_REGISTERED = register(
    "licensing.set_registered",
    facts={"requirement_set", "body", "matter", "predecessor", "legal_basis", "scope"},
).name
VISA_UNIT_REGISTERED = register(
    "licensing.visa_unit_registered", facts={"unit", "body", "officer", "valid_from"}
).name
VISA_OFFICER_REPLACED = register(
    "licensing.visa_officer_replaced", facts={"unit", "officer", "former_officer"}
).name
VISA_UNIT_CLOSED = register("licensing.visa_unit_closed", facts={"unit", "valid_to"}).name

VERSION_SUBMITTED = register(
    "licensing.version_submitted",
    facts={
        "version",
        "requirement_set",
        "ballot",
        "text_sha256",
        "completeness",
        "clauses",
        "excluded_clauses",
        "units",
        "decide_by",
        "resubmission_of",
    },
).name
VERSION_TRANSCRIBED = register(
    "licensing.version_transcribed",
    facts={
        "version",
        "requirement_set",
        "text_sha256",
        "document_sha256",
        "in_force_from",
        "in_force_to",
    },
).name
VISA_GIVEN = register(
    "licensing.visa_given",
    facts={"version", "unit", "visa", "result", "text_sha256", "remark_sha256"},
).name
REMARK_ANSWERED = register("licensing.remark_answered", facts={"version", "visa", "status"}).name
VERSION_APPROVED = register(
    "licensing.version_approved",
    facts={"version", "text_sha256", "order_sha256", "working_days"},
).name
VERSION_RETURNED = register(
    "licensing.version_returned",
    facts={"version", "approval_return", "ground", "clauses", "reasons_sha256", "working_days"},
).name
VERSION_PUBLISHED = register(
    "licensing.version_published",
    facts={
        "version",
        "published_on",
        "in_force_from",
        "in_force_to",
        "existing_permits_until",
        "shortened",
    },
).name
VERSION_ENTERED_INTO_FORCE = register(
    "licensing.version_entered_into_force", facts={"version", "on", "replaced"}
).name

APPLICATION_FILED = register(
    "licensing.application_filed",
    facts={"application", "requirement_set", "applicant", "filed_on"},
).name
APPLICATION_ACCEPTED = register(
    "licensing.application_accepted", facts={"application", "version", "accepted_on"}
).name
NEW_VERSION_CHOSEN = register(
    "licensing.new_version_chosen",
    facts={"application", "version", "former_version", "not_before"},
).name

say(SET_REGISTERED, _("A set of requirements is registered"))
say(VISA_UNIT_REGISTERED, _("A unit that gives visas is registered"))
say(VISA_OFFICER_REPLACED, _("The officer who gives the visa of %(unit)s is replaced"))
say(VISA_UNIT_CLOSED, _("%(unit)s gives no visas from %(valid_to)s on"))
say(VERSION_SUBMITTED, _("Version %(version)s is submitted for approval"))
say(VERSION_TRANSCRIBED, _("Version %(version)s is transcribed from its document"))
say(VISA_GIVEN, _("%(unit)s gives its visa: %(result)s"))
say(REMARK_ANSWERED, _("The remark to the visa is answered: %(status)s"))
say(VERSION_APPROVED, _("Version %(version)s is approved by order"))
say(VERSION_RETURNED, _("Version %(version)s is returned to the table: %(ground)s"))
say(VERSION_PUBLISHED, _("Version %(version)s is published; in force from %(in_force_from)s"))
say(VERSION_ENTERED_INTO_FORCE, _("Version %(version)s enters into force"))
say(APPLICATION_FILED, _("An application is filed"))
say(APPLICATION_ACCEPTED, _("The application is accepted and pinned to version %(version)s"))
say(NEW_VERSION_CHOSEN, _("The applicant chooses version %(version)s as a whole"))
