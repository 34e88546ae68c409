"""`madoguchi train-embedding`: the embedding model adapted to a town's own knowledge."""

from __future__ import annotations

import argparse
import sys

from assistant.bootstrap import build
from assistant.curation.adapting import FORGIVEN, SURE, Adapted, Adapter
from assistant.demo import load_when_empty
from assistant.settings import read_settings


def train_embedding(chosen: argparse.Namespace) -> int:
    """Train, compare, keep or leave; 0 either way, for a model that is not better is a finding, not a failure."""
    settings = read_settings()
    system = build(settings)
    try:
        load_when_empty(system)
        town = system.profile(chosen.town).code
        documents, tables = system.knowledge.documents(town), system.knowledge.tables(town)
        adapter = Adapter(settings.home.resolve() / "embedding", system.library)
        done = adapter.run(town, documents, tables, system.clock().date(), lambda step: print(step, file=sys.stderr))
        print(_told(town, done))
        return 0
    finally:
        system.close()


def _told(town: str, done: Adapted) -> str:
    v = done.verdict
    lines = [
        f"{town}: the town's own questions, held back (n={v.questions}): mean 1/rank {v.old:.3f} → {v.new:.3f} "
        f"(p = {v.luck:.4f}, paired)",
        f"{town}: words of the glossary, held back (n={v.words}): mean 1/rank {v.old_words:.3f} → {v.new_words:.3f}",
    ]
    if done.folder is not None:
        lines += [f"kept: {done.folder}", f"To use it set MADOGUCHI_EMBEDDING={done.folder} and start again; all "
                  "towns of this installation then use it, and their indexes are built anew at the start."]  # fmt: skip
    elif v.new > v.old and v.luck < SURE:
        lines.append(f"Not kept: it loses more than {FORGIVEN} on the glossary, or may. Nothing was changed.")
    else:
        lines.append(
            "Not kept: it finds the town's texts not surely better than the model in use. Nothing was changed."
        )
    return "\n".join(lines)
