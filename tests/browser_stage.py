"""Fixtures of the browser tests: Chromium, pages that tolerate no error, the stand-in and the real demo site."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser_peer import Script, create_peer, serving
from browser_steps import ARGUMENTS, Open, program
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).parents[1]
STARTS_WITHIN = 120  # seconds; the demo loads its town on the first start


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One Chromium for all tests of a file: while it is open its event loop runs, and no other may in that process."""
    with sync_playwright() as playwright:
        if program() is None and not Path(playwright.chromium.executable_path).exists():
            pytest.skip("no Chromium: apt install chromium, or playwright install chromium")
        browser = playwright.chromium.launch(executable_path=program(), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[Open]:
    """Opens pages, each in a fresh profile; any script error or console error on them fails the test at its end."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def opened(address: str, *, faults_expected: bool = False, **options: object) -> Page:
        options.setdefault("viewport", {"width": 1280, "height": 860})
        context = chromium.new_context(**options)  # type: ignore[arg-type]
        context.set_default_timeout(30_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(f"script: {error}"))
        if not faults_expected:
            page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
        page.goto(address)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def script() -> Script:
    """What the stand-in is told and what it has seen."""
    return Script()


@pytest.fixture
def peer(script: Script) -> Iterator[str]:
    """The address of the scripted stand-in."""
    with serving(create_peer(script)) as address:
        yield address


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the real demo site; MADOGUCHI_TEST_SITE names one that runs already."""
    given = os.environ.get("MADOGUCHI_TEST_SITE")
    if given:
        yield given
        return
    with socket.create_server(("127.0.0.1", 0)) as free, socket.create_server(("127.0.0.1", 0)) as other:
        port, calls = free.getsockname()[1], other.getsockname()[1]
    log = tmp_path_factory.mktemp("demo") / "log.txt"
    # Demos of several test workers start at once and would all find the usual port for calls free.
    environment = {**os.environ, "MADOGUCHI_HOME": str(log.parent), "MADOGUCHI_AUDIOSOCKET_PORT": str(calls)}
    command = [sys.executable, "-m", "assistant", "demo", "--port", str(port)]
    with log.open("w") as out:
        demo = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=subprocess.STDOUT)
    try:
        assert ready(f"http://127.0.0.1:{port}/", demo), f"the demo did not start:\n{log.read_text()[-2000:]}"
        yield f"http://127.0.0.1:{port}/"
    finally:
        demo.terminate()
        demo.wait(60)


def ready(address: str, process: subprocess.Popen[bytes]) -> bool:
    """True when the address answers; False when the process ended or took too long."""
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return True
        except OSError:
            time.sleep(0.3)
    return False
