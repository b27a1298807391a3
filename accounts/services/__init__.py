"""Everything that can happen to a person. No other package writes these tables.

The order never varies: lock, authorise, decide, write, record.
"""

from accounts.services._authority import is_administrator, may_keep_people
from accounts.services.access import (
    accept_invitation,
    block_person,
    change_password,
    invite_person,
    unblock_person,
)
from accounts.services.administrators import (
    appoint_administrator,
    create_first_administrator,
    dismiss_administrator,
)
from accounts.services.people import (
    change_address,
    choose_language,
    register_demonstration_person,
    register_person,
    rename_person,
)

__all__ = [
    "accept_invitation",
    "appoint_administrator",
    "block_person",
    "change_address",
    "change_password",
    "choose_language",
    "create_first_administrator",
    "dismiss_administrator",
    "invite_person",
    "is_administrator",
    "may_keep_people",
    "register_demonstration_person",
    "register_person",
    "rename_person",
    "unblock_person",
]
