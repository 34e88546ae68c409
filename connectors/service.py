"""What a back office is asked and what it answers; every way of reaching one speaks in these words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

Scalar = str | int | bool | None
"""What a field of a call or of a result holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One operation with its values."""

    operation: str  # operationId in the back office's OpenAPI description
    values: Mapping[str, Scalar]  # by the description's names of parameters and of the body's fields
    key: str  # the same key again does nothing twice (Idempotency-Key)
    user: str  # pseudonym of who caused the call; never a name
    issue: str  # the conversation's case that the call belongs to


class Connector(Protocol):
    """A way to a back office."""

    name: str  # what the access record calls it

    def call(self, call: Call) -> Mapping[str, Scalar]:
        """The result's fields, checked against the description. Raises ServiceError."""


class ServiceError(Exception):
    """The back office could not do this. See the kind of error; the resident's case goes to staff."""

    in_doubt = True  # whether it may have acted all the same

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (type(self).__doc__ or "").split("\n", 1)[0])


class ServiceUnreachable(ServiceError):
    """The back office can't be reached or is out of order. Check its address and that it runs."""

    def __init__(self, message: str | None = None, *, in_doubt: bool = True) -> None:
        super().__init__(message)
        self.in_doubt = in_doubt  # False: the request never arrived


class ServiceSlow(ServiceError):
    """The back office did not answer in time; whether it acted is not known. Ask it by the key before acting again."""


class ServiceNonsense(ServiceError):
    """The back office answered something that its own description does not allow. Tell whoever runs it."""


class ServiceMisused(ServiceError):
    """The call does not fit the back office's description. Mend the catalogue or the description."""

    in_doubt = False


class ServiceRefused(ServiceError):
    """The back office refused, with a reason that its description names; nothing was done."""

    in_doubt = False

    def __init__(self, code: str, status: int) -> None:
        super().__init__(f"refused with {status}: {code}"[:200])
        self.code, self.status = code, status
