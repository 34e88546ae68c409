"""What the stand-in for LINE answers to each request, with LINE's status codes, headers and error form."""

from __future__ import annotations

import json
import re
import time
import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING

from connectors.sandbox.line_rules import faults
from connectors.sandbox.line_state import Call, Delivered, Planned, Trouble
from connectors.sandbox.loopback import Spoken

if TYPE_CHECKING:
    from connectors.sandbox.line import LinePlatform

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_RETRY_KEY = "X-Line-Retry-Key"
_NO_TOKEN = (
    "Authentication failed due to the following reason: invalid token. "
    "Confirm that the access token in the authorization header is valid."
)

Answer = tuple[int, dict[str, object], dict[str, str]]
"""Status, body, headers."""


class Requests(Spoken):
    """What is asked of one platform."""

    peer: LinePlatform

    def do_POST(self) -> None:
        """Reply or push."""
        body = self.body()
        way = {"/v2/bot/message/reply": "reply", "/v2/bot/message/push": "push"}.get(self.path)
        if way is None:
            return self._json(404, {"message": "Not found"})
        if not self._authorised():
            return self._json(401, {"message": _NO_TOKEN})
        trouble = self._trouble(way)
        if trouble is not None and trouble.kind in (Trouble.ERROR, Trouble.LIMITED, Trouble.SILENT):
            return self._spoilt(way, trouble)
        answer = self._reply(body) if way == "reply" else self._push(body)
        if trouble is not None:
            return self._spoilt(way, trouble)
        self._note(way, answer[0])
        self._json(*answer)

    def do_GET(self) -> None:
        """A profile, or the content of a message."""
        if not self._authorised():
            return self._json(401, {"message": _NO_TOKEN})
        profile = re.fullmatch(r"/v2/bot/profile/(\w+)", self.path)
        content = re.fullmatch(r"/v2/bot/message/(\d+)/content", self.path)
        with self.peer.lock:
            friend = self.peer.state.friends.get(profile[1]) if profile else None
            data = self.peer.state.contents.get(content[1]) if content else None
        if profile and friend is not None and not friend.blocked:
            told = {"userId": profile[1], "displayName": friend.name, "language": friend.language}
            return self._json(200, dict(told))
        if data is not None:
            return self.send_bytes(200, data, "image/jpeg")
        self._json(404, {"message": "Not found"})

    def _authorised(self) -> bool:
        return self.headers.get("Authorization") == f"Bearer {self.peer.access_token}"

    def _trouble(self, way: str) -> Planned | None:
        with self.peer.lock:
            for planned in self.peer.state.planned:
                if planned.way == way and planned.times > 0:
                    planned.times -= 1
                    return planned
        return None

    def _spoilt(self, way: str, trouble: Planned) -> None:
        if trouble.kind in (Trouble.SILENT, Trouble.SILENT_AFTER):
            self._note(way, 0)
            self.close_connection = True
            self.peer.closing.wait(trouble.seconds)
            return
        if trouble.kind is Trouble.LIMITED:
            self._note(way, 429)
            waiting = {"Retry-After": str(int(trouble.seconds))}
            return self._json(429, {"message": "The API rate limit has been exceeded. Try again later."}, waiting)
        self._note(way, 500)
        self._json(500, {"message": "Internal server error"})

    def _reply(self, body: bytes) -> Answer:
        request = _parsed(body)
        if self.headers.get(_RETRY_KEY):
            return 400, {"message": "Retry key is not supported for this API"}, {}
        wrong = faults(request.get("messages"))
        if wrong:
            return _faulty(wrong)
        with self.peer.lock:
            token = self.peer.state.tokens.get(str(request.get("replyToken")))
            if token is None or token.used or time.monotonic() > token.until:
                return 400, {"message": "Invalid reply token"}, {}
            token.used = True
            return self._accepted("reply", token.user, request)

    def _push(self, body: bytes) -> Answer:
        request, key = _parsed(body), self.headers.get(_RETRY_KEY, "")
        if key and not _UUID.fullmatch(key):
            return 400, {"message": "Invalid retry key"}, {}
        wrong = faults(request.get("messages"))
        if wrong:
            return _faulty(wrong)
        with self.peer.lock:
            before = self.peer.state.retry_keys.get(key) if key else None
            if before is not None:
                accepted = {"x-line-accepted-request-id": before}
                return 409, {"message": "The retry key is already accepted", "sentMessages": []}, accepted
            if str(request.get("to")) not in self.peer.state.friends:
                return 400, {"message": "The property, 'to', in the request body is invalid (line: -, column: -)"}, {}
            answer = self._accepted("push", str(request["to"]), request)
            if key:
                self.peer.state.retry_keys[key] = answer[2]["x-line-request-id"]
            return answer

    def _accepted(self, way: str, user: str, request: Mapping[str, object]) -> Answer:
        messages = request["messages"]
        assert isinstance(messages, list)
        if not self.peer.state.friends[user].blocked:  # who has blocked the account sees nothing; LINE says 200
            self.peer.deliver(Delivered(way=way, user=user, messages=messages))
        sent = [{"id": str(uuid.uuid4().int)[:18], "quoteToken": uuid.uuid4().hex} for _ in messages]
        return 200, {"sentMessages": sent}, {"x-line-request-id": str(uuid.uuid4())}

    def _note(self, way: str, status: int) -> None:
        call = Call(way=way, status=status, retry_key=self.headers.get(_RETRY_KEY, ""), at=time.monotonic())
        with self.peer.lock:
            self.peer.state.calls.append(call)

    def _json(self, status: int, value: dict[str, object], headers: dict[str, str] | None = None) -> None:
        self.send_json(status, value, {"x-line-request-id": str(uuid.uuid4()), **(headers or {})})


def _parsed(body: bytes) -> dict[str, object]:
    try:
        value = json.loads(body)
    except ValueError:
        value = None
    return value if isinstance(value, dict) else {}


def _faulty(wrong: list[dict[str, str]]) -> Answer:
    return 400, {"message": f"The request body has {len(wrong)} error(s)", "details": wrong}, {}
