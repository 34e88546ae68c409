"""Doors in Rasa's forms: its REST channel, so that its chat clients work here, and an action server for its dialogues.

Sources: Rasa 3's documentation of the REST channel (`/webhooks/rest/webhook`) and of the action server (`/webhook`).
"""

from __future__ import annotations

import json
import uuid
from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from assistant.bootstrap import System
from assistant.model import Channel, Turn
from assistant.store.senders import sender_conversation
from assistant.web.problems import Problem
from assistant.web.schemas import Language, Text, Town
from assistant.web.state import address, limits, system

router = APIRouter(prefix="/webhooks", tags=["rasa"])

ACTION = "action_madoguchi_answer"
"""The action that an exported Rasa project calls."""


def _sendable(sender: str) -> str:
    return sender.encode("utf-8", "replace").decode("utf-8").replace("\x00", "")


Sender = Annotated[str, Field(max_length=255), AfterValidator(_sendable)]


class Metadata(BaseModel):
    """What Rasa's clients may send beside the message; ours to read."""

    model_config = ConfigDict(extra="ignore")
    town: Town | None = None
    language: Language | None = None
    id: Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9._:-]+$")] | None = None


class RestMessage(BaseModel):
    """What Rasa's REST channel takes. `metadata` may name town, language and the message's own id."""

    model_config = ConfigDict(
        extra="ignore", json_schema_extra={"examples": [{"sender": "resident-7f3a", "message": "住民票はいくらですか"}]}
    )
    sender: Sender | None = None
    message: Text
    metadata: Metadata | None = None


class Button(BaseModel):
    """What a button says, and what it sends as the next message."""

    title: str
    payload: str


class RestReply(BaseModel):
    """One message to the sender; `custom` is the Message of our own API."""

    recipient_id: str
    text: str
    buttons: list[Button] | None = None
    custom: dict[str, object] | None = None


class Latest(BaseModel):
    """The part of Rasa's tracker that matters here."""

    model_config = ConfigDict(extra="ignore")
    text: Text | None = None
    message_id: str | None = Field(default=None, max_length=200)
    metadata: Metadata | None = None


class Tracker(BaseModel):
    """Rasa's memory of one conversation; only the sender and the last message are read."""

    model_config = ConfigDict(extra="ignore")
    sender_id: Sender = "default"
    latest_message: Latest | None = None


class ActionCall(BaseModel):
    """What a Rasa server sends to its action server."""

    model_config = ConfigDict(extra="ignore")
    next_action: Annotated[str, Field(max_length=200)]
    sender_id: Sender | None = None
    tracker: Tracker | None = None


@router.get("/rest/")
def alive() -> dict[str, str]:
    """As Rasa's REST channel says that it is there."""
    return {"status": "ok"}


@router.post("/rest/webhook", response_model=list[RestReply], responses={200: {"content": {"text/plain": {}}}})
def rest(request: Request, body: RestMessage, stream: bool = False) -> Response:
    """Answer as Rasa's REST channel does: a list of messages, or with `?stream=true` one JSON line for each.

    The sender's messages form one conversation, so a sender must be a name that nobody else guesses. Without one,
    each message stands alone and the reply tells the name that goes on.
    """
    limits(request).messages.take(address(request))
    sender = body.sender or uuid.uuid4().hex
    replies = [_reply(system(request), sender, body.message, body.metadata or Metadata())]
    if stream:
        lines = "".join(json.dumps(reply, ensure_ascii=False) + "\n" for reply in replies)
        return Response(lines, media_type="text/plain; charset=utf-8")
    return Response(json.dumps(replies, ensure_ascii=False), media_type="application/json")


@router.post("/rasa/action")
def act(request: Request, body: ActionCall) -> dict[str, list[dict[str, object]]]:
    """Answer for Rasa as its action server: the tracker's last message goes through Madoguchi's own pipeline.

    An action that is not ours gets 404, which Rasa logs.
    """
    limits(request).messages.take(address(request))
    if body.next_action != ACTION:
        raise Problem(404, "Unknown action", f"Only {ACTION} is answered here.")
    tracker = body.tracker or Tracker()
    latest = tracker.latest_message or Latest()
    sender = body.sender_id or tracker.sender_id
    reply = _reply(system(request), sender, latest.text or "", latest.metadata or Metadata())
    said = {key: value for key, value in reply.items() if key != "recipient_id"}
    return {"events": [], "responses": [said]}


def _reply(here: System, sender: str, text: str, metadata: Metadata) -> dict[str, object]:
    town = metadata.town or here.default_town()
    here.profile(town)
    conversation = sender_conversation(here.engine, "rest", town, sender, Channel.API, here.clock())
    turn = Turn(
        id=metadata.id or uuid.uuid4().hex, conversation=conversation.id, town=town, text=text,
        language=metadata.language, channel=Channel.API, at=here.clock(),
    )  # fmt: skip
    message = here.receive(turn, conversation)
    reply: dict[str, object] = {"recipient_id": sender, "text": message["text"]}
    choices = message["choices"]
    if isinstance(choices, list) and choices:
        reply["buttons"] = [{"title": choice["label"], "payload": choice["text"]} for choice in choices]
    return reply | {"custom": message}
