"""言葉の説明: what a word that must stay means, once in a text: 転入届（＝ほかの町から来たときに出す届）."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from assistant.language.plain.compounds import run_end
from assistant.language.plain.replacing import replaced
from assistant.language.plain.rules import Kind, explained, rules
from assistant.language.plain.vocabulary import Level, level
from assistant.language.plain.word import ASIDE, Word, words
from knowledge.glossary import Term, terms

MARK = "＝"
_MOST_PARTS = 3  # of a compound; more can't be read in one go
_INNER = re.compile("[（(][^（）()]*[）)]")  # brackets in brackets are hard to read
_END = re.compile("(?:です|だ)?。?$")
# Terms of this topic are things; what our glossary says of them is how they are thrown away.
_NOT_FROM = frozenset({"garbage"})
_HELD = re.compile(f"([^（）\\s、。]+)（{MARK}")
_ASIDE = re.compile(f"（{MARK}([^（）]*)）")
_PART = re.compile("(?:^|、)([^：、]+)：")
_OTHERWISE = frozenset({"現在", "限り"})  # 4月1日現在, 当てはまらない限り: not what they mean alone
_OFFICE = tuple("課 係 室 局 署 部 センター 支所 出張所 委員会 担当".split())


@lru_cache(maxsize=1)
def meanings() -> Mapping[str, str]:
    """Word → what it means, in a few everyday words: our own list, then the glossary's terms, then our rules."""
    held = {term.ja[0]: _END.sub("", _INNER.sub("", term.meaning).split("。")[0]) for term in terms() if _tells(term)}
    short = {form: term for term in terms() for form in term.ja[1:] if len(form) > 3 and term.ja[0].startswith(form)}
    held |= {form: held[term.ja[0]] for form, term in short.items() if term.ja[0] in held and form not in held}
    easy = {word: replaced(meaning, words(meaning)) for word, meaning in held.items()}
    ruled = {rule.hard: rule.to for rule in rules() if rule.kind is Kind.NOUN}
    done = {rule.hard: f"{rule.to}こと" for rule in reversed(rules()) if rule.kind is Kind.SURU}
    return done | ruled | easy | explained()


def _tells(term: Term) -> bool:
    return term.topic not in _NOT_FROM and "（" not in term.ja[0]


class Explaining:
    """Adds explanations to the sentences of one text, each word's at its first place outside brackets."""

    def __init__(self, text: str) -> None:
        # What the text explains already stays explained there.
        told = {held[n:] for found in _HELD.findall(text) for held in (found[-20:],) for n in range(len(held))}
        told |= {part for aside in _ASIDE.findall(text) for part in _PART.findall(aside)}
        self._seen = told & meanings().keys()

    def written(self, found: Sequence[Word]) -> str:
        """The words as text, with explanations of those that were not explained yet."""
        out, depth, at = "", 0, 0
        while at < len(found):
            word = found[at]
            if word.kind == "補助記号":
                depth += sum(sign in "（「『(" for sign in word.text) - sum(sign in "）」』)" for sign in word.text)
            end = run_end(found, at)
            out += "".join(part.text for part in found[at:end])
            following = found[end] if end < len(found) else None
            free = following is None or not (
                following.noun or following.text.startswith(("（", "(", ASIDE)) or following.lemma == "できる"
            )
            if depth <= 0 and free:
                out += self._aside(found[at:end])
            at = end
        return out

    def _aside(self, run: Sequence[Word]) -> str:
        """The explanation of a word, or of each hard part of a compound; empty when none is due."""
        whole = "".join(word.text for word in run)
        if len(run) == 1 or whole in meanings():
            meaning = meanings().get(whole)
            if not meaning or whole in self._seen or whole in _OTHERWISE or not any(map(_hard, run)):
                return ""
            self._seen.add(whole)
            return f"（{MARK}{meaning}）"
        hard = [word.text for word in run if _hard(word) and word.text in meanings()]
        due = [word for word in hard if word not in self._seen]
        named = any(word.name for word in run) or run[-1].text.endswith(_OFFICE) or run[0].numeral
        if named or not due or len(hard) > _MOST_PARTS:
            return ""
        self._seen.update(due)
        return f"（{MARK}" + "、".join(f"{word}：{meanings()[word]}" for word in dict.fromkeys(due)) + "）"


def _hard(word: Word) -> bool:
    return word.kind in ("名詞", "形状詞") and level(word) in (Level.OFFICIAL, Level.HARD, Level.LOAN)
