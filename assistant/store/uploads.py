"""Uploaded files as they were read, waiting for a second person."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Engine, Row, insert, select, update

from assistant.curation.drafts import NotPossibleNow, SamePerson, State, UnknownText
from assistant.store.curation_log import note
from assistant.store.curation_tables import uploads as table
from knowledge.passage import document_payload
from knowledge.sources.reading import Reading
from knowledge.stored import document_from, table_from, table_payload


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """One file that was read."""

    id: str
    owner: str
    name: str
    state: State  # IN_REVIEW, PUBLISHED or WITHDRAWN
    reading: Reading
    author: str
    reviewer: str
    at: datetime


class UploadStore:
    """Reads and writes uploads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, owner: str, name: str, reading: Reading, *, by: str, at: datetime) -> str:
        """Keep what was read of a file until another person has looked; returns the upload's id."""
        id_ = uuid.uuid4().hex
        payload = {
            "documents": [document_payload(document) for document in reading.documents],
            "tables": [table_payload(one) for one in reading.tables],
            "warnings": list(reading.warnings),
        }
        with self._engine.begin() as c:
            c.execute(
                insert(table).values(
                    id=id_, owner=owner, name=name[:300], state=State.IN_REVIEW.value, payload=payload, author=by,
                    reviewer="", at=at,
                )
            )  # fmt: skip
            note(c, owner, by, "upload", name, f"{len(reading.documents)}+{len(reading.tables)}", at)
        return id_

    def newest(self, owner: str, limit: int = 30) -> list[Upload]:
        """The town's uploads, the newest first."""
        query = select(table).where(table.c.owner == owner).order_by(table.c.at.desc()).limit(limit)
        with self._engine.connect() as c:
            return [_upload(row) for row in c.execute(query)]

    def one(self, owner: str, id_: str) -> Upload:
        """The upload. Raises UnknownText."""
        with self._engine.connect() as c:
            row = c.execute(select(table).where(table.c.owner == owner, table.c.id == id_)).first()
        if row is None:
            raise UnknownText
        return _upload(row)

    def close(self, upload: Upload, state: State, *, by: str, at: datetime) -> None:
        """Published, or taken back. Raises NotPossibleNow when somebody closed it before."""
        with self._engine.begin() as c:
            here = (table.c.id == upload.id, table.c.state == State.IN_REVIEW.value)
            if c.execute(update(table).where(*here).values(state=state.value, reviewer=by)).rowcount == 0:
                raise NotPossibleNow
            note(c, upload.owner, by, f"upload_{state.value}", upload.name, upload.author, at)


def checked(upload: Upload, *, by: str) -> None:
    """Nothing when this person may publish it. Raises SamePerson for who brought it, NotPossibleNow when closed."""
    if upload.state is not State.IN_REVIEW:
        raise NotPossibleNow
    if by == upload.author:
        raise SamePerson


def _upload(row: Row) -> Upload:  # type: ignore[type-arg]
    payload = cast("Mapping[str, Sequence[Mapping[str, object]]]", row.payload)
    reading = Reading(
        documents=tuple(document_from(one) for one in payload["documents"]),
        tables=tuple(table_from(one) for one in payload["tables"]),
        warnings=tuple(str(line) for line in payload["warnings"]),
    )
    return Upload(
        id=row.id, owner=row.owner, name=row.name, state=State(row.state), reading=reading, author=row.author,
        reviewer=row.reviewer, at=row.at,
    )  # fmt: skip
