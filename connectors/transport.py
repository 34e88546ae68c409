"""HTTP to other systems, with limits; the only home of httpx."""

from __future__ import annotations

import httpx


class TransportError(OSError):
    """The other system could not be reached. Check its address and the network, then try again."""


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
