"""Speech in the demo: the small model that ships with it, and a port for calls, when nothing else is configured."""

from __future__ import annotations

import shutil
import socket
from importlib.util import find_spec

from assistant.settings import Settings
from assistant.web.hall import Ear
from voice.recognizer import DEMO

_CALLS = 9092  # where Asterisk's examples put AudioSocket; a free port when it is taken
_EXTRA = ("av", "faster_whisper", "onnxruntime", "pyopenjtalk")


def demo_voice(settings: Settings) -> tuple[Settings, Ear]:
    """Settings with which the demo hears and speaks, and whose ear it is; unchanged without the extra `voice`."""
    if any(find_spec(name) is None for name in _EXTRA):
        return settings, Ear.OWN if settings.whisper else Ear.NONE
    update: dict[str, object] = {}
    if not settings.whisper:
        update["whisper"] = DEMO
    if not settings.audiosocket_port:
        update["audiosocket_port"] = _free(settings.audiosocket_host)
    return settings.model_copy(update=update), Ear.OWN if settings.whisper not in ("", DEMO) else Ear.DEMO


def speaks_other_languages() -> bool:
    """Whether answers in other languages than Japanese are read aloud here."""
    return shutil.which("espeak-ng") is not None


def _free(host: str) -> int:
    for port in (_CALLS, 0):
        try:
            with socket.create_server((host, port)) as probe:
                return int(probe.getsockname()[1])
        except OSError:
            continue
    return 0  # no port is to be had: no calls then
