"""e-Gov 法令API Version 2: one law, as it stands on a day, straight from the Digital Agency.

GET {base}/law_data/{law_id}?law_full_text_format=xml&asof=YYYY-MM-DD answers with JSON {law_info, revision_info,
law_full_text}, the text being Base64 of the 法令標準XML, or, with response_format=xml, with <law_data_response>
around the <Law> element; a refusal is {code, message} with status 400 or 404.
Source: OpenAPI 2.1.139 of https://laws.e-gov.go.jp/api/2/swagger-ui.
"""

from __future__ import annotations

import base64
import binascii
import http.client
import json
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from datetime import date
from pathlib import Path
from xml.etree.ElementTree import Element

from knowledge.errors import LawNotFound, LawServiceDown, MalformedSource, SourceError, SourceTooLarge
from knowledge.passage import NATION, Layer
from knowledge.sources.laws import LawFile, element_reading, parse_xml
from knowledge.sources.reading import MAX_FILE_BYTES, Origin, Reading, day_in, refusal

BASE = "https://laws.e-gov.go.jp/api/2"
"""Where the API stands."""

TIMEOUT_S = 60.0
"""Seconds of silence after which the service counts as down; the largest laws take it about 20 s."""

_LAW_ID = re.compile(r"\d{3}[0-9A-Z]{2}\w{10}(?:_\d{8}_\w{15})?", re.ASCII)


def fetch_law(
    law_id: str,
    asof: date | None = None,
    fetch: Callable[[str], bytes] | None = None,
    base: str = BASE,
    *,
    origin: Origin | None = None,
) -> Reading:
    """The documents of the law (see `laws.law_reading`) as it stands on `asof`, today by default.

    `fetch` returns the body of a GET whatever its status, and raises OSError when there is no answer; the default
    is `get`.  `law_id` may also be a revision id (…_20240401_…).  Without an origin the law belongs to the nation.
    Raises LawNotFound, LawServiceDown, MalformedSource (an answer that is none, or an id that is none).
    """
    name = f"law:{law_id[:40]}"
    if not _LAW_ID.fullmatch(law_id):
        raise refusal(MalformedSource, "law:", "A law id has 15 signs, such as 405AC0000000088. Look it up at e-Gov.")
    owner = origin or Origin(owner=NATION, layer=Layer.NATION, root=Path())
    query = {"law_full_text_format": "xml", **({"asof": asof.isoformat()} if asof else {})}
    url = f"{base.rstrip('/')}/law_data/{urllib.parse.quote(law_id)}?{urllib.parse.urlencode(query)}"
    try:
        body = (fetch or get)(url)
    except OSError as exc:
        raise refusal(LawServiceDown, name) from exc
    if len(body) > MAX_FILE_BYTES:
        raise refusal(SourceTooLarge, name)
    law, enforced, promulgated = _unwrap(body, name)
    file = LawFile(
        law_id=law_id.split("_")[0], national=True, valid_from=enforced or promulgated, as_of=asof or owner.as_of
    )
    return element_reading(law, file, owner, name)


def get(url: str, timeout_s: float = TIMEOUT_S) -> bytes:
    """The body of a GET, also that of a refusal; at most MAX_FILE_BYTES + 1.  Raises OSError without an answer."""
    request = urllib.request.Request(url, headers={"Accept": "application/json", "User-Agent": "madoguchi"})
    try:
        with urllib.request.urlopen(request, timeout=timeout_s) as answer:
            return bytes(answer.read(MAX_FILE_BYTES + 1))
    except urllib.error.HTTPError as refused:
        with refused:
            return bytes(refused.read(65_536))
    except http.client.HTTPException as exc:  # a torn answer is no OSError
        raise ConnectionError("the answer was torn") from exc


def _unwrap(body: bytes, name: str) -> tuple[Element, date | None, date | None]:
    """The <Law> element, the day from which this wording applies, the day of promulgation."""
    if body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return _from_xml(parse_xml(body, name), name)
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError) as exc:
        raise refusal(LawServiceDown, name) from exc
    if not isinstance(answer, dict):
        raise refusal(LawServiceDown, name)
    text = answer.get("law_full_text")
    if not isinstance(text, str):
        raise _refused(str(answer.get("code") or ""), name)
    try:
        raw = text.encode() if text.lstrip().startswith("<") else base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as exc:
        raise refusal(MalformedSource, name, "e-Gov's answer is damaged. Try again later.") from exc
    root = parse_xml(raw, name)
    enforced = _day(answer.get("revision_info"), "amendment_enforcement_date")
    return _law_in(root, name), enforced, _day(answer.get("law_info"), "promulgation_date")


def _from_xml(root: Element, name: str) -> tuple[Element, date | None, date | None]:
    if root.tag != "Law" and root.find("law_full_text") is None:
        code = root.findtext("code") or root.findtext("error_info/code") or ""
        raise _refused(code, name)
    enforced = day_in(root.findtext("revision_info/amendment_enforcement_date") or "")
    return _law_in(root, name), enforced, day_in(root.findtext("law_info/promulgation_date") or "")


def _law_in(root: Element, name: str) -> Element:
    law = root if root.tag == "Law" else next(root.iter("Law"), None)
    if law is None or law.find("LawBody") is None:
        raise refusal(MalformedSource, name, "e-Gov's answer holds no law. Try again later.")
    return law


def _day(info: object, key: str) -> date | None:
    value = info.get(key) if isinstance(info, dict) else None
    return day_in(value) if isinstance(value, str) else None


def _refused(code: str, name: str) -> SourceError:
    """404… is no such law, 400… a parameter that e-Gov does not take, the rest a fault of the service."""
    if code.startswith("404"):
        return refusal(LawNotFound, name)
    if code.startswith("400"):
        return refusal(MalformedSource, name, "e-Gov refused the id or the date. Look the law up at e-Gov.")
    return refusal(LawServiceDown, name)
