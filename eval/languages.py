"""Accuracy × language, end to end: `python -m eval.languages [--data DIR] [--out FILE.md] [--limit N]`.

Identification and retrieval come from the shared sets, decisions from the out-of-scope lines of municipal_crosslingual,
answers from our own questions about the demo town in every language. An answer is in the asker's language when the
message says so and its words are; it keeps its figures when every number, date, amount, telephone and link of the facts
that it tells stands in it, and no other.
"""

from __future__ import annotations

import argparse
import itertools
import re
import sys
import tempfile
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from assistant.bootstrap import System, build
from assistant.demo import load_when_empty
from assistant.language.detect import detect
from assistant.model import LANGUAGES, Channel, Conversation, Reply, Turn
from assistant.settings import read_settings
from eval import identification, plain
from eval.decisions import judge, read_cases
from eval.figures_kept import foreign_figures, lost_figures
from eval.metrics import wilson
from eval.reporting import measure
from eval.retrieval import OTHER_CODES, run
from eval.sets import SetError, read_set
from knowledge.embedding.terms import ASKED, CHAT
from knowledge.glossary import LANGUAGES as TRANSLATED
from knowledge.glossary import forms, rows

SHARED = Path(__file__).parents[2] / "shared" / "data"
DEMO = "482013"
_BRACKETS = re.compile(r"[（(][^（()）]*[)）]|\[\d+\]")


@dataclass(slots=True)
class Count:
    """How many of how many."""

    right: int = 0
    of: int = 0

    def add(self, right: bool) -> None:
        """One more."""
        self.right += right
        self.of += 1

    def __str__(self) -> str:
        if not self.of:
            return "–"
        low, high = wilson(self.right, self.of)
        return f"{self.right / self.of:.3f} [{low:.2f}, {high:.2f}] n={self.of}"


@dataclass(slots=True)
class Line:
    """The figures of one language."""

    identified: Count = field(default_factory=Count)
    found: str = "–"  # Recall@10 with interval
    decided: Count = field(default_factory=Count)
    answered: Count = field(default_factory=Count)
    own: Count = field(default_factory=Count)  # answers in the asker's language
    kept: Count = field(default_factory=Count)  # answers that keep their figures


COLUMNS = ("language", "identified", "Recall@10", "decision kind", "answered", "in own language", "figures kept")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print a table; 2 when a set is missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=SHARED, help="folder with the data sets")
    parser.add_argument("--out", type=Path, help="write the table to this file as well")
    parser.add_argument("--limit", type=int, default=167, help="questions about the demo town, of each language")
    chosen = parser.parse_args(arguments)
    lines = {language: Line() for language in LANGUAGES}
    try:
        identify(lines, chosen.data)
        retrieve(lines, chosen.data / "municipal_crosslingual")
        converse(lines, chosen.data / "municipal_crosslingual" / "oos.dev.jsonl", chosen.limit)
        easy = plain_told(chosen.data)
    except SetError as exc:
        print(f"madoguchi: {exc}", file=sys.stderr)
        return 2
    text = "\n".join([*table(lines), "", easy])
    print(text)
    if chosen.out:
        chosen.out.write_text(text + "\n", encoding="utf-8")
    return 0


def identify(lines: dict[str, Line], data: Path) -> None:
    """Of all texts of the three sets that can be told."""
    for samples in identification.read_sets(data).values():
        for row in identification.judge(list(samples)):
            if row.sample.tellable and row.sample.language in lines:
                lines[row.sample.language].identified.add(row.right)


def retrieve(lines: dict[str, Line], folder: Path) -> None:
    """Recall@10 of each language's questions over the Japanese FAQ."""
    labelled = read_set(folder, "dev")
    figures = measure(labelled, run(labelled, "madoguchi", read_settings()))
    for group, metrics in figures.items():
        language = OTHER_CODES.get(group, group)
        if language in lines:
            lines[language].found = str(metrics["Recall@10"])


def converse(lines: dict[str, Line], outside: Path, limit: int) -> None:
    """First turns through the whole pipeline of a fresh demo town."""
    with tempfile.TemporaryDirectory(prefix="madoguchi-eval-") as home:
        system = build(read_settings().model_copy(update={"home": Path(home), "database_url": None}))
        try:
            load_when_empty(system)
            system.ensure_indexes()
            for case in read_cases(outside):
                if case.lang in lines:
                    lines[case.lang].decided.add(judge(system, DEMO, case).right)
            for language, question in questions(limit):
                _answer(system, lines[language], language, question)
        finally:
            system.close()


def questions(limit: int) -> Iterator[tuple[str, str]]:
    """(language, question) about the demo town, at most so many of each language.

    The Japanese ones are asked a second time by who has chosen plain Japanese.
    """
    file = CHAT.parent / ASKED[-1]
    for row in itertools.islice(rows(file, ("official", "ja", *TRANSLATED)), limit):
        for language in LANGUAGES:
            asked = row.get("ja" if language == "ja-x-easy" else language)
            if asked:
                yield language, forms(asked)[0]


def _answer(system: System, line: Line, language: str, question: str) -> None:
    turn = Turn(
        id=uuid.uuid4().hex, conversation="eval", town=DEMO, text=question, channel=Channel.API, at=system.clock(),
        language=language if language == "ja-x-easy" else None,
    )  # fmt: skip
    decision = system.respond(turn, Conversation(id="eval", town=DEMO)).decision
    answer = decision.answer if isinstance(decision, Reply) else None
    line.answered.add(answer is not None)
    if answer is None:
        return
    # Japanese words that stand in brackets, to be shown at the counter, are no change of language.
    first = decision.text.split("\n")[0]
    while first != (bare := _BRACKETS.sub("", first)):  # brackets stand in brackets
        first = bare
    line.own.add(decision.language == language and detect(first, prior=language).language == language)
    line.kept.add(
        not lost_figures(decision.text, answer, language)
        and not foreign_figures(decision.text, answer, language, turn.at.date())
    )


def plain_told(data: Path) -> str:
    """How easy our plain Japanese is beside people's."""
    found = plain.measure(plain.pairs(data / plain.PAIRS / "parallel.dev.jsonl"))
    return (
        f"plain Japanese (tokyo_covid_i18n dev, 0-100): source {found.source}, ours {found.ours}, people's "
        f"{found.human}; as easy as people's {found.as_easy}; numbers kept {found.numbers}, names {found.entities}"
    )


def table(lines: dict[str, Line]) -> list[str]:
    """The figures as a Markdown table."""
    rows = [
        (language, *map(str, (line.identified, line.found, line.decided, line.answered, line.own, line.kept)))
        for language, line in lines.items()
    ]
    return [_row(COLUMNS), _row(["---"] * len(COLUMNS)), *map(_row, rows)]


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    raise SystemExit(main())
