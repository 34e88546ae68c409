"""What the demo runs beside itself, each in a process of its own: a stand-in back office and a stand-in for LINE.

A stand-in ends by itself when this process is killed: its stdin is a pipe that closes then.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from pydantic import SecretStr

from assistant.errors import SettingsError
from assistant.settings import Settings


@contextmanager
def demo_office(settings: Settings) -> Iterator[Settings]:
    """Settings that name a back office: the configured one, or a stand-in that runs while the block lasts.

    Raises SettingsError when it can't be started.
    """
    if settings.services_url or settings.xroad_server:
        yield settings
        return
    database = settings.home / "sandbox" / "backoffice.db"
    with _beside("connectors.sandbox.backoffice", "--database", str(database), "--port", "0") as said:
        yield settings.model_copy(update={"services_url": said[0]})


@contextmanager
def demo_line(settings: Settings, webhook: str, name: str, port: int) -> Iterator[tuple[Settings, str]]:
    """Settings that name a LINE channel, and the address of the stand-in's telephone ("" with a real channel).

    The stand-in sends to `webhook` with a secret that nobody else knows; its page shows `name` and takes `port`, or a
    free one.
    """
    if settings.line_access_token.get_secret_value():
        yield settings, ""
        return
    secret, token = secrets.token_hex(16), secrets.token_urlsafe(48)
    known = {"MADOGUCHI_LINE_CHANNEL_SECRET": secret, "MADOGUCHI_LINE_ACCESS_TOKEN": token}
    with _beside(
        "connectors.sandbox.line_phone", "--webhook", webhook, "--name", name, "--port", str(port), more=known
    ) as said:
        platform, page = said
        yield settings.model_copy(update={
            "line_channel_secret": SecretStr(secret), "line_access_token": SecretStr(token), "line_api_base": platform,
        }), page  # fmt: skip


@contextmanager
def _beside(module: str, *arguments: str, more: Mapping[str, str] | None = None) -> Iterator[list[str]]:
    """The module as a process until the block ends; gives the words of its first line, which are its addresses."""
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments, "--with-parent"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, **(more or {})},
    )  # fmt: skip
    assert process.stdout is not None and process.stdin is not None
    try:
        said = process.stdout.readline().split()
        if not said:
            raise SettingsError(f"The demo's stand-in {module} could not be started. See the message above.")
        yield said
    finally:
        process.stdin.close()
        process.wait(timeout=10)
        process.stdout.close()
