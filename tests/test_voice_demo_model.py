"""The model that `madoguchi demo` hears with: it ships, it hears, and it is the one that was measured."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from voice.recognizer import DEMO, open_recognizer
from voice.speak import speak

ROOT = Path(__file__).parents[1]
SHIPPED = ROOT / "voice" / "demo_model"
MEASURED = ROOT / "tests" / "assets" / "whisper-municipal" / "model.pt"


def test_it_hears_a_question_in_japanese() -> None:
    for name in ("faster_whisper", "pyopenjtalk"):
        pytest.importorskip(name, reason="the extra `voice` is not installed")
    heard = open_recognizer(DEMO).transcribe(speak("住民票の写しはいくらですか", "ja"), "ja")
    assert heard.text == "住民票の写しはいくらですか" and heard.confidence > 0.8


def test_it_is_shipped_with_the_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert "demo_model/*" in project["tool"]["setuptools"]["package-data"]["voice"]
    names = {file.name for file in SHIPPED.iterdir()}
    assert names >= {"model.bin", "config.json", "tokenizer.json", "vocabulary.json", "preprocessor_config.json"}
    assert sum(file.stat().st_size for file in SHIPPED.iterdir()) < 12_000_000


@pytest.mark.model
def test_it_is_made_of_the_measured_model(tmp_path: Path) -> None:
    pytest.importorskip("whisper", reason="the extra `whisper` is not installed")
    pytest.importorskip("ctranslate2", reason="the extra `voice` is not installed")
    from voice.training.ctranslate import convert

    convert(MEASURED, tmp_path, "int8")
    cure = f"run: python -m voice.training.ctranslate {MEASURED.relative_to(ROOT)} voice/demo_model int8"
    for name in ("model.bin", "tokenizer.json", "vocabulary.json"):
        assert (SHIPPED / name).read_bytes() == (tmp_path / name).read_bytes(), f"{name} is of another model; {cure}"
