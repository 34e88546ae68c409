"""The checks between a language model and a resident: what is not in the cited passages does not pass."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from assistant.answering.cited import CitedPassage, Reading, read_passage, read_sentence
from assistant.answering.courtesies import is_courtesy
from assistant.answering.figures import Stated
from assistant.answering.findings import Dropped, Reason
from assistant.answering.glossary_terms import said, stated
from assistant.answering.hostile import (
    begs,
    has_disguised_link,
    has_markup,
    hides_characters,
    leaks,
    link_is_stated,
    links,
)
from assistant.answering.office_names import has_unstated_name
from assistant.answering.polarity import Claim, contradicts, denies_unstated_duty
from assistant.answering.reply_sentences import Sentence, items, joined, numbered, split_reply
from assistant.answering.surviving import lost_of
from assistant.language.detect import detect
from assistant.language.folding import strip_hidden
from assistant.model import Citation
from knowledge.passage import Passage
from knowledge.tokens import tokens

NO_ANSWER = "NO_ANSWER"
"""What the model is told to say when the passages do not hold the answer."""

MAX_REPLY_CHARS = 4000
"""A longer reply is refused unread: answers at a counter have a few hundred characters."""

_LONGEST_SENTENCE = 600
# No number and no word is that long; patterns that look for numbers would take their time with it.
_LONGEST_RUN = re.compile(r"[\d〇一二三四五六七八九十百千万億,.]{40}|[a-z0-9._%+-]{200}", re.IGNORECASE)
_RELATED = 0.2  # share of a sentence's words that the cited passages must hold, in the same language
_SURE_MATCH = 0.5  # share of words from which a passage's sentence is taken to speak of the same thing
_ASIDE = re.compile(r"[(（][^()（）]*[)）]")  # Japanese names, in a Chinese text
_SURE_LANGUAGE = 0.8  # detect's confidence from which a reply in another language is refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What is left of a reply. An empty text means that none of it may be shown."""

    text: str
    citations: tuple[Citation, ...] = ()  # markers in the text count them from 1
    dropped: tuple[Dropped, ...] = ()
    kept: int = 0  # sentences


@dataclass(slots=True)
class _Case:
    """What all sentences of one reply are judged by."""

    language: str
    question: frozenset[str]
    passages: Sequence[Passage]
    terms: frozenset[str]  # official terms of Japanese passages, for an answer in another language
    held: dict[int, CitedPassage] = field(default_factory=dict)
    read: dict[str, Reading] = field(default_factory=dict)

    def reading(self, text: str) -> Reading:
        """The sentence of the reply, read once."""
        if text not in self.read:
            terms = said(text, self.language, self.terms) if self.terms else frozenset[str]()
            self.read[text] = replace(read_sentence(text, self.language), terms=terms)
        return self.read[text]

    def cited(self, markers: Sequence[int]) -> list[CitedPassage]:
        """The passages that exist and can be quoted."""
        numbers = [n for n in markers if 1 <= n <= len(self.passages) and self.passages[n - 1].text.strip()]
        for n in numbers:
            if n not in self.held:
                self.held[n] = read_passage(self.passages[n - 1])
        return [self.held[n] for n in numbers]


def check(reply: str, passages: Sequence[Passage], language: str, question: str) -> Checked:
    """The sentences of a reply that the passages they cite bear out, with a quote of each.

    `language` is the asker's (BCP-47); [n] in the reply counts `passages` from 1, in the result it counts `citations`.
    A sentence is left out for the reasons in `findings.Reason`; the severe ones, a lost lead, or more than half of the
    sentences left out leave an empty text, for half an answer may miss the 'unless'. Checking the result against its
    own citations changes nothing. Arbitrary text never raises.
    """
    severe = _severe(reply, passages)
    if severe is not None:
        return _refused((), severe)
    japanese = [p for p in passages if p.language == "ja"] if not language.startswith("ja") else []
    terms = frozenset[str]().union(*(stated(p.text) for p in japanese))
    case = _Case(language, frozenset(tokens(strip_hidden(question), language)), passages, terms)
    sentences = split_reply(reply)
    judged = _surviving(sentences, [_judge(sentence, case) for sentence in sentences], case)
    verdicts = _with_lists(sentences, judged, case)
    dropped = tuple(Dropped(reason=why, at=at) for at, why in enumerate(verdicts) if why is not None)
    content = [why for why in verdicts if why is not Reason.COURTESY]
    if not content or content[0] is not None:
        return _refused(dropped, Reason.LEAD_LOST)
    if 2 * sum(why is not None for why in content) > len(content):
        return _refused(dropped, Reason.TOO_LITTLE)
    text, citations = _assembled([s for s, why in zip(sentences, verdicts, strict=True) if why is None], case)
    if not citations or _foreign(text, language):
        return _refused(dropped, Reason.LANGUAGE if citations else Reason.NO_CITATION)
    return Checked(text=text, citations=citations, dropped=dropped, kept=len(sentences) - len(dropped))


def _refused(dropped: tuple[Dropped, ...], reason: Reason) -> Checked:
    return Checked(text="", dropped=(*dropped, Dropped(reason=reason, at=-1)))


def _severe(reply: str, passages: Sequence[Passage]) -> Reason | None:
    """Why the whole reply is refused before it is read; None when it may be read."""
    if len(reply) > MAX_REPLY_CHARS or _LONGEST_RUN.search(reply):
        return Reason.TOO_LONG
    if NO_ANSWER in reply:
        return Reason.NO_ANSWER
    if has_markup(reply):
        return Reason.MARKUP
    if leaks(reply):
        return Reason.LEAK
    stated = frozenset(link for p in passages for text in (p.text, p.title, p.url) for link in links(text))
    if has_disguised_link(reply) or not all(link_is_stated(link, stated) for link in links(reply)):
        return Reason.STRANGE_LINK
    return None


def _judge(sentence: Sentence, case: _Case) -> Reason | None:
    """Why the sentence is left out; None when it may stay. Headings are judged with their items."""
    if hides_characters(sentence.text):
        return Reason.HIDDEN
    if len(sentence.text) > _LONGEST_SENTENCE:
        return Reason.TOO_LONG
    if sentence.heading:
        return None
    cited = case.cited(sentence.markers)
    if not cited:
        return Reason.COURTESY if is_courtesy(sentence.text, case.language) else Reason.NO_CITATION
    return _unstated(sentence.text, cited, case) or _turned(sentence.text, cited, case)


def _unstated(text: str, cited: Sequence[CitedPassage], case: _Case) -> Reason | None:
    """What the sentence says that the cited passages do not."""
    if not all(link_is_stated(link, frozenset().union(*(c.links for c in cited))) for link in links(text)):
        return Reason.LINK
    reading = case.reading(text)
    stated = Stated(figure for c in cited for figure in c.figures)
    if not all(map(stated.holds, reading.figures)):
        return Reason.FIGURE
    if any(map(stated.contradicts, reading.figures)):
        return Reason.BOUND
    same = any(c.passage.language == case.language for c in cited)
    if has_unstated_name(text, case.language, "\n".join(c.names for c in cited), same_language=same):
        return Reason.NAME
    if begs(text, frozenset().union(*(c.solicitations for c in cited))):
        return Reason.SOLICITS
    return None


def _turned(text: str, cited: Sequence[CitedPassage], case: _Case) -> Reason | None:
    """Whether the sentence says the opposite of what it cites, or speaks of something else."""
    reading = case.reading(text)
    alike = [c for c in cited if _base(c.passage.language) == _base(case.language)]
    if alike and len(alike) == len(cited) and reading.words:
        share = len(reading.words & frozenset().union(*(c.words for c in alike))) / len(reading.words)
        same = all(c.passage.language == case.language for c in alike)
        if share == 0 or (same and share < _RELATED):
            return Reason.UNRELATED
    stated = frozenset[Claim]().union(*(c.claims for c in cited))
    if denies_unstated_duty(reading.claims, stated):
        return Reason.POLARITY
    pairs = [(_best(reading, c, case), c) for c in cited]
    best, passage = max(pairs, key=lambda pair: _likeness(reading, pair[0], pair[1], case))
    if _same_matter(reading, best, passage, case) and contradicts(reading.claims, best.claims):
        return Reason.POLARITY
    return None


def _surviving(sentences: Sequence[Sentence], verdicts: Sequence[Reason | None], case: _Case) -> list[Reason | None]:
    """The verdicts, with those sentences refused that leave out a part of the Japanese sentence which they say."""
    kept = [(case.reading(s.text), s) for s, why in zip(sentences, verdicts, strict=True) if why is None]
    figures = [figure for reading, _ in kept for figure in reading.figures]
    named = frozenset[str]().union(*(reading.terms for reading, _ in kept))
    found = list(verdicts)
    for at, sentence in enumerate(sentences):
        sources = [c for c in case.cited(sentence.markers) if c.passage.language == "ja"]
        if found[at] is None and sources and case.terms:
            reading = case.reading(sentence.text)
            pairs = [(_best(reading, c, case), c) for c in sources]
            best, _ = max(pairs, key=lambda pair: _likeness(reading, pair[0], pair[1], case))
            found[at] = lost_of(best, reading, figures, named)
    return found


def _best(reading: Reading, cited: CitedPassage, case: _Case) -> Reading:
    """The passage's sentence that is most like the reply's; the first of equals."""
    return max(cited.readings, key=lambda held: _likeness(reading, held, cited, case))


def _likeness(reading: Reading, held: Reading, cited: CitedPassage, case: _Case) -> tuple[float, int]:
    alike = _base(cited.passage.language) == _base(case.language)
    figures = Stated(held.figures).shared(reading.figures)
    words = len(reading.words & held.words) if alike else 0
    names = len(reading.names & held.names)
    closeness = words / len(reading.words | held.words) if words else 0.0
    names += len(reading.terms & held.terms)
    return (3.0 * figures + words + closeness + 2.0 * names, len(case.question & held.words))


def _same_matter(reading: Reading, held: Reading, cited: CitedPassage, case: _Case) -> bool:
    if _base(cited.passage.language) == _base(case.language):
        return len(reading.words & held.words) >= _SURE_MATCH * max(1, min(len(reading.words), len(held.words)))
    return Stated(held.figures).shared(reading.figures) > 0 or bool(
        reading.names & held.names or reading.terms & held.terms
    )


def _with_lists(sentences: Sequence[Sentence], verdicts: list[Reason | None], case: _Case) -> list[Reason | None]:
    """The verdicts with numbered lists whole or gone, and headings judged by the items that they open."""
    found = list(verdicts)
    for group in numbered(sentences):
        if any(found[at] is not None for at in group):
            for at in group:
                found[at] = found[at] or Reason.BROKEN_LIST
    for at in reversed(range(len(sentences))):
        if sentences[at].heading and found[at] is None:
            markers = [m for item in items(sentences, at) if found[item] is None for m in sentences[item].markers]
            cited = case.cited(markers)
            found[at] = _unstated(sentences[at].text, cited, case) if cited else Reason.NO_CITATION
    return found


def _assembled(kept: Sequence[Sentence], case: _Case) -> tuple[str, tuple[Citation, ...]]:
    """The text with markers counted anew in order of first use, and the citation behind each."""
    citations: dict[tuple[str, str], Citation] = {}
    numbers: dict[tuple[str, str], int] = {}
    marked: list[tuple[Sentence, tuple[int, ...]]] = []
    for sentence in kept:
        reading = case.reading(sentence.text)
        marks = []
        for cited in case.cited(sentence.markers):
            quote = _best(reading, cited, case).text
            key = (cited.passage.id, quote)
            citations.setdefault(key, Citation(passage=cited.passage, quote=quote))
            marks.append(numbers.setdefault(key, len(numbers) + 1))
        marked.append((sentence, tuple(dict.fromkeys(marks))))
    return joined(marked), tuple(citations.values())


def _foreign(text: str, language: str) -> bool:
    """True when the text is surely in another language than the asker's; Japanese names in brackets do not count."""
    words = re.sub(r"\[\d+\]", " ", text)
    if _base(language) not in ("ja", "zh"):
        words = re.sub("[\u3040-\u30ff\u3400-\u9fff]+", " ", words)
        if sum(map(str.isalpha, words)) < sum(map(str.isalpha, text)) / 2:
            return True
    found = detect(_ASIDE.sub(" ", words) if language.startswith("zh") else words, prior=language)
    other = found.language if language.startswith("zh") else _base(found.language)
    return found.confidence >= _SURE_LANGUAGE and other != (language if language.startswith("zh") else _base(language))


def _base(language: str) -> str:
    return language.split("-", 1)[0]
