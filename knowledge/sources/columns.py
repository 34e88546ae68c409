"""Characters of a PDF page, with their places, become text in reading order, also where Japanese runs downwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from knowledge.sources.letters import unify_radicals

_ENDS = tuple("。．.！？!?」』）)：:；;")
_STARTS = tuple("・●○◎◆◇■□▲△▼※☆★①②③④⑤⑥⑦⑧⑨⑩-–—*•(（「『【〔0123456789０１２３４５６７８９　 ")
_GAP = "　"  # a blank of one character in a column is an indent, as behind 一 二 三
_MIN_VERTICAL = 20  # steps; fewer say nothing about a page


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character and its box in points, y upwards; `made` for spaces and line ends that the PDF library adds."""

    char: str
    left: float
    bottom: float
    right: float
    top: float
    made: bool = False

    @property
    def middle(self) -> float:
        """The middle between left and right."""
        return (self.left + self.right) / 2

    @property
    def height(self) -> float:
        """From bottom to top, never 0."""
        return max(self.top - self.bottom, 0.1)


@dataclass(slots=True)
class _Run:
    """Characters that follow each other; its box."""

    chars: list[str]
    left: float
    bottom: float
    right: float
    top: float


def without_shadows(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """The glyphs without those drawn twice at the same place, as some programs do for bold and for ruby fonts."""
    seen: dict[tuple[str, int, int], list[Glyph]] = {}
    kept = []
    for glyph in glyphs:
        if glyph.made or not glyph.char.strip():
            kept.append(glyph)
            continue
        near = min(0.3 * glyph.height, 0.4 * max(glyph.right - glyph.left, 0.1))  # "ll" of a narrow font is no shadow
        char = unify_radicals(glyph.char)
        x, y = int(glyph.middle // 8), int(glyph.bottom // 8)
        around = (other for dx in (-1, 0, 1) for dy in (-1, 0, 1) for other in seen.get((char, x + dx, y + dy), ()))
        if any(abs(o.middle - glyph.middle) < near and abs(o.bottom - glyph.bottom) < near for o in around):
            continue
        seen.setdefault((char, x, y), []).append(glyph)
        kept.append(glyph)
    return kept


def is_vertical(glyphs: Sequence[Glyph]) -> bool:
    """True when most steps from a character to the next go down, not right."""
    drawn = [glyph for glyph in glyphs if not glyph.made and glyph.char.strip()]
    down = right = 0
    for one, other in pairwise(drawn):
        if _below(one, other):
            down += 1
        elif abs(one.bottom - other.bottom) < 0.5 * one.height and other.left > one.left:
            right += 1
    return down >= _MIN_VERTICAL and down > 2 * right


def horizontal_text(glyphs: Sequence[Glyph]) -> str:
    """The characters in the order of the file, lines that only the page's width broke joined again."""
    lines = [line.rstrip() for line in "".join(glyph.char for glyph in glyphs).replace("\r", "").split("\n")]
    full = 0.85 * max((_width(line) for line in lines), default=0)
    text = ""
    for place, line in enumerate(lines):
        text += line
        if place + 1 < len(lines) and not _goes_on(line, lines[place + 1], full):
            text += "\n"
    return text


def vertical_text(glyphs: Sequence[Glyph]) -> str:
    """Columns read downwards from right to left, tiers (段) from top to bottom; horizontal lines stay lines."""
    runs = _runs([glyph for glyph in glyphs if not glyph.made])
    size = max(median([run.right - run.left for run in runs if len(run.chars) > 1] or [10.0]), 1.0)
    text = ""
    for part in _parts(runs, size):
        floor, ceiling = min(run.bottom for run in part), max(run.top for run in part)
        # One longest line of a poem proves no lower edge; several columns that end together do.
        edge = sum(run.bottom - floor < 1.5 * size for run in part) > 2
        for place, run in enumerate(part):
            text += "".join(run.chars).rstrip()
            after = part[place + 1] if place + 1 < len(part) else None
            full = edge and run.bottom - floor < 1.5 * size and run.top - run.bottom > 4 * size
            starts = after is not None and ceiling - after.top < 0.8 * size and not after.chars[0].isspace()
            text += "" if full and starts and run.chars[-1] not in _ENDS else "\n"
    return text


def _below(one: Glyph, other: Glyph) -> bool:
    step = one.bottom - other.bottom
    return abs(one.middle - other.middle) < 0.6 * one.height and 0.2 * one.height < step < 2.2 * one.height


def _runs(glyphs: Sequence[Glyph]) -> list[_Run]:
    runs: list[_Run] = []
    last: Glyph | None = None
    for glyph in glyphs:
        beside = last is not None and abs(last.bottom - glyph.bottom) < 0.3 * last.height and (
            0 < glyph.left - last.left < 2.5 * last.height)  # fmt: skip
        if last is not None and (_below(last, glyph) or beside):
            run = runs[-1]
            gap = last.bottom - glyph.top if abs(last.middle - glyph.middle) < 0.6 * last.height else 0.0
            indented = gap > 0.6 * glyph.height and glyph.char not in "（「『〔"
            run.chars += (_GAP, glyph.char) if indented else (glyph.char,)
            run.left, run.right = min(run.left, glyph.left), max(run.right, glyph.right)
            run.bottom, run.top = min(run.bottom, glyph.bottom), max(run.top, glyph.top)
        else:
            runs.append(_Run([glyph.char], glyph.left, glyph.bottom, glyph.right, glyph.top))
        last = glyph
    return _joined([run for run in runs if "".join(run.chars).strip()])


def _joined(runs: list[_Run]) -> list[_Run]:
    """Runs of one column that only the order of the file tore apart become one again."""
    runs = sorted(runs, key=lambda run: (-run.right, -run.top))
    joined: list[_Run] = []
    for run in runs:
        size = max(run.right - run.left, 1.0)
        above = next((
            one for one in reversed(joined[-60:])
            if abs((one.left + one.right) - (run.left + run.right)) < 0.5 * size
            and abs((one.right - one.left) - size) < 0.5 * size and 0 <= one.bottom - run.top + 0.5 * size < 1.2 * size
        ), None)  # fmt: skip
        if above is None:
            joined.append(run)
        else:
            above.chars += [_GAP, *run.chars] if above.bottom - run.top > 0.3 * size else run.chars
            above.left, above.right, above.bottom = min(above.left, run.left), max(above.right, run.right), run.bottom
    return joined


def _parts(runs: list[_Run], size: float) -> list[list[_Run]]:
    """Cut at blank bands across the page, top first; each part is a list of columns from right to left."""
    bands: list[list[_Run]] = []
    lowest = 0.0
    for run in sorted(runs, key=lambda run: -run.top):
        if bands and run.top > lowest - 0.5 * size:
            bands[-1].append(run)
            lowest = min(lowest, run.bottom)
        else:
            bands.append([run])
            lowest = run.bottom
    return [sorted(band, key=lambda run: (-round((run.left + run.right) / size), -run.top)) for band in bands]


def _width(line: str) -> float:
    return sum(1.0 if char > "\u2e7f" else 0.5 for char in line)


def _goes_on(line: str, after: str, full: float) -> bool:
    """True when a sentence was broken only because the line was full."""
    if not line or not after or line.endswith(_ENDS) or after.startswith(_STARTS):
        return False
    return _width(line) >= full > 10 and (line[-1] > "\u2e7f" or after[0] > "\u2e7f")
