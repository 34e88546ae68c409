"""HTTP to other systems, with limits; the only home of httpx."""

from __future__ import annotations

import atexit
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import httpx


class TransportError(OSError):
    """The other system could not be reached. Check its address and the network, then try again."""


class TransportUnreached(TransportError):
    """The other system could not be connected to, so the request never arrived. Check its address and the network."""


MAX_BYTES = 100_000_000  # the largest law has about 30 MB of XML


def fetch(url: str, *, timeout: float = 60.0) -> bytes:
    """The body at the address, at most MAX_BYTES.

    A reply with an error status is returned too: APIs say in its body what is wrong. Raises TransportError when
    there is no whole reply within `timeout` seconds between bytes.
    """
    try:
        with httpx.stream("GET", url, timeout=timeout, follow_redirects=True) as response:
            body = bytearray()
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > MAX_BYTES:
                    raise TransportError("The other system sent more than 100 MB. Fetch a smaller part.")
            return bytes(body)
    except (httpx.HTTPError, httpx.InvalidURL) as exc:
        raise TransportError from exc


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchanged:
    """A whole reply."""

    status: int
    headers: Mapping[str, str]  # names in lower case
    body: bytes


class TransportTimeout(TransportError):
    """The other system did not answer in time. Whether it acted on the request is not known."""


def exchange(
    method: str, url: str, *, headers: Mapping[str, str], body: bytes | None, seconds: float, most: int = 1_000_000
) -> Exchanged:
    """The reply to one request, whatever its status; redirects are not followed.

    Raises TransportTimeout when the whole takes longer than `seconds`, TransportError when the other system can't be
    reached, breaks off, or sends more than `most` bytes.
    """
    until = time.monotonic() + seconds
    try:
        with httpx.stream(method, url, headers=dict(headers), content=body, timeout=seconds) as response:
            received = bytearray()
            for chunk in response.iter_bytes():
                received += chunk
                if time.monotonic() > until:  # httpx's own limit is only for the time between bytes
                    raise TransportTimeout
                if len(received) > most:
                    raise TransportError("The other system sent more than was agreed.")
            return Exchanged(status=response.status_code, headers=dict(response.headers), body=bytes(received))
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.InvalidURL) as exc:
        raise TransportUnreached from exc
    except httpx.TimeoutException as exc:
        raise TransportTimeout from exc
    except httpx.HTTPError as exc:
        raise TransportError from exc


def post_json(url: str, value: object, *, seconds: float, most: int = 1_000_000) -> tuple[int, object]:
    """Status and JSON body of the reply to a JSON POST; connections are kept, which saves 60 ms a call.

    Raises TransportError when there is no whole JSON reply: not within `seconds` (httpx's limit between bytes, and
    ours over all of the body; a slow address look-up is not limited), more than `most` bytes, or no JSON.
    """
    until = time.monotonic() + seconds
    try:
        with kept_client().stream("POST", url, json=value, timeout=seconds) as response:
            received = bytearray()
            for chunk in response.iter_bytes():
                received += chunk
                if time.monotonic() > until:
                    raise TransportTimeout
                if len(received) > most:
                    raise TransportError("The other system sent more than was agreed.")
            return response.status_code, json.loads(received)
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, RecursionError) as exc:
        raise TransportError from exc


@lru_cache(maxsize=1)
def kept_client() -> httpx.Client:
    """The client that keeps connections; safe to use from several threads. Made at the first call, in 60-160 ms."""
    client = httpx.Client(follow_redirects=False)
    atexit.register(client.close)
    return client
