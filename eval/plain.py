"""Measures the rewriter of やさしい日本語 against people's: `python -m eval.plain [--data DIR] [--json FILE]`.

Pairs: tokyo_covid_i18n, its Japanese and its やさしい日本語 written by people. The score was fixed on the demo guides
before any pair was scored; it takes readings in brackets off both sides itself. Guides: the demo city's in Japanese,
source against ours, and those that have an authored version against that.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from assistant.answering.figures import Stated, figures
from assistant.answering.office_names import has_unstated_name, name_text
from assistant.language.plain.guides import easy_guide, texts_of
from assistant.language.plain.rewriting import plain
from assistant.language.plain.score import PARTS, Score, score
from assistant.language.plain.word import words
from eval.metrics import Estimate, estimate, wilson
from eval.sets import SetError, json_lines
from knowledge.passage import Document, Layer
from knowledge.sources.guides import read_guide
from knowledge.sources.reading import Origin

SHARED = Path(__file__).parents[2] / "shared" / "data"
GUIDES = Path(__file__).parents[1] / "knowledge" / "demo_city" / "guides"
PAIRS = Path("crosslingual", "tokyo_covid_i18n")

_ERA_ASIDE = re.compile("（(?:明治|大正|昭和|平成|令和)[^（）]*年度?）")
_OUR_ASIDE = re.compile("（＝[^（）]*）")
_READING = re.compile("（[ぁ-ゖー・ ]+）")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One source, what we made of it, and what a person made of it."""

    source: str
    ours: str
    human: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A share with its 95 % interval."""

    right: int
    of: int

    def __str__(self) -> str:
        low, high = wilson(self.right, self.of)
        return f"{self.right / self.of:.3f} [{low:.3f}, {high:.3f}] ({self.right} of {self.of})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What is told of one set."""

    source: Estimate  # score 0-100
    ours: Estimate
    human: Estimate | None
    gained: Estimate  # ours less source, paired
    ahead: Estimate | None  # ours less human, paired
    as_easy: Share | None  # of pairs: ours >= human
    numbers: Share | None  # texts that keep every figure
    entities: Share | None  # texts that keep every name
    human_numbers: Share | None
    human_entities: Share | None
    parts: dict[str, tuple[float, ...]]  # mean points: source, ours, human


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; 1 when a figure or a name is lost anywhere, 2 when there is no set."""
    parser = argparse.ArgumentParser(prog="python -m eval.plain", description=__doc__)
    parser.add_argument("--data", type=Path, default=SHARED, help="folder with the data sets")
    parser.add_argument("--split", default="dev", help="dev, or the name of another part of the pairs")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    chosen = parser.parse_args(arguments)
    sets = {"demo guides": guides(), "demo guides with an authored version": guides(authored=True)}
    try:
        sets = {"tokyo_covid_i18n": pairs(chosen.data / PAIRS / f"parallel.{chosen.split}.jsonl"), **sets}
    except (SetError, OSError) as exc:
        print(f"tokyo_covid_i18n can't be read: {exc}", file=sys.stderr)
    found = {name: measure(cases) for name, cases in sets.items()}
    for name, figures_ in found.items():
        print("\n".join(told(name, figures_)))
    print(f"time: {milliseconds([case.source for case in sets['demo guides']]):.2f} ms for 300 characters, warm")
    if chosen.json:
        told_all = {name: asdict(one) for name, one in found.items()}
        chosen.json.write_text(json.dumps(told_all, ensure_ascii=False, indent=1), encoding="utf-8")
    if "tokyo_covid_i18n" not in found:
        return 2
    kept = [share for one in found.values() for share in (one.numbers, one.entities) if share is not None]
    return int(any(share.right < share.of for share in kept))


def pairs(file: Path) -> list[Case]:
    """The pairs of a file. Raises SetError or OSError when it can't be read."""
    rows = [row for _, row in json_lines(file)]
    held = [(str(row["ja"]), str(row["ja-Hira"])) for row in rows if row.get("ja") and row.get("ja-Hira")]
    return [Case(source=source, ours=plain(source).text, human=human) for source, human in held]


def guides(folder: Path = GUIDES, *, authored: bool = False) -> list[Case]:
    """The demo city's guides, facts and sections; with `authored` those that a person wrote in やさしい日本語 too."""
    cases = []
    for file in sorted((folder / "ja").glob("*.md")):
        twin = folder / "ja-x-easy" / file.name
        if authored and not twin.exists():
            continue
        document = _read(file)
        human = _text(_read(twin)) if authored else None
        cases.append(Case(source=_text(document), ours=_text(easy_guide(document)), human=human))
    return cases


def measure(cases: Sequence[Case]) -> Figures:
    """All figures of a set."""
    source, ours = [score(case.source) for case in cases], [score(case.ours) for case in cases]
    human = [score(case.human) for case in cases if case.human is not None]
    sides = (source, ours, human) if human else (source, ours)
    held = [(case.source, case.human) for case in cases if case.human is not None]
    return Figures(
        source=_mean(source), ours=_mean(ours), human=_mean(human) if human else None,
        gained=estimate([b.total - a.total for a, b in zip(source, ours, strict=True)]),
        ahead=estimate([b.total - a.total for a, b in zip(human, ours, strict=True)]) if human else None,
        as_easy=_share(b.total >= a.total for a, b in zip(human, ours, strict=False)),
        numbers=_share(not lost_numbers(case.source, case.ours) for case in cases),
        entities=_share(not lost_entities(case.source, case.ours) for case in cases),
        human_numbers=_share(not lost_numbers(source, theirs) for source, theirs in held),
        human_entities=_share(not lost_entities(source, theirs) for source, theirs in held),
        parts={
            name: tuple(round(sum(s.parts[n].points for s in side) / len(side), 2) for side in sides)
            for n, name in enumerate(PARTS)
        },
    )  # fmt: skip


def lost_numbers(source: str, plainer: str) -> list[str]:
    """Figures of the source that the other text does not state; read by the checks of answers, not by the rewriter."""
    bare = _ERA_ASIDE.sub("", _OUR_ASIDE.sub("", _READING.sub("", plainer)))
    stated = Stated(figures(bare, "ja"))
    lost = [str(sorted(figure.forms)) for figure in figures(source, "ja") if not stated.holds(figure)]
    digits = re.findall(r"\d+", plainer)
    return lost + [run for run in re.findall(r"(?<!:)\b\d+", source) if run not in digits and run != "00"]


def lost_entities(source: str, plainer: str) -> list[str]:
    """Names of people, places and offices, addresses and Latin words of the source that the other text lacks."""
    bare = re.sub(r"[ \u3000]", "", _READING.sub("", _OUR_ASIDE.sub("", plainer)))
    lines = re.sub(r"\s+", "。", source), re.sub(r"\s+", "。", bare)  # an office's name stays on its line
    named = [word.text for word in words(source) if word.name]
    codes = re.findall(r"[A-Za-z][A-Za-z0-9@#%&=_~:/?+.-]+|#?\d[\d-]{3,}\d", source)
    lost = [name for name in (*named, *codes) if re.sub(r"\s", "", name) not in bare]
    return lost + (["an office"] if has_unstated_name(lines[0], "ja", name_text(lines[1]), same_language=True) else [])


def told(name: str, found: Figures) -> list[str]:
    """The figures as lines of text."""
    lines = [f"{name} (n={found.ours.n}), score 0-100, mean [95 % bootstrap interval]"]
    lines += [f"  source {_shown(found.source)}   ours {_shown(found.ours)}"]
    if found.human and found.ahead and found.as_easy and found.human_numbers and found.human_entities:
        lines[-1] += f"   people {_shown(found.human)}"
        lines.append(f"  ours less people {_shown(found.ahead)}, at least as easy {found.as_easy}")
        lines.append(f"  people keep all figures {found.human_numbers}, all names {found.human_entities}")
    lines.append(f"  ours less source {_shown(found.gained)}")
    lines.append(f"  ours keeps all figures {found.numbers}, all names {found.entities}")
    return [*lines, "  points: " + ", ".join(f"{part} {'/'.join(map(str, p))}" for part, p in found.parts.items())]


def milliseconds(texts: Iterable[str]) -> float:
    """How long the rewriter takes for 300 characters after it has read its lists."""
    held = list(texts)
    plain(held[0])
    begun = time.perf_counter()
    for text in held:
        plain(text)
    return (time.perf_counter() - begun) * 1000 * 300 / sum(map(len, held))


def _share(right: Iterable[bool]) -> Share | None:
    held = list(right)
    return Share(right=sum(held), of=len(held)) if held else None


def _mean(scores: Sequence[Score]) -> Estimate:
    return estimate([one.total for one in scores])


def _shown(value: Estimate) -> str:
    return f"{value.mean:.1f} [{value.low:.1f}, {value.high:.1f}]"


def _text(document: Document) -> str:
    return "\n".join(text for _, text in texts_of(document))


def _read(file: Path) -> Document:
    return read_guide(file, Origin(root=file.parent, owner="482013", layer=Layer.TOWN)).documents[0]


if __name__ == "__main__":
    raise SystemExit(main())
