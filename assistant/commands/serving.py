"""`madoguchi demo` and `madoguchi serve`."""

from __future__ import annotations

import argparse
import sys

from fastapi import FastAPI

from assistant.bootstrap import System, build
from assistant.commands.demo_office import demo_office
from assistant.commands.ingesting import Bar
from assistant.demo import DEMO_TOWN, load_when_empty
from assistant.desk.demo_users import add_demo_users
from assistant.settings import Settings, read_settings


def demo(chosen: argparse.Namespace) -> int:
    """Load the demo town when the database is empty, start its back office, say where to look, serve."""
    with demo_office(read_settings()) as settings:
        return _demo(chosen, settings)


def _demo(chosen: argparse.Namespace, settings: Settings) -> int:
    from assistant.web.app import create_app

    system = build(settings)
    bar = Bar()
    report = load_when_empty(system, bar)
    system.ensure_indexes(bar)
    bar.close()
    if report is not None:
        print(f"demo town loaded: {report.added} documents and tables", file=sys.stderr)
    print(f"Madoguchi: http://{chosen.host}:{chosen.port}/  (API: /openapi.json, state: /readyz)", flush=True)
    _say_logins(system, f"http://{chosen.host}:{chosen.port}/desk")
    _run(create_app(system), chosen.host, chosen.port, workers=1)
    return 0


def _say_logins(system: System, desk: str) -> None:
    """Print the demo accounts, if this is a demo home."""
    towns = [town.code for town in system.knowledge.towns()]
    logins = add_demo_users(system.users, towns, DEMO_TOWN, system.clock())
    if logins:
        print(f"Desk: {desk}")
        for name, role, password in logins:
            print(f"  {role:8} {name:16} {password}", flush=True)


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
