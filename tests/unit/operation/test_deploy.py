"""What deploy/ asks of the portal is what the portal offers; no container engine is needed."""

import re
import shlex
import subprocess
from typing import Any

import pytest
import yaml

from backstage_py.cli import _parser
from tests.conftest import PROJECT

DEPLOY = PROJECT / "deploy"
DOCUMENTED = (PROJECT / "docs" / "configuration.md").read_text(encoding="utf-8")
READ = ("compose.yaml", "kubernetes/portal.yaml", "backstage-py.service", "Containerfile")


def text_of(name: str) -> str:
    return (DEPLOY / name).read_text(encoding="utf-8")


def manifests() -> dict[str, Any]:
    documents = yaml.safe_load_all(text_of("kubernetes/portal.yaml"))
    return {document["kind"]: document for document in documents}


def commands() -> list[list[str]]:
    compose = yaml.safe_load(text_of("compose.yaml"))
    (container,) = manifests()["Deployment"]["spec"]["template"]["spec"]["containers"]
    image = re.findall(r"^CMD (\[.*\])$", text_of("Containerfile"), re.MULTILINE)
    started = re.findall(
        r"^ExecStart=.* -m backstage_py (.*)$", text_of("backstage-py.service"), re.MULTILINE
    )
    return [
        compose["services"]["portal-1"]["command"],
        container["args"],
        *(yaml.safe_load(one) for one in image),
        *(shlex.split(one) for one in started),
    ]


def test_each_of_them_serves_by_a_command_that_there_is() -> None:
    found = commands()

    assert len(found) == 4
    for command in found:
        assert _parser().parse_args(command).port == 3000


@pytest.mark.parametrize("name", READ)
def test_the_variables_they_set_are_documented(name: str) -> None:
    theirs = set(re.findall(r"\b(?:BACKSTAGE_PY_\w+|REDIS_URL|LOG_\w+)\b", text_of(name)))

    assert theirs
    assert {one for one in theirs if f"`{one}`" not in DOCUMENTED} == set()


def test_nodes_on_kubernetes_are_probed_and_write_only_to_their_volumes() -> None:
    kinds = manifests()
    pod = kinds["Deployment"]["spec"]["template"]
    (container,) = pod["spec"]["containers"]
    probes = {
        name: container[f"{name}Probe"]["httpGet"]["path"] for name in ("liveness", "readiness")
    }
    volumes = {volume["name"] for volume in pod["spec"]["volumes"]}

    assert probes == {"liveness": "/livez", "readiness": "/readyz"}
    assert {mount["name"] for mount in container["volumeMounts"]} == volumes
    assert container["securityContext"]["readOnlyRootFilesystem"]
    assert kinds["Service"]["spec"]["selector"].items() <= pod["metadata"]["labels"].items()
    own = yaml.safe_load(kinds["ConfigMap"]["data"]["app-config.local.yaml"])
    assert own["app"]["baseUrl"].startswith("https://")


@pytest.mark.parametrize("script", ["install.sh", "build.sh", "check.sh"])
def test_the_scripts_are_plain_shell(script: str) -> None:
    subprocess.run(["sh", "-n", DEPLOY / script], check=True)
