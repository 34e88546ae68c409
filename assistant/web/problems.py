"""Errors as application/problem+json (RFC 9457); never a stack trace, never what the resident wrote."""

from __future__ import annotations

import logging
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from assistant.errors import MadoguchiError, NotAuthorised, StorageFull, UnknownConversation, UnknownTown
from knowledge.errors import KnowledgeError

log = logging.getLogger("madoguchi.web")

_STATUS: dict[type[Exception], tuple[int, str]] = {
    UnknownTown: (404, "Unknown town"),
    UnknownConversation: (404, "Unknown conversation"),
    NotAuthorised: (401, "Not authorised"),
    StorageFull: (507, "Disk full"),
}

_SCHEMA = {
    "title": "Problem",
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string", "description": "what to do about it; never what was sent"},
    },
}

DESCRIBED: dict[int | str, dict[str, Any]] = {
    "4XX": {
        "description": "Refused: 400, 422 what was sent; 401 the token; 404 not here; 413 the size; 429 the rate",
        "content": {"application/problem+json": {"schema": _SCHEMA}},
    },
    "5XX": {
        "description": "A part failed; the message says what to do",
        "content": {"application/problem+json": {"schema": _SCHEMA}},
    },
}
"""How OpenAPI describes every route's errors; `Any` is FastAPI's own type for it."""


class Problem(Exception):
    """A refusal with its status and the cure as detail."""

    def __init__(self, status: int, title: str, detail: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status, self.title, self.detail, self.headers = status, title, detail, headers


def problem(status: int, title: str, detail: str, headers: dict[str, str] | None = None) -> JSONResponse:
    """A problem document; `type` is about:blank since the title says it all."""
    return JSONResponse(
        {"type": "about:blank", "title": title, "status": status, "detail": detail},
        status_code=status,
        media_type="application/problem+json",
        headers=headers,
    )


def install(app: FastAPI) -> None:
    """Map every error to a problem document."""

    @app.exception_handler(Problem)
    def _problem(_: Request, exc: Problem) -> JSONResponse:
        return problem(exc.status, exc.title, exc.detail, exc.headers)

    @app.exception_handler(MadoguchiError)
    def _ours(_: Request, exc: MadoguchiError) -> JSONResponse:
        status, title = _STATUS.get(type(exc), (500, "Internal error"))
        headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
        return problem(status, title, str(exc), headers)

    @app.exception_handler(KnowledgeError)
    def _knowledge(_: Request, exc: KnowledgeError) -> JSONResponse:
        log.error("knowledge failed: %s", type(exc).__name__)
        return problem(503, "Search unavailable", "Search is out of order for the moment. Try again later.")

    @app.exception_handler(RequestValidationError)
    def _invalid(_: Request, exc: RequestValidationError) -> JSONResponse:
        # Places and messages only: the input itself may be a resident's text.
        places = [f"{'.'.join(str(p) for p in e['loc'])}: {e['msg']}" for e in exc.errors()]
        return problem(422, "Invalid input", "; ".join(places)[:2000])

    @app.exception_handler(HTTPException)
    def _http(_: Request, exc: HTTPException) -> JSONResponse:
        return problem(exc.status_code, str(exc.detail), str(exc.detail), dict(exc.headers or {}))

    @app.exception_handler(Exception)
    def _unexpected(request: Request, exc: Exception) -> JSONResponse:
        log.error("unexpected %s at %s", type(exc).__name__, request.url.path)
        return problem(500, "Internal error", "Something went wrong here. Try again.")
