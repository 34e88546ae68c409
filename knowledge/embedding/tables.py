"""The demo city's tables as training pairs: names in six languages, other names, readings, and how waste is put out."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from knowledge.embedding.pair import Pair, Source

_TABLES = ("facilities", "fees", "garbage_categories", "garbage_items", "hours", "shelters")
_LANGUAGES = ("en", "zh-Hans", "vi", "pt-BR", "easy")
_THROW_AWAY = {
    "ja": "{}を捨てたい",
    "en": "how do I throw away {}",
    "zh-Hans": "怎么扔{}",
    "vi": "vứt {} thế nào",
    "pt-BR": "como jogo fora {}",
}


def table_pairs(folder: Path) -> Iterator[Pair]:
    """Each entry's other names with its Japanese name; a table or column that is not there gives nothing."""
    for name in _TABLES:
        path = folder / f"{name}.csv"
        if path.exists():
            with path.open(encoding="utf-8-sig", newline="") as file:
                for row in csv.DictReader(file):
                    yield from _row_pairs(row)


def _row_pairs(row: dict[str, str]) -> Iterator[Pair]:
    key, value = next(iter(row.items()))
    local = {code: name for code in _LANGUAGES for name in (row.get(f"{key}_{code}") or "").split("|")[:1] if name}
    others = [*local.values(), *(row.get("aliases") or "").split("|"), row.get("reading") or ""]
    for other in others:
        if other and other != value:
            yield Pair(left=other, right=value, group=value, source=Source.TABLE)
    for code in _LANGUAGES:
        if row.get("how_to") and row.get(f"how_to_{code}"):
            yield Pair(left=row[f"how_to_{code}"], right=row["how_to"], group=value, source=Source.TABLE)
    if key == "item" and row.get("category"):  # waste: what is thrown away, and as what
        for code, form in _THROW_AWAY.items():
            if word := {"ja": value, **local}.get(code):
                right = f"ごみの分別 {value} {row['category']}"
                yield Pair(left=form.format(word), right=right, group=value, source=Source.TABLE)
