"""Questions without answer, read from the stored messages; what staff have dealt with stays out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Engine, and_, delete, insert, or_, select

from assistant.curation.gaps import GAP_WHYS, UNHELPFUL, Unanswered
from assistant.store import tables as t
from assistant.store.curation_tables import gap_marks

MOST = 1000
"""The newest questions that are looked at; a town of 300,000 has some 200 such questions a day."""


class GapStore:
    """Reads unanswered questions and keeps which of them are dealt with."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def unanswered(self, town: str, since: datetime) -> list[Unanswered]:
        """Masked questions since that time that found no answer or an unhelpful one, and are not dealt with."""
        m, f = t.messages, t.feedback
        gap = m.c.why.in_([why.value for why in GAP_WHYS])
        query = (
            select(m.c.evidence, m.c.language, m.c.why, m.c.at, f.c.helpful)
            .select_from(m.outerjoin(f, f.c.message == m.c.id))
            .where(m.c.town == town, m.c.at >= since, or_(gap, and_(f.c.helpful.is_(False), m.c.why == "answered")))
            .order_by(m.c.seq.desc())
            .limit(MOST)
        )
        with self._engine.connect() as c:
            rows = c.execute(query).all()
            dealt = {r.mark: r.at for r in c.execute(select(gap_marks).where(gap_marks.c.town == town))}
        whys = {why.value for why in GAP_WHYS}
        found = [
            Unanswered(
                question=_question(row.evidence), language=row.language,
                why=row.why if row.why in whys else UNHELPFUL, at=row.at,
            )
            for row in rows
        ]  # fmt: skip
        # Asked again after it was dealt with: it was not closed after all.
        return [one for one in found if one.question and (one.mark not in dealt or one.at > dealt[one.mark])]

    def mark(self, town: str, marks: Iterable[str], *, by: str, at: datetime) -> None:
        """Note that these questions are dealt with."""
        with self._engine.begin() as c:
            for mark in dict.fromkeys(marks):
                c.execute(delete(gap_marks).where(gap_marks.c.town == town, gap_marks.c.mark == mark))
                c.execute(insert(gap_marks).values(town=town, mark=mark, by=by, at=at))


def _question(evidence: dict[str, object]) -> str:
    understanding = evidence.get("understanding")
    return str(understanding.get("question") or "") if isinstance(understanding, dict) else ""
