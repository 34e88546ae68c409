"""Measures language identification on the shared sets: `python -m eval.identification --data DIR`.

Each text is taken alone, without a conversation. ntrex128 and tokyo_covid_i18n are sentences and strings,
municipal_crosslingual the questions of a chat; languages that are not ours count apart and must be "und". A text that
nobody can tell counts apart too: one without a word, such as an address or N/A, or one that stands untranslated, the
same, in another language's column.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from assistant.language.detect import detect
from eval.metrics import RESAMPLES, Estimate, wilson
from eval.sets import SetError, json_lines

SHARED = Path(__file__).parents[2] / "shared" / "data"
FLOORS = {"ntrex128": 0.98, "tokyo_covid_i18n": 0.98, "municipal_crosslingual": 0.93}
"""The least macro accuracy that we promise; p95 is at most SLOWEST."""
SLOWEST = 0.003  # seconds

_NTREX = {
    "jpn": "ja", "eng-US": "en", "zho-CN": "zh-Hans", "zho-TW": "zh-Hant", "kor": "ko", "vie": "vi", "por": "pt-BR",
    "por-BR": "pt-BR", "spa": "es", "fil": "fil", "ind": "id", "nep": "ne", "tha": "th", "mya": "my", "khm": "und",
    "lao": "und", "mon": "und", "sin": "und", "ben": "und", "hin": "und", "urd": "und", "tam": "und", "uzb": "und",
    "fra": "und", "rus": "und", "msa": "und",
}  # fmt: skip
_TOKYO = {"ja": "ja", "ja-Hira": "ja-x-easy", "en": "en", "zh_CN": "zh-Hans", "zh_TW": "zh-Hant", "ko": "ko",
          "vi": "vi", "th": "th"}  # fmt: skip
_MUNICIPAL = {"ja-easy": "ja-x-easy", "tl": "fil"}
_NO_LANGUAGE = re.compile(r"https?://\S+|\S+@\S+|\{\w*\}")  # addresses, places of values in a template
_WORD = re.compile("[^\\W\\d_]{2}|[\u3041-\u9fff\uac00-\ud7af]")
_ALSO = {"msa": "id"}  # columns for which another answer serves as well: Malay is read by who reads Indonesian


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A text of which we know the language."""

    text: str
    column: str  # what the set calls its language
    language: str  # one of DETECTABLE
    tellable: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What was found for one sample."""

    sample: Sample
    found: str
    seconds: float

    @property
    def right(self) -> bool:
        """True when the language is the one that the set says."""
        return self.found in (self.sample.language, _ALSO.get(self.sample.column))


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How good and how fast it was on one set."""

    n: int  # texts in our languages that can be told
    macro: Estimate  # mean over our languages of the share that is right
    merged: Estimate  # the same with ja and ja-x-easy as one language
    whole: Estimate  # `macro` with the texts that nobody can tell; its n says how many they are
    columns: dict[str, tuple[int, int]]  # the set's own name of a language: right, of
    others: tuple[int, int]  # texts in languages that are not ours: called "und" (Malay: or "id"), of
    confused: list[tuple[str, str, int]]  # language, found instead, how often; most often first
    milliseconds: dict[str, float]  # p50, p95, max


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures of each set; 2 when there is no set, 1 when a promised figure is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=SHARED, help="folder with the data sets")
    parser.add_argument("--json", type=Path, dest="json_file", help="write the figures to this file")
    parser.add_argument("--wrong", action="store_true", help="list the texts that were taken for another language")
    chosen = parser.parse_args(arguments)
    try:
        judged = {name: judge(list(samples)) for name, samples in read_sets(chosen.data).items()}
    except SetError as exc:
        print(f"madoguchi: {exc}", file=sys.stderr)
        return 2
    figures = {name: measure(rows) for name, rows in judged.items()}
    for name, found in figures.items():
        print("\n".join(told(name, found)))
    if chosen.wrong:
        for row in (row for rows in judged.values() for row in rows if not row.right and row.sample.tellable):
            print(f"{row.sample.column} → {row.found}: {row.sample.text}")
    if chosen.json_file:
        value = {name: asdict(found) for name, found in figures.items()}
        chosen.json_file.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return int(any(missed(name, found) for name, found in figures.items()))


def read_sets(data: Path) -> dict[str, Iterator[Sample]]:
    """The development parts of the three sets, by name. Raises SetError when a file is missing or wrong."""
    crosslingual = data / "crosslingual"
    return {
        "ntrex128": _parallel(crosslingual / "ntrex128" / "parallel.dev.jsonl.gz", _NTREX),
        "tokyo_covid_i18n": _parallel(crosslingual / "tokyo_covid_i18n" / "parallel.dev.jsonl", _TOKYO),
        "municipal_crosslingual": _queries(data / "municipal_crosslingual" / "queries.dev.jsonl"),
    }


def judge(
    samples: Sequence[Sample], identify: Callable[[str], str] | None = None, *,
    clock: Callable[[], float] = time.perf_counter,
) -> list[Judged]:  # fmt: skip
    """What `identify` finds for each sample, and how many seconds of `clock` it took; ours by default, warm."""
    identify = identify or (lambda text: detect(text, prior=None).language)
    for sample in {sample.column: sample for sample in samples}.values():  # loads what each script needs
        identify(sample.text)
    found = []
    for sample in samples:
        start = clock()
        language = identify(sample.text)
        found.append(Judged(sample=sample, found=language, seconds=clock() - start))
    return found


def measure(judged: Sequence[Judged]) -> Figures:
    """The figures of one set."""
    times = np.array([row.seconds for row in judged]) * 1000
    whole = [row for row in judged if row.sample.language != "und"]
    judged = [row for row in judged if row.sample.tellable]
    ours = [row for row in judged if row.sample.language != "und"]
    others = [row.right for row in judged if row.sample.language == "und"]
    columns = Counter(row.sample.column for row in judged)
    right = Counter(row.sample.column for row in judged if row.right)
    wrong = Counter((row.sample.column, row.found) for row in judged if not row.right)
    return Figures(
        n=len(ours),
        macro=macro((row.sample.language, row.right) for row in ours),
        merged=macro((_plain(row.sample.language), _plain(row.found) == _plain(row.sample.language)) for row in ours),
        whole=macro((row.sample.language, row.right) for row in whole),
        columns={name: (right[name], of) for name, of in columns.items()},
        others=(sum(others), len(others)),
        confused=[(expected, found, n) for (expected, found), n in wrong.most_common()],
        milliseconds={
            "p50": float(np.percentile(times, 50)), "p95": float(np.percentile(times, 95)), "max": float(times.max()),
        },
    )  # fmt: skip


def macro(rows: Iterator[tuple[str, bool]]) -> Estimate:
    """Mean over languages of the share that is right, with its 95 % percentile bootstrap interval.

    Texts are drawn anew within each language, so that each keeps its number (stratified; Efron & Tibshirani 1993).
    """
    groups: dict[str, list[bool]] = {}
    for language, right in rows:
        groups.setdefault(language, []).append(right)
    random = np.random.default_rng(20261120)
    shares = np.array([np.mean(group) for group in groups.values()])
    draws = np.array([random.binomial(len(g), np.mean(g), RESAMPLES) / len(g) for g in groups.values()])
    low, high = np.percentile(draws.mean(axis=0), [2.5, 97.5])
    return Estimate(mean=float(shares.mean()), low=float(low), high=float(high), n=sum(map(len, groups.values())))


def missed(name: str, found: Figures) -> bool:
    """True when the set's floor or the time is missed."""
    return found.macro.mean < FLOORS[name] or found.milliseconds["p95"] > SLOWEST * 1000


def told(name: str, found: Figures) -> list[str]:
    """The figures as lines of text."""
    times = ", ".join(f"{key} {value:.2f}" for key, value in found.milliseconds.items())
    lines = [
        f"{name} (n={found.n}): macro accuracy {found.macro}, ja and ja-x-easy as one {found.merged} "
        f"[95 % bootstrap interval]; promised {FLOORS[name]}",
        f"  with {found.whole.n - found.n} texts that nobody can tell: {found.whole}",
        f"  milliseconds a text: {times}",
        *(_share(column, *counts) for column, counts in found.columns.items()),
    ]
    if found.others[1]:
        lines.append(_share("not ours", *found.others))
    confused = ", ".join(f"{expected} → {other} {n}" for expected, other, n in found.confused)
    return [*lines, f"  confused: {confused or 'none'}"]


def _share(name: str, right: int, of: int) -> str:
    low, high = wilson(right, of)
    return f"  {name:<9} {right / of:.3f} [{low:.3f}, {high:.3f}] n={of}"


def _plain(language: str) -> str:
    return language.removesuffix("-x-easy")


def _parallel(file: Path, columns: Mapping[str, str]) -> Iterator[Sample]:
    for _, row in json_lines(file):
        texts = {column: text for column in columns if isinstance(text := row.get(column), str) and text.strip()}
        for column, text in texts.items():
            twins = {columns[other] for other, same in texts.items() if same == text}
            tellable = len(twins) == 1 and _WORD.search(_NO_LANGUAGE.sub(" ", text)) is not None
            yield Sample(text=text, column=column, language=columns[column], tellable=tellable)


def _queries(file: Path) -> Iterator[Sample]:
    for number, row in json_lines(file):
        column, text = row.get("lang"), row.get("text")
        if not isinstance(column, str) or not isinstance(text, str):
            raise SetError(f"{file} line {number}: no lang or no text")
        yield Sample(text=text, column=column, language=_MUNICIPAL.get(column, column))


if __name__ == "__main__":
    raise SystemExit(main())
