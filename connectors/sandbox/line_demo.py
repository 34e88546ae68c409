"""A conversation over LINE, without LINE: starts the stand-in platform and `madoguchi demo`, and prints what is said.

python -m connectors.sandbox.line_demo          # a written conversation in Japanese and Vietnamese
python -m connectors.sandbox.line_demo --talk   # then you write yourself
"""

from __future__ import annotations

import argparse
import os
import secrets
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from connectors.sandbox.line import LinePlatform
from connectors.sandbox.line_state import Delivered

TOWN = "482013"
SCRIPT = (
    ("U0000000000000000000000000000ja01", "ja", ("住民票の写しはいくらですか", "スタンプ", "担当の人と話したい")),
    ("U0000000000000000000000000000vi01", "vi", ("Bản sao phiếu cư trú giá bao nhiêu?", "ảnh", "Cảm ơn bạn")),
)
_STICKERS, _PICTURES = {"スタンプ"}, {"ảnh"}
_ANSWER_SECONDS = 30.0
_START_SECONDS = 300.0  # the first start loads the demo town


def main(arguments: list[str] | None = None) -> int:
    """Run the demo; 0 when every line got its answer."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--port", type=int, default=8010, help="of madoguchi demo")
    parser.add_argument("--home", type=Path, default=Path("var/line-demo"))
    parser.add_argument("--talk", action="store_true", help="go on by keyboard, as a resident who writes Japanese")
    chosen = parser.parse_args(arguments)
    secret, token = secrets.token_hex(16), secrets.token_urlsafe(48)
    with LinePlatform(secret=secret, access_token=token) as platform:
        server = _serve(chosen.port, chosen.home, platform)
        try:
            platform.webhook = f"http://127.0.0.1:{chosen.port}/channels/line/{TOWN}/webhook"
            _wait(f"http://127.0.0.1:{chosen.port}/readyz", server)
            print(f"LINE stand-in {platform.url} ⇄ Madoguchi {platform.webhook}", flush=True)
            answered = [_converse(platform, *scene) for scene in SCRIPT]
            if chosen.talk:
                _talk(platform, SCRIPT[0][0])
        finally:
            server.terminate()
            server.wait(timeout=20)
    return 0 if all(answered) else 1


def _serve(port: int, home: Path, platform: LinePlatform) -> subprocess.Popen[bytes]:
    settings = {
        "MADOGUCHI_HOME": str(home.resolve()),
        "MADOGUCHI_LINE_CHANNEL_SECRET": platform.secret,
        "MADOGUCHI_LINE_ACCESS_TOKEN": platform.access_token,
        "MADOGUCHI_LINE_API_BASE": platform.url,
        "MADOGUCHI_PUBLIC_URL": f"http://127.0.0.1:{port}",
    }
    command = [sys.executable, "-m", "assistant", "demo", "--port", str(port)]
    return subprocess.Popen(command, env={**os.environ, **settings}, stdout=subprocess.DEVNULL)


def _wait(url: str, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (OSError, urllib.error.URLError):
            time.sleep(0.3)
    raise SystemExit("madoguchi demo did not become ready; run it by itself to see why")


def _converse(platform: LinePlatform, user: str, language: str, lines: tuple[str, ...]) -> bool:
    print(f"\n── {language} " + "─" * 60)
    print("＋ the resident adds the account as a friend")
    platform.follow(user, language)
    seen = _show(platform, user, 0)
    for line in lines:
        print(f"\n> {line}")
        if line in _STICKERS:
            platform.show_sticker(user)
        elif line in _PICTURES:
            platform.show_image(user)
        else:
            platform.say(user, line)
        before, seen = seen, _show(platform, user, seen)
        if seen == before:
            print("  (no answer)")
            return False
    return seen > 0


def _talk(platform: LinePlatform, user: str) -> None:
    print("\nWrite to the town; an empty line ends.")
    seen = len(platform.received(user, 0))
    while line := input("> ").strip():
        platform.say(user, line)
        seen = _show(platform, user, seen)


def _show(platform: LinePlatform, user: str, seen: int) -> int:
    received = platform.received(user, seen + 1, seconds=_ANSWER_SECONDS)
    for delivered in received[seen:]:
        for line in shown(delivered):
            print(f"  {line}")
    return len(received)


def shown(delivered: Delivered) -> list[str]:
    """The messages as lines of text: words, cards as boxes, quick replies in brackets."""
    lines = [f"[{delivered.way}]"]
    for message in delivered.messages:
        lines += str(message.get("text") or "").splitlines()
        if message.get("type") == "flex":
            lines += ["┌ card", *(f"│ {text}" for text in _texts(message.get("contents"))), "└"]
        quick = message.get("quickReply")
        for item in quick.get("items", []) if isinstance(quick, dict) else []:
            lines.append(f"({item['action']['label']})")
    return lines


def _texts(component: object) -> list[str]:
    if isinstance(component, list):
        return [text for part in component for text in _texts(part)]
    if not isinstance(component, dict):
        return []
    if component.get("type") == "text":
        return [str(component["text"])]
    action = component.get("action")
    link = [f"→ {action['uri'][:72]}…"] if isinstance(action, dict) and action.get("type") == "uri" else []
    return _texts(component.get("body")) + _texts(component.get("contents")) + link


if __name__ == "__main__":
    sys.exit(main())
