"""The resident's own part of the access record: who looked at their data, what, why and when."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, JsonValue

from assistant.access import Entry
from assistant.language.detect import speakable
from assistant.services.record_words import told
from assistant.web.chat import Authorization, authorised
from assistant.web.state import system

router = APIRouter(prefix="/api/v1/conversations", tags=["conversation"])

_EXAMPLE: dict[str, JsonValue] = {
    "seq": 12, "who": "service:bulky-waste via openapi", "what": ["住所"], "why": "粗大ごみの収集を受け付けるため",
    "outcome": "done", "at": "2026-11-21T01:00:00Z",
    "told": {
        "who": "粗大ごみの収集の予約（市の業務システム）", "what": ["住所"],
        "why": "粗大ごみの収集を受け付けるため", "outcome": "終わりました",
    },
}  # fmt: skip


class ToldOut(BaseModel):
    """The same in words for the resident; staff appear by their case, not by their name."""

    who: str
    what: list[str]
    why: str
    outcome: str


class AccessOut(BaseModel):
    """One access to the resident's data; `seq` is its place in the whole record."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})
    seq: int
    who: str
    what: list[str]
    why: str
    outcome: str
    at: str
    told: ToldOut


class AccessList(BaseModel):
    """All accesses of this conversation, oldest first."""

    entries: list[AccessOut]


@router.get("/{id}/access", response_model=AccessList)
def accesses(
    request: Request, id: str, authorization: Authorization = None,
    language: Annotated[str, Query(max_length=35)] = "ja",
) -> AccessList:  # fmt: skip
    """Who has looked at the personal data of this conversation; `told` is in words of the language."""
    here = system(request)
    conversation = authorised(here, id, authorization)
    spoken = speakable(language).language
    return AccessList(entries=[_shown(entry, spoken) for entry in here.access.entries(conversation.id)])


def _shown(entry: Entry, language: str) -> AccessOut:
    access, words = entry.access, told(entry.access, language)
    at = access.at.isoformat().replace("+00:00", "Z")
    return AccessOut(
        seq=entry.seq, who=access.who, what=list(access.what), why=access.why, outcome=access.outcome, at=at,
        told=ToldOut(who=words.who, what=list(words.what), why=words.why, outcome=words.outcome),
    )  # fmt: skip
