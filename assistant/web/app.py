"""The web application: all routes over one system."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool
from fastapi.middleware.cors import CORSMiddleware
from fastapi.staticfiles import StaticFiles

from assistant.bootstrap import System
from assistant.web import (
    access,
    admin,
    callbacks,
    card,
    chat,
    desk,
    health,
    line,
    login,
    openai,
    pages,
    phone,
    photos,
    problems,
    rasa,
    record,
    refusals,
    search,
    towns,
    voice,
)
from assistant.web.body import BodyLimit
from assistant.web.curation import CURATION_ROUTERS, LARGER_BODIES
from assistant.web.headers import SecurityHeaders
from assistant.web.health import Counted, Figures
from assistant.web.rate import RateLimit
from assistant.web.state import Limits

STATIC = Path(__file__).with_name("static")
MAX_BODY_BYTES = 1_000_000  # the longest message, 20,000 characters, has at most 240,000 bytes as escaped JSON


def create_app(system: System) -> FastAPI:
    """The application over a built system; closing it closes the system."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await run_in_threadpool(system.warm)
        async with line.running(app, system), voice.running(app, system):
            with system.notifier.running():
                yield
        app.state.answerers.shutdown(wait=False, cancel_futures=True)
        system.close()

    app = FastAPI(
        title="Madoguchi", version=version("madoguchi"), lifespan=lifespan,
        docs_url=None, redoc_url=None, description="Citizen assistant: cited answers from the town's own knowledge.",
        responses=problems.DESCRIBED,
    )  # fmt: skip
    app.state.system = system
    app.state.answerers = ThreadPoolExecutor(max_workers=_answerers(system), thread_name_prefix="answer")
    app.state.figures = Figures()
    app.state.limits = Limits(
        messages=RateLimit(system.settings.rate_messages),
        conversations=RateLimit(system.settings.rate_conversations),
        logins=RateLimit(system.settings.rate_logins),
    )
    problems.install(app)
    refusals.install(app)
    origins = [origin.strip() for origin in system.settings.widget_origins.split(",") if origin.strip()]
    # No credentials across origins: the conversation's token is all the authority there is, so any may be let in.
    app.add_middleware(CORSMiddleware, allow_origins=origins, allow_methods=["GET", "POST", "DELETE"],
                       allow_headers=["Authorization", "Content-Type", "Accept", "Last-Event-ID"],
                       expose_headers=["Retry-After"])  # fmt: skip
    app.add_middleware(SecurityHeaders)
    app.add_middleware(Counted, figures=app.state.figures)
    app.add_middleware(BodyLimit, limit=MAX_BODY_BYTES, larger=LARGER_BODIES, streamed=photos.STREAMED)
    _include_routers(app)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    return app


def _include_routers(app: FastAPI) -> None:
    for router in (chat.router, search.router, towns.router, openai.router, line.router, health.router, pages.router):
        app.include_router(router)
    for router in (callbacks.router, login.router, desk.router, admin.router):
        app.include_router(router)
    for router in CURATION_ROUTERS:
        app.include_router(router)
    for router in (photos.router, record.router, card.router):
        app.include_router(router)
    for router in (access.router, rasa.router, phone.router, voice.router):
        app.include_router(router)


def _answerers(system: System) -> int:
    """How many turns are answered at once: without a language model all is computing, and more threads than cores
    only take turns; with one, threads wait for it most of the time."""
    return 32 if system.parts.writer else max(2, os.cpu_count() or 2)
