"""Wrong tries to prove who somebody is, counted so that nobody can guess a birth date.

Counted for the number that was named, for the conversation, and for the whole town: a guesser may use many numbers and
many conversations. What was named is held only as a keyed digest.
"""

from __future__ import annotations

import hashlib
import hmac
import uuid
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, delete, func, insert, select

from assistant.store.keyfile import held_key
from assistant.store.service_tables import identity_tries as tries

_PER_NUMBER = (5, timedelta(hours=24))
_PER_CONVERSATION = (5, timedelta(hours=24))
_PER_TOWN = (100, timedelta(hours=1))  # a town of a million has a few wrong dates an hour
_LONGEST = timedelta(hours=24)


class IdentityTries:
    """Counts wrong tries; `folder` holds the key of the digests."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self._engine, self._folder = engine, folder

    def begin(self, town: str, conversation: str, named: str, now: datetime) -> str | None:
        """A try, counted as wrong until it is forgiven; None when no further try may be made, right or wrong.

        It is written before it is counted: of many tries at the same moment no more than may be made get through.
        """
        attempt, scopes = uuid.uuid4().hex, self._scopes(town, conversation, named)
        with self._engine.begin() as c:
            c.execute(delete(tries).where(tries.c.at <= now - _LONGEST))
            c.execute(insert(tries), [{"attempt": attempt, "scope": s, "town": town, "at": now} for s in scopes])
        with self._engine.connect() as c:
            for scope, (most, within) in scopes.items():
                query = select(func.count()).where(tries.c.scope == scope, tries.c.at > now - within)
                if int(c.execute(query).scalar() or 0) > most:
                    break
            else:
                return attempt
        self.forgive(attempt)  # what was never tried must not keep the owner out for longer
        return None

    def forgive(self, attempt: str) -> None:
        """The try was right, or could not be made."""
        with self._engine.begin() as c:
            c.execute(delete(tries).where(tries.c.attempt == attempt))

    def _scopes(self, town: str, conversation: str, named: str) -> dict[str, tuple[int, timedelta]]:
        return {
            self._digest(f"number {town} {named}"): _PER_NUMBER,
            self._digest(f"conversation {conversation}"): _PER_CONVERSATION,
            self._digest(f"town {town}"): _PER_TOWN,
        }

    def _digest(self, text: str) -> str:
        said = text.encode("utf-8", "surrogatepass")
        return hmac.new(held_key(self._folder / "key"), said, hashlib.sha256).hexdigest()
