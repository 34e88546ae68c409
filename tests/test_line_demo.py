"""`make line-demo` shows a whole conversation, in Japanese and in Vietnamese."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import pytest

from assistant.model import LANGUAGES
from connectors.sandbox import line_phone
from connectors.sandbox.line_demo import main


def test_the_stand_in_telephone_speaks_every_language_that_a_telephone_can_be_set_to() -> None:
    words, page = (
        (line_phone.PAGES / "words.js").read_text("utf-8"),
        (line_phone.PAGES / "phone.html").read_text("utf-8"),
    )
    languages = set(LANGUAGES) - {"ja-x-easy"}  # a way of writing, no telephone's language
    assert set(re.findall('<option value="([^"]+)"', page)) == set(line_phone.LANGUAGES) == languages
    told = {name.strip('"'): body for name, body in re.findall(r'^  ("?[\w-]+"?): \{(.*?)^  \},', words, re.M | re.S)}
    assert told.keys() == languages
    keys = {name: set(re.findall(r'(\w+): "[^"]+"', body)) for name, body in told.items()}
    assert len(keys["ja"]) == 11
    assert all(held == keys["ja"] for held in keys.values()), keys


@pytest.mark.peer
def test_the_demo_converses_in_two_languages(home: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    assert main(["--port", str(port), "--home", str(home)]) == 0
    shown = capfd.readouterr().out
    for words in ("朝凪市", "300円", "受付番号は", "Xin chào", "300 yên", "không xem được ảnh", "┌ card", "[reply]"):
        assert words in shown
    assert "(no answer)" not in shown
