"""Photos as kept: one folder a conversation under MADOGUCHI_HOME, gone with the conversation."""

from __future__ import annotations

import os
import re
import secrets
import shutil
from collections.abc import Callable
from pathlib import Path

from assistant.errors import MadoguchiError
from assistant.photos import PREFIX, cleaned, photo_id

MOST = 5
"""Photos that one conversation may hold."""

_CONVERSATION = re.compile(r"[0-9a-f]{32}")
_ID = re.compile(r"[0-9a-f]{32}")


class TooManyPhotos(MadoguchiError):
    """This conversation holds as many photos as it may. Go on without another one."""


class PhotoStore:
    """Keeps, gives and forgets photos; the files' names say nothing."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, conversation: str, data: bytes) -> str:
        """Keep the picture, cleaned; returns its id. Raises PhotoRefused or TooManyPhotos."""
        clean = cleaned(data)
        id_ = photo_id(clean)
        held = self.names(conversation)
        if f"{PREFIX}{id_}" not in held:
            if len(held) >= MOST:
                raise TooManyPhotos
            folder = self._of(conversation)
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            building = folder / f".{secrets.token_hex(8)}"
            building.write_bytes(clean)
            os.replace(building, folder / f"{id_}.jpg")
        return id_

    def read(self, conversation: str, id_: str) -> bytes | None:
        """The JPEG, or None when the conversation holds no such photo."""
        if not _ID.fullmatch(id_) or not _CONVERSATION.fullmatch(conversation):
            return None
        try:
            return (self._of(conversation) / f"{id_}.jpg").read_bytes()
        except FileNotFoundError:
            return None

    def names(self, conversation: str) -> frozenset[str]:
        """`photo:<id>` of each photo of the conversation."""
        if not _CONVERSATION.fullmatch(conversation):
            return frozenset()
        return frozenset(f"{PREFIX}{file.stem}" for file in self._of(conversation).glob("*.jpg"))

    def forget(self, conversation: str) -> None:
        """Nothing of the conversation's photos is left."""
        if _CONVERSATION.fullmatch(conversation):
            shutil.rmtree(self._of(conversation), ignore_errors=True)

    def sweep(self, lives: Callable[[str], bool]) -> None:
        """Forget the photos of conversations that are gone: a process may have died between both deletions."""
        for folder in self._folder.iterdir() if self._folder.is_dir() else ():
            if not lives(folder.name):
                shutil.rmtree(folder, ignore_errors=True)

    def _of(self, conversation: str) -> Path:
        return self._folder / conversation
