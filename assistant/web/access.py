"""The resident's own part of the access record: who looked at their data, what, why and when."""

from __future__ import annotations

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, JsonValue

from assistant.access import Entry
from assistant.web.chat import Authorization, authorised
from assistant.web.state import system

router = APIRouter(prefix="/api/v1/conversations", tags=["conversation"])

_EXAMPLE: dict[str, JsonValue] = {
    "seq": 12, "who": "service:bulky-waste via openapi", "what": ["住所"], "why": "粗大ごみの収集を受け付けるため",
    "outcome": "done", "at": "2026-11-21T01:00:00Z",
}  # fmt: skip


class AccessOut(BaseModel):
    """One access to the resident's data; `seq` is its place in the whole record."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})
    seq: int
    who: str
    what: list[str]
    why: str
    outcome: str
    at: str


class AccessList(BaseModel):
    """All accesses of this conversation, oldest first."""

    entries: list[AccessOut]


@router.get("/{id}/access", response_model=AccessList)
def accesses(request: Request, id: str, authorization: Authorization = None) -> AccessList:
    """Who has looked at the personal data of this conversation."""
    here = system(request)
    conversation = authorised(here, id, authorization)
    return AccessList(entries=[_shown(entry) for entry in here.access.entries(conversation.id)])


def _shown(entry: Entry) -> AccessOut:
    access = entry.access
    at = access.at.isoformat().replace("+00:00", "Z")
    return AccessOut(
        seq=entry.seq, who=access.who, what=list(access.what), why=access.why, outcome=access.outcome, at=at
    )  # fmt: skip
