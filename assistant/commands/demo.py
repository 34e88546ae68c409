"""`madoguchi demo`: the fictional town with all its doors, and stand-ins for what lies beyond them."""

from __future__ import annotations

import argparse
import sys

from assistant.bootstrap import System, build
from assistant.commands.demo_peers import demo_line, demo_office
from assistant.commands.demo_voice import demo_voice, speaks_other_languages
from assistant.commands.ingesting import Bar
from assistant.commands.serving import run_server
from assistant.demo import DEMO_TOWN, load_when_empty
from assistant.desk.demo_users import add_demo_users
from assistant.settings import Settings, read_settings
from assistant.web.hall import Ear, Hall, Login, open_hall


def demo(chosen: argparse.Namespace) -> int:
    """Load the demo town when the database is empty, start the stand-ins, say where to look, serve."""
    host = "127.0.0.1" if chosen.host in ("0.0.0.0", "::") else chosen.host  # where this machine reaches itself
    address = f"http://{host}:{chosen.port}"
    settings = read_settings()
    own_office = bool(settings.services_url or settings.xroad_server)
    with demo_office(_at_home(settings, address)) as settings:
        settings, ear = demo_voice(settings)
        system = _loaded(settings)
        town = system.default_town()
        webhook, account = f"{address}/channels/line/{town}/webhook", system.profile(town).name("ja")
        with demo_line(settings, webhook, f"{account} 窓口", chosen.port + 1) as (settings, line_page):
            system.settings = settings  # LINE is opened when the server starts, not when the system is built
            hall = _hall(system, ear, line_page, office=not own_office)
            _say(hall, address)
            _serve(system, hall, chosen)
    return 0


def _at_home(settings: Settings, address: str) -> Settings:
    """Links on LINE cards lead to this demo, unless a public address is set."""
    return settings if settings.public_url else settings.model_copy(update={"public_url": address})


def _loaded(settings: Settings) -> System:
    system = build(settings)
    bar = Bar()
    report = load_when_empty(system, bar)
    system.ensure_indexes(bar)
    bar.close()
    if report is not None:
        print(f"demo town loaded: {report.added} documents and tables", file=sys.stderr)
    return system


def _hall(system: System, ear: Ear, line_page: str, *, office: bool) -> Hall:
    """What runs; the demo accounts are there if this is a demo home."""
    towns = [town.code for town in system.knowledge.towns()]
    logins = add_demo_users(system.users, towns, DEMO_TOWN, system.clock())
    settings = system.settings
    return Hall(
        logins=tuple(Login(name=name, role=role, password=password) for name, role, password in logins),
        line_page=line_page,
        calls=f"{settings.audiosocket_host}:{settings.audiosocket_port}" if settings.audiosocket_port else "",
        ear=ear,
        other_voices=speaks_other_languages(),
        office=office,
    )


def _say(hall: Hall, address: str) -> None:
    """Print the addresses that `/demo` shows."""
    doors = [
        ("Where everything is", f"{address}/demo"),
        ("LINE stand-in", hall.line_page or "not running: a real channel is configured"),
        ("Telephone", f"AudioSocket {hall.calls}" if hall.calls else "no port for calls"),
        ("Speech", {Ear.DEMO: "the small test model (a few hundred words, Japanese)", Ear.OWN: "MADOGUCHI_WHISPER",
                    Ear.NONE: "none: install the extra `voice`"}[hall.ear]),
        ("Knowledge", f"{address}/knowledge"),
        ("Desk", f"{address}/desk"),
    ]  # fmt: skip
    print(f"Madoguchi: {address}/  (API: /openapi.json, state: /readyz)")
    for name, where in doors:
        print(f"{name}: {where}")
    for login in hall.logins:
        print(f"  {login.role:8} {login.name:16} {login.password}")
    sys.stdout.flush()


def _serve(system: System, hall: Hall, chosen: argparse.Namespace) -> None:
    from assistant.web.app import create_app

    app = create_app(system)
    open_hall(app, hall)
    run_server(app, chosen.host, chosen.port, workers=1)
