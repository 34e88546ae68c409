"""Scanned pages and photographs become text by tesseract, a separate program that a town may install.

The program is called directly: of what pytesseract adds nothing is needed, and it can't limit the threads.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import warnings
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from knowledge.errors import MalformedSource, NoTextInSource, SourceTooLarge
from knowledge.passage import Section
from knowledge.sources.letters import clean
from knowledge.sources.reading import Origin, Reading, load, page, refusal

MAX_PIXELS = 60_000_000
"""A larger picture is refused; A2 at 300 dpi has 35 million."""

MAX_SECONDS = 120
"""Wall time for one reading of one picture; a full page takes 2 to 8 s, a busy machine three times that."""

MIN_CONFIDENCE = 50.0
"""Below this the text is refused: of five pages of the National Diet Library two came above 70 and were readable,
three (hand-written, faint) below 45 and were not."""

_SECOND_TRY = 80.0  # confidence of the first reading above which no other direction is tried
_BETWEEN_WIDE = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef]) +(?=[\u3000-\u9fff\uff00-\uffef])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What OCR saw."""

    text: str
    vertical: bool
    confidence: float  # mean of the words, 0-100


def available() -> bool:
    """True when tesseract is installed with Japanese."""
    return shutil.which("tesseract") is not None and "jpn" in _installed()


def read_image(path: Path, origin: Origin) -> Reading:
    """A photograph or scan as one page, with a warning that it was read by OCR.

    Raises NoTextInSource when OCR is not installed or sees nothing, SourceTooLarge, MalformedSource.
    """
    name = origin.name(path)
    load(path, origin)
    if not available():
        raise refusal(NoTextInSource, name)
    _check_size(path, name)
    seen = read_picture(path, name, origin.language)
    if not seen.text.strip():
        raise refusal(NoTextInSource, name, "OCR could not read this picture well. Import a text version.")
    document = page(name, origin, title=path.stem, sections=[Section(path=(), text=seen.text)])
    return Reading(documents=(document,), warnings=(f"{name}: read by OCR. Check its numbers and names.",))


def read_picture(path: Path, name: str, language: str) -> Seen:
    """The text of a picture; Japanese is tried across and downwards, the more confident reading wins.

    A reading below MIN_CONFIDENCE gives no text: a wrong digit in a fee is worse than none.
    Raises MalformedSource when the picture can't be read in time, naming `name`.
    """
    if not language.startswith("ja"):
        return _believed(_read(path, name, _foreign(language), vertical=False))
    across = _read(path, name, "jpn", vertical=False)
    if across.confidence >= _SECOND_TRY or "jpn_vert" not in _installed():
        return _believed(across)
    down = _read(path, name, "jpn_vert", vertical=True)
    # By confidence alone a single well-read smudge would win: the amount of text counts too.
    return _believed(max(across, down, key=lambda seen: seen.confidence * min(len(seen.text), 200)))


def _believed(seen: Seen) -> Seen:
    return seen if seen.confidence >= MIN_CONFIDENCE else replace(seen, text="")


def _read(path: Path, name: str, tongue: str, *, vertical: bool) -> Seen:
    command = ["tesseract", str(path), "stdout", "-l", tongue, "--psm", "5" if vertical else "3", "tsv"]
    # One thread: on two cores that others use too, four threads took 18 s for a page that one reads in 2.
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    try:
        done = subprocess.run(command, capture_output=True, timeout=MAX_SECONDS, env=environment, check=True)
    except (subprocess.SubprocessError, OSError) as exc:
        raise refusal(MalformedSource, name, "OCR could not read this picture. Scan it again at 300 dpi.") from exc
    lines: dict[tuple[str, ...], list[str]] = {}
    confidences = []
    for row in done.stdout.decode("utf-8", "replace").split("\n")[1:]:
        cells = row.split("\t")  # level page block paragraph line word left top width height confidence text
        if len(cells) == 12 and cells[11].strip():
            lines.setdefault(tuple(cells[1:5]), []).append(cells[11].strip())
            confidences.append(float(cells[10]))
    text = "\n".join(_BETWEEN_WIDE.sub("", " ".join(words)) for words in lines.values())
    mean = sum(confidences) / len(confidences) if confidences else 0.0
    return Seen(text=clean(text), vertical=vertical, confidence=mean)


def _foreign(language: str) -> str:
    """The tesseract data for the language where it is installed, else English or Japanese."""
    wanted = {"en": "eng", "zh-Hans": "chi_sim", "zh-Hant": "chi_tra", "vi": "vie", "pt-BR": "por", "ko": "kor"}
    installed = _installed()
    return next((code for code in (wanted.get(language, ""), "eng", "jpn") if code in installed), "eng")


@cache
def _installed() -> frozenset[str]:
    done = subprocess.run(["tesseract", "--list-langs"], capture_output=True, timeout=30, check=False)
    return frozenset(done.stdout.decode("utf-8", "replace").split("\n")[1:])


def _check_size(path: Path, name: str) -> None:
    try:
        with warnings.catch_warnings(action="ignore"), Image.open(path) as picture:  # it warns of torn EXIF data
            pixels = picture.width * picture.height
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError) as exc:
        raise refusal(MalformedSource, name) from exc
    if pixels > MAX_PIXELS:
        raise refusal(SourceTooLarge, name, "This picture has more than 60 million pixels. Scan it at 300 dpi.")
