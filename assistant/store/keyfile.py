"""A secret of this installation in a file: made once, whoever asks first."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path


def held_key(file: Path) -> bytes:
    """The 32 bytes in the file, which only its owner can read; they are made when there are none yet."""
    try:
        return file.read_bytes()
    except FileNotFoundError:
        file.parent.mkdir(parents=True, exist_ok=True)
        building = file.with_name(f".{file.name}-{secrets.token_hex(4)}")
        building.touch(mode=0o600)
        building.write_bytes(secrets.token_bytes(32))
        with suppress(FileExistsError):  # whoever comes second keeps the first one's key
            os.link(building, file)
        building.unlink()
        return file.read_bytes()
