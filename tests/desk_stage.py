"""The fixture of the desk's acceptance tests: the real application over a copy of the demo home."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from browser_peer import serving
from desk_people import Clock, Desk, Opened

from assistant.bootstrap import build
from assistant.desk.demo_users import add_demo_users
from assistant.web.app import create_app
from tests.conftest import DEMO, settings_for


@contextmanager
def _running(home: Path, more: dict[str, object]) -> Iterator[Desk]:
    clock = Clock()
    system = build(settings_for(home, **more), clock=clock)
    add_demo_users(system.users, [DEMO], DEMO, clock())
    with serving(create_app(system)) as address:
        yield Desk(base=address, system=system, clock=clock)


@pytest.fixture
def desk(demo_home: Path, tmp_path: Path) -> Iterator[Opened]:
    """Starts desks over copies of the demo home; ends them after the test."""
    with ExitStack() as held:

        def opened(**more: object) -> Desk:
            home = Path(shutil.copytree(demo_home, tmp_path / "home"))
            return held.enter_context(_running(home, more))

        yield opened
