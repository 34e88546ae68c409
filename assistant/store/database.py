"""Opens the database: SQLite with WAL by default, PostgreSQL by another URL."""

from __future__ import annotations

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, ExceptionContext, create_engine, event, text
from sqlalchemy.engine import make_url

from assistant.errors import SettingsError, StorageFull
from assistant.store import curation_tables, desk_tables, line_tables, service_tables  # noqa: F401 - registers their tables

_MIGRATING = 482_013  # the key of our advisory lock in PostgreSQL
MIGRATIONS = Path(__file__).with_name("migrations")

# A limit on a file's size shows as an error in writing, not as a full disk.
_FULL_CODES = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE})
_UNWRITABLE = frozenset({sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM})
_DISK_FULL_STATE = "53100"  # PostgreSQL's disk_full


def open_engine(url: str) -> Engine:
    """An engine for the URL, its schema brought to the newest version.

    Raises SettingsError when SQLite's file can't be opened or written, sqlalchemy.exc.OperationalError when a
    server can't be reached. Every statement over it raises StorageFull when the disk is full.
    """
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        if address.database and address.database != ":memory:":
            Path(address.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(address, connect_args={"timeout": 30}, hide_parameters=True)
        event.listen(engine, "connect", _configure_sqlite)
    else:
        engine = create_engine(address, pool_pre_ping=True, hide_parameters=True)
    event.listen(engine, "handle_error", _translate)
    migrate(engine)
    return engine


def migrate(engine: Engine) -> None:
    """Bring the schema to the newest version; does nothing when it is there already.

    Processes that start together take turns.
    """
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with _one_at_a_time(engine), engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()


@contextmanager
def _one_at_a_time(engine: Engine) -> Iterator[None]:
    """Hold a lock that every process on the same database takes: beside SQLite's file, or in the database itself."""
    file = engine.url.database
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _MIGRATING})
            try:
                yield
            finally:
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _MIGRATING})
    elif file and file != ":memory:":
        with ExitStack() as held:
            with suppress(OSError):  # a folder that can't be written: opening the database will say so
                lock = held.enter_context(open(f"{file}.migrating", "w"))
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield
    else:
        yield


def _configure_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # WAL lets readers go on while one writes; NORMAL loses no committed turn when the process is killed
    # (only, at worst, the last commits when the machine loses power).
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "busy_timeout=30000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _translate(context: ExceptionContext) -> None:
    """What the machine can't do becomes our own error, here once; programming errors stay SQLAlchemy's."""
    exc = context.original_exception
    code = getattr(exc, "sqlite_errorcode", None)
    if code in _FULL_CODES or getattr(exc, "sqlstate", None) == _DISK_FULL_STATE:
        raise StorageFull from exc
    if code is not None and code & 0xFF in _UNWRITABLE:  # extended codes keep the primary one in their low byte
        raise SettingsError(
            "The database can't be written. Check MADOGUCHI_HOME or MADOGUCHI_DATABASE_URL and its permissions."
        ) from exc
