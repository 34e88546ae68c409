"""Text in Latin letters: English, Vietnamese, Portuguese, Spanish, Indonesian, Filipino, and Japanese in romaji.

Residents type without accents and mix in Japanese terms (juminhyo, sodai gomi), where a general identifier errs;
so small words that only one language has are counted first, and py3langid adds its probability.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Protocol

from assistant.language.folding import fold, unaccented

_LANGID_CODES = {"en": "en", "vi": "vi", "pt": "pt-BR", "es": "es", "id": "id", "tl": "fil"}
_WORDS = re.compile(r"[a-z\u00c0-\u024f\u1e00-\u1eff']+")
_ROMAJI = re.compile(r"(?:(?:[kgsztdnhbpmyrwfj]|ky|gy|sh|ch|ts|ny|hy|by|py|my|ry|j|(?=([kstpc]))\1)*[aeiou]+h?|n'?)+")
_STOP: dict[str, str] = {
    "en": "the a an is are do does did i my me you your to for how what where when which who can could should would if "
          "it in on of and with from at have has need want get please there we our will be this that or about by much "
          "many tell not no any i'm don't it's hello thanks thank okay yes",
    "vi": "toi em minh anh chi la cua cho khong co bao nhieu nhu the nao lam gi o dau duoc muon can phai thi va voi "
          "nha chuyen giay to dang ky tien rac den khi nay mat con bi hay xin chao cam on vay a roi chua den tu nguoi "
          "thu tuc phi hoi biet gio ngay thang nam dong bao lau nhan bang tieng viet ban may the",
    "pt-BR": "o os um uma de do da dos das em no na nos nas para pra por como que qual quais quando onde quanto custa "
             "eu meu minha voce preciso quero queria posso pode fazer tem tenho nao sim e com ao se mais ou isso este "
             "esta obrigado obrigada ola oi bom dia lixo prefeitura filho filha aqui ja sao sobre ate ser foi vou",
    "es": "el los las un una de del en para por como que cual cuales cuando donde cuanto cuesta yo mi mis usted "
          "necesito quiero quisiera puedo puede hacer hay tengo no si y con al se mas o esto este esta gracias hola "
          "buenos basura ayuntamiento municipalidad hijo hija aqui ya son sobre hasta ser fue voy me lo la su",
    "id": "saya aku anda kamu apa apakah bagaimana gimana di mana dimana kapan berapa yang untuk dari ke dan dengan "
          "tidak bisa boleh harus mau ingin ini itu ada adalah cara kalau anak rumah sampah kota tolong terima kasih "
          "gak ga nggak sudah belum jam hari biaya punya atau juga dalam pada karena lewat aja ya buat",
    "fil": "ako ko mo ka ba po ang ng mga sa na ay ano anong paano saan kailan magkano gusto kailangan pwede puwede "
           "kong kung para may meron wala hindi oo opo salamat akin namin natin yung iyon ito dito rin din nang ni "
           "kay siya sila kami anak bahay basura lungsod magandang kumusta pong bang nasa",
    "ja": "desu desuka masu masuka masen mashita shimashita shimasu deshita kudasai hoshii shitai tai wa wo ga ni de "
          "mo kara made doko itsu ikura nani nan dou douyatte doushite doshite dono dare watashi boku onegai "
          "onegaishimasu arimasu arimasuka imasu dekimasu dekimasuka shiritai oshiete ikitai suru shite konnichiwa "
          "arigatou arigato sumimasen ohayou hai iie yo ne ka dashitai tsukuritai moraitai iru aru nai okane hitsuyou "
          "hitsuyo hikkoshi hikkoshita mochimono basho jikan",
}  # fmt: skip
# Terms of Japanese offices appear in every language; they say Japanese only when nothing else speaks.
_TERMS = (
    "juminhyo juuminhyou gomi sodai moeru moenai mainamba hoken nenkin kokumin kenko koseki inkan toroku touroku "
    "tenyu tennyu tenshutsu tenkyo todoke shiyakusho kuyakusho yakusho hoikuen yochien jido teate zei juminzei shimin "
    "zeikin shomeisho shoumeisho shinsei tetsuzuki tetsuduki madoguchi koen toshokan kominkan hinanjo seikatsu hogo "
    "kaigo shussei kekkon rikon gentsuki kosodate boshi techo shiei jutaku"
)
_MARKS = {"vi": re.compile("[ăđơưằ-ẵ\u1ea0-\u1ef9]"), "pt-BR": re.compile("[ãõ]|ç"), "es": re.compile("[ñ¿¡]")}
_MARK_VOTE = {"vi": 1.0, "pt-BR": 0.6, "es": 0.8}


class Identifier(Protocol):
    """What ranks languages by the letters of a text."""

    def rank(self, text: str) -> list[tuple[str, float]]:
        """(language code, probability 0-1), most likely first."""
        ...


@lru_cache(maxsize=1)
def load_identifier() -> Identifier:
    """py3langid restricted to the Latin-script languages of residents; loads its model once (about 0.8 s)."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # heavy: not at our import

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(_LANGID_CODES))
    loaded: Identifier = identifier
    return loaded


def rank_latin(text: str, *, prior: str | None) -> tuple[str, float]:
    """(language, confidence 0-1) of a text in Latin letters; a text without words gives the prior, or "ja"."""
    lower = fold(text).text
    words = [w.strip("'") for w in _WORDS.findall(lower)]
    if not words:
        return prior or "ja", 0.3
    votes = _word_votes([unaccented(word) for word in words])
    for language, pattern in _MARKS.items():
        votes[language] += _MARK_VOTE[language] * bool(pattern.search(lower))
    if votes["ja"] and not _sounds_japanese(words):
        votes["ja"] *= 0.2
    for code, probability in load_identifier().rank(lower):
        votes[_LANGID_CODES[code]] += 0.6 * probability
    votes["en"] += 0.2 if len(words) == 1 else 0.0  # a bare word such as 'passport'
    if prior in votes or prior == "ja-x-easy":
        votes["ja" if prior == "ja-x-easy" else str(prior)] += 0.9 if len(words) <= 2 else 0.15
    best = max(votes, key=lambda name: votes[name])
    return best, min(0.99, votes[best] / sum(votes.values()) + 0.1)


def _word_votes(words: list[str]) -> dict[str, float]:
    """How much of the text is small words of each language; a word of several languages is shared among them."""
    stop, known = _stop_words(), _terms()
    votes = dict.fromkeys(_STOP, 0.0)
    terms = 0
    for word in words:
        owners = stop.get(word, ())
        terms += word in known
        for owner in owners:
            votes[owner] += 1.0 / len(owners) / len(words)
    only_terms = terms and not any(value for name, value in votes.items() if name != "ja")
    votes["ja"] += terms / len(words) * (1.0 if only_terms else 0.2 if votes["ja"] else 0.0)
    return votes


@lru_cache(maxsize=1)
def _stop_words() -> dict[str, tuple[str, ...]]:
    owners: dict[str, tuple[str, ...]] = {}
    for language, words in _STOP.items():
        for word in dict.fromkeys(words.split()):
            owners[word] = (*owners.get(word, ()), language)
    return owners


@lru_cache(maxsize=1)
def _terms() -> frozenset[str]:
    return frozenset(_TERMS.split())


def _sounds_japanese(words: list[str]) -> bool:
    """True when nearly every word could be romaji."""
    return sum(bool(_ROMAJI.fullmatch(word)) for word in words) >= 0.8 * len(words)
