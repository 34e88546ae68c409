"""`python -m eval.bench.messages`: latency of POST …/messages under 20 conversations, beside the stock ensemble."""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx

from assistant.bootstrap import build
from assistant.demo import load as load_demo
from assistant.settings import read_settings
from eval.bench.load import Ask, Latencies, load

_SEED = 20261120


def main(arguments: Sequence[str] | None = None) -> int:
    """Run both servers in turn, twice in alternation, and print every run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--conversations", type=int, default=20)
    parser.add_argument("--each", type=int, default=40, help="questions of each conversation")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--workers", type=int, default=1)
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="madoguchi-bench-") as home:
        os.environ.update(
            MADOGUCHI_HOME=home, MADOGUCHI_RATE_MESSAGES="100000000", MADOGUCHI_RATE_CONVERSATIONS="100000000"
        )
        questions = _prepare()
        ratios = []
        for number in range(1, chosen.rounds + 1):
            ours = _measure(["-m", "assistant", "serve", "--workers", str(chosen.workers), "--port"], "/healthz",
                            questions, _say, chosen)  # fmt: skip
            theirs = _measure(["-m", "eval.bench.ensemble"], "/openapi.json", questions, _retrieve, chosen)
            print(f"round {number}  madoguchi (whole answer, stored): {ours}")
            print(f"round {number}  EnsembleRetriever (hits only):    {theirs}", flush=True)
            ratios.append(theirs.p95 / ours.p95)
    print("p95 of the ensemble / p95 of madoguchi: " + ", ".join(f"{ratio:.2f}" for ratio in ratios))
    return 0


def _prepare() -> list[str]:
    system = build(read_settings())
    load_demo(system)
    found = [q for d in system.knowledge.documents(system.default_town()) for q in d.questions if d.language == "ja"]
    system.close()
    random.Random(_SEED).shuffle(found)
    return found


def _measure(command: list[str], ready: str, questions: list[str], ask: Ask, chosen: argparse.Namespace) -> Latencies:
    with _served(command, ready) as base:
        asyncio.run(load(base, questions, ask, conversations=chosen.conversations, each=3))  # warm up
        _tokens.clear()
        return asyncio.run(load(base, questions, ask, conversations=chosen.conversations, each=chosen.each))


@contextmanager
def _served(command: list[str], ready: str) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    root = Path(__file__).parents[2]
    process = subprocess.Popen([sys.executable, *command, str(port)], cwd=root)
    base = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            try:
                httpx.get(base + ready, trust_env=False).raise_for_status()
                break
            except httpx.HTTPError:
                time.sleep(0.1)
        yield base
    finally:
        process.terminate()
        process.wait(timeout=30)


_tokens: dict[int, tuple[str, str]] = {}


async def _say(client: httpx.AsyncClient, number: int, question: str) -> int:
    if number not in _tokens:
        started = (await client.post("/api/v1/conversations", json={"town": "482013"})).json()
        _tokens[number] = (started["id"], started["token"])
    id_, token = _tokens[number]
    reply = await client.post(
        f"/api/v1/conversations/{id_}/messages", json={"text": question}, headers={"Authorization": f"Bearer {token}"}
    )
    return reply.status_code


async def _retrieve(client: httpx.AsyncClient, number: int, question: str) -> int:
    return (await client.post("/retrieve", json={"question": question})).status_code


if __name__ == "__main__":
    raise SystemExit(main())
