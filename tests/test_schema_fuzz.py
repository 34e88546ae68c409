"""The HTTP API does what its OpenAPI description says, whatever is sent."""

from collections.abc import Iterator

import pytest
import schemathesis
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, settings
from schemathesis import Case

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


@pytest.fixture
def described(app: FastAPI) -> object:
    return schemathesis.openapi.from_asgi("/openapi.json", app).exclude(path=STREAMS)


schema = schemathesis.pytest.from_fixture("described")
BOUNDED = settings(
    max_examples=12, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


@schema.parametrize()
@BOUNDED
def test_any_request_gets_what_is_described(case: Case) -> None:
    case.call_and_validate()


@schema.include(path_regex="conversations/").parametrize()
@BOUNDED
def test_with_a_token_too(case: Case, opened: dict[str, str]) -> None:
    if case.method == "DELETE":
        pytest.skip("would close the conversation for the other cases")
    case.path_parameters = {**(case.path_parameters or {}), "id": opened["id"]}
    case.headers = {**(case.headers or {}), "Authorization": f"Bearer {opened['token']}"}
    reply = case.call()
    case.validate_response(reply)
    assert reply.status_code != 401


def test_every_error_is_described_as_a_problem(app: FastAPI) -> None:
    for path, methods in app.openapi()["paths"].items():
        for method, operation in methods.items():
            for status, response in operation["responses"].items():
                if status >= "400":
                    assert "application/problem+json" in response.get("content", {}), (method, path, status)


def test_errors_that_every_body_can_meet_are_described(app: FastAPI) -> None:
    for path, methods in app.openapi()["paths"].items():
        for method, operation in methods.items():
            if "requestBody" in operation:
                assert {"400", "413", "422", "429"} - ({"429"} if "feedback" in path else set()) <= set(
                    operation["responses"]
                ), (method, path)
