"""What every table answer is given and gives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from assistant.answering.draft import Draft
from assistant.language.memory import units
from assistant.language.phrases import Phrase
from assistant.language.plain.bracketing import bracketed
from assistant.language.plain.rewriting import plain
from assistant.language.words import Words
from assistant.model import Ask, Choice, Facet, Reply, Why
from knowledge.districts import Districts
from knowledge.passage import Passage

CONFIDENCE = 0.95
"""Of a looked-up answer: the name stands in the question and the row in the table; the rest is the cue's doubt."""

MOST_ROWS = 6

Line = tuple[str, Passage | None]
"""A line of a reply and the row behind it."""

Render = Callable[[str, str], str | None]
"""A Japanese fact and a language → the fact in it; None when it is not known wholly."""


def unrendered(text: str, language: str) -> str | None:
    """Nothing is known of any fact."""
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question to the tables."""

    question: str
    language: str
    facets: tuple[Facet, ...]
    today: date  # in Japan
    words: Words
    districts: Districts = field(default_factory=lambda: Districts({}))
    render: Render = unrendered

    @property
    def japanese(self) -> bool:
        """True for Japanese, plain Japanese too."""
        return self.language.startswith("ja")

    def phrase(self, phrase: Phrase, **values: str | int) -> str:
        """The phrase in the asker's language."""
        return self.words.phrase(phrase, self.language, **values)

    def fact(self, text: str) -> str:
        """A table's Japanese in the asker's language where all of it is known, else as it stands."""
        return text if self.japanese else self.render(text, self.language) or text

    def note(self, text: str) -> str:
        """A row's note as a `fact`; in plain Japanese its words are made easier and given their readings."""
        easy = self.language == "ja-x-easy"
        return bracketed(plain(text, today=self.today).text) if easy else self.fact(text)

    def unit(self, text: str) -> str:
        """What a fee is for, such as 1通, in the asker's language where it is known."""
        if self.japanese:
            return text
        known = units().render(text, self.language)
        return known[:1].lower() + known[1:] if known else self.fact(text)

    def district(self, name: str) -> str:
        """A district as the asker can read it: 港町 (Minato-machi); Chinese readers need no more than the kanji."""
        if self.language == "ja-x-easy":
            reading = self.districts.readings.get(name, "")
            return f"{name}（{reading}）" if reading else name
        latin = "" if self.language.startswith(("ja", "zh")) else self.districts.latin(name)
        return f"{name} ({latin})" if latin else name


def reply(asked: Asked, lines: Sequence[Line]) -> Reply | None:
    """A reply of these lines, each citing its row as a whole; None when no line cites."""
    draft = Draft(language=asked.language)
    for line, passage in lines:
        draft.add(line + (draft.cite(passage, passage.text) if passage else ""))
    if not draft.citations:
        return None
    answer = draft.answer(CONFIDENCE)
    return Reply(why=Why.TABLE, language=asked.language, text=answer.text, answer=answer)


def choose(asked: Asked, text: str, options: Sequence[tuple[str, str]]) -> Ask:
    """One question with choices; an option is (label, what it sends)."""
    choices = tuple(Choice(label=label, text=sent) for label, sent in options)
    return Ask(why=Why.CHOOSE, language=asked.language, text=text, choices=choices)
