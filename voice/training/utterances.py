"""The sentences that the test recogniser is trained and measured on, from utterances.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import yaml

WORDS = Path(__file__).with_name("utterances.yaml")


class Part(StrEnum):
    """What an utterance is for."""

    TRAIN = "train"
    SENTENCE = "train, sentence"  # stands for itself: yes, again, a person; trained on more often
    JOINED = "train, joined"  # put together from parts; trained on second
    MORE = "train, more"  # put together from the parts of all topics; in more voices; trained on with JOINED
    PHRASING = "held-out phrasing"  # its words are known, its phrasing was never trained on
    STRANGE = "strange"  # has nothing to do with a counter
    PAIR = "held-out pair"  # term and phrasing are known, but not together


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """One sentence as it is written, and what it is for."""

    text: str
    language: str  # ja | en
    part: Part


def utterances(file: Path = WORDS) -> list[Utterance]:
    """Every sentence of the file, in a fixed order. One in twelve pairs of term and phrasing is held out."""
    found: dict[tuple[str, str], Utterance] = {}
    loaded = yaml.safe_load(file.read_text(encoding="utf-8"))
    kept_out: list[str] = loaded.pop("kept_out")
    for language, group in loaded.items():
        terms, things = group["terms"], group["things"]
        held = _filled(group["held_out"], "{t}", terms) + _filled(group["thing_held_out"], "{i}", things)
        made = _filled(group["phrases"], "{t}", terms) + _filled(group["thing_phrases"], "{i}", things)
        for number, text in enumerate(made):
            bare = text in terms or text in things
            part = Part.PAIR if number % 12 == 7 and not bare else Part.TRAIN
            found[language, text] = Utterance(text=text, language=language, part=part)
        for text in group["sentences"]:
            found[language, text] = Utterance(text=text, language=language, part=Part.SENTENCE)
        for text in [*held, *group["sentence_held_out"]]:
            if (language, text) not in found:
                found[language, text] = Utterance(text=text, language=language, part=Part.PHRASING)
        for text in group["strange"]:
            found[language, text] = Utterance(text=text, language=language, part=Part.STRANGE)
        joined = _joined(group["parts"], terms, group["part_sentences"])
        for text in joined + _joined(group["thing_parts"], things, group["thing_part_sentences"]):
            if (language, text) not in found and not any(_same(text, h, group["held_out"]) for h in terms):
                found[language, text] = Utterance(text=text, language=language, part=Part.JOINED)
        never = kept_out + [u.text for u in found.values() if u.part in (Part.PHRASING, Part.PAIR, Part.STRANGE)]
        for text in _more(group):
            if (language, text) not in found and not any(sentence in text for sentence in never):
                found[language, text] = Utterance(text=text, language=language, part=Part.MORE)
    return [u for u in found.values() if u.text not in kept_out or not u.part.startswith("train")]


def _more(group: dict[str, Any]) -> list[str]:
    """Sentences drawn from each group of parts; equal in every run."""
    words = {"t": group["terms"], "m": group["more_terms"], "i": group["things"], "n": group["more_things"]}
    made: list[str] = []
    for number, drawn in enumerate(group["more"]):
        dice = Random(number)
        for _ in range(drawn["most"]):
            text = "".join(dice.choice(part) for part in drawn["parts"])
            made.append(text.format(**{mark: dice.choice(known) for mark, known in words.items()}).strip())
    return list(dict.fromkeys(made))


def _joined(parts: list[list[str]], words: list[str], most: int) -> list[str]:
    """Sentences drawn from all that the parts can make, each word as often as the others; equal in every run."""
    dice = Random(len(words))
    made = ["".join(dice.choice(part) for part in parts).format(t=word, i=word) for word in words for _ in range(most)]
    dice.shuffle(made)
    return sorted(set(made[:most]))


def _same(text: str, word: str, held_out: list[str]) -> bool:
    """Whether the sentence holds a phrasing that is held out, be it with other words before or after it."""
    return word in text and any(phrase.replace("{t}", word) in text for phrase in held_out)


def _filled(phrases: list[str], mark: str, words: list[str]) -> list[str]:
    return [phrase.replace(mark, word) for phrase, word in product(phrases, words)]
