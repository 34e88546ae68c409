"""Passages for the tests of the checks: one procedure in six languages, and a law."""

from __future__ import annotations

from knowledge.passage import Kind, Layer, Passage


def passage(number: int, text: str, language: str = "ja", *, title: str = "転入届", kind: Kind = Kind.GUIDE) -> Passage:
    return Passage(
        id=f"move-in/{language}#{number}",
        document=f"move-in/{language}",
        key="move-in",
        title=title,
        path=(),
        text=text,
        language=language,
        layer=Layer.TOWN,
        kind=kind,
        url="https://www.city.asanagi.example/guides/move-in",
    )


JA = [
    passage(
        0,
        "市外から朝凪市に引っ越した人が、新しい住所を届け出る手続きです。\n期限: 新しい住所に住み始めた日から14日以内\n"
        "窓口: 市民課（本庁舎1階 1番窓口）\n窓口: 北浜支所\n受付時間: 平日 8時30分から17時15分まで\n手数料: 無料\n"
        "電話: 市民課 000-482-1101\n根拠法令: 住民基本台帳法第二十二条",
    ),
    passage(
        1,
        "転出証明書を持ってきてください。マイナンバーカードで転出届をした人は、転出証明書は不要です。"
        "住み始める前には届け出できません。4桁の暗証番号を入力します。委任状があれば代理人も届け出できます。",
    ),
    passage(
        2,
        "正当な理由がなく14日を過ぎると、五万円以下の過料になることがあります。住民票の写しは1通300円です。"
        "18歳以上の人は3割負担です。2026年4月1日から受け付けます。毎週月曜日と木曜日に収集します。"
        "申し込みは https://www.city.asanagi.example/apply からできます。子育て支援課は2階です。"
        "手続きには二週間かかります。",
    ),
]
EN = [
    passage(
        0,
        "You must report your new address within 14 days of moving in. Go to the Resident Division (市民課), window 1 "
        "on the 1st floor of the main building. Hours: weekdays, 8:30 a.m. to 5:15 p.m. There is no fee. "
        "Call 000-482-1101.",
        "en",
        title="Moving in from another city (転入届)",
    ),
    passage(
        1,
        "You cannot report before you have moved in. A certificate of moving out is not required if you used your "
        "My Number Card. A copy of the resident record costs 300 yen. After 14 days you may be fined up to 50,000 yen. "
        "The service starts on April 1, 2026.",
        "en",
        title="Moving in from another city (転入届)",
    ),
]
