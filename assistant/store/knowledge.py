"""Documents and look-up tables as stored: the truth that indexes are built from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, delete, false, insert, select, update
from sqlalchemy import Table as SqlTable

from assistant.store import tables as t
from assistant.store.curation_tables import held_texts
from knowledge.passage import Document, Table, document_payload
from knowledge.stored import document_from, table_from, table_payload
from knowledge.sync import Changes, Held, Incoming

_ROWS_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class TownProfile:
    """What a town says of itself."""

    code: str
    prefecture: str | None
    profile: dict[str, object]  # town.yaml

    def name(self, language: str) -> str:
        """The town's name in that language, or else in Japanese."""
        return self.words("name", language) or self.code

    def words(self, key: str, language: str) -> str:
        """A field that may differ by language: that language's, or else the Japanese, or else empty."""
        value = self.profile.get(key)
        if isinstance(value, dict):
            return str(value.get(language) or value.get("ja") or "")
        return str(value or "")

    def text(self, key: str) -> str:
        """A plain field of the profile; empty when absent."""
        return str(self.profile.get(key) or "")

    def phones(self) -> frozenset[str]:
        """The town's own numbers: switchboard, departments, branches."""
        listed = [self.profile.get("departments"), self.profile.get("branches")]
        entries = [e for group in listed if isinstance(group, list) for e in group if isinstance(e, dict)]
        numbers = {self.text("phone"), *(str(entry.get("phone") or "") for entry in entries)}
        return frozenset(number for number in numbers if number)

    def department(self, id_: str) -> str:
        """The department's name with its place; the id itself when the profile does not name it."""
        listed = self.profile.get("departments")
        for entry in listed if isinstance(listed, list) else ():
            if isinstance(entry, dict) and entry.get("id") == id_:
                return f"{entry.get('name', id_)}（{entry.get('place', '')}）"
        return id_


class KnowledgeStore:
    """Reads and writes towns, documents and tables."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def put_town(self, town: TownProfile) -> None:
        """Store the town, replacing what was held under its code."""
        with self._engine.begin() as c:
            values = {"prefecture": town.prefecture, "profile": town.profile}
            found = c.execute(update(t.towns).where(t.towns.c.code == town.code).values(values))
            if found.rowcount == 0:
                c.execute(insert(t.towns).values(code=town.code, **values))

    def town(self, code: str) -> TownProfile | None:
        """The town, or None when its code is not known."""
        with self._engine.connect() as c:
            row = c.execute(select(t.towns).where(t.towns.c.code == code)).first()
        return TownProfile(code=row.code, prefecture=row.prefecture, profile=row.profile) if row else None

    def towns(self) -> list[TownProfile]:
        """All towns, by code."""
        with self._engine.connect() as c:
            rows = c.execute(select(t.towns).order_by(t.towns.c.code)).all()
        return [TownProfile(code=r.code, prefecture=r.prefecture, profile=r.profile) for r in rows]

    def held_documents(self, owner: str) -> dict[str, Held]:
        """Id → what is held, of documents in force (not withdrawn)."""
        return self._held(t.documents, owner)

    def held_tables(self, owner: str) -> dict[str, Held]:
        """Id → what is held, of tables in force."""
        return self._held(t.lookup_tables, owner)

    def apply(self, owner: str, collection: str, documents: Changes[Document], tables: Changes[Table],
              now: datetime) -> None:  # fmt: skip
        """Write both differences in one transaction: all or nothing."""
        with self._engine.begin() as c:
            _write(c, t.documents, owner, collection, _rows(documents, document_payload), documents.withdrawn, now)
            _write(c, t.lookup_tables, owner, collection, _rows(tables, table_payload), tables.withdrawn, now)

    def documents(self, owner: str) -> list[Document]:
        """All documents in force of the owner, by id."""
        return [document_from(payload) for payload in self._payloads(t.documents, owner)]

    def document(self, owner: str, id_: str) -> Document | None:
        """One document in force, or None."""
        query = select(t.documents.c.payload).where(
            t.documents.c.owner == owner, t.documents.c.id == id_, t.documents.c.withdrawn_at.is_(None)
        )
        with self._engine.connect() as c:
            payload = c.execute(query).scalar()
        return document_from(payload) if payload else None

    def tables(self, owner: str) -> list[Table]:
        """All tables in force of the owner, by id."""
        return [table_from(payload) for payload in self._payloads(t.lookup_tables, owner)]

    def _held(self, table: SqlTable, owner: str) -> dict[str, Held]:
        query = select(table.c.id, table.c.digest, table.c.source, table.c.collection).where(
            table.c.owner == owner, table.c.withdrawn_at.is_(None)
        )
        with self._engine.connect() as c:
            return {
                r.id: Held(digest=r.digest, source=r.source, collection=r.collection) for r in c.execute(query)
            }  # fmt: skip

    def _payloads(self, table: SqlTable, owner: str) -> Sequence[dict[str, object]]:
        query = select(table.c.payload).where(table.c.owner == owner, table.c.withdrawn_at.is_(None))
        with self._engine.connect() as c:
            return c.execute(query.order_by(table.c.id)).scalars().all()


def _rows(changes: Changes, payload) -> list[dict[str, object]]:  # type: ignore[type-arg, no-untyped-def]
    entries: Iterable[Incoming] = (*changes.added, *changes.changed)  # type: ignore[type-arg]
    return [
        {"id": e.item.id, "source": e.source, "digest": e.item.digest, "payload": payload(e.item)} for e in entries
    ]  # fmt: skip


def _write(c: Connection, table: SqlTable, owner: str, collection: str, rows: list[dict[str, object]],
           withdrawn: Sequence[str], now: datetime) -> None:  # fmt: skip
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        batch = rows[start : start + _ROWS_AT_ONCE]
        ids = [r["id"] for r in batch]
        kept = select(held_texts.c.document).where(held_texts.c.owner == owner, held_texts.c.document.in_(ids))
        by_staff = kept if table is t.documents else kept.where(false())
        c.execute(delete(table).where(table.c.owner == owner, table.c.id.in_(ids), table.c.id.not_in(by_staff)))
        # Asked again after the first write: what staff published while the files were read stays theirs.
        spared: set[object] = set(c.execute(by_staff).scalars())
        rest = [r for r in batch if r["id"] not in spared]
        if rest:
            values = {"owner": owner, "collection": collection, "imported_at": now, "withdrawn_at": None}
            c.execute(insert(table), [{**r, **values} for r in rest])
    for start in range(0, len(withdrawn), _ROWS_AT_ONCE):
        gone = withdrawn[start : start + _ROWS_AT_ONCE]
        here = (table.c.owner == owner, table.c.collection == collection, table.c.id.in_(gone))
        c.execute(update(table).where(*here).values(withdrawn_at=now))
