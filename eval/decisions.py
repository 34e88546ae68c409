"""`madoguchi eval-decisions FILE.jsonl --town CODE`: first turns through the whole pipeline, and what came of them."""

from __future__ import annotations

import argparse
import json
import sys
import uuid
from collections.abc import Sequence
from pathlib import Path

from assistant.bootstrap import System, build
from assistant.demo import load_when_empty
from assistant.model import Channel, Conversation, Outcome, Reply, Turn
from assistant.settings import read_settings
from eval.decision_figures import EXPECTED, Case, Judged, key_of, payload, report
from eval.decision_report import write_report
from eval.sets import SetError, json_lines


def run(chosen: argparse.Namespace) -> int:
    """Measure and print; 2 when the file is wrong."""
    try:
        cases = read_cases(chosen.file)
    except SetError as exc:
        print(f"madoguchi: {exc}", file=sys.stderr)
        return 2
    system = build(read_settings())
    try:
        load_when_empty(system)
        system.ensure_indexes()
        _warn(system, chosen.town, cases)
        judged = [judge(system, chosen.town, case) for case in cases]
    finally:
        system.close()
    print(report(judged))
    if chosen.json_file:
        chosen.json_file.write_text(json.dumps(payload(judged), ensure_ascii=False, indent=1), encoding="utf-8")
    if chosen.report:
        write_report(chosen.report, chosen.file.name, chosen.town, judged)
        print(f"report: {chosen.report / 'report.md'}")
    return 0


def read_cases(file: Path) -> list[Case]:
    """The lines of a file. Raises SetError naming the line that is wrong."""
    cases = []
    for number, value in json_lines(file):
        expected = str(value.get("expected") or value.get("label") or "")
        if expected not in EXPECTED and not key_of(expected):
            known = ", ".join([*EXPECTED, "answer:KEY"])
            raise SetError(f"{file} line {number}: `expected` must be one of {known}")
        if not str(value.get("text") or "").strip():
            raise SetError(f"{file} line {number}: no `text`")
        cases.append(
            Case(id=str(value.get("id", number)), text=str(value["text"]), lang=str(value.get("lang") or "ja"),
                 expected=expected, topic=str(value.get("topic") or ""))
        )  # fmt: skip
    if not cases:
        raise SetError(f"{file}: there is no line in it")
    return cases


def judge(system: System, town: str, case: Case) -> Judged:
    """One case as a first turn; nothing is stored and no ticket is opened."""
    turn = Turn(
        id=uuid.uuid4().hex, conversation="eval", town=town, text=case.text, language=None, channel=Channel.API,
        at=system.clock(),
    )  # fmt: skip
    outcome = system.respond(turn, Conversation(id="eval", town=town, language=None))
    decision, hits = outcome.decision, outcome.evidence.hits
    return Judged(
        case=case, decision=type(decision).__name__.lower(), why=decision.why.value, right=is_right(outcome, case),
        searched=bool(hits), found=bool(hits) and hits[0].passage.key == case.key,
        confidence=outcome.evidence.confidence, scope=outcome.evidence.scope,
        topic=case.topic or _topic(system, town, case.key),
    )  # fmt: skip


def is_right(outcome: Outcome, case: Case) -> bool:
    """True when the outcome is one that the case allows; `answer:KEY` needs that text as the first citation."""
    decision = outcome.decision
    if case.key:
        answer = decision.answer if isinstance(decision, Reply) else None
        return answer is not None and answer.citations[0].passage.key == case.key
    return decision.why.value in EXPECTED[case.expected]


def _warn(system: System, town: str, cases: Sequence[Case]) -> None:
    """Says which cases expect a text that is not there: they can only be wrong."""
    keys = {case.key for case in cases if case.key and not case.key.startswith("table:")}
    unknown = sorted(key for key in keys if system.library.passage(system.town(town).owners, key, "ja") is None)
    if unknown:
        told = ", ".join(unknown[:5]) + (" …" if len(unknown) > 5 else "")
        print(
            f"madoguchi: town {town} has no text {told}; keys are such as guide:dog-registration. These cases count "
            "as wrong.",
            file=sys.stderr,
        )


def _topic(system: System, town: str, key: str) -> str:
    """Of the text with that key; "" when the town does not have it."""
    passage = system.library.passage(system.town(town).owners, key, "ja") if key else None
    return passage.topic if passage else ""
