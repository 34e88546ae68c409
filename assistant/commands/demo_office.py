"""The demo's back office: a stand-in with its own process and database, unless a real one is configured."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from assistant.errors import SettingsError
from assistant.settings import Settings


@contextmanager
def demo_office(settings: Settings) -> Iterator[Settings]:
    """Settings that name a back office: the configured one, or a stand-in that runs while the block lasts.

    The stand-in ends by itself when this process is killed. Raises SettingsError when it can't be started.
    """
    if settings.services_url or settings.xroad_server:
        yield settings
        return
    database = settings.home / "sandbox" / "backoffice.db"
    command = [sys.executable, "-m", "connectors.sandbox.backoffice", "--database", str(database), "--port", "0",
               "--with-parent"]  # fmt: skip
    office = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert office.stdout is not None and office.stdin is not None
    try:
        url = office.stdout.readline().strip()
        if not url:
            raise SettingsError("The demo's back office could not be started. See the message above.")
        yield settings.model_copy(update={"services_url": url})
    finally:
        office.stdin.close()
        office.wait(timeout=10)
        office.stdout.close()
