"""Liveness, readiness and Prometheus figures."""

from __future__ import annotations

import time

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.web.line_health import line_report
from assistant.web.state import system

router = APIRouter(tags=["health"])


class Figures:
    """What this process counts; one registry an application, so that tests don't share figures."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "madoguchi_requests_total", "HTTP requests", ["method", "route", "status"], registry=self.registry
        )
        self.seconds = Histogram(
            "madoguchi_request_seconds", "Seconds a request took", ["route"], registry=self.registry,
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10, 30),
        )  # fmt: skip
        self.waiting = Gauge(
            "madoguchi_tickets_waiting", "Tickets that wait for staff", ["town"], registry=self.registry
        )


class Counted:
    """ASGI middleware: counts every request under its route's pattern, never under its path."""

    def __init__(self, app: ASGIApp, figures: Figures) -> None:
        self._app = app
        self._figures = figures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, taking the time until the whole reply is out."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start, status = time.perf_counter(), 500

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noting)
        finally:
            route = getattr(scope.get("route"), "path", "unmatched")
            self._figures.requests.labels(scope["method"], route, status).inc()
            self._figures.seconds.labels(route).observe(time.perf_counter() - start)


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """The process lives."""
    return {"status": "ok"}


@router.get("/readyz", responses={503: {"description": "A part is not ready"}})
def readyz(request: Request) -> JSONResponse:
    """Database and index can be used; 503 with the part that can't. Engine, LINE, a damaged calibration: shown."""
    parts = system(request).ready()
    ready = all(state == "ok" for state in parts.values())
    parts |= system(request).engines.state() | system(request).calibrations.state()
    body = {"status": "ready" if ready else "not ready", "parts": parts, "line": _line(request)}
    return JSONResponse(body, status_code=200 if ready else 503)


def _line(request: Request) -> dict[str, object]:
    try:
        return line_report(request.app.state)
    except Exception as exc:  # the database's failure stands among the parts already
        return {"state": f"unknown ({type(exc).__name__})"}


@router.get("/metrics", response_class=Response)
def metrics(request: Request) -> Response:
    """Figures in Prometheus' text form."""
    here, figures = system(request), request.app.state.figures
    for town in here.knowledge.towns():
        figures.waiting.labels(town.code).set(here.conversations.count_tickets(town.code))
    return Response(generate_latest(figures.registry), media_type=CONTENT_TYPE_LATEST)
