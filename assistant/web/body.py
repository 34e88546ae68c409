"""Refuses request bodies that are too large, before they are held in memory."""

from __future__ import annotations

import re
from collections.abc import Mapping

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.web.problems import problem


class BodyLimit:
    """ASGI middleware: 413 when a body grows over `limit` bytes, whether its length was declared or not."""

    def __init__(
        self, app: ASGIApp, limit: int, larger: Mapping[str, int] | None = None,
        streamed: tuple[re.Pattern[str], int] | None = None,
    ) -> None:  # fmt: skip
        """`larger` names the paths that may take more, for staff who are logged in; `streamed` the paths whose body
        is passed on as it comes, up to so many bytes: their routes look at the token first, or hold it on disk."""
        self._app = app
        self._limit = limit
        self._larger = larger or {}
        self._streamed = streamed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, counting."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        streamed = self._streamed if self._streamed and self._streamed[0].fullmatch(scope["path"]) else None
        limit = streamed[1] if streamed else self._allowed(scope)
        if "\x00" in scope["path"] or b"%00" in scope["query_string"]:
            detail = "The address holds a NUL character. Take it out."
            await problem(400, "Invalid address", detail)(scope, receive, send)
            return
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        if declared.isdigit() and int(declared) > limit:
            await self._refuse(limit, scope, receive, send)
            return
        if streamed:
            await self._app(scope, _counted(receive, limit), send)
            return
        body, more = b"", True
        while more:
            message = await receive()
            if message["type"] != "http.request":
                return
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > limit:
                await self._refuse(limit, scope, receive, send)
                return
        sent = False

        async def replay() -> Message:
            nonlocal sent
            if sent:
                return await receive()
            sent = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self._app(scope, replay, send)

    def _allowed(self, scope: Scope) -> int:
        # Without a session's cookie nobody gets further than the login page: no need to hold their body.
        cookies = dict(scope["headers"]).get(b"cookie", b"")
        return self._larger.get(scope["path"], self._limit) if b"madoguchi_staff=" in cookies else self._limit

    async def _refuse(self, limit: int, scope: Scope, receive: Receive, send: Send) -> None:
        detail = f"The request is larger than {limit:,} bytes. Send less at once."
        await problem(413, "Request too large", detail)(scope, receive, send)


def _counted(receive: Receive, limit: int) -> Receive:
    """The body as it comes; from `limit` bytes on it is as if the sender had left."""
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        return message if seen <= limit else {"type": "http.disconnect"}

    return counted
