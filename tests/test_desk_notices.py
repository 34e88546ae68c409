"""Staff hear of new cases by mail and webhook, over real sockets; what fails is tried again, also after a restart."""

import base64
import hashlib
import hmac
import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from pydantic import ValidationError

from assistant.bootstrap import System, build
from assistant.model import Channel, Turn
from assistant.settings import Settings
from connectors.notify import Mail, MailFailed, PasswordWouldLeak, WebhookFailed, send_mail, send_webhook, sign
from tests.conftest import DEMO, settings_for

SECRET = "webhook signing key"
NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


class Postbox:
    """Takes mail as a server does; refuses the first `broken` messages."""

    def __init__(self) -> None:
        self.letters: list[bytes] = []
        self.to: list[str] = []
        self.logins: list[bytes] = []
        self.broken = 0

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.broken:
            self.broken -= 1
            return "451 try again later"
        assert isinstance(envelope.content, bytes)
        self.letters.append(envelope.content)
        self.to += envelope.rcpt_tos
        return "250 OK"

    def log_in(self, server: object, session: object, envelope: object, mechanism: str, data: object) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.logins.append(data.login)
        return AuthResult(success=data.password == b"p@ss word")


@pytest.fixture
def postbox() -> Iterator[tuple[Postbox, str]]:
    """The server and its address without the scheme."""
    box = Postbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port, authenticator=box.log_in, auth_require_tls=False)
    server.start()
    yield box, f"127.0.0.1:{port}"
    server.stop()


@dataclass
class Hook:
    """Takes webhooks; answers the first `broken` ones with 503."""

    base: str = ""
    broken: int = 0
    bodies: list[bytes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)


@pytest.fixture
def hook() -> Iterator[Hook]:
    seen = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            seen.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            seen.headers.append(dict(self.headers))
            self.send_response(503 if seen.broken else 204)
            seen.broken = max(0, seen.broken - 1)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    seen.base = f"http://127.0.0.1:{server.server_port}/hook"
    yield seen
    server.shutdown()
    thread.join(timeout=5)
    server.server_close()


class Clock:
    """Stands still until it is moved on."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def opened(home: Path, clock: Clock, **more: object) -> System:
    return build(settings_for(home, public_url="https://madoguchi.example", **more), clock=clock)


def handed_over(system: System, text: str = "担当の人と話したい") -> str:
    conversation, token = system.start(DEMO, "ja", Channel.WEB)
    turn = Turn(id="t1", conversation=conversation, town=DEMO, text=text, language="ja", channel=Channel.WEB,
                at=system.clock())  # fmt: skip
    handoff = system.receive(turn, system.conversations.authorised(conversation, token))["handoff"]
    assert isinstance(handoff, dict)
    return str(handoff["ticket"])


def test_a_new_case_is_told_by_mail_and_webhook_once_and_without_personal_data(
    home: Path, postbox: tuple[Postbox, str], hook: Hook
) -> None:
    box, address = postbox
    system = opened(
        home, Clock(), smtp_url=f"smtp://{address}", notify_to="desk@city.example, night@city.example",
        notify_webhook=hook.base, notify_secret=SECRET,
    )  # fmt: skip
    ticket = handed_over(system, "担当の人と話したい。電話は090-1234-5678の山田太郎です")
    assert system.notifier.send_due() == 2
    assert system.notifier.send_due() == 0, "once is enough"
    system.close()
    letter = message_from_bytes(box.letters[0], policy=default)
    body = letter.get_body()
    assert body is not None and box.to == ["desk@city.example", "night@city.example"]
    text = body.get_content()
    assert letter["Subject"] == f"【窓口】新しい受付 {ticket}" and letter["Auto-Submitted"] == "auto-generated"
    assert f"https://madoguchi.example/desk/tickets/{ticket}" in text and "日本語" in text
    value = json.loads(hook.bodies[0])
    assert (value["event"], value["ticket"], value["town"]) == ("ticket.opened", ticket, DEMO)
    for said in (text, hook.bodies[0].decode()):
        assert "090" not in said and "山田" not in said and "話したい" not in said


def test_the_webhooks_signature_covers_time_and_body(home: Path, hook: Hook) -> None:
    system = opened(home, Clock(), notify_webhook=hook.base, notify_secret=SECRET)
    handed_over(system)
    system.notifier.send_due()
    system.close()
    given = hook.headers[0]["Madoguchi-Signature"]
    at, _, digest = given.removeprefix("t=").partition(",v1=")
    expected = hmac.new(SECRET.encode(), at.encode() + b"." + hook.bodies[0], hashlib.sha256).hexdigest()
    assert hmac.compare_digest(digest, expected) and int(at) == int(NOW.timestamp())
    assert sign(hook.bodies[0] + b" ", SECRET, int(at)) != given and sign(hook.bodies[0], SECRET, int(at) + 1) != given


def test_what_fails_is_tried_again_later_also_after_a_restart(
    home: Path, postbox: tuple[Postbox, str], hook: Hook
) -> None:
    box, address = postbox
    more = {"smtp_url": f"smtp://{address}", "notify_to": "desk@city.example", "notify_webhook": hook.base,
            "notify_secret": SECRET}  # fmt: skip
    clock = Clock()
    system = opened(home, clock, **more)
    handed_over(system)
    box.broken = hook.broken = 2
    assert system.notifier.send_due() == 0
    assert system.notifier.send_due() == 0, "not before its time"
    system.close()
    clock.now += timedelta(seconds=21)
    system = opened(home, clock, **more)
    assert system.notifier.send_due() == 0, "second failure"
    clock.now += timedelta(seconds=21)
    assert system.notifier.send_due() == 0, "waits twice as long"
    clock.now += timedelta(seconds=20)
    assert system.notifier.send_due() == 2
    system.close()
    assert len(box.letters) == 1 and len(hook.bodies) == 3
    assert len({headers["Madoguchi-Delivery"] for headers in hook.headers}) == 1, "a repeat can be recognised"


def test_a_process_killed_while_sending_leaves_the_notice_to_another(home: Path, hook: Hook) -> None:
    clock = Clock()
    system = opened(home, clock, notify_webhook=hook.base, notify_secret=SECRET)
    handed_over(system)
    store = system.notifier.store
    notice = store.due("webhook", clock())[0]
    assert store.claim(notice, clock()) and not store.claim(notice, clock()), "one sends"
    assert system.notifier.send_due() == 0  # the other one has it, and is killed
    clock.now += timedelta(minutes=3)
    assert system.notifier.send_due() == 1 and len(hook.bodies) == 1
    system.close()


def test_twenty_processes_send_one_notice(home: Path, hook: Hook) -> None:
    clock = Clock()
    system = opened(home, clock, notify_webhook=hook.base, notify_secret=SECRET)
    handed_over(system)
    together = threading.Barrier(20)

    def send() -> None:
        together.wait()
        system.notifier.send_due()

    threads = [threading.Thread(target=send) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    system.close()
    assert len(hook.bodies) == 1


def test_notices_go_out_by_themselves_while_the_application_runs(home: Path, hook: Hook) -> None:
    system = build(settings_for(home, notify_webhook=hook.base, notify_secret=SECRET))
    with system.notifier.running():
        handed_over(system)
        for _ in range(100):
            if hook.bodies:
                break
            threading.Event().wait(0.05)
    system.close()
    assert len(hook.bodies) == 1


def test_old_cases_are_not_told_when_notices_are_switched_on(home: Path, hook: Hook) -> None:
    clock = Clock()
    system = opened(home, clock)
    handed_over(system)
    assert system.notifier.send_due() == 0
    system.close()
    clock.now += timedelta(days=3)
    system = opened(home, clock, notify_webhook=hook.base, notify_secret=SECRET)
    assert system.notifier.send_due() == 0 and hook.bodies == []
    system.close()


def mail(to: str = "desk@city.example") -> Mail:
    return Mail(sender="madoguchi@city.example", to=(to,), subject="件名", text="本文\n", id="m-1")


def test_a_mail_server_may_want_a_password(postbox: tuple[Postbox, str]) -> None:
    box, address = postbox
    send_mail(f"smtp://desk:p%40ss%20word@{address}", mail())
    assert box.logins == [b"desk"] and base64.b64encode("本文\r\n".encode()) in box.letters[0]
    with pytest.raises(MailFailed):
        send_mail(f"smtp://desk:wrong@{address}", mail())


def test_a_password_never_goes_out_in_the_clear() -> None:
    box = Postbox()
    # A server on an address that the rule does not know to be this machine, and without STARTTLS.
    server = Controller(box, hostname="127.0.0.2", port=0, authenticator=box.log_in, auth_require_tls=False)
    with socket.create_server(("127.0.0.2", 0)) as free:
        server.port = free.getsockname()[1]
    server.start()
    try:
        with pytest.raises(PasswordWouldLeak):
            send_mail(f"smtp://desk:p%40ss%20word@127.0.0.2:{server.port}", mail())
        send_mail(f"smtp://127.0.0.2:{server.port}", mail())
    finally:
        server.stop()
    assert box.logins == [] and len(box.letters) == 1


def test_servers_that_are_not_there_or_refuse_raise_our_own_errors(hook: Hook) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    for server in (f"smtp://127.0.0.1:{port}", f"smtps://127.0.0.1:{port}", "smtp://"):
        with pytest.raises(MailFailed):
            send_mail(server, mail(), seconds=2)
    hook.broken = 1
    for url in (hook.base, f"http://127.0.0.1:{port}/", "http://"):
        with pytest.raises(WebhookFailed):
            send_webhook(url, {}, secret=SECRET, delivery="d", at=NOW, seconds=2)


@pytest.mark.parametrize(
    "half",
    [
        {"smtp_url": "smtp://x"}, {"notify_to": "a@b.example"}, {"notify_webhook": "http://x"},
        {"notify_secret": "x"}, {"smtp_url": "http://x", "notify_to": "a@b.example"},
        {"notify_webhook": "ftp://x", "notify_secret": "x"},
    ],
)  # fmt: skip
def test_half_a_configuration_is_refused_and_secrets_are_masked(half: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Settings.model_validate(half)
    whole = Settings.model_validate({"smtp_url": "smtp://u:geheim@x", "notify_to": "a@b.example"})
    assert "geheim" not in repr(whole)
