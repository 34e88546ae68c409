"""活用: a verb in the form of another: 提出した is to 提出する what 出した is to 出す."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from knowledge import japanese

_ROWS = {"ワア": "わいうえお", "カ": "かきくけこ", "ガ": "がぎぐげご", "サ": "さしすせそ", "タ": "たちつてと",
         "ナ": "なにぬねの", "バ": "ばびぶべぼ", "マ": "まみむめも", "ラ": "らりるれろ"}  # fmt: skip
_BEFORE_TE = {
    "ワア": "っ",
    "カ": "い",
    "ガ": "い",
    "サ": "し",
    "タ": "っ",
    "ナ": "ん",
    "バ": "ん",
    "マ": "ん",
    "ラ": "っ",
}
_VOICED = {"た": "だ", "て": "で", "たら": "だら", "たり": "だり", "たろ": "だろ"}
_PLAIN = {voiced: plain for plain, voiced in _VOICED.items()}
_TE = frozenset({"た", "て", "だ", "で", "たり", "だり", "たら", "だら"})


class Form(StrEnum):
    """How a verb stands in a text."""

    NOT = "ない"  # 出さ(ない)
    PASSIVE = "れる"  # 出さ(れる), 見ら(れる)
    MASU = "ます"  # 出し(ます), also 出し、
    TE = "て"  # 出し(て), 書い(て), 読ん(で)
    DICTIONARY = "る"  # 出す
    BA = "ば"  # 出せ(ば)
    WILL = "う"  # 出そう
    ORDER = "命令"  # 出せ
    ZU = "ず"  # 出さ(ず), せ(ず)


@dataclass(frozen=True, slots=True)
class Verb:
    """動詞: a verb or a phrase that ends in one, ready to be inflected."""

    lead: str  # what stands before the verb that inflects: 持って of 持ってくる
    lemma: str  # 終止形
    kind: str  # 活用型: 五段-サ行, 下一段-ラ行, サ行変格, カ行変格, 形容詞

    def inflected(self, form: Form) -> str:
        """The verb in this form, without what follows. Raises KeyError for an adjective in a form it lacks."""
        if self.lemma == "ある" and form is Form.NOT:
            return self.lead  # 書いて(ない)
        stem = self.lemma[:-1]
        if self.kind.startswith("五段"):
            return self.lead + stem + _godan(self.kind[3:-1], self.lemma, form)
        if "一段" in self.kind:
            return self.lead + stem + _ICHIDAN[form]
        if self.lemma.endswith("ずる"):
            return self.lead + self.lemma[:-2] + "じ" + _ICHIDAN[form]  # 感ずる → 感じる
        if self.kind.startswith("サ行変格"):
            return self.lead + self.lemma[:-2] + _SURU[form]
        if self.kind.startswith("カ行変格"):
            kanji = self.lemma.startswith("来")
            return self.lead + ("来" + _KURU[form][1:] if kanji else _KURU[form])
        return self.lead + stem + _ADJECTIVE[form]

    @property
    def polite(self) -> str:
        """The verb with ます, the adjective with です."""
        if self.kind == "形容詞":
            return self.lead + self.lemma + "です"
        return self.inflected(Form.MASU) + "ます"

    @property
    def te(self) -> str:
        """The verb with て or で."""
        return after(self.inflected(Form.TE), self.kind, "て")


_ICHIDAN = {Form.NOT: "", Form.PASSIVE: "ら", Form.MASU: "", Form.TE: "", Form.DICTIONARY: "る", Form.BA: "れ",
            Form.WILL: "よう", Form.ORDER: "ろ", Form.ZU: ""}  # fmt: skip
_SURU = {Form.NOT: "し", Form.PASSIVE: "さ", Form.MASU: "し", Form.TE: "し", Form.DICTIONARY: "する", Form.BA: "すれ",
         Form.WILL: "しよう", Form.ORDER: "しろ", Form.ZU: "せ"}  # fmt: skip
_KURU = {Form.NOT: "こ", Form.PASSIVE: "こら", Form.MASU: "き", Form.TE: "き", Form.DICTIONARY: "くる", Form.BA: "くれ",
         Form.WILL: "こよう", Form.ORDER: "こい", Form.ZU: "こ"}  # fmt: skip
_ADJECTIVE = {Form.NOT: "く", Form.TE: "く", Form.MASU: "く", Form.DICTIONARY: "い", Form.BA: "けれ", Form.ZU: "から"}


def _godan(row: str, lemma: str, form: Form) -> str:
    a, i, u, e, o = tuple(_ROWS[row])
    te = "っ" if lemma.endswith(("行く", "いく")) else _BEFORE_TE[row]
    return {Form.NOT: a, Form.PASSIVE: a, Form.ZU: a, Form.MASU: i, Form.TE: te, Form.DICTIONARY: u, Form.BA: e,
            Form.ORDER: e, Form.WILL: o + "う"}[form]  # fmt: skip


@lru_cache(maxsize=4096)
def verb(phrase: str) -> Verb | None:
    """The verb or adjective that a phrase ends in, in its dictionary form; None when it ends in something else."""
    if phrase.endswith("知らせる"):  # the dictionary takes it for the causative of 知る
        return Verb(lead=phrase[:-4], lemma="知らせる", kind="下一段-サ行")
    found = list(japanese.morphemes(phrase))
    if not found or found[-1].pos[0] not in ("動詞", "形容詞") or found[-1].text != found[-1].lemma:
        return None
    last = found[-1]
    return Verb(lead=phrase[: last.start], lemma=last.text, kind=last.pos[4])


def form_of(form: str, following: str) -> Form | None:
    """Our form of Sudachi's 活用形, `following` being the lemma of the next word; None for one that we leave alone."""
    if form.startswith("未然形"):
        if following in ("れる", "られる"):
            return Form.PASSIVE
        if following in ("ぬ", "ず", "ん") or form == "未然形-セ":
            return Form.ZU
        return Form.NOT if following in ("ない", "") else None
    if form.startswith("連用形"):
        return Form.TE if following in _TE else Form.MASU
    return {
        "終止形-一般": Form.DICTIONARY, "連体形-一般": Form.DICTIONARY, "仮定形-一般": Form.BA,
        "意志推量形": Form.WILL, "命令形": Form.ORDER,
    }.get(form)  # fmt: skip


def after(stem: str, kind: str, ending: str) -> str:
    """A stem with た, て, たら or たり behind it, voiced when the verb asks for it: 読ん + て → 読んで."""
    return stem + voiced(kind, ending)


def voiced(kind: str, ending: str) -> str:
    """た, て, たら, たり as they sound behind a verb of this 活用型; any other ending as it is."""
    plain = _PLAIN.get(ending, ending)
    loud = kind in ("五段-ガ行", "五段-ナ行", "五段-バ行", "五段-マ行")
    return _VOICED.get(plain, plain) if loud else plain
