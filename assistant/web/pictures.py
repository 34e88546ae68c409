"""Takes a picture in for an open form, whichever door it came through."""

from __future__ import annotations

from assistant.bootstrap import System
from assistant.errors import MadoguchiError
from assistant.photos import PREFIX, Flaw, PhotoRefused
from assistant.store.photos import TooManyPhotos
from assistant.web.problems import Problem

_STATUS = {Flaw.TOO_LARGE: 413, Flaw.HEIC: 415, Flaw.NO_PICTURE: 415}


def taken(here: System, conversation: str, data: bytes) -> str:
    """Keep the picture; returns the words that name it. Raises Problem, whose type names the flaw."""
    services = here.parts.services
    if services is None or not services.wants_photo(conversation, here.clock()):
        raise Problem(409, "No photo wanted", "A photo can be sent when a message asks for one.")
    try:
        return f"{PREFIX}{here.photos.put(conversation, data)}"
    except (PhotoRefused, TooManyPhotos) as exc:
        raise refusal(exc) from None


def refusal(exc: MadoguchiError) -> Problem:
    """The problem that says why the picture is not taken."""
    if isinstance(exc, PhotoRefused):
        return Problem(_STATUS[exc.flaw], f"Photo refused: {exc.flaw.value}", str(exc))
    return Problem(409, "Too many photos", str(exc))
