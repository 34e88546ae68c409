"""Only what LINE signed is read, and nothing that comes in can break the reader."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.line import LineKind, genuine, read_event
from connectors.sandbox.line_webhooks import body_of, event, image_message, sign, sticker_message, text_message

secrets = st.text(alphabet="0123456789abcdef", min_size=1, max_size=32)
texts = st.text(max_size=200)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


def body(text: str) -> bytes:
    return body_of([event("message", "U1", reply_token="t", message=text_message(text))])


@given(secrets, texts.filter(lambda text: text.isprintable()))
def test_what_line_signs_is_genuine(secret: str, text: str) -> None:
    raw = body(text)
    expected = base64.b64encode(hmac.new(secret.encode(), raw, hashlib.sha256).digest()).decode()
    assert sign(secret, raw) == expected
    assert genuine(secret, raw, expected)


@given(secrets, texts.filter(lambda text: text.isprintable()), st.integers(0, 10_000), st.integers(1, 255))
def test_one_changed_byte_is_noticed(secret: str, text: str, place: int, change: int) -> None:
    raw = bytearray(body(text))
    signature = sign(secret, bytes(raw))
    raw[place % len(raw)] ^= change
    assert not genuine(secret, bytes(raw), signature)


@given(secrets, secrets, texts.filter(lambda text: text.isprintable()))
def test_another_secret_or_signature_is_noticed(secret: str, other: str, text: str) -> None:
    raw = body(text)
    assert genuine(secret, raw, sign(other, raw)) == (secret == other)
    for forged in ("", "x", sign(secret, raw)[:-2], sign(secret, raw) + "=", sign(secret, raw).lower(), "é" * 44):
        assert not genuine(secret, raw, forged) or forged == sign(secret, raw)


@given(st.dictionaries(
    st.sampled_from(["type", "source", "message", "webhookEventId", "replyToken", "mode", "timestamp",
                     "deliveryContext", "unsend", "follow", "postback", "x"]), json_values,
))  # fmt: skip
def test_any_event_is_read_without_an_error(raw: dict[str, object]) -> None:
    read = read_event(raw)
    assert read.id and len(read.id) <= 64
    assert read == read_event(json.loads(json.dumps(raw)))


@given(texts)
def test_the_text_of_an_event_is_read_as_written(text: str) -> None:
    raw = event("message", "U1", reply_token="token", message=text_message(text))
    read = read_event(json.loads(body_of([raw]).decode("utf-8", "surrogatepass"))["events"][0])
    assert (read.kind, read.text, read.user, read.reply_token) == (LineKind.TEXT, text.replace("\0", ""), "U1", "token")


def test_half_a_surrogate_pair_becomes_a_sign_that_can_be_stored() -> None:
    raw = json.loads('{"id": "1", "type": "text", "quoteToken": "q", "text": "a\\ud83dz"}')
    read = read_event(event("message", "U1", reply_token="t", message=raw))
    assert read.text == "a?z"


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (event("message", "U1", reply_token="t", message=sticker_message()), LineKind.STICKER),
        (event("message", "U1", reply_token="t", message=image_message()), LineKind.IMAGE),
        (event("message", "U1", reply_token="t", message={"id": "1", "type": "hologram"}), LineKind.MEDIA),
        (event("follow", "U1", reply_token="t", follow={"isUnblocked": False}), LineKind.FOLLOW),
        (event("unfollow", "U1"), LineKind.UNFOLLOW),
        (event("unsend", "U1", unsend={"messageId": "325708"}), LineKind.UNSEND),
        (event("somethingNew", "U1", reply_token="t"), LineKind.OTHER),
        (event("message", "U1", message=text_message("x")) | {"source": {"type": "group", "groupId": "C1"}},
         LineKind.OTHER),
    ],
)  # fmt: skip
def test_each_kind_is_recognised(raw: dict[str, object], kind: LineKind) -> None:
    assert read_event(raw).kind is kind


def test_an_unsend_names_the_message_that_was_taken_back() -> None:
    assert read_event(event("unsend", "U1", unsend={"messageId": "325708"})).message == "325708"


def test_a_body_that_is_no_utf8_is_never_genuine() -> None:
    raw = b"\xff\xfe{}"
    assert not genuine("s", raw, sign("s", raw))
