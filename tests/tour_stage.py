"""Reads the tour out of README and walks it: a real `madoguchi demo`, a browser profile for each person, a shell.

A line "- **Who**: open `/x`, write `words` into `label`, press `name`, see `text`" is carried out word by word; what a
step says in quotation marks of code and no verb takes is an error, so that no instruction goes untested.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

ROOT = Path(__file__).parents[1]
SHOWN = {"chat": "127.0.0.1:8000", "line": "127.0.0.1:8001", "calls": "127.0.0.1:9092"}  # as README writes them
_VERBS = re.compile(
    r"open `(?P<open>[^`]+)`|log in as `(?P<login>[^`]+)`|write `(?P<write>[^`]+)`(?:\s+into\s+`(?P<into>[^`]+)`)?"
    r"|press\s+`(?P<press>[^`]+)`|press the (?P<first>first) choice|see\s+`(?P<see>[^`]+)`"
)
_ACTING = re.compile(r"^- \*\*(\w+)\*\*: (.*(?:\n  .*)*)", re.M)
_BLOCK = re.compile(r"^<!-- tour(: beside)? -->\n```console\n(.*?)^```$", re.M | re.S)
_SOON = 30_000  # ms


@dataclass(frozen=True, slots=True, kw_only=True)
class Console:
    """Commands with the lines that they are said to print; `…` stands for any."""

    text: str
    beside: bool  # it takes long: it goes on while the next steps are walked


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting:
    """What one person does."""

    who: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One numbered step, in order of writing."""

    title: str
    parts: tuple[Console | Acting, ...]


def tour(readme: str) -> list[Step]:
    """The steps of "A tour in ten minutes"."""
    section = readme.partition("\n## A tour in ten minutes\n")[2].partition("\n## ")[0]
    steps = []
    for chapter in re.split(r"^### ", section, flags=re.M)[1:]:
        acts = [(m.start(), Acting(who=m[1], text=" ".join(m[2].split()))) for m in _ACTING.finditer(chapter)]
        blocks = [(m.start(), Console(text=m[2], beside=bool(m[1]))) for m in _BLOCK.finditer(chapter)]
        parts = tuple(part for _, part in sorted([*acts, *blocks], key=lambda found: found[0]))
        steps.append(Step(title=chapter.partition("\n")[0], parts=parts))
    return steps


def actions(acting: Acting) -> list[dict[str, str]]:
    """Each action as verb → argument. Raises AssertionError when something in code is no action's."""
    found = [{verb: said for verb, said in m.groupdict().items() if said} for m in _VERBS.finditer(acting.text)]
    used = sum(len(action) for action in found if "first" not in action)
    assert used == acting.text.count("`") // 2, f"not all of this is an action: {acting.text}"
    return found


@dataclass(slots=True, kw_only=True)
class Walk:
    """The demo that is toured, and who walks."""

    demo: subprocess.Popen[bytes]
    printed: str  # what the demo has said
    folder: Path
    browser: Browser
    pages: dict[str, tuple[BrowserContext, Page]] = field(default_factory=dict)
    beside: list[tuple[str, subprocess.Popen[str]]] = field(default_factory=list)

    @property
    def base(self) -> str:
        """The demo's address, without a slash at the end."""
        return self.found(r"^Madoguchi: (\S+?)/ ")

    def found(self, pattern: str) -> str:
        """What the demo has printed there."""
        match = re.search(pattern, self.printed, re.M)
        assert match, f"the demo did not print {pattern}:\n{self.printed}"
        return match[1]

    def real(self, text: str) -> str:
        """README's addresses replaced by those of this demo."""
        here = {
            SHOWN["chat"]: self.base.removeprefix("http://"),
            SHOWN["line"]: self.found(r"^LINE stand-in: http://(\S+)/$"),
            SHOWN["calls"]: self.found(r"^Telephone: AudioSocket (\S+)$"),
        }
        return re.sub("|".join(map(re.escape, here)), lambda m: here[m[0]], text)

    def perform(self, step: Step) -> None:
        """Everything that the step says."""
        for part in step.parts:
            if isinstance(part, Acting):
                for action in actions(part):
                    self._act(self._page(part.who), action)
            else:
                self._type(part)

    def _page(self, who: str) -> Page:
        if who not in self.pages:
            context = self.browser.new_context(locale="ja-JP", viewport={"width": 1280, "height": 900})
            context.set_default_timeout(_SOON)
            self.pages[who] = (context, context.new_page())
        return self.pages[who][1]

    def _act(self, page: Page, action: dict[str, str]) -> None:
        match next(iter(action)), next(iter(action.values())):
            case "open", address:
                page.goto(self.real(address) if "://" in address else self.base + address)
            case "login", name:
                page.get_by_label("名前").fill(name)
                page.get_by_label("パスワード").fill(self.found(rf"^  \w+ +{re.escape(name)} +(\S+)$"))
                page.get_by_role("button", name="ログイン").click()
            case "write", words:
                _field(page, action.get("into")).fill(words)
            case "press", name:
                _pressable(page, name).click()
            case "first", _:
                page.locator(".choices button").first.click()
            case "see", text:
                expect(page.get_by_text(text).filter(visible=True).first).to_be_visible(timeout=_SOON)
            case verb:
                raise AssertionError(f"no such verb: {verb}")

    def _type(self, console: Console) -> None:
        for command in re.split(r"^\$ ", self.real(console.text), flags=re.M)[1:]:
            line, _, said = command.partition("\n")
            process = subprocess.Popen(
                ["bash", "-c", line], cwd=self.folder, env=environment(self.folder), stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT, text=True,
            )  # fmt: skip
            if console.beside:
                self.beside.append((line, process))
            else:
                check(line, said, process)

    def end(self) -> None:
        """Everybody goes home."""
        for context, _ in self.pages.values():
            context.close()
        for _, process in self.beside:
            process.kill()
            process.communicate()


def check(line: str, said: str, process: subprocess.Popen[str], seconds: float = 180) -> str:
    """The command ends well and prints what is shown; returns all that it printed."""
    printed, _ = process.communicate(timeout=seconds)
    assert process.returncode == 0, f"{line}\n{printed}"
    for shown in (each for each in said.splitlines() if each.strip(" …")):
        start, gap, end = shown.partition("…")
        there = any(p.startswith(start) and p.endswith(end) if gap else p == shown for p in printed.splitlines())
        assert there, f"{line}\ndoes not print: {shown}\n{printed}"
    return printed


def environment(folder: Path) -> dict[str, str]:
    """That of a reader: `.venv/bin` first, and a home of its own."""
    held = {name: value for name, value in os.environ.items() if not name.startswith("MADOGUCHI_")}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return {**held, "PATH": path, "PYTHONPATH": str(ROOT), "MADOGUCHI_HOME": str(folder / "home")}


def start(folder: Path, port: int) -> tuple[subprocess.Popen[bytes], str]:
    """`madoguchi demo` at that port, ready; and what it printed."""
    from browser_stage import ready  # pytest loads that file itself, as a plugin: not before it does

    log = folder / "log.txt"
    with socket.create_server(("127.0.0.1", 0)) as free:  # workers start at once and would both find 9092 free
        calls = {"MADOGUCHI_AUDIOSOCKET_PORT": str(free.getsockname()[1])}
    with log.open("w") as out:
        demo = subprocess.Popen(
            [sys.executable, "-m", "assistant", "demo", "--port", str(port)], cwd=folder,
            env=environment(folder) | calls, stdout=out, stderr=subprocess.STDOUT,
        )  # fmt: skip
    assert ready(f"http://127.0.0.1:{port}/readyz", demo), log.read_text()[-2000:]
    return demo, log.read_text()


def ended(pid: int, seconds: float = 10) -> bool:
    """Whether the process is gone by then."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        stat = Path(f"/proc/{pid}/stat")
        if not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.05)
    return False


def _field(page: Page, label: str | None) -> Locator:
    if label is None:
        return page.locator("textarea:visible").first
    exact = page.get_by_label(label, exact=True)
    return exact if exact.count() == 1 else page.get_by_label(label).first


def _pressable(page: Page, name: str) -> Locator:
    """The last button or link of that name: in a conversation the newest."""

    def named(exact: bool) -> Locator:
        button = page.get_by_role("button", name=name, exact=exact)
        return button.or_(page.get_by_role("link", name=name, exact=exact)).filter(visible=True)

    named(exact=False).first.wait_for()
    return (named(exact=True) if named(exact=True).count() else named(exact=False)).last
