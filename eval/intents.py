"""Measures the nearest-neighbour intent engine, and fits its calibration: `python -m eval.intents --data DIR`.

In scope: questions of localgovfaq and municipal_crosslingual, dev; out of scope: out_of_scope_ja, dev. Whether the
named topic is right is measured on those of the demo guides' questions that the encoder was not trained on.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.model import LANGUAGES
from assistant.understanding.nearest import BUNDLED, Calibration, Likeness, NearestReader, topic_odds
from assistant.understanding.port import Example, talk_examples, topic_label
from assistant.understanding.read import read_turn
from knowledge.dense import load_encoder
from knowledge.embedding.pair import held_back
from knowledge.passage import Document, Layer
from knowledge.sources.guides import read_guide
from knowledge.sources.reading import Origin

Column = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question of a labelled set."""

    text: str
    language: str
    inside: bool  # a question for a town hall


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; with --fit also the weights that fit best."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with the data sets")
    parser.add_argument("--guides", type=Path, default=Path("knowledge/demo_city/guides"))
    parser.add_argument("--fit", action="store_true", help="print the calibration that fits these sets")
    chosen = parser.parse_args(arguments)
    guides = read_guides(chosen.guides)
    reader = NearestReader([*guide_examples(guides), *talk_examples()], load_encoder(None))
    asked = questions(chosen.data)
    seen = [(a, near) for a in asked if (near := reader.likeness(a.text)) is not None]
    print(f"{len(seen)} questions that rules leave to the engine, {sum(a.inside for a, _ in seen)} of them in scope")
    print(f"AUROC in scope: {auroc(scores(seen, BUNDLED), inside(seen)):.3f}")
    for name, rows in (("in scope", [s for s in seen if s[0].inside]), ("out", [s for s in seen if not s[0].inside])):
        guesses = [reader.guess(a.text) for a, _ in rows]
        topics = sum(g is not None and g.label.startswith("ask_") for g in guesses)
        refused = sum(g is not None and g.label == "out_of_scope" for g in guesses)
        talk = sum(g is not None for g in guesses) - topics - refused
        print(f"{name}: {len(rows)}, topic named {topics}, out_of_scope {refused}, small talk {talk}")
    of_guides = topics_judged(guides)
    held = [right for _, right in of_guides]
    judged = of_guides + [(near, False) for a, near in seen if not a.inside]
    print(f"topic of held-back questions: {sum(held)}/{len(held)} = {sum(held) / len(held):.3f}")
    for low, high, share, n in reliability(judged, BUNDLED):
        print(f"  confidence {low:.1f}-{high:.1f}: right {share:.2f} (n {n})")
    if chosen.fit:
        print(fitted(judged))
    return 0


def read_guides(root: Path) -> list[Document]:
    """All guides under root/LANGUAGE/ID.md."""
    origin = Origin(owner="482013", layer=Layer.TOWN, root=root, language="ja")
    return [document for path in sorted(root.glob("*/*.md")) for document in read_guide(path, origin).documents]


def guide_examples(guides: Sequence[Document], *, held: bool | None = None) -> list[Example]:
    """The guides' questions and titles; `held`: only those that were (or were not) kept from the encoder's training."""
    found = []
    for guide in guides:
        name = guide.key.removeprefix("guide:")
        asked = [(question, held_back(name, str(n))) for n, question in enumerate(guide.questions)]
        asked += [(guide.title, False)]
        found += [
            Example(text=text, label=topic_label(guide.topic), language=guide.language)
            for text, back in asked
            if held is None or back is held
        ]
    return found


def questions(data: Path) -> list[Asked]:
    """The development sets' questions in served languages that rules read as questions."""
    sets = (("localgovfaq/queries.dev.jsonl", True), ("municipal_crosslingual/queries.dev.jsonl", True),
            ("out_of_scope_ja/oos.dev.jsonl", False))  # fmt: skip
    found = []
    for name, within in sets:
        for line in (data / name).read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            language = "ja-x-easy" if row["lang"] == "ja-easy" else str(row["lang"])
            if language in LANGUAGES and read_turn(row["text"], language).intent == "ask":
                found.append(Asked(text=row["text"], language=language, inside=within))
    return found


def topics_judged(guides: Sequence[Document]) -> list[tuple[Likeness, bool]]:
    """Whether the nearest topic is right, for questions that neither the encoder nor the examples have seen."""
    held = guide_examples(guides, held=True)
    texts = {example.text for example in held}
    known = [example for example in guide_examples(guides, held=False) if example.text not in texts]
    reader = NearestReader([*known, *talk_examples()], load_encoder(None))
    found = [(reader.likeness(example.text), example.label) for example in held]
    return [(near, near.topic == label) for near, label in found if near is not None]


def reliability(judged: Sequence[tuple[Likeness, bool]], c: Calibration) -> list[tuple[float, float, float, int]]:
    """Five bins of confidence: from, to, share that is right, how many."""
    sure = np.array([1 / (1 + np.exp(-topic_odds(near, c))) for near, _ in judged])
    right = np.array([float(ok) for _, ok in judged])
    bins = [(low / 5, (low + 1) / 5) for low in range(5)]
    chosen = [(low, high, (sure >= low) & (sure < high + 1e-9)) for low, high in bins]
    return [(low, high, float(right[m].mean()) if m.any() else 0.0, int(m.sum())) for low, high, m in chosen]


def scores(seen: Sequence[tuple[Asked, Likeness]], c: Calibration) -> Column:
    """The log-odds that the engine gives to the best topic."""
    return np.array([topic_odds(near, c) for _, near in seen])


def inside(seen: Sequence[tuple[Asked, Likeness]]) -> Column:
    """1 for a question for a town hall."""
    return np.array([float(asked.inside) for asked, _ in seen])


def auroc(values: Column, truth: Column) -> float:
    """The probability that one in scope scores higher than one out of scope (Mann-Whitney)."""
    ranks = np.argsort(np.argsort(values)).astype(np.float64)
    positive = truth == 1
    n = int(positive.sum())
    return float((ranks[positive].sum() - n * (n - 1) / 2) / (n * (len(truth) - n)))


def fitted(judged: Sequence[tuple[Likeness, bool]]) -> Calibration:
    """The topic weights of a logistic regression (Platt scaling with two features)."""
    features = np.array([(near.near, near.lead) for near, _ in judged])
    truth = np.array([float(right) for _, right in judged])
    mean, spread = features.mean(0), features.std(0)
    scaled, weights, bias = (features - mean) / spread, np.zeros(2), 0.0
    for _ in range(3000):
        error = 1 / (1 + np.exp(-(scaled @ weights + bias))) - truth
        weights -= 0.5 * (scaled.T @ error / len(truth) + 1e-3 * weights)
        bias -= 0.5 * float(error.mean())
    near, lead = (float(w) for w in weights / spread)
    start = float(bias - (weights / spread * mean).sum())
    return replace(BUNDLED, topic_bias=start, topic_near=near, topic_lead=lead)


if __name__ == "__main__":
    raise SystemExit(main())
