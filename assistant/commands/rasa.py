"""`madoguchi rasa export` and `madoguchi rasa import`."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from dataclasses import asdict
from pathlib import Path

from assistant.bootstrap import System, build
from assistant.demo import load_when_empty
from assistant.errors import SettingsError
from assistant.language.saying import outcome_words
from assistant.model import Why
from assistant.rasa.counterparts import Comparison, compare
from assistant.rasa.exporting import export
from assistant.rasa.reading import read_project
from assistant.settings import read_settings
from assistant.understanding.port import Example, talk_examples, topic_label

_SERVED = {"pt": "pt-BR", "zh": "zh-Hans"}  # Rasa projects name the language alone
_SHOWN = 6  # names of a kind that the terminal shows; --json has all


def export_project(chosen: argparse.Namespace) -> int:
    """Write the town's Rasa project; loads the demo town first when the database is empty."""
    system = build(read_settings())
    try:
        load_when_empty(system)
        town = chosen.town or system.default_town()
        examples = _examples(system, town, set(chosen.languages.split(",")) if chosen.languages else set())
        words = _words(system, town)
        answers_at = f"{chosen.url.rstrip('/')}/webhooks/rasa/action"
        done = export(chosen.folder, examples, words, town=town, answers_at=answers_at)
    finally:
        system.close()
    print(f"{len(done.examples)} intents, {sum(done.examples.values())} examples → {chosen.folder}")
    print(f"left out: {done.doubled} utterances that two intents have, {len(done.thin)} topics with one example")
    for name in done.files:
        print(f"  {name}")
    return 0


def _examples(system: System, town: str, languages: set[str]) -> list[Example]:
    owners = system.town(town).owners
    asked = [
        Example(text=a.text, label=topic_label(a.topic), language=a.language) for a in system.engines.questions(owners)
    ]
    if not asked:
        raise SettingsError("This town's guides ask no questions yet. Import guides first (`madoguchi ingest`).")
    return [e for e in (*asked, *talk_examples()) if not languages or e.language in languages]


def _words(system: System, town: str) -> dict[str, str]:
    """What Rasa says for small talk: Japanese, then English, since a response of Rasa does not know the language."""
    name = system.town(town).name
    kinds = {"greeting": Why.GREETING, "goodbye": Why.GREETING, "who_are_you": Why.GREETING, "thanks": Why.THANKS,
             "out_of_scope": Why.OUT_OF_SCOPE}  # fmt: skip
    return {
        label: "\n".join(outcome_words(system.words, why, code, name(code), kind=label) for code in ("ja", "en"))
        for label, why in kinds.items()
    }


def import_project(chosen: argparse.Namespace) -> int:
    """Report what a Rasa project holds and what has no counterpart; 1 when a file could not be read."""
    if not chosen.folder.is_dir():
        raise SettingsError(f"{chosen.folder} is not a folder. Name the folder that holds domain.yml.")
    found = compare(read_project(chosen.folder))
    print(_report(found))
    if chosen.json_file:
        chosen.json_file.write_text(json.dumps(asdict(found), ensure_ascii=False, indent=1), encoding="utf-8")
    if chosen.faq:
        _write_faq(chosen.faq, found)
        print(f"\n{len(found.pairs)} questions with fixed answers → {chosen.faq}; look through them, then: "
              f"madoguchi ingest {chosen.faq} --town CODE --kind faq")  # fmt: skip
    for line in found.failed:
        print(f"failed: {line}", file=sys.stderr)
    return 1 if found.failed else 0


def _report(found: Comparison) -> str:
    lines = ["found: " + ", ".join(f"{count} {name}" for name, count in found.counts.items() if count)]
    lines.append(f"can be taken over: {len(found.pairs)} intents with a fixed answer, as FAQ (--faq FILE.csv)")
    lines += ["", "no counterpart:"]
    for gap in found.gaps:
        more = f" … and {len(gap.names) - _SHOWN} more" if len(gap.names) > _SHOWN else ""
        lines.append(f"  {len(gap.names):4d} {gap.kind}: {', '.join(gap.names[:_SHOWN])}{more}")
        lines.append(f"       → {gap.instead}")
    if found.broken:
        more = f" … and {len(found.broken) - _SHOWN} more" if len(found.broken) > _SHOWN else ""
        lines += ["", f"broken in the project itself: {len(found.broken)}"]
        lines += [f"       {line}" for line in found.broken[:_SHOWN]] + ([f"      {more}"] if more else [])
    return "\n".join(lines)


def _write_faq(path: Path, found: Comparison) -> None:
    """One row an intent, with its first example as the question; the form that `ingest --kind faq` reads."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "question", "answer", "language"])
        language = _SERVED.get(found.language, found.language or "ja")
        writer.writerows([pair.intent, pair.questions[0], pair.answer, language] for pair in found.pairs)
