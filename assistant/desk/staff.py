"""Who works here and what each may do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a person may do in a town."""

    ADMIN = "admin"  # runs it: users, switches, and all that clerks and curators do
    CLERK = "clerk"  # answers at the desk
    CURATOR = "curator"  # owns knowledge
    AUDITOR = "auditor"  # reads the record


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """A person who is logged in."""

    name: str  # unique in the installation; never given to another person
    roles: Mapping[str, frozenset[Role]]  # town → roles there

    def may(self, town: str, *wanted: Role) -> bool:
        """True when the person has one of these roles in the town, or is its admin."""
        held = self.roles.get(town, frozenset())
        return Role.ADMIN in held or bool(held & set(wanted))

    def towns(self, *wanted: Role) -> list[str]:
        """The towns where the person has one of these roles, by code."""
        return sorted(town for town in self.roles if self.may(town, *wanted))
