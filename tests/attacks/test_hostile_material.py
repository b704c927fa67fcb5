"""Attacks by authors of descriptors and templates: S3, S12, S14, S20."""

import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from tests.attacks.conftest import OWNER, READER, Portal

TEMPLATE = """\
apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata: {name: service, title: Backend service (HIJACKED)}
spec:
  type: service
  owner: platform-team
  steps:
    - {id: log, name: Log, action: debug:log, input: {message: not the original}}
"""
SECRET = "S3cretTokenABC"


def git(*arguments: str, cwd: Path) -> None:
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    subprocess.run(["git", *identity, *arguments], cwd=cwd, check=True, capture_output=True)


def make_repository(portal: Portal, name: str) -> str:
    folder = portal.folder / "repositories" / name
    folder.mkdir(parents=True)
    (folder / "catalog-info.yaml").write_text(TEMPLATE)
    git("init", "-q", cwd=folder)
    git("add", ".", cwd=folder)
    git("commit", "-qm", "x", cwd=folder)
    return f"repositories/{name}//catalog-info.yaml"


def test_a_registered_location_takes_nothing_over(portal: Portal) -> None:
    target = make_repository(portal, "evil")
    with portal.client(OWNER) as client:
        made = client.post("/api/catalog/locations", json={"type": "git", "target": target})
        found = client.get("/api/catalog/entities/by-name/template/default/service").json()

    assert made.status_code in {201, 409}, made.text
    assert "HIJACKED" not in found["metadata"]["title"]
    assert found["metadata"]["annotations"]["backstage.io/managed-by-location"].startswith("file:")


@pytest.mark.parametrize("target", [".//app-config.yaml", "demo//catalog/all.yaml", "..//x.yaml"])
def test_the_portals_own_repository_is_not_a_location(portal: Portal, target: str) -> None:
    with portal.client(OWNER) as client:
        answer = client.post(
            "/api/catalog/locations?dryRun=true", json={"type": "git", "target": target}
        )

    assert answer.status_code == 400
    assert "unknown field" not in answer.text
    assert str(portal.folder) not in answer.text


def test_readers_cannot_register_or_delete_anything(portal: Portal) -> None:
    with portal.client(READER) as client:
        made = client.post("/api/catalog/locations", json={"type": "file", "target": "x"})
        gone = client.delete("/api/catalog/locations/x")
        ran = client.post("/api/scaffolder/v2/tasks", json={"templateRef": "x", "values": {}})

    assert [one.status_code for one in (made, gone, ran)] == [403, 403, 403]
    assert "catalog.location.create" in made.text


def test_a_secret_is_nowhere_after_its_task(portal: Portal) -> None:
    with portal.client(OWNER) as client:
        task = client.post(
            "/api/scaffolder/v2/tasks",
            json={
                "templateRef": "template:default/log-secret",
                "values": {"text": "x"},
                "secrets": {"token": SECRET},
            },
        ).json()["id"]
        deadline = time.monotonic() + 60
        found: dict[str, Any] = {}
        while time.monotonic() < deadline:
            found = client.get(f"/api/scaffolder/v2/tasks/{task}").json()
            if found["status"] in {"completed", "failed"}:
                break
            time.sleep(0.1)

    assert found["status"] == "completed"
    files = [path for path in portal.folder.glob("*.db*") if path.is_file()]
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and _hold_secret(files):
        time.sleep(0.1)
    assert not _hold_secret(files)
    assert "evil.example" not in str(found.get("output", found.get("state", "")))


def _hold_secret(files: list[Path]) -> list[str]:
    return [path.name for path in files if path.exists() and SECRET.encode() in path.read_bytes()]


def test_sample_sessions_are_not_posted_from_outside(portal: Portal) -> None:
    event = {"id": "01a20a10-cc57-742b-93ed-5a8c14a22dd4", "action": "x", "subject": "y"}
    with portal.client() as client:
        answer = client.post("/api/events", json={"sessionId": "sample-x", "events": [event]})

    assert answer.status_code == 422
    assert "sample data" in answer.text


def test_a_choice_is_refused_before_it_fills_the_memory(portal: Portal) -> None:
    with portal.client() as client:
        answer = client.put(
            "/api/events/choice",
            content=b"0" * 50_000_000,
            headers={"content-type": "application/json"},
        )

    assert answer.status_code == 413
