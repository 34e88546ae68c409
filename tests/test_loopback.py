"""Every stand-in begins and ends cleanly: nothing is left running, and no client that hangs up makes a noise."""

from __future__ import annotations

import socket
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from connectors.sandbox.backoffice import BackOffice
from connectors.sandbox.egov import EgovSandbox
from connectors.sandbox.line import LinePlatform
from connectors.sandbox.llm import LanguageModel
from connectors.sandbox.loopback import Loopback, Spoken
from connectors.sandbox.rasa import RasaStandIn
from connectors.sandbox.security_server import SecurityServer


class _Slow(Spoken):
    peer: Loopback

    def do_GET(self) -> None:
        """Keep the client waiting until the server ends, then try to answer."""
        self.peer.closing.wait(30)
        self.send_json(200, {"late": True})

    def do_POST(self) -> None:
        """Say back what came."""
        self.send_bytes(200, self.body(), "text/plain", {"X-Seen": self.path})


class _Broken(Spoken):
    def do_GET(self) -> None:
        """Fail for a reason of our own."""
        raise ValueError("a mistake in a stand-in")


def stand_ins(tmp_path: Path) -> list[Loopback]:
    return [
        BackOffice(tmp_path / "office.db"), EgovSandbox([]), LinePlatform(secret="s", access_token="t"),
        LanguageModel(), RasaStandIn({}), SecurityServer({}, allowed={}),
    ]  # fmt: skip


def test_every_stand_in_serves_while_its_block_lasts_and_frees_its_port(tmp_path: Path) -> None:
    before = threading.active_count()
    for stand_in in stand_ins(tmp_path):
        with stand_in:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{stand_in.port}/nothing-here", timeout=5).close()
            except urllib.error.HTTPError as refused:
                refused.close()  # whatever it says, it is there
        with socket.socket() as again:
            again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            again.bind(("127.0.0.1", stand_in.port))
    assert threading.active_count() == before


def test_an_end_wakes_whoever_keeps_a_client_waiting() -> None:
    server = Loopback(_Slow, name="slow")
    with server:
        threading.Thread(target=lambda: urllib.request.urlopen(server.url, timeout=20).close(), daemon=True).start()
        time.sleep(0.2)
        start = time.monotonic()
    assert time.monotonic() - start < 3.0


def test_one_that_was_never_served_ends_at_once_and_a_second_end_does_nothing() -> None:
    server = Loopback(_Slow, name="idle")
    server.stop()
    server.stop()
    with pytest.raises(OSError), socket.create_connection(("127.0.0.1", server.port), timeout=1):
        pass


def test_bodies_and_headers_come_and_go_as_they_are() -> None:
    with Loopback(_Slow, name="echo") as server:
        request = urllib.request.Request(f"{server.url}/a?b=c", data="窓口".encode(), method="POST")
        with urllib.request.urlopen(request, timeout=5) as reply:
            assert reply.read().decode() == "窓口" and reply.headers["X-Seen"] == "/a?b=c"


def test_a_client_that_hangs_up_makes_no_noise_but_our_own_mistake_does(capfd: pytest.CaptureFixture[str]) -> None:
    with Loopback(_Slow, name="left") as server:
        with socket.create_connection(("127.0.0.1", server.port)) as client:
            client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # hang up with a reset
        time.sleep(0.1)
    assert capfd.readouterr().err == ""
    with Loopback(_Broken, name="broken") as server, pytest.raises(OSError):
        urllib.request.urlopen(server.url, timeout=5)
    assert "a mistake in a stand-in" in capfd.readouterr().err
