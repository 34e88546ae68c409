"""The HTTP API does what its OpenAPI description says, whatever is sent."""

from collections.abc import Iterator

import pytest
import schemathesis
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.schemas import APIOperation
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.bootstrap import System
from assistant.web.app import create_app
from tests.conftest import DEMO

STREAMS = "/api/v1/conversations/{id}/events"  # never ends; test_api reads it


@pytest.fixture(scope="module")
def app(system: System) -> FastAPI:
    return create_app(system)


@pytest.fixture(scope="module")
def opened(app: FastAPI) -> Iterator[dict[str, str]]:
    """An open conversation: its id and token, so that the fuzz gets past the door."""
    client = TestClient(app)
    yield client.post("/api/v1/conversations", json={"town": DEMO}).json()


def unending(app: FastAPI) -> ASGIApp:
    """The application without its end: schemathesis would start and close it for every single call."""

    async def passed_on(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await app(scope, receive, send)
            return
        for step in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{step}.complete"})

    return passed_on


def operations(app: FastAPI) -> Iterator[APIOperation]:
    """All operations of the description that end."""
    for result in schemathesis.openapi.from_asgi("/openapi.json", unending(app)).get_all_operations():
        operation = result.ok()
        if operation.path != STREAMS:
            yield operation


BOUNDED = settings(
    max_examples=20, deadline=None, derandomize=True, database=None, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


def test_any_request_gets_what_is_described(app: FastAPI) -> None:
    met = set()
    for operation in operations(app):

        @given(case=operation.as_strategy())
        @BOUNDED
        def check(case: Case) -> None:
            case.call_and_validate()

        check()
        met.add((operation.method.upper(), operation.path))
    assert ("POST", "/api/v1/conversations/{id}/messages") in met and len(met) > 8


def test_with_a_token_too(app: FastAPI, opened: dict[str, str]) -> None:
    statuses = set()
    for operation in operations(app):
        if "conversations/{id}" not in operation.path or operation.method.upper() == "DELETE":
            continue
        if operation.path.endswith("/callbacks"):  # a usable number or address is more than a schema can say
            continue

        @given(case=operation.as_strategy())
        @BOUNDED
        def check(case: Case) -> None:
            case.path_parameters = {"id": opened["id"]}
            case.headers.update({"Authorization": f"Bearer {opened['token']}"})
            reply = case.call()
            case.validate_response(reply)
            statuses.add(reply.status_code)

        check()
    assert 200 in statuses and 401 not in statuses


def test_wrong_bodies_are_refused_not_broken(app: FastAPI) -> None:
    refused = 0
    for operation in operations(app):

        @given(case=operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))
        @BOUNDED
        def check(case: Case) -> None:
            nonlocal refused
            reply = case.call()
            assert reply.status_code < 500
            if reply.status_code >= 400:
                assert reply.headers["content-type"] == ["application/problem+json"]
                refused += 1

        if operation.body:
            check()
    assert refused > 0


def test_every_route_describes_its_errors_as_problems(app: FastAPI) -> None:
    for path, methods in app.openapi()["paths"].items():
        for method, operation in methods.items():
            described = operation["responses"]
            assert {"4XX", "5XX"} <= set(described), (method, path)
            assert "422" not in described, "FastAPI's own form of an error is never sent"
            for status in ("4XX", "5XX"):
                assert set(described[status]["content"]) == {"application/problem+json"}
