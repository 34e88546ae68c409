"""Text in Chinese characters only: Japanese, simplified or traditional Chinese."""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.language.grams import load_grams

_CHINESE_WORDS = (
    "我", "你", "您", "他们", "吗", "嗎", "呢", "吧", "啊", "的", "了", "哪", "什么", "什麼", "怎么", "怎麼", "多少",
    "请问", "請問", "在哪", "这", "這", "那个", "那個", "没", "沒", "想要", "想问", "想問", "可以", "需要", "和",
    "跟", "还", "還", "几", "幾", "办", "辦", "谢谢", "謝謝", "地址", "孩子", "如何", "怎样", "怎樣", "是", "把",
    "被", "给", "是否", "不能", "不会", "不會", "没有", "沒有", "能不能", "要不要", "哪些", "那些", "一些", "因为",
    "因為", "如果", "已经", "已經", "今天", "明天", "昨天", "星期", "禮拜", "早上", "晚上", "小孩", "上班", "公司",
    "老公", "老婆", "朋友", "看病", "生病", "打工", "搬家", "退休", "知道", "垃圾", "在家", "什", "她", "也", "而",
    "很", "让", "讓", "但是", "他的", "其中", "包括", "为何", "為何", "为什", "為什", "是指", "之前", "之后", "之後",
    "不得", "可否", "有无", "有無", "一直", "所以", "不是", "就是", "都是", "都有", "只有", "只能", "能否", "有关",
    "有關", "关于", "關於", "对于", "對於", "相关", "相關", "以及", "并且", "並且", "几时", "我们", "我們", "你们",
    "你們", "他們", "自己", "现在", "時候", "时候", "小时", "小時", "应该", "應該", "必须", "必須", "不用", "不到",
    "看到", "收到", "拿到", "找不", "怕",
)  # fmt: skip
# Words of a Japanese city office that a Chinese speaker would not write, though every character is Chinese too.
_JAPANESE_WORDS = (
    "住民", "市役所", "区役所", "役場", "役所", "保育", "幼稚園", "印鑑", "実印", "戸籍", "抄本", "謄本", "手続",
    "届", "申請書", "手当", "給付", "税金", "納税", "納付", "市民税", "固定資産", "軽自動車", "健康保険", "年金",
    "介護", "粗大", "資源", "収集", "回収", "引越", "転入", "転出", "転居", "出生", "婚姻", "離婚", "死亡", "火葬",
    "助成", "補助", "窓口", "料金", "手数料", "受付", "営業", "時間", "場所", "予約", "図書館", "公民館", "体育館",
    "避難", "水道", "下水道", "犬", "猫", "自転車", "原付", "旅券", "在留", "証明", "免許", "障害", "手帳", "学童",
    "学校", "予防接種", "健診", "検診", "選挙", "投票", "相談", "電話番号", "何時", "何曜日", "必要", "方法",
    "再発行", "紛失", "変更", "国保", "後期高齢", "児童", "扶養", "未納", "滞納", "口座", "振替", "発行", "交付",
    "一覧", "案内", "庁", "支所", "出張所", "世帯", "郵送", "未満", "平日", "夜間", "休日",
)  # fmt: skip

_RUN = re.compile("[\u3400-\u9fff々]+")
# Votes for a character that nobody else types; Chinese people do write the names of Japanese places (渋谷).
_VOTE = {"ja": 3.0, "zh-Hans": 6.0, "zh-Hant": 4.0}
_OLD_FORM = 3.0  # for a traditional form that is also an old Japanese one (國, 澤)
_BY_GRAMS = 2.0
_ODDS_OF_FORM = 20.0  # for traditional, where every character is of both; more residents read simplified
_OFFICE = 1.5  # votes for Japanese, the office's own language
_PRIOR = 2.0
_BARE = 8  # characters of a word that stands alone, at most


def detect_han(text: str, *, prior: str | None) -> tuple[str, float]:
    """("ja" | "zh-Hans" | "zh-Hant", confidence 0-1) of a text that is written in Chinese characters.

    Characters that only one of the three standards has decide first, then Chinese function words, the terms of
    Japanese offices and the pairs of characters in our own texts, then the language of the conversation.
    """
    letters = [letter for letter in text if letter >= "\u3400"]
    votes = {"ja": _OFFICE, "zh-Hans": 0.0, "zh-Hant": 0.0}
    for letter in letters:
        owner = character_standard(letter)
        if owner:
            votes[owner] += _VOTE[owner] if _is_proof(letter, owner) else _OLD_FORM
    likely = load_grams("han").rank(_RUN.findall(text))
    lead = _traditional_lead(text)
    taiwanese = likely["zh-Hant"] > _ODDS_OF_FORM * likely["zh-Hans"]
    form = "zh-Hant" if lead > 0 or (lead == 0 and taiwanese) else "zh-Hans"
    votes[form] += 1.2 * sum(word in text for word in _CHINESE_WORDS)
    votes[form] += 0.5 * sum(_is_unused_in_japan(letter) for letter in letters)
    votes["ja"] += 0.8 * sum(word in text for word in _JAPANESE_WORDS)
    for name, probability in likely.items():
        votes[name if name == "ja" else form] += _BY_GRAMS * probability * min(1.0, len(letters) / 2)
    if prior in ("zh-Hans", "zh-Hant"):
        votes[prior] += _PRIOR
        votes["ja"] *= len(letters) > _BARE  # a Japanese term is pasted
    elif prior in ("ja", "ja-x-easy"):
        votes["ja"] += 1.0
    best = max(votes, key=lambda name: votes[name])
    total = sum(votes.values())
    return best, min(0.99, 0.5 + votes[best] / total / 2)


def only_chinese(text: str) -> bool:
    """True when a character stands in the text that no Japanese, old or new, writes."""
    owners = ((letter, character_standard(letter)) for letter in text)
    return any(owner in ("zh-Hans", "zh-Hant") and _is_proof(letter, owner) for letter, owner in owners)


def character_standard(letter: str) -> str:
    """Whose character it is: "ja", "zh-Hans" or "zh-Hant" when only that country's character set has it, else "".

    Read from the codecs of JIS X 0208, GB 2312 and Big5. JIS level 2 (rows 48 and later) holds old forms that
    Japanese hardly writes now, so it does not count as Japanese.
    """
    simplified, traditional, japanese = _standards(letter)
    if simplified + traditional + japanese != 1:
        return ""
    return "zh-Hans" if simplified else "zh-Hant" if traditional else "ja"


def _is_proof(letter: str, owner: str) -> bool:
    """True for simplified forms and Japanese ones; a traditional form may be an old Japanese one (國, 澤)."""
    return owner != "zh-Hant" or not _encodable(letter, "shift_jis")


def _traditional_lead(text: str) -> float:
    """How many more characters only Big5 has than only GB 2312; half for one that may stand in a Japanese term (状)."""
    read = map(_standards, text)
    return sum((traditional - simplified) * (0.5 if japanese else 1.0) for simplified, traditional, japanese in read)


def _is_unused_in_japan(letter: str) -> bool:
    simplified, traditional, japanese = _standards(letter)
    return simplified and traditional and not japanese


@lru_cache(maxsize=8192)
def _standards(letter: str) -> tuple[bool, bool, bool]:
    """(in GB 2312, in Big5, in JIS level 1); all False for what is no Chinese character."""
    if letter < "\u3400":
        return False, False, False
    japanese = _encodable(letter, "euc_jp") and letter.encode("euc_jp")[0] - 0xA0 in range(16, 48)
    return _encodable(letter, "gb2312"), _encodable(letter, "big5"), japanese


def _encodable(letter: str, codec: str) -> bool:
    try:
        letter.encode(codec)
    except UnicodeEncodeError:
        return False
    return True
