"""Accounts of the demo town, so that the desk can be tried at once. They exist in a demo home only."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from assistant.desk.staff import Role
from assistant.store.users import UserStore

DEMO_USERS: Final = (
    ("demo-clerk", Role.CLERK, "asanagi-clerk-2026"),
    ("demo-clerk-2", Role.CLERK, "asanagi-clerk-2026"),
    ("demo-curator", Role.CURATOR, "asanagi-curator-2026"),
    ("demo-curator-2", Role.CURATOR, "asanagi-curator-2026"),  # what one edits, another reviews
    ("demo-admin", Role.ADMIN, "asanagi-admin-2026"),
)
"""Name, role and password, which everybody knows: `add_demo_users` refuses a home that serves anything else."""


def add_demo_users(users: UserStore, towns: list[str], demo: str, now: datetime) -> list[tuple[str, str, str]]:
    """(name, role, password) of the demo accounts that are there; made when the demo town is alone and has no users."""
    if towns == [demo] and not users.accounts(demo):
        for name, role, password in DEMO_USERS:
            users.add(name, password, role, demo, now)
    there = {account.name for account in users.accounts(demo) if not account.disabled}
    return [(name, role.value, password) for name, role, password in DEMO_USERS if name in there]
