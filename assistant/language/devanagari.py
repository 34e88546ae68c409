"""Text in Devanagari: Nepali, or another language of that script such as Hindi or Marathi; Nepali in Latin letters."""

from __future__ import annotations

import re
from collections.abc import Iterator

_WORD = re.compile("[\u0900-\u0963\u0970-\u097f\u200c\u200d]+")
# Words that only one of the two has. Both have: कहाँ नमस्ते धन्यवाद घर फोन.
_NEPALI = frozenset(
    "छ छन् छैन छैनन् छु छौ छौं छौँ छिन् हो होइन हुन् हुन्छ हुन्न हुँदैन हुन्छन् हुनेछ हुने हुनु हुँदा थियो थिए थिएन भयो भए भएन "
    "भएको भएका भएर भने भन्ने भनेको भनी गर्न गर्ने गर्नु गर्छ गर्छु गर्छन् गरेको गरेका गरे गरी गरेर गर्दै गर्नुपर्छ गर्नुहोस् गर्नुहुन्छ "
    "मलाई मेरो हाम्रो हामी हामीले तपाईं तपाईँ तपाइँ तपाई तपाईंको उनी उनले उनको उनीहरू यो त्यो यी ती यस त्यस यसको यसले "
    "कति कहिले कसरी किन कुन कसले कहिलेसम्म र पनि लागि बाट सँग देखि सम्म अनि तर तथा वा वटा जना चाहिन्छ चाहियो चाहन्छु "
    "चाहिएको पर्छ पर्ने पर्दछ सक्छु सक्छ सक्छन् सकिन्छ मिल्छ मिल्ने पाइन्छ पाउने पाउनु दिने दिनु दिन्छ दिनुहोस् लाग्छ लाग्ने लिने "
    "लिन जाने जान आउने आएको गएको रहेको रहेका रहेको छ हराए हरायो ठाउँ बिहान बेलुका हिजो भोलि आज अब अहिले नयाँ राम्रो ठूलो "
    "सानो धेरै थोरै अर्को सबै केही कसैले बच्चा बच्चाको आफ्नो आफू गरिएको गरिने द्वारा मध्ये पछि अघि बारे बारेमा अनुसार मात्र मात्रै "
    "नै त कि न जस्तो जुन जब जहाँ यहाँ त्यहाँ म ऊ हजुर दाइ दिदी नेपाल नेपाली खोल्छ खुल्छ बन्द फोहोर कागजात तिर्ने तिर्नु".split()
)
_OTHER = frozenset(
    # Hindi
    "है हैं हूँ हूं हो गया गई गयी गए गये था थे थी थीं का की में से ने और नहीं क्या कैसे कब कहां कौन कितना कितने कितनी मुझे मुझको "
    "मेरी मेरे मैं मैंने हम हमें हमारा हमारे आप आपका आपके आपको यह ये वह वो वे इस उस इसे उसे उन इन इसके उसके उनके जो तो भी लिए "
    "करना करने करें करूं करूँ करता करते करती किया की चाहिए सकता सकते सकती रहा रही रहे होता होती होते होगा होगी हुआ हुई हुए दिया "
    "लिया बताइए बताएं बताओ कृपया लेकिन बाद साथ जा जाता जाती दे ले वाला वाले वाली अपना अपने अपनी पास बहुत जैसे द्वारा तक कुछ "
    "अगर सकूं मिलेगा मिलता मिलती दिन यहां वहां खो पता तुम तुम्हारा तुम्हारी तुम्हारे तुम्हें मत करो "
    "क्यों क्योंकि अभी अंदर ठीक कोई वैसा जैसा सके कल सब वक़्त बोलते मिला मेरा वही यही इतना कभी कहीं पूरा बार "
    # Marathi
    "आहे आहेत आणि मला नाही कसे कसा कशी कुठे पाहिजे मी आम्ही तुम्ही होते होता झाला झाले साठी किंवा हा ही हे ते त्या या".split()
) - {"हो", "दिन", "या", "द्वारा", "ते", "ये"}
# Nepali writes these at the end of the noun, Hindi as words of their own (को में से ने).
_ENDING = re.compile("..(?:लाई|हरू|हरु|बाट|सँग|संग|को|का|की|ले|मा|सम्म|देखि|न्छ|न्छन्|दैन|एको|ुपर्छ)$")
_FUTURE = re.compile("[\u0947\u094b\u090f\u0902\u0901]ग[\u093e\u0947\u0940]$")  # जाएगा, करोगे: Hindi
_NUKTA = re.compile("[\u093c\u0958-\u095f]")  # ड़ ढ़ ज़ फ़: Hindi

_CONSONANTS = dict(
    zip("कखगघङचछजझञटठडढणतथदधनपफबभमयरलवशषसह", "k kh g gh ng ch chh j jh n t th d dh n t th d dh n p ph b bh m y r l w "
        "sh sh s h".split(), strict=True)
)  # fmt: skip
_VOWELS = dict(zip("अआइईउऊऋएऐओऔ", "a a i i u u ri e ai o au".split(), strict=True))
_SIGNS = dict(zip("ािीुूृेैोौ", "a i i u u ri e ai o au".split(), strict=True))


def detect_devanagari(text: str) -> tuple[str, float]:
    """("ne" | "und", confidence 0-1) of a text in Devanagari; a text of nouns only is "ne", the residents' language."""
    nepali = other = 0.0
    for word in _WORD.findall(text):
        if word in _NEPALI:
            nepali += 1.0
        elif word in _OTHER or _FUTURE.search(word):
            other += 1.0
        elif _ENDING.search(word):
            nepali += 0.7
        if _NUKTA.search(word):
            other += 0.7
    if other > nepali:
        return "und", 0.5
    return "ne", 0.6 + 0.39 * nepali / (nepali + other + 0.5)


def romanised(text: str) -> Iterator[str]:
    """Nepali in Latin letters as people type it: मलाई चाहियो → malai chahiyo; ch or chh for छ."""
    words = [_spelled(word) for word in _WORD.findall(text)]
    full = " ".join(word for word in words if word)
    if full:
        yield full
        if re.search("chh|ph|w", full):
            yield full.replace("chh", "ch").replace("ph", "f").replace("w", "v")


def _spelled(word: str) -> str:
    letters: list[str] = []
    for index, sign in enumerate(word):
        following = word[index + 1 : index + 2]
        if sign in _CONSONANTS:
            letters.append(_CONSONANTS[sign])
            last = not following
            if following not in _SIGNS and following != "\u094d" and not (last and len(letters) > 1):
                letters.append("a")
            elif last and index and word[index - 1] == "\u094d":
                letters.append("a")  # पर्छ: parcha
        elif sign in _SIGNS or sign in _VOWELS:
            letters.append(_SIGNS.get(sign) or _VOWELS[sign])
        elif sign == "\u0902":
            letters.append("n")
    return "".join(letters)
