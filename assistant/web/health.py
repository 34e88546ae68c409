"""Liveness, readiness and Prometheus figures."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest

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

    async def count(self, request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        """Middleware: count every request under its route's pattern, never under its path."""
        start = time.perf_counter()
        response = await call_next(request)
        route = getattr(request.scope.get("route"), "path", "unmatched")
        self.requests.labels(request.method, route, response.status_code).inc()
        self.seconds.labels(route).observe(time.perf_counter() - start)
        return response


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """The process lives."""
    return {"status": "ok"}


@router.get("/readyz", responses={503: {"description": "A part is not ready"}})
def readyz(request: Request) -> JSONResponse:
    """Database and index can be used; 503 with the part that can't."""
    parts = system(request).ready()
    ready = all(state == "ok" for state in parts.values())
    return JSONResponse(
        {"status": "ready" if ready else "not ready", "parts": parts}, status_code=200 if ready else 503
    )


@router.get("/metrics", response_class=Response)
def metrics(request: Request) -> Response:
    """Figures in Prometheus' text form."""
    here, figures = system(request), request.app.state.figures
    for town in here.knowledge.towns():
        figures.waiting.labels(town.code).set(here.conversations.count_tickets(town.code))
    return Response(generate_latest(figures.registry), media_type=CONTENT_TYPE_LATEST)
