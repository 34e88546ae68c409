"""敬語をやめる: forms of respect in everyday words.

ご持参ください → 持参してください, ご利用いただけます → 利用することができます, 転入された方 → 転入した人.
"""

from __future__ import annotations

import re

from assistant.language.plain.beside import actor
from assistant.language.plain.inflection import Form, Verb, after, form_of, verb, voiced
from assistant.language.plain.lists import plain_verbs
from assistant.language.plain.marks import EVERYDAY
from assistant.language.plain.respect import respected, without_patterns
from assistant.language.plain.rules import Kind, by_start
from assistant.language.plain.word import Word, words

_ANY = re.compile(
    "[おご御](?=[\u3400-\u9fffぁ-ゖ])|れ(?=[てたるなばま])|いただ|頂|ござ|いたし|いたす|致|申し|様|さま|おり|おる|方|"
    "伺|参り|なさ|くださいま|差し上げ|拝|存じ|まで"
)
_PREFIX = ("お", "ご", "御")
_CAN = Verb("", "できる", "上一段-カ行")
_GET = Verb("", "もらう", "五段-ワア行")
_MAY_GET = Verb("", "もらえる", "下一段-ラ行")
_GIVE = Verb("", "くれる", "下一段-ラ行")
_STAY = Verb("", "いる", "上一段-ア行")
_IS = {"覧": Verb("", "見る", "上一段-マ行"), "越し": Verb("", "来る", "カ行変格")}  # ご覧, お越し
_THANKS = frozenset({"ありがとう", "おめでとう", "おはよう"})
_IRREGULAR = {"なさい": "し", "おっしゃい": "言い"}
_LATER = frozenset({"必要", "場合", "とき", "際", "こと", "方", "人", "前", "もの", "ため", "よう", "か", "と"})
_JOINS = re.compile("(?:利用|使用|参加|応募|申請|受講|購入)し$")  # what residents do with it, no favour
_LIKE = re.compile("(?:様|さま)の?(?:症状|反応|疾患|発疹)")  # like, not Mr
_WISHES = re.compile("ください|下さい|お願い")
_ASKS = frozenset({"いただく", "頂く", "いただける", "頂ける"})
_HELPERS = frozenset({"人", "方", "企業", "会社", "団体", "業者", "店"})
_FOLLOWS = re.compile("[はにもでへと、。（をの]|$")
_OF_PERSON = re.compile(
    "(?:[たる]|ない|以上の|以下の|未満の|お持ちの|お住まいの|対象の|希望の|希望する|外国籍の|"
    "在住の|在勤の|在学の|該当の|年配の|高齢の|一般の)$"
)


def without_honorifics(text: str) -> str:
    """The sentence without forms of respect; です, ます and てください stay."""
    if not _ANY.search(text):
        return text
    return "".join(_Plainly(without_patterns(text)).pieces())


class _Plainly:
    """Goes through the words once and writes each in its plain form."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.words = words(text, joined=False)
        self.ends = {word.end for word in self.words}
        self.out: list[str] = []
        self.at = 0

    def pieces(self) -> list[str]:
        while self.at < len(self.words):
            if not (
                self._phrase()
                or self._allowed()
                or self._prefixed()
                or self._favour()
                or self._verb()
                or self._person()
            ):
                self._put(self.words[self.at].text, 1)
        return self.out

    def _put(self, piece: str, taken: int) -> bool:
        self.out.append(piece)
        self.at += taken
        return True

    def _ahead(self, distance: int) -> Word | None:
        place = self.at + distance
        return self.words[place] if 0 <= place < len(self.words) else None

    def _form(self, target: Verb, distance: int) -> tuple[str, int] | None:
        """`target` in the form of the word `distance` ahead, and how many words that takes."""
        word, following = self._ahead(distance), self._ahead(distance + 1)
        form = form_of(word.form, following.lemma if following else "") if word else None
        if form is None:
            return None
        stem = target.inflected(form)
        if form is Form.TE and following is not None:
            return stem + voiced(target.kind, following.text), distance + 2
        return stem, distance + 1

    def _phrase(self) -> bool:
        """Set phrases of our list that begin with a prefix of respect: ご覧ください."""
        start = self.words[self.at].start
        if self.text[start] not in _PREFIX:
            return False
        for rule in by_start().get(self.text[start : start + 2], ()):
            end = start + len(rule.head)
            fits = rule.kind is Kind.PHRASE and not rule.tail and self.text.startswith(rule.head, start)
            if fits and end in self.ends and rule.stands(self.text, start, end):
                return self._put(rule.to, sum(start <= word.start < end for word in self.words))
        return False

    def _prefixed(self) -> bool:
        """お and ご before a noun or a verb, as a word of its own or as a part of the noun."""
        word, inner = self.words[self.at], self._ahead(1)
        if word.kind == "接頭辞" and word.text in _PREFIX and inner is not None:
            if inner.kind != "動詞" and not "\u3400" <= inner.text[0] <= "\u9fff":
                return self._put(word.text + inner.text, 2)  # おばあさん
            taken = 2
        elif word.kind == "名詞" and word.text[0] in _PREFIX and "\u3400" <= word.text[1:2] <= "\u9fff":
            rest = words(word.text[1:], joined=False)
            if len(rest) != 1:
                return False
            inner, taken = rest[0], 1
        elif word.noun and word.pos[2].startswith("サ変") and inner is not None and inner.lemma in _ASKS:
            return self._asked(word, 1)  # 提出いただく
        else:
            return False
        if EVERYDAY.match(word.text[0] + inner.text):
            lexical = taken == 2 and inner.lemma == "願う"
            return self._put("お願い", 2) if lexical else self._put(word.text, 1)
        return self._asked(inner, taken) or self._put(inner.text, taken)

    def _asked(self, inner: Word, taken: int) -> bool:
        """…ください, …いただく, …になる, …いたす behind the word."""
        following = self._ahead(taken)
        own = self._own(inner)
        if following is None or own is None:
            return False
        if following.lemma in ("くださる", "下さる"):
            return self._put(own.te + "ください", taken + 1)
        if own.lemma == "持つ" and following.lemma in _ASKS:
            own = Verb("持って", "くる", "カ行変格")
        if following.lemma in ("いただける", "頂ける", "できる"):
            return self._able(own, following, taken)
        if following.lemma in ("いただく", "頂く"):
            return self._received(own, taken)
        if following.text == "に" and (become := self._ahead(taken + 1)) and become.lemma == "なる":
            made = self._form(own, taken + 1)
            return made is not None and self._put(made[0], made[1])
        if following.lemma in ("いたす", "致す", "する", "申し上げる"):
            made = self._form(own, taken)
            return made is not None and self._put(made[0], made[1])
        return False

    def _own(self, inner: Word) -> Verb | None:
        """The verb in お待ち and ご利用."""
        if inner.text in _IS:
            return _IS[inner.text]
        if inner.kind == "動詞":
            return Verb("", inner.lemma, inner.pos[4])
        if inner.kind == "名詞" and (inner.pos[2].startswith("サ変") or inner.text in ("電話", "予約")):
            return Verb(inner.text, "する", "サ行変格")
        return None

    def _received(self, own: Verb, distance: int) -> bool:
        """…いただく: する before a noun, てもらう else."""
        act = self._own_act(own, distance)
        if act is not None:
            return self._put(*act)
        following = self._ahead(distance + 1)
        if self._asked_of_residents(distance):
            return self._put(own.te, distance + 1 + (following is not None and following.text == "て"))
        made = self._form(_GET, distance)
        return made is not None and self._put(own.te + made[0], made[1])

    def _own_act(self, own: Verb, distance: int) -> tuple[str, int] | None:
        """…いただく場合 → する, …いただいた場合 → した, …いただきますと → する: what the reader does; else None.

        `distance` is that of いただく; with how many words it takes.
        """
        following, behind = self._ahead(distance + 1), self._ahead(distance + 2)
        if following is not None and following.text in _LATER:
            return own.inflected(Form.DICTIONARY), distance + 1
        if following is None or behind is None:
            return None
        if following.lemma == "ます" and behind.text == "と":
            return own.inflected(Form.DICTIONARY), distance + 2
        if following.lemma == "た" and behind.text in _LATER:
            return after(own.inflected(Form.TE), own.kind, "た"), distance + 2
        return None

    def _able(self, own: Verb, able: Word, distance: int) -> bool:
        """…いただける: することができる; …いただければ asks: してもらえれば."""
        asks = able.form.startswith("仮定形") and able.lemma != "できる"
        made = self._form(_MAY_GET if asks else _CAN, distance)
        lead = own.te if asks else own.inflected(Form.DICTIONARY) + "ことが"
        return made is not None and self._put(lead + made[0], made[1])

    def _asked_of_residents(self, distance: int) -> bool:
        """True for …いただき、 and …いただいて in a sentence that asks for something: residents do both."""
        word, following = self._ahead(distance), self._ahead(distance + 1)
        if word is None or following is None or not word.form.startswith("連用形"):
            return False
        return following.text in ("、", "て") and _WISHES.search(self.text, following.end) is not None

    def _done_by_others(self) -> bool:
        """True when に before tells who does it: 利用者に負担していただく."""
        for n in range(self.at - 1, max(0, self.at - 8), -1):
            if self.words[n].text in ("を", "、", "は"):
                continue
            if self.words[n].text == "に" and actor(self.words[n - 1].text):
                return True
        return False

    def _favour(self) -> bool:
        """…ていただく behind a verb, which is already written; をお願いします behind a noun."""
        word, following = self.words[self.at], self._ahead(1)
        last = self._ahead(-1)
        if word.text not in ("て", "で") or following is None or last is None or last.kind != "動詞":
            return False
        own = Verb("", last.lemma, last.pos[4])
        if following.lemma in ("いただける", "頂ける"):
            helper = self._ahead(2)
            if helper is not None and helper.text in _HELPERS and not _JOINS.search(self.text, 0, word.start):
                made = self._form(_GIVE, 1)
                return made is not None and self._put(word.text + made[0], made[1])
            if not self.out:
                return False
            self.out.pop()
            return self._able(own, following, 1)
        if following.lemma in ("いただく", "頂く"):
            act, noun = self._own_act(own, 1), self._ahead(2)
            if act is not None and self.out and not self._done_by_others():
                self.out.pop()
                return self._put(*act)
            if self._asked_of_residents(1) and noun is not None:
                return self._put(word.text, 3 if noun.text == "て" else 2)
            made = self._form(_GET, 1)
            return made is not None and self._put(word.text + made[0], made[1])
        return False

    def _allowed(self) -> bool:
        """連絡させていただきます → 連絡します."""
        word, causes, te, get = self.words[self.at], self._ahead(1), self._ahead(2), self._ahead(3)
        if word.kind != "動詞" or causes is None or te is None or get is None:
            return False
        if causes.lemma not in ("せる", "させる") or te.text != "て" or get.lemma not in ("いただく", "頂く"):
            return False
        made = self._form(Verb("", word.lemma, word.pos[4]), 3)
        return made is not None and self._put(made[0], made[1])

    def _verb(self) -> bool:
        """Verbs of respect that stand alone, and ございます."""
        word = self.words[self.at]
        if word.kind != "動詞":
            return False
        if word.lemma in ("ござる", "御座る"):
            return self._is()
        plain = plain_verbs().get(word.lemma)
        target = verb(plain) if plain else None
        if target is None:
            return False
        if word.text in _IRREGULAR and (ending := self._ahead(1)) is not None and ending.lemma == "ます":
            return self._put(_IRREGULAR[word.text], 1)
        following = self._ahead(1)
        if word.lemma == "おる" and following is not None and following.text in ("、", "ず"):
            return self._put("いて", 1) if following.text == "、" else self._put("いなくて", 2)
        if word.lemma == "おる" and following is not None and following.lemma in ("れる", "られる"):
            made = self._form(_STAY, 1)
            return made is not None and self._put(made[0], made[1])
        made = self._form(target, 0)
        return made is not None and self._put(made[0], made[1])

    def _is(self) -> bool:
        """でございます → です, ではございません → ではありません, がございます → があります."""
        last, following = self._ahead(-1), self._ahead(1)
        if last is not None and last.text in _THANKS:
            return False
        copula = last is not None and last.lemma == "だ" and last.text == "で"
        if copula and following is not None and following.text == "ます" and self.out:
            self.out.pop()
            return self._put("です", 2)
        return self._put("あり", 1)

    def _person(self) -> bool:
        """方 → 人, 様 → さん, and された before 方, which is respect and no passive."""
        word, last = self.words[self.at], self._ahead(-1)
        if word.text in ("様", "さま") and word.kind == "接尾辞" and not _LIKE.match(self.text, word.start):
            return self._put("" if last is not None and last.text.endswith(("本人", "主")) else "さん", 1)
        if word.lemma == "れる" and last is not None and self.out and respected(self.words, self.at):
            made = self._form(Verb("", last.lemma, last.pos[4]), 0)
            if made is not None:
                self.out.pop()
                return self._put(*made)
        if word.text != "方" or word.kind != "名詞":
            return False
        told = _OF_PERSON.search(self.text, 0, word.start) and _FOLLOWS.match(self.text, word.end)
        return self._put("人", 1) if told else False
