"""README keeps its word: its marked blocks run and say what it shows; commands, settings, routes and links exist."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest

from assistant.bootstrap import System
from assistant.cli import main
from assistant.settings import Settings
from assistant.web.app import create_app
from assistant.web.health import Figures
from tests.conftest import DEMO

ROOT = Path(__file__).parents[1]
PAGES = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")
README = (ROOT / "README.md").read_text(encoding="utf-8")
CODE = re.compile(r"^```\w*\n(.*?)^```$|`([^`\n]+)`", re.M | re.S)
TESTED = re.compile(r"^<!-- tested(?:: (\w+))? -->\n```(sh|console)\n(.*?)^```$", re.M | re.S)
CHAT, MODEL = "127.0.0.1:8000", "127.0.0.1:8100"  # the addresses that README shows


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A marked block: what must run beside it, how it is written, what it says."""

    peer: str  # "", "server" or "llm"
    form: str  # sh or console
    text: str


def sections() -> dict[str, list[Block]]:
    """The heading of each section with marked blocks, and these in order: later ones build on earlier ones."""
    found: dict[str, list[Block]] = {}
    for part in re.split(r"^## ", README, flags=re.M):
        blocks = [Block(peer=m[1] or "", form=m[2], text=m[3]) for m in TESTED.finditer(part)]
        if blocks:
            found[part.splitlines()[0]] = blocks
    return found


def steps(console: str) -> list[tuple[str, list[str]]]:
    """Each command of a console block with the lines that it is said to print; `…` stands for any."""
    found: list[tuple[str, list[str]]] = []
    for line in console.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        elif line.strip() and line.strip() != "…":
            found[-1][1].append(line)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A folder and an environment in which README's commands run."""

    folder: Path
    environment: dict[str, str]

    def run(self, script: str, seconds: int = 120) -> subprocess.CompletedProcess[str]:
        """The script in bash; stdout and stderr together."""
        return subprocess.run(
            ["bash", "-c", script], cwd=self.folder, env=self.environment, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, timeout=seconds, check=False,
        )  # fmt: skip


@pytest.fixture
def stage(home: Path, tmp_path: Path) -> Stage:
    folder = tmp_path / "work"
    folder.mkdir()
    held = {name: value for name, value in os.environ.items() if not name.startswith("MADOGUCHI_")}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    ours = {"PATH": path, "PYTHONPATH": str(ROOT), "MADOGUCHI_HOME": str(home)}  # this tree, wherever it is installed
    return Stage(folder=folder, environment={**held, **ours})


@contextmanager
def beside(stage: Stage, command: list[str], ready: str) -> Iterator[tuple[str, Path]]:
    """A process on a free port until the end; gives its address and its log."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    log = stage.folder.parent / "log"
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", *command, "--port", address.rpartition(":")[2]],
            cwd=stage.folder, env=stage.environment, stdout=out, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            wait_for(f"http://{address}{ready}", process)
            yield address, log
        finally:
            process.terminate()
            process.wait(timeout=30)


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline and process.poll() is None:
        try:
            opener.open(url, timeout=5).close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{url} does not answer")


PEERS = {
    "server": (CHAT, ["assistant", "demo"], "/readyz"),
    "llm": (MODEL, ["connectors.sandbox.llm"], "/v1/models"),
}  # what README marks → the address it shows, the module, what answers when it is ready


def perform(stage: Stage, block: Block) -> None:
    if block.peer:
        if "curl" in block.text and shutil.which("curl") is None:
            pytest.skip("curl is not installed")
        shown, command, ready = PEERS[block.peer]
        with beside(stage, command, ready) as (address, _):
            perform(stage, Block(peer="", form=block.form, text=block.text.replace(shown, address)))
    elif block.form == "sh":
        done = stage.run(f"set -euo pipefail\n{block.text}")
        assert done.returncode == 0, done.stdout
    else:
        for step, lines in steps(block.text):
            done = stage.run(step)
            assert done.returncode == 0, f"{step}\n{done.stdout}"
            printed = set(done.stdout.splitlines())
            assert [line for line in lines if line not in printed] == [], f"{step}\n{done.stdout}"


@pytest.mark.peer
@pytest.mark.parametrize("heading", sections())
def test_marked_blocks_run_and_print_what_is_shown(stage: Stage, heading: str) -> None:
    for block in sections()[heading]:
        perform(stage, block)


@pytest.mark.peer
def test_the_log_of_a_server_holds_nothing_that_residents_wrote(stage: Stage) -> None:
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    with beside(stage, ["assistant", "demo"], "/readyz") as (address, log):
        said = "私の住民票はいくらですか"
        stage.run(
            f"curl -s --data-urlencode text={said} -d language=ja http://{address}/; "
            f"""curl -s --json '{{"town": "{DEMO}", "query": "{said}"}}' http://{address}/api/v1/search; """
            f"""curl -s --json '{{"town": "{said}"}}' http://{address}/api/v1/conversations"""
        )
        written = log.read_text()
    assert "Madoguchi: http://" in written
    assert "住民票" not in written and "/api/" not in written


@pytest.mark.peer
def test_nor_does_it_when_the_database_fails(stage: Stage) -> None:
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    with beside(stage, ["assistant", "serve"], "/readyz") as (address, log):
        database = Path(stage.environment["MADOGUCHI_HOME"]) / "madoguchi.db"
        with closing(sqlite3.connect(database)) as connection, connection:
            connection.execute("ALTER TABLE turns RENAME TO gone")
        failed = stage.run(f"curl -s --data-urlencode text=住民票 -d language=ja http://{address}/")
        written = log.read_text()
    assert "500" in failed.stdout and "OperationalError" in written
    assert "住民票" not in written


@pytest.mark.peer
def test_the_rate_limit_sees_through_a_proxy_on_this_machine(stage: Stage) -> None:
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    stage.environment["MADOGUCHI_RATE_CONVERSATIONS"] = "2"
    call = """curl -s -o /dev/null -w '%{{http_code}} ' -H 'X-Forwarded-For: {}' --json '{{"town": "{}"}}' {}; """
    callers = ("203.0.113.5", "203.0.113.5", "203.0.113.5", "203.0.113.6", "198.51.100.1, 203.0.113.5")
    with beside(stage, ["assistant", "serve"], "/readyz") as (address, _):
        url = f"http://{address}/api/v1/conversations"
        done = stage.run("".join(call.format(caller, DEMO, url) for caller in callers))
    assert done.stdout.split() == ["201", "201", "429", "201", "429"], "the last one forged an entry on the left"


def spans(page: str) -> list[str]:
    """The lines of code blocks and the inline code of a page."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return [line for m in CODE.finditer(text) for line in (m[1] or m[2]).splitlines()]


def commands() -> list[tuple[str, ...]]:
    """(command words, options) of every `madoguchi …` that the pages show."""
    found = set()
    for page in PAGES:
        for span in spans(page):
            for shown in re.findall(r"(?:^|[\s`/])madoguchi ([a-z][^|;&>#]*)", span):
                words = shlex.split(shown.replace("…", ""))
                actions = words[:2] if words[0] in ("town", "user", "rasa", "audit") else words[:1]
                found.add((*actions, *(word for word in words if word.startswith("--"))))
    return sorted(found)


@pytest.mark.parametrize("shown", commands(), ids=" ".join)
def test_commands_and_their_options_exist(shown: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([*(word for word in shown if not word.startswith("--")), "--help"])
    assert stopped.value.code == 0
    helped = set(re.findall(r"--[a-z-]+", capsys.readouterr().out))
    assert {word for word in shown if word.startswith("--")} <= helped


def test_enough_commands_are_shown_that_none_is_missing() -> None:
    assert {shown[0] for shown in commands()} >= {"ask", "demo", "serve", "ingest", "town", "reindex", "eval"}


def test_modules_and_make_targets_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    for page in PAGES:
        for span in spans(page):
            assert set(re.findall(r"\bmake ([a-z]+(?:-[a-z]+)*)", span)) <= targets
            for module in re.findall(r"python -m ([a-z_.]+)", span):
                assert find_spec(module), f"{page} names {module}"


def test_every_setting_stands_in_the_table_with_its_default() -> None:
    rows = dict(re.findall(r"^\| `(MADOGUCHI_\w+)` \|(?: `([^`|]+)`)? \|", README, re.M))
    expected = {}
    for name, field in Settings.model_fields.items():
        default = field.default.get_secret_value() if hasattr(field.default, "get_secret_value") else field.default
        expected[f"MADOGUCHI_{name.upper()}"] = f"{default:g}" if isinstance(default, float) else str(default)
    assert rows == expected


@pytest.mark.parametrize("page", PAGES)
def test_settings_that_are_named_exist(page: str) -> None:
    named = set(re.findall(r"MADOGUCHI_[A-Z_]+[A-Z]", (ROOT / page).read_text(encoding="utf-8")))
    # The password of a new user is no setting of the server.
    assert named - {"MADOGUCHI_USER_PASSWORD"} <= {f"MADOGUCHI_{name.upper()}" for name in Settings.model_fields}


def test_routes_that_are_named_exist_and_none_is_left_out(system: System) -> None:
    described = create_app(system).openapi()["paths"]
    real = {f"{method.upper()} {path}" for path, methods in described.items() for method in methods}
    shown = set(re.findall(r"^\| `([A-Z]+ /[^`]*)`", README, re.M))
    assert shown == real


def test_figures_that_are_named_are_counted() -> None:
    line = (ROOT / "assistant/web/line_health.py").read_text(encoding="utf-8")  # made from the store at each look
    counted = {metric.name for metric in Figures().registry.collect()} | set(
        re.findall(r'"(madoguchi_line_\w+)"', line)
    )
    named = set(re.findall(r"`(madoguchi_[a-z_]+)`", README))
    assert named and {name.removesuffix("_total") for name in named} <= counted


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    headings = {h.lower().replace(" ", "-") for h in re.findall(r"^#+ (.+)$", text, re.M)}
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith("#"):
            assert target[1:] in headings
        elif not target.startswith("https://"):
            assert (ROOT / target).exists(), target


def test_the_first_screen_says_what_for_whom_and_how() -> None:
    first = "\n".join(README.splitlines()[:20])
    for told in ("citizen assistant", "municipalities", "make demo", "make test"):
        assert told in first
    japanese = README.partition("## 日本語\n")[2].partition("\n## ")[0]
    assert README.index("## 日本語") < 1500 and 10 <= len([line for line in japanese.splitlines() if line]) <= 20


def test_a_line_that_is_not_printed_is_noticed(stage: Stage) -> None:
    def check(text: str) -> None:
        perform(stage, Block(peer="", form="console", text=text))

    check("$ echo one; echo two\n…\ntwo\n")
    with pytest.raises(AssertionError):
        check("$ echo one\ntwo\n")
    with pytest.raises(AssertionError):
        check("$ false\n")
