"""Writes a complete Rasa 3 project: the town's questions as intents, Madoguchi as the action server that answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import yaml

from assistant.understanding.port import Example, is_topic

VERSION = "3.1"  # of Rasa's training data format
ACTION = "action_madoguchi_answer"
_UTTERED = ("greeting", "thanks", "goodbye", "who_are_you", "out_of_scope")  # Rasa says these itself
_FEW = 2  # an intent with fewer examples can't be trained


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What was written, and what was left out."""

    files: tuple[str, ...]
    examples: Mapping[str, int]  # intent → examples
    doubled: int  # utterances left out because another intent has them already
    thin: tuple[str, ...]  # topics with too few examples to be an intent


def export(
    folder: Path, examples: Sequence[Example], words: Mapping[str, str], *, town: str, answers_at: str
) -> Exported:
    """Write the project into the folder, replacing files of the same names and touching no others.

    `words` says what Rasa utters for small talk; `answers_at` is the address of Madoguchi's action door.
    """
    kept, doubled = _unique(examples)
    thin = tuple(sorted(label for label, texts in kept.items() if len(texts) < _FEW))
    intents = {label: texts for label, texts in kept.items() if label not in thin}
    written = {
        "domain.yml": _domain(intents, words),
        "data/nlu.yml": {"version": VERSION, "nlu": [_examples(label, texts) for label, texts in intents.items()]},
        "data/rules.yml": {"version": VERSION, "rules": _rules(intents)},
        "data/stories.yml": {"version": VERSION, "stories": _stories(intents)},
        "config.yml": _config(town),
        "endpoints.yml": {"action_endpoint": {"url": answers_at}},
        "credentials.yml": {"rest": None},
    }
    for name, value in written.items():
        _write(folder / name, yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=1000))
    _write(folder / "jatok.py", (files("assistant.rasa") / "jatok.template").read_text(encoding="utf-8"))
    return Exported(
        files=(*written, "jatok.py"),
        examples={label: len(texts) for label, texts in intents.items()},
        doubled=doubled,
        thin=thin,
    )


def _unique(examples: Sequence[Example]) -> tuple[dict[str, list[str]], int]:
    """Label → its utterances, each under one label only: the first that has it. Topics before small talk."""
    kept: dict[str, list[str]] = {}
    owner: dict[str, str] = {}
    doubled = 0
    for example in sorted(examples, key=lambda e: (not is_topic(e.label), e.label)):
        text = _plain(example.text)
        if not text:
            continue
        held = owner.setdefault(text.casefold(), example.label)
        if held != example.label:
            doubled += 1
        elif text not in kept.setdefault(example.label, []):
            kept[example.label].append(text)
    return kept, doubled


def _plain(text: str) -> str:
    """One line without the signs that mean something in Rasa's training data: [text](entity), escapes, markup."""
    return " ".join(text.translate(str.maketrans("[]{}\\<>", "()()/()")).split()).lstrip("-# ")


def _domain(intents: Mapping[str, Sequence[str]], words: Mapping[str, str]) -> dict[str, object]:
    said = {f"utter_{label}": [{"text": words[label]}] for label in _UTTERED if label in intents}
    return {
        "version": VERSION,
        "intents": list(intents),
        "actions": [ACTION],
        "responses": said,
        "session_config": {"session_expiration_time": 60, "carry_over_slots_to_new_session": True},
    }


def _examples(label: str, texts: Sequence[str]) -> dict[str, str]:
    return {"intent": label, "examples": "".join(f"- {text}\n" for text in texts)}


def _rules(intents: Mapping[str, Sequence[str]]) -> list[dict[str, object]]:
    """One step each; what Rasa does not understand goes to Madoguchi too, whose search decides."""
    return [
        {"rule": f"{label} is answered", "steps": [{"intent": label}, {"action": _action(label)}]}
        for label in (*intents, "nlu_fallback")
    ]


def _action(label: str) -> str:
    return f"utter_{label}" if label in _UTTERED else ACTION


def _stories(intents: Mapping[str, Sequence[str]]) -> list[dict[str, object]]:
    """Whole conversations, which must agree with the rules."""
    topics = [label for label in intents if is_topic(label)]
    ways = [("greeting", *topics[:2], "thanks", "goodbye"), (*topics[2:3], "staff"), ("out_of_scope", *topics[3:4])]
    stories: list[dict[str, object]] = []
    for n, way in enumerate(ways, 1):
        steps = [step for label in way if label in intents for step in ({"intent": label}, {"action": _action(label)})]
        if steps:
            stories.append({"story": f"way {n}", "steps": steps})
    return stories


def _config(town: str) -> dict[str, object]:
    return {
        "recipe": "default.v1",
        "assistant_id": f"madoguchi-{town}",
        "language": "ja",
        "pipeline": [
            {"name": "jatok.JaTokenizer"},
            {"name": "CountVectorsFeaturizer"},
            {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4, "min_df": 2},
            # DIETClassifier took 50 s for one of its 30 epochs here, and its confidences mean less.
            {"name": "LogisticRegressionClassifier", "max_iter": 200, "tol": 0.001, "random_state": 7},
            {"name": "FallbackClassifier", "threshold": 0.4, "ambiguity_threshold": 0.05},
        ],
        "policies": [
            {"name": "MemoizationPolicy"},
            {"name": "RulePolicy", "core_fallback_threshold": 0.3, "enable_fallback_prediction": True},
        ],
    }  # fmt: skip


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


class _Dumper(yaml.SafeDumper):
    """Writes several lines as a block, as Rasa's files are written."""


def _block(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _block)
