"""Pictures that residents send: checked by what they hold, and written anew so that nothing else travels along.

A camera notes where and when a picture was taken, by which device, and a small copy of what was later cut away. Only
the pixels are kept. The only home of Pillow in this package.
"""

from __future__ import annotations

import hashlib
import io
import re
from enum import StrEnum

from assistant.errors import MadoguchiError

MAX_BYTES = 10_000_000
_MAX_PIXELS = 60_000_000  # telephones take 50 million; a bomb has more
_LONGEST_SIDE = 1600  # pixels: enough to see a hole in a road, and small on the way to the back office
_QUALITY = 82
_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")
PREFIX = "photo:"
"""How a turn names a photo that was sent: photo:<id>."""

_NAMED = re.compile(r"photo:[0-9a-f]{32}")


class Flaw(StrEnum):
    """Why a picture is not taken; the interface has words for each."""

    TOO_LARGE = "too_large"
    HEIC = "heic"
    NO_PICTURE = "no_picture"


class PhotoRefused(MadoguchiError):
    """This is no picture that can be taken. Send a JPEG, PNG or WebP picture of at most 10 MB."""

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(None)
        self.flaw = flaw


def cleaned(data: bytes) -> bytes:
    """The picture as a JPEG without any of its notes (place, time, device), upright, at most 1600 pixels long.

    JPEG, PNG and WebP are taken, by their content and not by their name. Raises PhotoRefused.
    """
    if len(data) > MAX_BYTES:
        raise PhotoRefused(Flaw.TOO_LARGE)
    if data[4:8] == b"ftyp" and data[8:12] in _BRANDS:
        raise PhotoRefused(Flaw.HEIC)
    from PIL import Image, ImageOps  # 40 ms: only when somebody sends a picture

    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP")) as picture:
            if picture.width * picture.height > _MAX_PIXELS:
                raise PhotoRefused(Flaw.TOO_LARGE)
            picture.draft("RGB", (_LONGEST_SIDE, _LONGEST_SIDE))  # a JPEG is then read small: a tenth of the work
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
            plain = Image.new("RGB", upright.size, "white")  # a new picture carries no notes over
            shown = upright.convert("RGBA")
            plain.paste(shown, mask=shown.getchannel("A"))
    except PhotoRefused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as exc:
        raise PhotoRefused(Flaw.TOO_LARGE) from exc
    except Exception as exc:  # Pillow's readers raise of every kind when bytes are rubbish
        raise PhotoRefused(Flaw.NO_PICTURE) from exc
    written = io.BytesIO()
    plain.save(written, "JPEG", quality=_QUALITY, optimize=True)
    return written.getvalue()


def is_photo(text: str) -> bool:
    """True for a turn that only names a photo."""
    return bool(_NAMED.fullmatch(text))


def photo_id(clean: bytes) -> str:
    """The same picture has the same id: sent twice, it is there once."""
    return hashlib.sha256(clean).hexdigest()[:32]
