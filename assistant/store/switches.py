"""Switches as stored, and the board on which every worker sees them within a second."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, delete, insert, select

from assistant.curation.switches import Scope, Switch, Switches
from assistant.store.curation_log import Noted, note, noted
from assistant.store.curation_tables import switches as table

_SECONDS = 1.0  # how long a worker may still act on the switches that it saw


@dataclass(frozen=True, slots=True, kw_only=True)
class SetSwitch:
    """A switch that is off, and who switched it off, when and why."""

    switch: Switch
    by: str
    reason: str
    at: datetime


class SwitchBoard:
    """What is off in each town; all workers read the same rows."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._seen: dict[str, tuple[float, Switches]] = {}
        self._lock = threading.Lock()

    def of(self, town: str) -> Switches:
        """What is off now, at most a second old."""
        with self._lock:
            held = self._seen.get(town)
            if held is not None and time.monotonic() - held[0] < _SECONDS:
                return held[1]
        now = time.monotonic()  # before the read: what is set while we read counts as seen before
        found = Switches(off=frozenset(one.switch for one in self.listed(town)))
        with self._lock:
            self._seen[town] = (now, found)
        return found

    def listed(self, town: str) -> list[SetSwitch]:
        """All that is off, with who, when and why."""
        with self._engine.connect() as c:
            rows = c.execute(select(table).where(table.c.town == town)).all()
        found = [
            SetSwitch(switch=Switch(scope=Scope(r.scope), name=r.name), by=r.by, reason=r.reason, at=r.at)
            for r in rows
        ]  # fmt: skip
        return sorted(found, key=lambda one: one.switch)

    def set(self, town: str, switch: Switch, *, off: bool, by: str, reason: str, at: datetime) -> None:
        """Switch off or on again; stored together with its record, in force here at once."""
        with self._engine.begin() as c:
            here = (table.c.town == town, table.c.scope == switch.scope.value, table.c.name == switch.name)
            c.execute(delete(table).where(*here))
            if off:
                c.execute(
                    insert(table).values(
                        town=town, scope=switch.scope.value, name=switch.name, reason=reason, by=by, at=at
                    )
                )
            subject = f"{switch.scope.value}:{switch.name}" if switch.name else switch.scope.value
            note(c, town, by, "switch_off" if off else "switch_on", subject, reason, at)
        with self._lock:
            self._seen.pop(town, None)

    def history(self, town: str) -> list[Noted]:
        """Who switched what, the newest first."""
        return noted(self._engine, town, actions=("switch_off", "switch_on"))
