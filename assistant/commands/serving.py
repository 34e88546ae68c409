"""`madoguchi serve`, and the server that it and `madoguchi demo` run."""

from __future__ import annotations

import argparse

from fastapi import FastAPI

from assistant.bootstrap import build
from assistant.settings import read_settings


def serve(chosen: argparse.Namespace) -> int:
    """Serve until stopped."""
    run_server("assistant.commands.serving:application", chosen.host, chosen.port, workers=chosen.workers)
    return 0


def run_server(app: FastAPI | str, host: str, port: int, *, workers: int) -> None:
    """Serve the application, or what the named function makes, until a signal ends it."""
    import uvicorn

    uvicorn.run(
        app,
        factory=isinstance(app, str),
        host=host,
        port=port,
        workers=workers,
        log_level="warning",
        access_log=False,  # addresses and paths of residents are nobody's business
        timeout_graceful_shutdown=5,
    )


def application() -> FastAPI:
    """The web application over the configured system; uvicorn calls it once in each worker."""
    from assistant.web.app import create_app

    system = build(read_settings())
    system.ensure_indexes()
    return create_app(system)
