"""Staff accounts and their sessions. Passwords are kept as argon2id hashes only."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, Engine, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from assistant.desk.staff import Role, Staff
from assistant.errors import PasswordRefused, UnknownUser
from assistant.store import desk_tables as d

MIN_PASSWORD = 10  # characters
SESSION_HOURS = 10  # a working day; then the clerk logs in again
# 19 MiB, 2 passes: the least that OWASP's Password Storage Cheat Sheet allows for argon2id. A flood of logins must
# not fill the memory of a small machine.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A person who is logged in, and the token that their forms must carry."""

    staff: Staff
    csrf: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A user as the admin's page lists it."""

    name: str
    roles: tuple[Role, ...]
    disabled: bool


class UserStore:
    """Reads and writes users, roles and sessions."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, name: str, password: str, role: Role, town: str, now: datetime) -> bool:
        """Create the account, or give an existing one the role too; True when it is new.

        An existing account keeps its password. Raises PasswordRefused when a new one's is too short.
        """
        if self._granted(name, role, town):
            return False
        if len(password) < MIN_PASSWORD:
            raise PasswordRefused
        try:
            with self._engine.begin() as c:
                hashed = _HASHER.hash(_normal(password))
                c.execute(insert(d.users).values(name=name, password_hash=hashed, created_at=now))
                c.execute(insert(d.user_roles).values(user=name, town=town, role=role.value))
        except IntegrityError:  # added by another process meanwhile
            self._granted(name, role, town)
            return False
        return True

    def set_password(self, name: str, password: str) -> None:
        """Replace the password and end all sessions. Raises UnknownUser or PasswordRefused."""
        if len(password) < MIN_PASSWORD:
            raise PasswordRefused
        with self._engine.begin() as c:
            values = {"password_hash": _HASHER.hash(_normal(password))}
            if c.execute(update(d.users).where(d.users.c.name == name).values(values)).rowcount == 0:
                raise UnknownUser
            c.execute(delete(d.sessions).where(d.sessions.c.user == name))

    def disable(self, name: str, now: datetime) -> None:
        """The account can't log in any more, and is logged out everywhere. Raises UnknownUser."""
        with self._engine.begin() as c:
            if c.execute(update(d.users).where(d.users.c.name == name).values(disabled_at=now)).rowcount == 0:
                raise UnknownUser
            c.execute(delete(d.sessions).where(d.sessions.c.user == name))

    def exists(self, name: str) -> bool:
        """True when the account is there, disabled or not."""
        with self._engine.connect() as c:
            return c.execute(select(d.users.c.name).where(d.users.c.name == name)).first() is not None

    def check(self, name: str, password: str) -> bool:
        """True when the password is the user's. An unknown name takes as long as a wrong password."""
        with self._engine.connect() as c:
            row = c.execute(select(d.users).where(d.users.c.name == name, d.users.c.disabled_at.is_(None))).first()
        try:
            _HASHER.verify(row.password_hash if row else _decoy(), _normal(password))
        except (VerificationError, InvalidHashError):
            return False
        return row is not None

    def start_session(self, name: str, now: datetime) -> str:
        """Log the user in; returns the session's token (stored hashed). Sessions that ran out are cleared away."""
        token = secrets.token_urlsafe(32)
        with self._engine.begin() as c:
            c.execute(delete(d.sessions).where(d.sessions.c.expires_at < now))
            c.execute(
                insert(d.sessions).values(
                    token_hash=_hash(token), user=name, csrf=secrets.token_urlsafe(24), created_at=now,
                    expires_at=now + timedelta(hours=SESSION_HOURS),
                )
            )  # fmt: skip
        return token

    def session(self, token: str, now: datetime) -> Session | None:
        """The session of that token; None when it ran out or never was."""
        query = (
            select(d.sessions.c.user, d.sessions.c.csrf)
            .join(d.users, d.users.c.name == d.sessions.c.user)
            .where(d.sessions.c.token_hash == _hash(token), d.sessions.c.expires_at > now)
            .where(d.users.c.disabled_at.is_(None))
        )
        with self._engine.connect() as c:
            row = c.execute(query).first()
            return Session(staff=_staff(c, row.user), csrf=row.csrf) if row else None

    def end_session(self, token: str) -> None:
        """Log out."""
        with self._engine.begin() as c:
            c.execute(delete(d.sessions).where(d.sessions.c.token_hash == _hash(token)))

    def accounts(self, town: str) -> list[Account]:
        """The users who have a role in the town, by name."""
        query = (
            select(d.users.c.name, d.users.c.disabled_at, d.user_roles.c.role)
            .join(d.user_roles, d.user_roles.c.user == d.users.c.name)
            .where(d.user_roles.c.town == town)
            .order_by(d.users.c.name, d.user_roles.c.role)
        )
        found: dict[str, Account] = {}
        with self._engine.connect() as c:
            for row in c.execute(query):
                roles = (*(found[row.name].roles if row.name in found else ()), Role(row.role))
                found[row.name] = Account(name=row.name, roles=roles, disabled=row.disabled_at is not None)
        return list(found.values())

    def _granted(self, name: str, role: Role, town: str) -> bool:
        """True when the user exists; it has the role then."""
        with self._engine.begin() as c:
            if c.execute(select(d.users.c.name).where(d.users.c.name == name)).first() is None:
                return False
            r = d.user_roles.c
            held = select(r.role).where(r.user == name, r.town == town, r.role == role.value)
            if c.execute(held).first() is None:
                c.execute(insert(d.user_roles).values(user=name, town=town, role=role.value))
        return True


def _staff(c: Connection, name: str) -> Staff:
    roles: dict[str, set[Role]] = {}
    for row in c.execute(select(d.user_roles).where(d.user_roles.c.user == name)):
        roles.setdefault(row.town, set()).add(Role(row.role))
    return Staff(name=name, roles={town: frozenset(held) for town, held in roles.items()})


def _normal(password: str) -> str:
    # Input methods differ in how they compose: the same password must be the same on another machine (RFC 8265).
    return unicodedata.normalize("NFC", password)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _decoy() -> str:
    """A hash that no password has, as costly to check as a real one."""
    return "$argon2id$v=19$m=19456,t=2,p=1$bWFkb2d1Y2hpLWRlY295$" + "A" * 43
