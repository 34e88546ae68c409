"""An embedding model for one town: trained on what the town published, kept only when it proves better."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from knowledge import building
from knowledge.dense import Encoder, StaticEncoder
from knowledge.embedding.folder import write_folder
from knowledge.embedding.paired import chance_of_luck, least_gain
from knowledge.embedding.town import Unseen, blind, town_pairs, unseen_questions
from knowledge.errors import ModelsExtraMissing
from knowledge.passage import Document, Table
from knowledge.search import Library, Query
from knowledge.split import passages

SURE = 0.05  # the chance of luck from which on a gain is not believed
FORGIVEN = 0.01  # of the mean 1/rank on glossary words that must surely be held
_LEFT = ".new-"
_STALE_SECONDS = 86_400  # a killed run's folder is swept after a day; a younger one may be another run's


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranks:
    """1/rank of the right text for each held-back question, and of the right term for each held-back word."""

    questions: list[float]
    words: list[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the comparison showed; means of 1/rank, 0-1."""

    questions: int
    old: float
    new: float
    luck: float  # p-value of the gain
    words: int
    old_words: float
    new_words: float
    least_words: float  # lower end of the 95 % interval of the gain on words

    @property
    def wins(self) -> bool:
        """True when the town's questions surely gain and the glossary surely holds."""
        return self.new > self.old and self.luck < SURE and self.least_words > -FORGIVEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Adapted:
    """What a run did."""

    pairs: int
    verdict: Verdict
    folder: Path | None  # where the model lies; None when it was not kept


class Adapter:
    """Trains and judges for one installation; `library` brings the encoder in force and the way to search."""

    def __init__(self, folder: Path, library: Library) -> None:
        self._folder = folder
        self._library = library

    def run(
        self, town: str, documents: Sequence[Document], tables: Sequence[Table], day: date,
        tell: Callable[[str], None] = lambda _: None,
    ) -> Adapted:  # fmt: skip
        """Train, compare on what was held back, keep the winner whole or change nothing.

        Raises ModelsExtraMissing without torch.
        """
        try:
            from knowledge.embedding.adapt import adapt, unseen_words, word_ranks
        except ImportError as exc:
            raise ModelsExtraMissing(
                "Training needs the extra `models`. Run `pip install 'madoguchi[models]'`."
            ) from exc
        unseen = unseen_questions(d for d in documents if _in_force(d, day))
        pairs = town_pairs(documents, tables, unseen)
        words = unseen_words()
        tell(f"training on {len(pairs)} pairs of the town's knowledge and on the glossary")
        trained = adapt(pairs)
        self._folder.mkdir(parents=True, exist_ok=True)
        self._sweep()
        with tempfile.TemporaryDirectory(prefix=_LEFT, dir=self._folder, ignore_cleanup_errors=True) as scratch:
            fresh = Path(scratch) / "model"
            write_folder(fresh, trained.tokenizer, trained.table)
            encoder = StaticEncoder(fresh)
            tell(f"comparing on {len(unseen)} questions that were held back")
            old, new = (
                Ranks(
                    questions=self._search_ranks(
                        Path(scratch) / "index", town, each, blind(documents, unseen), unseen, day
                    ),
                    words=word_ranks(each, words),
                )
                for each in (self._library.encoder, encoder)
            )
            verdict = judge(old, new, unseen, [word.ja for word in words])
            kept = self._keep(fresh, town, encoder, verdict) if verdict.wins else None
        return Adapted(pairs=len(pairs), verdict=verdict, folder=kept)

    def _search_ranks(
        self,
        root: Path,
        town: str,
        encoder: Encoder,
        documents: Sequence[Document],
        unseen: Sequence[Unseen],
        day: date,
    ) -> list[float]:
        """By the whole search as residents have it, over the town's own layer, with this encoder."""
        building.build(root, town, [piece for document in documents for piece in passages(document)], encoder)
        inforce = self._library
        library = Library(root, encoder, inforce.scorer, asking=inforce.asking, reranker=inforce.reranker)
        ranks = []
        for question in unseen:
            found = library.search(Query(text=question.text, language=question.language, owners=(town,), day=day))
            keys = [hit.passage.key for hit in found.hits]
            ranks.append(1 / (1 + keys.index(question.key)) if question.key in keys else 0.0)
        return ranks

    def _keep(self, fresh: Path, town: str, encoder: Encoder, verdict: Verdict) -> Path:
        (fresh / "figures.json").write_text(json.dumps(asdict(verdict), indent=1) + "\n", encoding="utf-8")
        kept = self._folder / f"{town}-{encoder.name.rpartition('@')[2]}"
        if not kept.exists():  # the same content has the same name
            os.rename(fresh, kept)
        return kept

    def _sweep(self) -> None:
        for left in self._folder.glob(f"{_LEFT}*"):
            if time.time() - left.stat().st_mtime > _STALE_SECONDS:
                shutil.rmtree(left, ignore_errors=True)


def judge(old: Ranks, new: Ranks, unseen: Sequence[Unseen], terms: Sequence[str]) -> Verdict:
    """The new encoder against the one in force on the same questions and words."""
    groups = [question.group for question in unseen]
    return Verdict(
        questions=len(unseen),
        old=_mean(old.questions),
        new=_mean(new.questions),
        luck=chance_of_luck(old.questions, new.questions, groups),
        words=len(terms),
        old_words=_mean(old.words),
        new_words=_mean(new.words),
        least_words=least_gain(old.words, new.words, terms),
    )


def _mean(values: Sequence[float]) -> float:
    return sum(values) / max(1, len(values))


def _in_force(document: Document, day: date) -> bool:
    after = document.valid_from is None or document.valid_from <= day
    return after and (document.valid_until is None or day <= document.valid_until)
