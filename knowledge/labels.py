"""How facts are named in each language, read once from fact_labels.yaml."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import yaml


@lru_cache(maxsize=1)
def _labels() -> dict[str, dict[str, str]]:
    loaded: dict[str, dict[str, str]] = yaml.safe_load(
        Path(__file__).with_name("fact_labels.yaml").read_text(encoding="utf-8")
    )
    return loaded


def fact_label(fact: str, language: str) -> str:
    """The name of a fact (`fee`, `bring` …) in that language; Japanese where the language has none.

    Raises KeyError for a fact that no language names.
    """
    labels = _labels()
    return labels.get(language, labels["ja"])[fact]
