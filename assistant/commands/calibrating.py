"""`madoguchi calibrate`: thresholds for a town from labelled questions or from its residents' feedback."""

from __future__ import annotations

import argparse
import json
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

from assistant.bootstrap import System, build
from assistant.calibration import NEVER, Calibration, Judged, Limit, calibrate
from assistant.demo import load_when_empty
from assistant.errors import SettingsError
from assistant.model import Channel, Conversation, Evidence, Turn
from assistant.policy import Policy, tied
from assistant.settings import read_settings
from assistant.store.calibration import judged_answers
from assistant.understanding.bare import bare_word

_OUTSIDE = ("refuse_out_of_scope", "out_of_scope")  # what a line expects that no town hall answers: any answer is wrong


def run(chosen: argparse.Namespace) -> int:
    """Calibrate and say what was proven; 1 when nothing could be, 2 for bad input."""
    limit = _limit(chosen)
    system = build(read_settings())
    try:
        load_when_empty(system)
        system.ensure_indexes()
        town = system.town(chosen.town)
        if chosen.reset:
            system.calibrations.drop(town.code)
            print(f"{town.code}: the built-in threshold applies again")
            return 0
        cases = _labelled(system, town.code, chosen.file) if chosen.file else judged_answers(system.engine, town.code)
        found = calibrate(cases, limit)
        if found.answer >= NEVER:
            print(_unproven(cases, limit), file=sys.stderr)
            return 1
        system.calibrations.put(town.code, found)
        print(_told(found, cases))
        return 0
    finally:
        system.close()


def _limit(chosen: argparse.Namespace) -> Limit:
    try:
        return Limit(alpha=chosen.alpha, delta=chosen.delta)
    except ValueError as exc:
        raise SettingsError(f"{exc}: give shares such as --alpha 0.03 --delta 0.1.") from exc


def _labelled(system: System, town: str, file: Path) -> list[Judged]:
    """Each question as a resident's first turn; right when the best text is the expected one.

    What the assistant would not answer however sure it were proves nothing about answers and is left out: what tables,
    fixed words or services take, what two texts tie for, what is beyond a town hall.
    """
    cases, keyed = [], 0
    for number, value in _lines(file):
        text, expected = str(value.get("text") or "").strip(), str(value.get("expected") or value.get("label") or "")
        key = expected.removeprefix("answer:") if expected.startswith("answer:") else ""
        if not text or not expected:
            raise SettingsError(f"{file} line {number} needs a `text` and an `expected` such as answer:KEY.")
        if not key and expected not in _OUTSIDE:
            continue
        keyed += bool(key)
        evidence = _evidence(system, town, text, str(value.get("lang") or "") or None)
        if not _answerable(evidence, system.parts.policy):
            continue
        if key and not key.startswith("table:") and not system.library.passage(system.town(town).owners, key, "ja"):
            raise SettingsError(
                f"{file} line {number}: the town has no text {key!r}; keys are such as guide:dog-registration. Mend "
                "the line or take it out."
            )
        assert evidence.understanding is not None
        best = evidence.hits[0].passage
        cases.append(
            Judged(confidence=evidence.confidence, right=best.key == key, language=evidence.understanding.language,
                   topic=best.topic)
        )  # fmt: skip
    if not keyed:
        raise SettingsError(
            f"{file} has no line that expects answer:KEY. Such lines say which text answers a question."
        )
    return cases


def _evidence(system: System, town: str, text: str, language: str | None) -> Evidence:
    turn = Turn(
        id=uuid.uuid4().hex, conversation="calibrate", town=town, text=text, language=language, channel=Channel.API,
        at=system.clock(),
    )  # fmt: skip
    return system.respond(turn, Conversation(id="calibrate", town=town)).evidence


def _answerable(evidence: Evidence, policy: Policy) -> bool:
    """True when the pipeline would answer from the best text, were it sure enough."""
    if not evidence.hits or evidence.understanding is None:
        return False
    word = bare_word(evidence.understanding.question, evidence.understanding.language)
    within = evidence.hits[0].fit >= policy.good if word else evidence.scope >= policy.scope
    return within and len(tied(evidence.hits, policy, word=word)) == 1


def _told(found: Calibration, cases: list[Judged]) -> str:
    answered = sum(case.confidence >= found.threshold(case.language, case.topic) for case in cases)
    lines = [
        f"calibrated on {found.judged} judged answers: answers from confidence {found.answer:.3f}; with "
        f"{1 - found.delta:.0%} certainty at most {found.alpha:.1%} of them are wrong, for questions like these",
        f"coverage on these questions: {answered / max(1, len(cases)):.3f} (n={len(cases)})",
    ]
    for kind, thresholds in (("language", found.languages), ("topic", found.topics)):
        for name, value in thresholds:
            why = " (too few judged answers: stricter)" if kind == "language" and value == found.cautious else ""
            lines.append(f"  {kind} {name}: {'never' if value >= NEVER else f'{value:.3f}'}{why}")
    lines.append(f"  every other language: {found.cautious:.3f} (none judged: stricter)")
    return "\n".join(lines)


def _unproven(cases: list[Judged], limit: Limit) -> str:
    return (
        f"madoguchi: {len(cases)} judged answers do not prove that at most {limit.alpha:.1%} are wrong; at least "
        f"{limit.least} are needed, all of the surest ones right. Nothing was changed. Judge more, or allow more."
    )


def _lines(file: Path) -> Iterator[tuple[int, dict[str, object]]]:
    try:
        lines = file.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as exc:
        raise SettingsError(f"{file} can't be read as UTF-8 text. Give a file of JSON lines.") from exc
    return ((number, _object(file, number, line)) for number, line in enumerate(lines, 1) if line.strip())


def _object(file: Path, number: int, line: str) -> dict[str, object]:
    try:
        value = json.loads(line)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise SettingsError(f"{file} line {number} is not a JSON object {{id, text, lang, expected}}.")
    return value
