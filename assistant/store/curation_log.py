"""The record of curation: who did what to which text or switch, and when. Rows are only ever added."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, insert, select

from assistant.store.curation_tables import curation_log


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """One entry."""

    by: str  # empty for an import
    action: str
    subject: str
    detail: str
    at: datetime


def note(c: Connection, town: str, by: str, action: str, subject: str, detail: str, at: datetime) -> None:
    """Add an entry in the transaction of what it tells of."""
    c.execute(
        insert(curation_log).values(town=town, by=by, action=action, subject=subject[:400], detail=detail, at=at)
    )  # fmt: skip


def noted(engine: Engine, town: str, *, actions: tuple[str, ...] = (), limit: int = 100) -> list[Noted]:
    """The newest entries of the town first; only of these actions when some are named."""
    query = select(curation_log).where(curation_log.c.town == town)
    if actions:
        query = query.where(curation_log.c.action.in_(actions))
    with engine.connect() as c:
        rows = c.execute(query.order_by(curation_log.c.seq.desc()).limit(limit)).all()
    return [Noted(by=r.by, action=r.action, subject=r.subject, detail=r.detail, at=r.at) for r in rows]
