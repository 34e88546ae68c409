"""The web application: all routes over one system."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.middleware.cors import CORSMiddleware
from fastapi.staticfiles import StaticFiles

from assistant.bootstrap import System
from assistant.web import chat, health, openai, pages, problems, search, towns
from assistant.web.body import BodyLimit
from assistant.web.health import Figures
from assistant.web.rate import RateLimit
from assistant.web.state import Limits

STATIC = Path(__file__).with_name("static")
MAX_BODY_BYTES = 1_000_000  # the longest message, 20,000 characters, has at most 240,000 bytes as escaped JSON

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)


def create_app(system: System) -> FastAPI:
    """The application over a built system; closing it closes the system."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await run_in_threadpool(system.warm)
        yield
        app.state.answerers.shutdown(wait=False, cancel_futures=True)
        system.close()

    app = FastAPI(
        title="Madoguchi", version=version("madoguchi"), lifespan=lifespan,
        docs_url=None, redoc_url=None, description="Citizen assistant: cited answers from the town's own knowledge.",
        responses=problems.DESCRIBED,
    )  # fmt: skip
    app.state.system = system
    app.state.answerers = ThreadPoolExecutor(max_workers=32, thread_name_prefix="answer")
    app.state.figures = Figures()
    app.state.limits = Limits(
        messages=RateLimit(system.settings.rate_messages), conversations=RateLimit(system.settings.rate_conversations)
    )
    problems.install(app)
    origins = [origin.strip() for origin in system.settings.widget_origins.split(",") if origin.strip()]
    # No cookies: the conversation's token is all the authority there is, so any origin may be let in.
    app.add_middleware(CORSMiddleware, allow_origins=origins, allow_methods=["GET", "POST", "DELETE"],
                       allow_headers=["Authorization", "Content-Type", "Accept", "Last-Event-ID"],
                       expose_headers=["Retry-After"])  # fmt: skip
    app.middleware("http")(_secure)
    app.middleware("http")(app.state.figures.count)
    app.add_middleware(BodyLimit, limit=MAX_BODY_BYTES)
    for router in (chat.router, search.router, towns.router, openai.router, health.router, pages.router):
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    return app


async def _secure(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    response = await call_next(request)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
    response.headers.setdefault("Content-Security-Policy", _POLICY)
    if request.url.path.startswith("/api/"):
        response.headers.setdefault("Cache-Control", "no-store")
    return response
