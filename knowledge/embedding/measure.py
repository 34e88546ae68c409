"""Figures for the card: how well an encoder finds, alone, without keyword search."""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from knowledge.dense import Encoder
from knowledge.embedding.guides import GuideText, questions_held_back


def recall_at(
    encoder: Encoder, queries: Sequence[str], passages: Sequence[str], wanted: Sequence[set[int]], k: int
) -> float:
    """The mean share (0-1) of each query's wanted passages (positions) among the first k by cosine; 0 if no queries."""
    if not queries:
        return 0.0
    scores = encoder.encode_queries(queries) @ encoder.encode_passages(passages).T
    best = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    found = (len(want & set(row.tolist())) / len(want) for want, row in zip(wanted, best, strict=True))
    return sum(found) / len(queries)


def guide_figures(encoder: Encoder, guides: list[GuideText], *, share: float = 0.15) -> dict[str, float]:
    """Recall@1 and @5 of the held-back questions among the Japanese guides' passages, per language of the question."""
    japanese = [guide for guide in guides if guide.language == "ja"]
    place = {guide.id: n for n, guide in enumerate(japanese)}
    asked: dict[str, list[tuple[str, set[int]]]] = defaultdict(list)
    for guide, question in questions_held_back(guides, share=share):
        if guide.id in place:
            asked[guide.language].append((question, {place[guide.id]}))
    figures: dict[str, float] = {}
    for language, pairs in sorted(asked.items()):
        queries, wanted = [question for question, _ in pairs], [want for _, want in pairs]
        figures[f"guides {language} n"] = len(pairs)
        for k in (1, 5):
            recall = recall_at(encoder, queries, [guide.passage for guide in japanese], wanted, k)
            figures[f"guides {language} recall@{k}"] = recall
    return figures


def set_figures(encoder: Encoder, corpus: Path, folder: Path) -> dict[str, float]:
    """Recall@10 on a retrieval set's dev split, per language of the query; grades 1 and 2 count alike."""
    rows = [json.loads(line) for line in corpus.read_text(encoding="utf-8").splitlines()]
    place = {row["id"]: n for n, row in enumerate(rows)}
    wanted: dict[str, set[int]] = defaultdict(set)
    for line in (folder / "qrels.dev.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        query, document, _ = line.split("\t")
        wanted[query].add(place[document])
    asked: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for line in (folder / "queries.dev.jsonl").read_text(encoding="utf-8").splitlines():
        query = json.loads(line)
        asked[query["lang"]].append((query["id"], query["text"]))
    passages = [f"{row['title']}\n{row['text'][:300]}" for row in rows]
    return {
        f"{folder.name} {language} recall@10": recall_at(
            encoder, [text for _, text in pairs], passages, [wanted[query] for query, _ in pairs], 10
        )
        for language, pairs in sorted(asked.items())
    }


def speed(encoder: Encoder, texts: Sequence[str]) -> float:
    """Texts for each second of processor time: what one core does, however busy the machine is."""
    started = time.process_time()
    encoder.encode_passages(texts)
    return len(texts) / (time.process_time() - started)
