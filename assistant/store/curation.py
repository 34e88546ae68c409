"""Drafts, versions and texts held by staff, as stored; publishing and withdrawing are one transaction each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, Row, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from assistant.curation.drafts import OPEN, ChangedMeanwhile, Draft, IdTaken, StaleEdit, State, UnknownText
from assistant.curation.versions import Provenance, Version
from assistant.store import curation_tables as t
from assistant.store.curation_log import note
from assistant.store.tables import documents
from knowledge.passage import Document, document_payload
from knowledge.stored import document_from

EDITED = "edited"
"""Collection and source of texts that staff published: no import owns them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldText:
    """A text that staff published or withdrew; imports leave it alone."""

    state: State  # PUBLISHED or WITHDRAWN
    seen: str  # digest of the newest import that staff know of; "" for none
    offered: str  # digest of an import that differs and waits for staff; "" for none


class CurationStore:
    """Reads and writes what staff do to texts."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def open(self, draft: Draft) -> Draft:
        """Store a new draft; the one that is open already when somebody works on the same text of this town."""
        try:
            with self._engine.begin() as c:
                c.execute(insert(t.drafts).values(id=draft.id, **_columns(draft)))
                note(c, draft.owner, draft.author, "draft", draft.document.id, draft.note, draft.at)
        except IntegrityError:
            held = self.open_draft(draft.owner, draft.document.id)
            if held is None:
                raise
            return held
        return draft

    def put(self, draft: Draft, *, seen: int, action: str, by: str) -> None:
        """Store the draft's next step. Raises StaleEdit when it is not at revision `seen` any more, or closed."""
        with self._engine.begin() as c:
            _step(c, draft, seen)
            note(c, draft.owner, by, action, draft.document.id, draft.note, draft.at)

    def draft(self, owner: str, id_: str) -> Draft:
        """The draft. Raises UnknownText, also for another town's."""
        with self._engine.connect() as c:
            row = c.execute(select(t.drafts).where(t.drafts.c.id == id_, t.drafts.c.owner == owner)).first()
        if row is None:
            raise UnknownText
        return _draft(row)

    def open_draft(self, owner: str, document: str) -> Draft | None:
        """The draft of this text that somebody works on, or None."""
        query = select(t.drafts).where(t.drafts.c.owner == owner, t.drafts.c.open_document == document)
        with self._engine.connect() as c:
            row = c.execute(query).first()
        return _draft(row) if row else None

    def open_drafts(self, owner: str) -> list[Draft]:
        """All drafts that somebody works on, the newest step first."""
        query = select(t.drafts).where(t.drafts.c.owner == owner, t.drafts.c.open_document.is_not(None))
        with self._engine.connect() as c:
            return [_draft(row) for row in c.execute(query.order_by(t.drafts.c.at.desc()))]

    def publish(self, draft: Draft, *, seen: int) -> Version:
        """Put an approved draft in force: text, version, provenance and record in one transaction.

        Raises StaleEdit, or ChangedMeanwhile when the text in force is not the draft's base at that moment.
        """
        owner, document, at = draft.owner, draft.document, draft.at
        with self._engine.begin() as c:
            _step(c, draft, seen)  # a write first: from here on nobody else writes on SQLite, nor this row elsewhere
            before = _in_force(c, owner, document.id)
            if (before.digest if before else "") != draft.base:
                raise ChangedMeanwhile
            c.execute(
                update(t.drafts)
                .where(t.drafts.c.owner == owner, t.drafts.c.document == document.id, t.drafts.c.id != draft.id,
                       t.drafts.c.state == State.PUBLISHED.value)
                .values(state=State.WITHDRAWN.value)
            )  # fmt: skip
            if before is not None:
                _keep_import(c, owner, before, at)
            version = _add_version(c, owner, document, Provenance.EDITED, draft.author, draft.reviewer, draft.note, at)
            _put_document(c, owner, document, at)
            _hold(c, owner, document.id, State.PUBLISHED, before)
            note(c, owner, draft.reviewer, "publish", document.id, f"v{version.number} {draft.author}", at)
        return version

    def withdraw(self, owner: str, document: str, *, by: str, reason: str, at: datetime) -> None:
        """Take a text out of force; its versions stay. Raises UnknownText when it is not in force."""
        with self._engine.begin() as c:
            found = c.execute(
                update(documents)
                .where(documents.c.owner == owner, documents.c.id == document, documents.c.withdrawn_at.is_(None))
                .values(withdrawn_at=at)
            )
            if found.rowcount == 0:
                raise UnknownText
            before = c.execute(_row_of(owner, document)).one()
            _keep_import(c, owner, before, at)
            _hold(c, owner, document, State.WITHDRAWN, before)
            c.execute(
                update(t.drafts)
                .where(t.drafts.c.owner == owner, t.drafts.c.document == document,
                       t.drafts.c.state == State.PUBLISHED.value)
                .values(state=State.WITHDRAWN.value)
            )  # fmt: skip
            note(c, owner, by, "withdraw", document, reason, at)

    def versions(self, owner: str, document: str) -> list[Version]:
        """All versions that were kept of a text, the newest first."""
        v = t.document_versions
        query = select(v).where(v.c.owner == owner, v.c.document == document).order_by(v.c.number.desc())
        with self._engine.connect() as c:
            return [_version(row) for row in c.execute(query)]

    def held(self, owner: str) -> dict[str, HeldText]:
        """Id → what staff hold, of texts that were published or withdrawn here."""
        with self._engine.connect() as c:
            rows = c.execute(select(t.held_texts).where(t.held_texts.c.owner == owner)).all()
        return {r.document: HeldText(state=State(r.state), seen=r.seen, offered=r.offered) for r in rows}

    def offer(self, owner: str, offered: Sequence[Document], at: datetime) -> None:
        """Keep aside what an import brings for texts that staff hold; the same offer is kept once."""
        h = t.held_texts
        with self._engine.begin() as c:
            for document in offered:
                here = (h.c.owner == owner, h.c.document == document.id)
                fresh = c.execute(
                    update(h).where(*here, h.c.offered != document.digest).values(offered=document.digest)
                )
                if fresh.rowcount:
                    _add_version(c, owner, document, Provenance.OFFERED, "", "", "", at)
                    note(c, owner, "", "offer", document.id, document.digest, at)


def _step(c: Connection, draft: Draft, seen: int) -> None:
    open_ = [state.value for state in OPEN]
    here = (t.drafts.c.id == draft.id, t.drafts.c.revision == seen, t.drafts.c.state.in_(open_))
    if c.execute(update(t.drafts).where(*here).values(_columns(draft))).rowcount == 0:
        raise StaleEdit


def _columns(draft: Draft) -> dict[str, object]:
    return {
        "owner": draft.owner, "document": draft.document.id, "base": draft.base, "state": draft.state.value,
        "revision": draft.revision, "payload": document_payload(draft.document), "author": draft.author,
        "authors": list(draft.authors), "reviewer": draft.reviewer, "note": draft.note, "gap": draft.gap,
        "at": draft.at, "open_document": draft.document.id if draft.state in OPEN else None,
    }  # fmt: skip


def _draft(row: Row) -> Draft:  # type: ignore[type-arg]
    return Draft(
        id=row.id, owner=row.owner, document=document_from(row.payload), base=row.base, state=State(row.state),
        revision=row.revision, author=row.author, authors=tuple(row.authors), reviewer=row.reviewer, note=row.note,
        gap=row.gap, at=row.at,
    )  # fmt: skip


def _version(row: Row) -> Version:  # type: ignore[type-arg]
    return Version(
        number=row.number, document=document_from(row.payload), provenance=Provenance(row.provenance),
        author=row.author, reviewer=row.reviewer, note=row.note, at=row.at,
    )  # fmt: skip


def _row_of(owner: str, document: str):  # type: ignore[no-untyped-def]
    return select(documents).where(documents.c.owner == owner, documents.c.id == document)


def _in_force(c: Connection, owner: str, document: str) -> Row | None:  # type: ignore[type-arg]
    return c.execute(_row_of(owner, document).where(documents.c.withdrawn_at.is_(None))).first()


def _keep_import(c: Connection, owner: str, row: Row, at: datetime) -> None:  # type: ignore[type-arg]
    """Keep the text as it was imported before staff first touched it, so that it can be restored."""
    if row.collection != EDITED:
        _add_version(c, owner, document_from(row.payload), Provenance.IMPORTED, "", "", row.source, at)


def _add_version(c: Connection, owner: str, document: Document, provenance: Provenance, author: str, reviewer: str,
                 remark: str, at: datetime) -> Version:  # fmt: skip
    v = t.document_versions
    last = c.execute(select(func.max(v.c.number)).where(v.c.owner == owner, v.c.document == document.id)).scalar()
    version = Version(
        number=(last or 0) + 1, document=document, provenance=provenance, author=author, reviewer=reviewer,
        note=remark, at=at,
    )  # fmt: skip
    c.execute(
        insert(v).values(
            owner=owner, document=document.id, number=version.number, digest=document.digest,
            provenance=provenance.value, payload=document_payload(document), author=author, reviewer=reviewer,
            note=remark, at=at,
        )
    )  # fmt: skip
    return version


def _put_document(c: Connection, owner: str, document: Document, at: datetime) -> None:
    c.execute(delete(documents).where(documents.c.owner == owner, documents.c.id == document.id))
    c.execute(
        insert(documents).values(
            owner=owner, id=document.id, source=EDITED, collection=EDITED, digest=document.digest,
            payload=document_payload(document), imported_at=at, withdrawn_at=None,
        )
    )  # fmt: skip


def _hold(c: Connection, owner: str, document: str, state: State, before: Row | None) -> None:  # type: ignore[type-arg]
    """From now on staff hold the text; what an import offered before is known to them."""
    h = t.held_texts
    held = c.execute(select(h).where(h.c.owner == owner, h.c.document == document)).first()
    if held is not None:
        seen = held.offered or held.seen
        c.execute(delete(h).where(h.c.owner == owner, h.c.document == document))
    else:
        seen = before.digest if before is not None and before.collection != EDITED else ""
    c.execute(insert(h).values(owner=owner, document=document, state=state.value, seen=seen, offered=""))


def taken(store: CurationStore, owner: str, document: str) -> None:
    """Nothing, or IdTaken when this text was ever known to staff here."""
    if store.open_draft(owner, document) is not None or store.versions(owner, document):
        raise IdTaken
