"""WebSockets without surprises: the end of one is a value, not an exception."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping

from fastapi import WebSocket, WebSocketDisconnect

NORMAL, POLICY = 1000, 1008
"""Close codes (RFC 6455)."""


async def receive(socket: WebSocket) -> str | bytes | None:
    """The next message; None when the other side is gone."""
    try:
        message = await socket.receive()
    except (WebSocketDisconnect, RuntimeError):  # starlette's word for 'closed before'
        return None
    if message["type"] != "websocket.receive":
        return None
    text, data = message.get("text"), message.get("bytes")
    return text if isinstance(text, str) else data if isinstance(data, bytes) else None


async def receive_text(socket: WebSocket) -> str | None:
    """The next text; None at the end, and for sound where a text belongs."""
    message = await receive(socket)
    return message if isinstance(message, str) else None


async def receive_control(socket: WebSocket) -> Mapping[str, object] | bytes | None:
    """The next sound or JSON object; None at the end and for nonsense."""
    message = await receive(socket)
    if not isinstance(message, str):
        return message
    try:
        content = json.loads(message)
    except (ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) else None


async def send(socket: WebSocket, message: Mapping[str, object] | bytes | str) -> None:
    """Send text, sound or a JSON object; nothing happens when the other side is gone."""
    try:
        if isinstance(message, bytes):
            await socket.send_bytes(message)
        elif isinstance(message, str):
            await socket.send_text(message)
        else:
            await socket.send_text(json.dumps(message, ensure_ascii=False))
    except (WebSocketDisconnect, RuntimeError, OSError):
        pass  # reading tells of the end


async def close(socket: WebSocket, code: int = NORMAL) -> None:
    """Close; once is enough."""
    with contextlib.suppress(WebSocketDisconnect, RuntimeError, OSError):
        await socket.close(code)
