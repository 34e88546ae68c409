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
    system = build(read_settings())
    bar = Bar()
    report = load_when_empty(system, bar)
    bar.close()
    if report is not None:
        print(f"demo town loaded: {report.added} documents and tables", file=sys.stderr)
    print(f"Madoguchi: http://{chosen.host}:{chosen.port}/  (API: /openapi.json, state: /readyz)", flush=True)
    system.close()
    return serve(argparse.Namespace(host=chosen.host, port=chosen.port, workers=1))


def serve(chosen: argparse.Namespace) -> int:
    """Serve until stopped."""
    import uvicorn

    uvicorn.run(
        "assistant.commands.serving:application",
        factory=True,
        host=chosen.host,
        port=chosen.port,
        workers=chosen.workers,
        log_level="warning",
        access_log=False,  # addresses and paths of residents are nobody's business
        timeout_graceful_shutdown=5,
    )
    return 0


def application() -> FastAPI:
    """The web application over the configured system; uvicorn calls it once in each worker."""
    from assistant.web.app import create_app

    system = build(read_settings())
    system.ensure_indexes()
    return create_app(system)
