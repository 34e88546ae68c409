"""Plots as SVG text, without a drawing library: lines over two axes, with or without marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import log

_WIDTH, _HEIGHT = 640, 420
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 150, 44, 56
# Okabe & Ito's colours, told apart by colour-blind readers too; a colour that comes again has other dashes.
_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000")
_DASHES = ("", "6 3", "2 3", "8 3 2 3", "1 4", "10 4", "4 4")
_NAMED = 14  # series that the key beside the plot has room for


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """One axis: its label, its ends and where it is ticked; a logarithmic one begins above 0."""

    label: str
    low: float = 0.0
    high: float = 1.0
    ticks: tuple[float, ...] = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
    logarithmic: bool = False

    def __post_init__(self) -> None:
        if self.low >= self.high or (self.logarithmic and self.low <= 0):
            raise ValueError("an axis needs a low end below its high end, above 0 when it is logarithmic")

    def place(self, value: float) -> float:
        """Where the value lies between the ends, 0-1; a value beyond an end lies at it."""
        bounded = min(max(value, self.low), self.high)
        if self.logarithmic:
            return (log(bounded) - log(self.low)) / (log(self.high) - log(self.low))
        return (bounded - self.low) / (self.high - self.low)


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Points (x, y) that belong together; a mark's area grows with its size, which is 1 when none are given."""

    name: str
    points: tuple[tuple[float, float], ...]
    line: bool = True
    sizes: tuple[int, ...] = ()  # how many cases a mark stands for; marks are drawn when given or when no line is
    dashed: bool = False


def plot(title: str, x: Axis, y: Axis, series: Sequence[Series]) -> str:
    """A whole SVG document that says its title and its axes to readers who don't see it."""
    told = f"{y.label} against {x.label}: " + ", ".join(s.name for s in series)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        'font-family="sans-serif" font-size="12">',
        f"<title>{escape(title)}</title>",
        f"<desc>{escape(told)}</desc>",
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#ffffff"/>',
        _text(_LEFT, 24, title, size=15),
        *_axes(x, y),
    ]
    for n, each in enumerate(series):
        parts.extend(_drawn(each, x, y, n))
        if n < _NAMED:
            parts.extend(_named(each, n))
    return "\n".join([*parts, "</svg>", ""])


def _axes(x: Axis, y: Axis) -> list[str]:
    right, bottom = _WIDTH - _RIGHT, _HEIGHT - _BOTTOM
    parts = []
    for tick in x.ticks:
        at = _x(x, tick)
        parts.append(f'<line x1="{at:.1f}" y1="{_TOP}" x2="{at:.1f}" y2="{bottom}" stroke="#dddddd"/>')
        parts.append(_text(at, bottom + 18, f"{tick:g}", anchor="middle"))
    for tick in y.ticks:
        at = _y(y, tick)
        parts.append(f'<line x1="{_LEFT}" y1="{at:.1f}" x2="{right}" y2="{at:.1f}" stroke="#dddddd"/>')
        parts.append(_text(_LEFT - 8, at + 4, f"{tick:g}", anchor="end"))
    parts.append(f'<path d="M{_LEFT} {_TOP}V{bottom}H{right}" fill="none" stroke="#333333"/>')
    parts.append(_text((_LEFT + right) / 2, _HEIGHT - 14, x.label, anchor="middle"))
    middle = (_TOP + bottom) / 2
    parts.append(
        f'<text x="18" y="{middle:.1f}" text-anchor="middle" transform="rotate(-90 18 {middle:.1f})">'
        f"{escape(y.label)}</text>"
    )
    return parts


def _drawn(series: Series, x: Axis, y: Axis, n: int) -> list[str]:
    places = [(_x(x, a), _y(y, b)) for a, b in series.points]
    parts = []
    if series.line and len(places) > 1:
        path = "M" + "L".join(f"{a:.1f} {b:.1f}" for a, b in places)
        parts.append(f'<path d="{path}" fill="none" {_stroke(series, n)}/>')
    if series.sizes or not series.line or len(places) == 1:
        most = max(series.sizes, default=1)
        for (a, b), size in zip(places, series.sizes or (1,) * len(places), strict=True):
            radius = 3 + 6 * (size / most) ** 0.5 if series.sizes else 5
            told = f"<title>n = {size}</title>" if series.sizes else ""
            parts.append(
                f'<circle cx="{a:.1f}" cy="{b:.1f}" r="{radius:.1f}" fill="{_colour(n)}" fill-opacity="0.6">'
                f"{told}</circle>"
            )
    return parts


def _named(series: Series, n: int) -> list[str]:
    left, at = _WIDTH - _RIGHT + 12, _TOP + 8 + 20 * n
    sign = (
        f'<line x1="{left}" y1="{at}" x2="{left + 24}" y2="{at}" {_stroke(series, n)}/>'
        if series.line
        else f'<circle cx="{left + 12}" cy="{at}" r="5" fill="{_colour(n)}" fill-opacity="0.6"/>'
    )
    return [sign, _text(left + 30, at + 4, series.name)]


def _stroke(series: Series, n: int) -> str:
    dash = "3 3" if series.dashed else _DASHES[(n + n // len(_COLOURS)) % len(_DASHES)]
    return f'stroke="{_colour(n)}" stroke-width="2"' + (f' stroke-dasharray="{dash}"' if dash else "")


def _colour(n: int) -> str:
    return _COLOURS[n % len(_COLOURS)]


def _text(x: float, y: float, words: str, *, anchor: str = "start", size: int = 12) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}">{escape(words)}</text>'


def _x(axis: Axis, value: float) -> float:
    return _LEFT + axis.place(value) * (_WIDTH - _RIGHT - _LEFT)


def _y(axis: Axis, value: float) -> float:
    return _HEIGHT - _BOTTOM - axis.place(value) * (_HEIGHT - _BOTTOM - _TOP)
