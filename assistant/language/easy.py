"""Whether Japanese is written in plain Japanese (やさしい日本語): readings in brackets, spaces, kana."""

from __future__ import annotations

import re

_KANJI = "\u3400-\u9fff々"
_READING = re.compile(f"[{_KANJI}][(（][ぁ-ん ー]+[)）]")
# A reading behind a name is good manners in any Japanese: 髙橋（たかはし）と申します.
_NAME = re.compile(
    f"[{_KANJI}][(（][ぁ-ん ー]+[)）](?=さん|様|さま|氏|君|くん|ちゃん|と申|といい|と言い|です[。\\s]*$)"
)
_LONG_READING = re.compile(f"[{_KANJI}][(（][ぁ-んー]+ [ぁ-んー]+ [ぁ-ん ー]+[)）]")  # two parts may be a name
# 'ごみは いつ': a space behind a particle or an ending. 'ごみ 収集日' is a search, 'アンドリュー ベル' a name.
_SPACE = re.compile(
    "(?:[はをがにでもとへの]|から|まで|より|って|たい|して|した|ます|です|いる|ある|うに|とき|ところ|どう|いつ|もう)"
    f"[ 　]+(?=[{_KANJI}ぁ-んァ-ヶ0-9])"
)
# 'しゅっしょうとどけ いつまで'. Without a space it is said in one breath: 'ありがとうございます'.
_HIRAGANA_ONLY = re.compile("[ぁ-んー、。？?!！0-9]+(?:[ 　]+[ぁ-んー、。？?!！0-9]+)+[ 　]*")
# What adults who write with kanji hardly write without; ひっこし, こども, もらう are no sign.
_IN_KANA = re.compile(
    "あたらし|いちばん|びょうき|びょういん|がっこう|せんせい|かいしゃ|しごと|でんわ|じてんしゃ|てがみ|しょるい|なまえ|じゅうしょ|まいにち|"
    "せんしゅう|らいしゅう|らいげつ|らいねん|にほん|がいこく|しやくしょ|くやくしょ|まどぐち|てつづき|もうしこ|ほけん|ねんきん|ぜいきん|しゃしん|"
    "ばんごう|うまれ|けっこん|しんせい|じゅうみん|つかい|つかう|つかって|だします|だせます|かきます|いきます|いきたい|よみます|やすみ|おおき|"
    "ちいさ|ただし|はたら|こまって|わすれ|しらせ|たすけ|あかちゃん|にんしん|ようび|なんじ|なんにち|ぎゅうにゅう|たべもの|のみもの"
)
_LETTER = re.compile(f"[{_KANJI}ぁ-んァ-ヶー]")


def is_easy(text: str) -> bool:
    """True when the kanji carry readings, or the text is parted by spaces or kept in kana as for learners."""
    bare = _READING.sub("", text)
    letters, kanji = len(_LETTER.findall(bare)), len(re.findall(f"[{_KANJI}]", bare))
    readings = len(_READING.findall(text)) - len(_NAME.findall(text))
    if readings >= 2 or (readings == 1 and letters <= 60 and kanji <= 0.55 * letters) or _LONG_READING.search(text):
        return True
    if kanji > 0.3 * letters:  # who writes this many kanji needs neither spaces nor kana
        return False
    spaces, in_kana = len(_SPACE.findall(text)), len(set(_IN_KANA.findall(text)))
    if spaces >= 2 or (spaces == 1 and letters <= 30 and kanji <= 2):
        return True
    if letters >= 12 and _HIRAGANA_ONLY.fullmatch(text):
        return True
    return in_kana >= 2 or (in_kana == 1 and letters >= 10 and len(re.findall("[ぁ-んー]", bare)) == letters)
