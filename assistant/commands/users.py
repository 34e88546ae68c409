"""`madoguchi user`: staff accounts."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from assistant.desk.staff import Role
from assistant.errors import SettingsError, UnknownTown
from assistant.settings import read_settings
from assistant.store.database import open_engine
from assistant.store.knowledge import KnowledgeStore
from assistant.store.users import UserStore

PASSWORD_VARIABLE = "MADOGUCHI_USER_PASSWORD"


def add_user(chosen: argparse.Namespace) -> int:
    """Create the account, or give one that exists the role too; its password then stays."""
    users, now = _opened(chosen.town), datetime.now(UTC)
    password = "" if users.exists(chosen.name) else _password(chosen)
    new = users.add(chosen.name, password, Role(chosen.role), chosen.town, now)
    print(f"{chosen.name}: {chosen.role} in {chosen.town} ({'added' if new else 'was there, password unchanged'})")
    return 0


def set_password(chosen: argparse.Namespace) -> int:
    """Give the account a new password; it is logged out everywhere."""
    _opened(None).set_password(chosen.name, _password(chosen))
    print(f"{chosen.name}: password set, logged out everywhere")
    return 0


def disable_user(chosen: argparse.Namespace) -> int:
    """Keep the account from logging in."""
    _opened(None).disable(chosen.name, datetime.now(UTC))
    print(f"{chosen.name}: disabled")
    return 0


def list_users(chosen: argparse.Namespace) -> int:
    """The accounts of a town."""
    for account in _opened(chosen.town).accounts(chosen.town):
        state = "disabled" if account.disabled else "active"
        print(f"{account.name}\t{','.join(role.value for role in account.roles)}\t{state}")
    return 0


def _opened(town: str | None) -> UserStore:
    settings = read_settings()
    engine = open_engine(settings.database)
    if town is not None and KnowledgeStore(engine).town(town) is None:
        raise UnknownTown
    return UserStore(engine)


def _password(chosen: argparse.Namespace) -> str:
    """From the file or the environment, else asked twice: never from the command line, which others can read."""
    if chosen.password_file is not None:
        try:
            return Path(chosen.password_file).read_text(encoding="utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as exc:
            raise SettingsError("The password file can't be read. Check its path and permissions.") from exc
    given = os.environ.get(PASSWORD_VARIABLE)
    if given is not None:
        return given
    if not sys.stdin.isatty():
        raise SettingsError(f"No password: give --password-file or {PASSWORD_VARIABLE}, or run this in a terminal.")
    first = getpass.getpass("Password: ")
    if getpass.getpass("Again: ") != first:
        raise SettingsError("The two passwords differ. Try again.")
    return first
