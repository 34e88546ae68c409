"""The fixture of the curation tests: the real application over the demo town, with staff, on a real socket."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser_peer import serving
from curation_people import Office, add_staff

from assistant.bootstrap import build
from assistant.web.app import create_app
from tests.conftest import settings_for


@pytest.fixture
def office(home: Path) -> Iterator[Office]:
    """The town's server, and who works there."""
    system = build(settings_for(home))
    add_staff(system)
    with serving(create_app(system)) as address:
        running = Office(home, address.rstrip("/"))
        yield running
        running.close()
