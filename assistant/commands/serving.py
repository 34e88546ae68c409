"""`madoguchi demo` and `madoguchi serve`."""

from __future__ import annotations

import argparse
import sys

from fastapi import FastAPI

from assistant.bootstrap import build
from assistant.commands.ingesting import Bar
from assistant.demo import load_when_empty
from assistant.settings import read_settings


def demo(chosen: argparse.Namespace) -> int:
    """Load the demo town when the database is empty, say where to look, serve."""
    from assistant.web.app import create_app

    system = build(read_settings())
    bar = Bar()
    report = load_when_empty(system, bar)
    system.ensure_indexes(bar)
    bar.close()
    if report is not None:
        print(f"demo town loaded: {report.added} documents and tables", file=sys.stderr)
    print(f"Madoguchi: http://{chosen.host}:{chosen.port}/  (API: /openapi.json, state: /readyz)", flush=True)
    _run(create_app(system), chosen.host, chosen.port, workers=1)
    return 0


def serve(chosen: argparse.Namespace) -> int:
    """Serve until stopped."""
    _run("assistant.commands.serving:application", chosen.host, chosen.port, workers=chosen.workers)
    return 0


def _run(app: FastAPI | str, host: str, port: int, *, workers: int) -> None:
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
