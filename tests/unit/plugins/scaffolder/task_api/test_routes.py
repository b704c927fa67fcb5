"""The HTTP API, for scripts that were written for Backstage's scaffolder."""

import base64
from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from backstage_py.plugins.scaffolder.service import Scaffolder
from backstage_py.plugins.scaffolder.task_api.routes import ScaffolderApi
from tests.unit.plugins.scaffolder.conftest import USER, Bench

V2 = "/api/scaffolder/v2"


@pytest.fixture
def scaffolder(bench: Bench) -> Scaffolder:
    bench.add_template(
        "- {action: debug:log, input: {message: 'Hello ${{ parameters.name }}'}}",
        parameters="{required: [name], properties: {name: {type: string}}}",
        rest="output: {links: [{title: Shop, entityRef: 'component:default/shop'}]}",
    )
    return bench.open()


@pytest.fixture
def client(scaffolder: Scaffolder) -> Iterator[TestClient]:
    api = ScaffolderApi(scaffolder, identify=lambda headers: headers.get("x-user") or None)
    with TestClient(Starlette(routes=api.routes()), headers={"x-user": USER}) as opened:
        yield opened


def create(client: TestClient, **values: object) -> str:
    body = {"templateRef": "template:default/new", "values": {"name": "shop", **values}}
    answer = client.post(f"{V2}/tasks", json=body)
    assert answer.status_code == 201
    return answer.json()["id"]


def test_a_task_is_made_watched_and_read(client: TestClient, scaffolder: Scaffolder) -> None:
    task_id = create(client)
    assert client.get(f"{V2}/tasks/{task_id}").json()["status"] == "open"
    scaffolder.worker.run_pending()

    task = client.get(f"{V2}/tasks/{task_id}").json()
    assert task["status"] == "completed"
    assert task["createdBy"] == USER
    assert task["spec"]["parameters"] == {"name": "shop"}
    assert task["spec"]["templateInfo"] == {"entityRef": "template:default/new"}
    assert [step["status"] for step in task["state"]["steps"]] == ["completed"]
    assert task["output"] == {"links": [{"title": "Shop", "entityRef": "component:default/shop"}]}

    events = client.get(f"{V2}/tasks/{task_id}/events").json()
    assert {event["type"] for event in events} == {"log"}
    assert "Hello shop" in [event["body"]["message"] for event in events]
    last = events[-1]["id"]
    (end,) = client.get(f"{V2}/tasks/{task_id}/events?after={last}").json()
    assert (end["id"], end["type"], end["body"]["status"]) == (last, "completion", "completed")
    assert client.get(f"{V2}/tasks").json()["totalTasks"] == 1
    assert client.get(f"{V2}/tasks?createdBy=user:default/x").json()["tasks"] == []
    assert client.get(f"{V2}/tasks?status=failed").json()["tasks"] == []


def test_a_task_is_cancelled_and_retried(client: TestClient) -> None:
    task_id = create(client)

    assert client.post(f"{V2}/tasks/{task_id}/cancel", json={}).json() == {"status": "cancelled"}
    assert client.post(f"{V2}/tasks/{task_id}/cancel", json={}).status_code == 409
    assert client.post(f"{V2}/tasks/{task_id}/retry", json={}).json() == {"id": task_id}
    other = {"x-user": "user:default/mats"}
    assert client.post(f"{V2}/tasks/{task_id}/cancel", json={}, headers=other).status_code == 403


def test_editors_get_the_schema_of_templates(client: TestClient) -> None:
    schema = client.get(f"{V2}/template-schema").json()

    actions = [
        one["const"] for one in schema["definitions"]["step"]["properties"]["action"]["oneOf"]
    ]
    assert "fetch:template" in actions


def test_wrong_values_are_listed_by_their_fields(client: TestClient) -> None:
    body = {"templateRef": "template:default/new", "values": {"name": 3}}
    answer = client.post(f"{V2}/tasks", json=body)

    assert answer.status_code == 400
    assert answer.json()["errors"] == [
        {"page": 0, "path": ["name"], "message": '3 is not of type "string"'}
    ]


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/tasks/nope", None, 404),
        ("GET", "/tasks/nope/events", None, 404),
        ("GET", "/tasks?limit=x", None, 400),
        ("GET", "/tasks?status=done", None, 400),
        ("GET", "/tasks?offset=99999999999999999999", None, 400),
        ("POST", "/tasks", {"values": {}}, 400),
        ("POST", "/tasks", {"templateRef": "template:default/nope"}, 404),
        ("POST", "/tasks", {"templateRef": "template:default/new", "values": []}, 400),
        ("POST", "/tasks", {"templateRef": "template:default/new", "secrets": {"a": 1}}, 400),
        ("POST", "/tasks", [], 400),
        ("POST", "/tasks/nope/retry", {}, 404),
        ("POST", "/dry-run", {"template": {"kind": "Component"}}, 400),
    ],
)
def test_a_bad_request_gets_its_status_and_a_message(
    client: TestClient, method: str, path: str, body: object, status: int
) -> None:
    answer = client.request(method, f"{V2}{path}", json=body)

    assert answer.status_code == status
    assert answer.json()["error"]["message"]


def test_strangers_and_other_sites_get_nothing(client: TestClient) -> None:
    assert client.get(f"{V2}/actions", headers={"x-user": ""}).status_code == 401
    for headers in ({"origin": "https://evil.example"}, {"content-type": "text/plain"}):
        answer = client.post(f"{V2}/tasks", content="{}", headers=headers)
        assert answer.status_code in {400, 403}


def test_a_task_does_not_record_people_who_opted_out_either(
    bench: Bench, scaffolder: Scaffolder
) -> None:
    api = ScaffolderApi(
        scaffolder, identify=lambda _: USER, has_consent=lambda headers: headers.get("dnt") != "1"
    )
    with TestClient(Starlette(routes=api.routes())) as client:
        for headers in ({"DNT": "1"}, {}):
            body = {"templateRef": "template:default/new", "values": {"name": "shop"}}
            assert client.post(f"{V2}/tasks", json=body, headers=headers).status_code == 201
    scaffolder.worker.run_pending()

    assert scaffolder.list_tasks(status="completed").total == 2
    assert [event["action"] for event, _ in bench.events] == ["completed"]


def test_actions_are_described(client: TestClient) -> None:
    actions = {action["id"]: action for action in client.get(f"{V2}/actions").json()}

    assert actions["fetch:template"]["schema"]["input"]["required"] == ["url"]
    assert actions["publish:git"]["schema"]["output"]["properties"].keys() >= {"remoteUrl"}
    assert "action: fetch:template" in actions["fetch:template"]["examples"][0]["example"]


def test_a_template_is_tried_with_the_files_that_come_along(client: TestClient) -> None:
    template = {
        "apiVersion": "scaffolder.backstage.io/v1beta3",
        "kind": "Template",
        "metadata": {"name": "tried"},
        "spec": {
            "steps": [{"action": "fetch:template", "input": {"url": "./a", "values": {"x": 1}}}]
        },
    }
    file = {"path": "a/x.txt", "base64Content": base64.b64encode(b"${{ values.x }}").decode()}
    body = {"template": template, "values": {}, "directoryContents": [file]}
    answer = client.post(f"{V2}/dry-run", json=body).json()

    assert answer["directoryContents"] == [{"path": "x.txt", "size": 1, "content": "1"}]
    assert answer["error"] is None
    for wrong in ({"path": 1}, {"path": "a", "base64Content": "*"}, "a"):
        answer = client.post(f"{V2}/dry-run", json={**body, "directoryContents": [wrong]})
        assert answer.status_code == 400
        assert "directoryContents[0]" in answer.json()["error"]["message"]
