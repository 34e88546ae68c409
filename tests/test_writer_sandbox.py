"""The stand-in for a language model speaks the protocol, runs as a program, and refuses a wrong key."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from connectors.sandbox.llm import LanguageModel
from connectors.sandbox.llm_replies import Behaviour, compose, read_prompt

HUMAN = (
    "=== passage 1 / ab ===\n題\n届け出は14日以内です。手数料は無料です。\n=== end passage 1 / ab ===\n\n"
    "=== question / ab ===\n届け出\n=== end question / ab ==="
)


def post(url: str, key: str = "") -> Any:
    body = {"model": "good", "messages": [{"role": "system", "content": "s"}, {"role": "user", "content": HUMAN}]}
    request = urllib.request.Request(
        f"{url}/chat/completions",
        json.dumps(body).encode(),
        {"Content-Type": "application/json", "Authorization": f"Bearer {key}"},
    )
    with urllib.request.urlopen(request, timeout=5) as response:
        return json.load(response)


def test_a_prompt_is_taken_apart() -> None:
    asked = read_prompt("s", HUMAN)
    assert (asked.system, asked.question) == ("s", "届け出")
    assert asked.passages == ((1, "届け出は14日以内です。手数料は無料です。"),)


@pytest.mark.parametrize("behaviour", list(Behaviour))
def test_every_behaviour_can_speak_without_passages(behaviour: Behaviour) -> None:
    assert isinstance(compose(behaviour, read_prompt("", "")), str)


def test_it_answers_without_streaming_lists_its_models_and_checks_the_key() -> None:
    with LanguageModel(api_key="key") as model:
        reply = post(model.url, "key")
        assert reply["choices"][0]["message"]["content"] == "届け出は14日以内です。 [1]\n手数料は無料です。 [1]"
        assert reply["choices"][0]["finish_reason"] == "stop"
        with urllib.request.urlopen(f"{model.url}/models", timeout=5) as response:
            assert {held["id"] for held in json.load(response)["data"]} == set(Behaviour)
        with pytest.raises(urllib.error.HTTPError, match="401") as refused:
            post(model.url, "other")
        refused.value.close()


def test_it_runs_as_a_program() -> None:
    command = [sys.executable, "-m", "connectors.sandbox.llm", "--port", "0", "--behaviour", "good"]
    with subprocess.Popen(command, cwd=Path(__file__).parents[1], stdout=subprocess.PIPE, text=True) as program:
        try:
            assert program.stdout is not None
            url = program.stdout.readline().split()[0]
            assert "14日" in post(url)["choices"][0]["message"]["content"]
        finally:
            program.terminate()
