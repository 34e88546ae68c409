"""LINE's webhook: verified over the raw body, kept, and answered with 200 before anything else is done."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Annotated, cast

from fastapi import APIRouter, FastAPI, Header, Path, Request
from fastapi.concurrency import run_in_threadpool

from assistant.bootstrap import System
from assistant.web.line_health import LineCollector
from assistant.web.problems import Problem

if TYPE_CHECKING:
    from assistant.channels.line import LineChannel  # loads LINE's SDK, which takes a second: only where it is set up

router = APIRouter(prefix="/channels/line", tags=["line"])


@router.post("/{town}/webhook")
async def webhook(
    request: Request,
    town: Annotated[str, Path(pattern=r"^[0-9]{6}$", description="全国地方公共団体コード, 6 digits")],
    x_line_signature: Annotated[str, Header(description="base64(HMAC-SHA256(channel secret, raw body))")] = "",
) -> dict[str, int]:
    """Take the events of a webhook in; a repeat is recognised. The work is done after the reply."""
    line = cast("LineChannel | None", getattr(request.app.state, "line", None))
    if line is None:
        raise Problem(404, "LINE is not set up", "Set MADOGUCHI_LINE_CHANNEL_SECRET and MADOGUCHI_LINE_ACCESS_TOKEN.")
    body = await request.body()
    if not line.genuine(body, x_line_signature):
        raise Problem(401, "Wrong signature", "X-Line-Signature does not belong to this body and this channel.")
    return {"new": await run_in_threadpool(line.take_in, town, _events(body))}


@asynccontextmanager
async def running(app: FastAPI, system: System) -> AsyncIterator[None]:
    """While the application runs, the LINE channel does, when it is set up."""
    if not system.settings.line_access_token.get_secret_value():
        yield
        return
    from assistant.channels.line import LineChannel

    line = app.state.line = await run_in_threadpool(LineChannel.open, system)
    app.state.figures.registry.register(LineCollector(line))
    line.start()
    try:
        yield
    finally:
        await run_in_threadpool(line.stop)


def _events(body: bytes) -> list[dict[str, object]]:
    """The events; LINE's test from its console has none. Raises Problem 400 when the body is no webhook."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        content = None
    events = content.get("events") if isinstance(content, dict) else None
    if not isinstance(events, list) or not all(isinstance(event, dict) for event in events):
        raise Problem(400, "Not a webhook", "The body must be LINE's webhook object with a list of events.")
    return events
