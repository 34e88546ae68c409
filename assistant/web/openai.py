"""The OpenAI-compatible door: any chat client can ask Madoguchi."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator
from typing import Annotated, Literal

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue

from assistant.bootstrap import System
from assistant.model import Channel, Turn
from assistant.web.problems import Problem
from assistant.web.schemas import MAX_SENT_CHARS
from assistant.web.state import address, limits, system

router = APIRouter(prefix="/v1", tags=["openai"])

_PREFIX = "madoguchi"
_ASKED: dict[str, JsonValue] = {
    "contains": {"type": "object", "required": ["role"], "properties": {"role": {"const": "user"}}}
}  # without a user's message there is nothing to answer


class TextPart(BaseModel):
    """A part of a message; only text is read."""

    model_config = ConfigDict(extra="allow")
    type: str
    text: str = ""


class ChatMessage(BaseModel):
    """One message of the client's thread."""

    model_config = ConfigDict(extra="ignore")
    role: Literal["system", "developer", "user", "assistant", "tool"]
    content: str | list[TextPart] | None = None


class ChatRequest(BaseModel):
    """What the OpenAI API calls a chat completion; parameters that steer a model have no effect here."""

    model_config = ConfigDict(
        extra="ignore",
        json_schema_extra={
            "examples": [{"model": "madoguchi/482013", "messages": [{"role": "user", "content": "転入届の期限は？"}]}]
        },
    )
    model: Annotated[str, Field(max_length=64), AfterValidator(str.strip)] = _PREFIX
    messages: Annotated[list[ChatMessage], Field(min_length=1, max_length=200, json_schema_extra=_ASKED)]
    stream: bool = False


@router.get("/models")
def models(request: Request) -> dict[str, object]:
    """One model for each town, and `madoguchi` for the default town."""
    names = [_PREFIX, *(f"{_PREFIX}/{town.code}" for town in system(request).knowledge.towns())]
    return {
        "object": "list",
        "data": [{"id": name, "object": "model", "created": 0, "owned_by": _PREFIX} for name in names],
    }


@router.post("/chat/completions", responses={200: {"content": {"text/event-stream": {}}}})
def complete(request: Request, body: ChatRequest) -> Response:
    """Answer the last user message as the first turn of a new conversation."""
    limits(request).messages.take(address(request))
    here = system(request)
    payload = _answer(here, _town(here, body.model), _last_user_text(body.messages))
    if body.stream:
        return StreamingResponse(_stream(body.model, payload), media_type="text/event-stream")
    text = _with_sources(payload)
    return JSONResponse(
        {
            "id": f"chatcmpl-{payload['id']}",
            "object": "chat.completion",
            "created": int(time.time()),
            "model": body.model,
            "choices": [{"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}],
            # Nothing is generated token by token here; clients that add figures up get zeros.
            "usage": {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0},
            "madoguchi": payload,
        }
    )


def _answer(here: System, town: str, text: str) -> dict[str, object]:
    id_, token = here.start(town, None, Channel.API)
    conversation = here.conversations.authorised(id_, token)
    turn = Turn(
        id=uuid.uuid4().hex, conversation=id_, town=town, text=text, language=None, channel=Channel.API, at=here.clock()
    )
    return here.receive(turn, conversation)


def _town(here: System, model: str) -> str:
    prefix, _, code = model.partition("/")
    if prefix != _PREFIX or (code and not (code.isascii() and code.isdigit() and len(code) == 6)):
        raise Problem(404, "Unknown model", "Use `madoguchi` or `madoguchi/CODE`; GET /v1/models lists them.")
    return code or here.default_town()


def _last_user_text(messages: list[ChatMessage]) -> str:
    for message in reversed(messages):
        if message.role == "user":
            content = message.content
            text = content if isinstance(content, str) else "\n".join(part.text for part in content or ())
            if len(text) > MAX_SENT_CHARS:
                raise Problem(422, "Invalid input", f"A message may have at most {MAX_SENT_CHARS} characters.")
            return text.replace("\x00", "")
    raise Problem(422, "Invalid input", "messages: there is no message of the role `user`.")


def _with_sources(payload: dict[str, object]) -> str:
    """The text and, below it, its sources: chat clients have no other place for them."""
    citations = payload["citations"]
    lines = [f"[{c['n']}] {c['title']} {c['url']}".strip() for c in citations] if isinstance(citations, list) else []
    return "\n\n".join(part for part in (str(payload["text"]), "\n".join(lines)) if part)


def _stream(model: str, payload: dict[str, object]) -> Iterator[str]:
    created = int(time.time())

    def chunk(delta: dict[str, str], finish: str | None) -> str:
        value = {
            "id": f"chatcmpl-{payload['id']}",
            "object": "chat.completion.chunk",
            "created": created,
            "model": model,
            "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
        }
        return f"data: {json.dumps(value, ensure_ascii=False)}\n\n"

    yield chunk({"role": "assistant", "content": ""}, None)
    text = _with_sources(payload)
    for start in range(0, len(text), 24):
        yield chunk({"content": text[start : start + 24]}, None)
    yield chunk({}, "stop")
    yield "data: [DONE]\n\n"
