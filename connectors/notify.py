"""Notices to staff: e-mail by SMTP, and a webhook whose body is signed."""

from __future__ import annotations

import hashlib
import hmac
import json
import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import unquote, urlsplit

from connectors.transport import TransportError, exchange

SIGNATURE_HEADER = "Madoguchi-Signature"
DELIVERY_HEADER = "Madoguchi-Delivery"
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class MailFailed(TransportError):
    """The mail server did not take the message. Check MADOGUCHI_SMTP_URL, the addresses and the server's log."""


class PasswordWouldLeak(MailFailed):
    """The mail server offers no encryption, so no password is sent to it. Use smtps:// or a server with STARTTLS."""


class WebhookFailed(TransportError):
    """The webhook did not answer with success. Check MADOGUCHI_NOTIFY_WEBHOOK and what listens there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A plain text message."""

    sender: str
    to: tuple[str, ...]
    subject: str
    text: str
    id: str  # the same on every try, so that a mail program can show a repeat once


def send_mail(server: str, mail: Mail, *, seconds: float = 15.0) -> None:
    """The server has taken the message for every address.

    `server` is smtp://[user:password@]host[:port] (STARTTLS when it is offered) or smtps://…; a password goes over an
    encrypted connection only, or to this machine. Raises MailFailed or PasswordWouldLeak.
    """
    place = urlsplit(server)
    host, secure = place.hostname or "", place.scheme == "smtps"
    try:
        context = ssl.create_default_context()
        with (
            smtplib.SMTP_SSL(host, place.port or 465, timeout=seconds, context=context) if secure
            else smtplib.SMTP(host, place.port or 25, timeout=seconds)
        ) as link:  # fmt: skip
            link.ehlo()
            if not secure and link.has_extn("starttls"):
                link.starttls(context=context)
                link.ehlo()
                secure = True
            if place.username:
                if not secure and host not in _LOOPBACK:
                    raise PasswordWouldLeak
                link.login(unquote(place.username), unquote(place.password or ""))
            refused = link.send_message(_composed(mail))
    except (smtplib.SMTPException, OSError, ValueError) as exc:
        if isinstance(exc, MailFailed):
            raise
        raise MailFailed from exc
    if refused:
        raise MailFailed


def send_webhook(
    url: str, value: Mapping[str, object], *, secret: str, delivery: str, at: datetime, seconds: float = 10.0
) -> None:
    """The address has answered 2xx to the signed JSON; `delivery` is the same on every try. Raises WebhookFailed."""
    body = json.dumps(value, ensure_ascii=False).encode()
    headers = {
        "Content-Type": "application/json",
        SIGNATURE_HEADER: sign(body, secret, int(at.timestamp())),
        DELIVERY_HEADER: delivery,
    }
    try:
        reply = exchange("POST", url, headers=headers, body=body, seconds=seconds)
    except TransportError as exc:
        raise WebhookFailed from exc
    if not 200 <= reply.status < 300:
        raise WebhookFailed


def sign(body: bytes, secret: str, at: int) -> str:
    """`t=SECONDS,v1=HEX`: HMAC-SHA256 over `SECONDS.BODY`, so that an old notice can't be sent again as new."""
    digest = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


def _composed(mail: Mail) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = mail.sender, ", ".join(mail.to), mail.subject
    message["Message-ID"] = f"<{mail.id}@madoguchi.invalid>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: holiday answers must not come back
    message.set_content(mail.text, cte="base64")  # Japanese text passes servers without 8BITMIME
    return message
