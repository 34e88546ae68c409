"""`make line-demo` shows a whole conversation, in Japanese and in Vietnamese."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from connectors.sandbox.line_demo import main

pytestmark = pytest.mark.peer


def test_the_demo_converses_in_two_languages(home: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    assert main(["--port", str(port), "--home", str(home)]) == 0
    shown = capfd.readouterr().out
    for words in ("朝凪市", "300円", "受付番号は", "Xin chào", "300 yên", "không xem được ảnh", "┌ card", "[reply]"):
        assert words in shown
    assert "(no answer)" not in shown
