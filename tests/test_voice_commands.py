"""`madoguchi say` and `madoguchi transcribe` as programs."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from voice.audio import read_audio

ROOT = Path(__file__).parents[1]
MODEL = Path(__file__).parent / "assets" / "whisper-municipal"


def madoguchi(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **settings}
    command = [sys.executable, "-m", "assistant", *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment, timeout=120)


@pytest.mark.model
@pytest.mark.parametrize(
    ("language", "text"), [("ja", "転入届の手続きを教えてください"), ("en", "I want to talk to a person")]
)
def test_what_is_said_is_transcribed(language: str, text: str, tmp_path: Path) -> None:
    pytest.importorskip("whisper", reason="the extra `whisper` is not installed")
    said = madoguchi("say", text, "--lang", language, "--out", str(tmp_path / "x.wav"))
    assert said.returncode == 0, said.stderr
    assert read_audio(tmp_path / "x.wav").rate == 16_000
    heard = madoguchi("transcribe", str(tmp_path / "x.wav"), MADOGUCHI_WHISPER=str(MODEL))
    assert heard.returncode == 0, heard.stderr
    assert heard.stdout.strip() == text
    assert f"language {language}" in heard.stderr


def test_without_a_recognizer_the_cure_is_told(tmp_path: Path) -> None:
    assert madoguchi("say", "はい", "--lang", "ja", "--phone", "--out", str(tmp_path / "x.wav")).returncode == 0
    assert read_audio(tmp_path / "x.wav").rate == 8000
    heard = madoguchi("transcribe", str(tmp_path / "x.wav"), MADOGUCHI_WHISPER="")
    assert heard.returncode == 2
    assert "MADOGUCHI_WHISPER" in heard.stderr
    assert "Traceback" not in heard.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("say", "はい", "--lang", "tlh", "--out", "x.wav"),
        ("say", "はい", "--lang", "ja", "--out", "/no/such/folder/x.wav"),
        ("transcribe", "none.wav"),
    ],
)
def test_errors_are_one_line(arguments: tuple[str, ...]) -> None:
    done = madoguchi(*arguments)
    assert done.returncode == 2
    assert done.stderr.startswith("madoguchi: ")
    assert "Traceback" not in done.stderr
