"""What the actions ask of GitHub, GitLab, Bitbucket Cloud and Azure DevOps, and what they push."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from nacl.public import PrivateKey, SealedBox

from backstage_py.plugins.catalog.api import Integrations
from backstage_py.plugins.catalog.integrations.settings import IntegrationSettings
from backstage_py.plugins.scaffolder.actions.action import ActionContext, Requester
from backstage_py.plugins.scaffolder.actions.installed import (
    ActionRegistry,
    build_service_actions,
)
from backstage_py.plugins.scaffolder.actions.services.repo_url import RepoUrl
from backstage_py.plugins.scaffolder.actions.services.service import Services as ServiceActions
from backstage_py.plugins.scaffolder.actions.services.service import open_remote
from backstage_py.plugins.scaffolder.actions.services.service_api import ServiceApi, explain
from backstage_py.plugins.scaffolder.errors import ActionError
from backstage_py.plugins.scaffolder.expressions.renderer import DirectRenderer
from backstage_py.plugins.scaffolder.settings import ScaffolderSettings
from backstage_py.plugins.scaffolder.tasks.workspace import Workspace
from backstage_py.plugins.scaffolder.templates.json_schema import list_problems
from backstage_py.plugins.scaffolder.templates.source import GivenSource
from tests.services import TOKEN, Reply, Services, git, serve
from tests.unit.plugins.scaffolder.conftest import USER, SetClock

RENDERER = DirectRenderer()
"""One for all: V8 must not be ended by the thread of a server."""


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    with serve(tmp_path_factory.mktemp("services")) as services:
        services.commit("team-a/existing", {"README.md": "old", "docs/index.md": "old"})
        yield services


@dataclass
class Bench:
    """The actions of all services, and a workspace of one file."""

    workspace: Workspace
    services: Services
    integrations: Integrations

    def build(self) -> ActionRegistry:
        settings = ScaffolderSettings()
        services = ServiceActions(self.integrations, settings, SetClock())
        return ActionRegistry(build_service_actions(services, portal=self.services.url))


@pytest.fixture
def bench(tmp_path: Path, services: Services) -> Bench:
    workspace = Workspace(tmp_path)
    workspace.write_bytes("docs/index.md", b"# Shop")
    settings = IntegrationSettings.model_validate(services.config)
    return Bench(workspace, services, Integrations(settings))


def run(bench: Bench, action_id: str, input_: str) -> dict[str, Any]:
    """Run an action with an input that its schema takes; gives its outputs."""
    given = yaml.load(f"{{{input_}}}", Loader=yaml.CSafeLoader)
    action, log = bench.build().get(action_id), list[str]()
    assert list(list_problems(action.about.input_schema, given)) == []
    context = ActionContext(
        input=given,
        workspace=bench.workspace,
        write_log=lambda level, message: log.append(message),
        source=GivenSource({}),
        renderer=RENDERER,
        requester=Requester(USER),
        task_id="task",
        template_ref="template:default/new",
        wait=lambda seconds: None,
    )
    out = dict(action.run(context) or {})
    assert TOKEN not in "".join(log)
    assert out.keys() <= action.about.output_schema.get("properties", {}).keys()
    return out


def test_github_gets_a_repository_and_its_files(bench: Bench, services: Services) -> None:
    out = run(
        bench,
        "publish:github",
        "repoUrl: github.com?owner=team-a&repo=shop, description: A shop, repoVisibility: internal,"
        " topics: [Web], collaborators: [{team: ops, access: maintain}, {user: bo, access: pull}],"
        " access: team-a/admins, repoVariables: {STAGE: test}, hasWiki: false,"
        " gitCommitMessage: Begin, gitAuthorName: Leila, secrets: {A: b}",
    )

    assert out == {
        "remoteUrl": f"{services.url}/git/team-a/shop.git",
        "repoContentsUrl": "https://github.com/team-a/shop/blob/main",
        "commitHash": git(services.repository("team-a/shop"), "rev-parse", "main").strip(),
    }
    assert services.read("team-a/shop", "docs/index.md") == "# Shop"
    assert (
        git(services.repository("team-a/shop"), "log", "--format=%an|%s").strip() == "Leila|Begin"
    )
    assert services.find("POST", "/github/orgs/team-a/repos").json == {
        "name": "shop",
        "private": True,
        "visibility": "internal",
        "description": "A shop",
        "has_wiki": False,
    }
    put = "/github/orgs/team-a/teams/{}/repos/team-a/shop"
    assert services.find("PUT", put.format("ops")).json == {"permission": "maintain"}
    assert services.find("PUT", put.format("admins")).json == {"permission": "admin"}
    bo = services.find("PUT", "/github/repos/team-a/shop/collaborators/bo")
    assert bo.json == {"permission": "pull"}
    assert services.find("PUT", "/github/repos/team-a/shop/topics").json == {"names": ["web"]}
    protection = services.find("PUT", "/github/repos/team-a/shop/branches/main/protection").json
    assert protection["enforce_admins"] is True
    assert protection["restrictions"] is None


def test_a_user_of_github_gets_their_own(bench: Bench, services: Services) -> None:
    run(
        bench,
        "publish:github",
        "repoUrl: github.com?owner=ada&repo=own, repoVisibility: public,"
        " protectDefaultBranch: false",
    )

    assert services.find("POST", "/github/user/repos").json == {"name": "own", "private": False}
    assert services.list_files("ada/own") == ["docs/index.md"]


def test_a_services_refusal_is_reported_in_its_words(bench: Bench) -> None:
    with pytest.raises(
        ActionError, match="422 Unprocessable Entity to POST /orgs/team-a/repos"
    ) as it:
        run(bench, "publish:github", "repoUrl: github.com?owner=team-a&repo=existing")

    assert "name already exists on this account" in str(it.value)


def test_a_plan_without_protection_costs_only_a_warning(bench: Bench, services: Services) -> None:
    path = "/github/repos/team-a/free/branches/main/protection"
    message = "Upgrade to GitHub Pro or make this repository public to enable this feature."
    services.replies["PUT", path] = Reply(403, {"message": message})

    run(bench, "publish:github", "repoUrl: github.com?owner=team-a&repo=free")


def test_a_pull_request_keeps_what_is_there(bench: Bench, services: Services) -> None:
    out = run(
        bench,
        "publish:github:pull-request",
        "repoUrl: github.com?owner=team-a&repo=existing, branchName: add/docs, title: T,"
        " description: D, targetPath: docs, sourcePath: docs, draft: true, reviewers: [bo],"
        " labels: [new], assignees: [ada]",
    )

    assert out["pullRequestNumber"] == 7
    name = "team-a/existing"
    assert services.list_files(name, "add/docs") == ["README.md", "docs/index.md"]
    assert services.read(name, "docs/index.md", "add/docs") == "# Shop"
    assert services.read(name, "docs/index.md") == "old"
    assert git(services.repository(name), "rev-parse", "add/docs~1", "main").split()[0]
    assert services.find("POST", f"/github/repos/{name}/pulls").json == {
        "title": "T",
        "body": "D",
        "head": "add/docs",
        "base": "main",
        "draft": True,
    }
    asked = services.find("POST", f"/github/repos/{name}/pulls/7/requested_reviewers").json
    assert asked == {"reviewers": ["bo"], "team_reviewers": []}


def test_a_branch_is_replaced_only_if_the_step_says_so(bench: Bench, services: Services) -> None:
    step = (
        "repoUrl: github.com?owner=team-a&repo=existing, branchName: twice, title: T, "
        "description: D, commitMessage: '{}', update: {}"
    )
    run(bench, "publish:github:pull-request", step.format("one", "false"))
    with pytest.raises(ActionError, match=r"git push fails: .*\[rejected\]"):
        run(bench, "publish:github:pull-request", step.format("two", "false"))
    run(bench, "publish:github:pull-request", step.format("three", "true"))

    log = git(services.repository("team-a/existing"), "log", "--format=%s", "twice")
    assert log.split() == ["three", "Begin"]


@pytest.mark.parametrize(
    ("action", "input_", "asked", "body"),
    [
        (
            "github:actions:dispatch",
            "workflowId: ci.yml, branchOrTagName: main, workflowInputs: {a: b}",
            "POST /actions/workflows/ci.yml/dispatches",
            {"ref": "main", "inputs": {"a": "b"}},
        ),
        (
            "github:pages:enable",
            "buildType: legacy, sourcePath: /docs",
            "POST /pages",
            {"build_type": "legacy", "source": {"branch": "main", "path": "/docs"}},
        ),
        (
            "github:issues:label",
            "number: 3, labels: [a]",
            "POST /issues/3/labels",
            {"labels": ["a"]},
        ),
        (
            "github:issues:create",
            "title: T, body: B",
            "POST /issues",
            {"title": "T", "body": "B"},
        ),
        (
            "github:webhook",
            "webhookUrl: 'https://ci.example', webhookSecret: s, contentType: json",
            "POST /hooks",
            {
                "config": {
                    "url": "https://ci.example",
                    "content_type": "json",
                    "insecure_ssl": "0",
                    "secret": "s",
                },
                "events": ["push"],
                "active": True,
            },
        ),
        (
            "github:autolinks:create",
            "keyPrefix: T-, urlTemplate: 'https://t.example/<num>'",
            "POST /autolinks",
            {
                "key_prefix": "T-",
                "url_template": "https://t.example/<num>",
                "is_alphanumeric": True,
            },
        ),
        ("github:branch-protection:create", "", "PUT /branches/main/protection", None),
    ],
)
def test_smaller_actions_at_github(
    bench: Bench, action: str, input_: str, asked: str, body: object
) -> None:
    comma = ", " if input_ else ""
    run(bench, action, f"repoUrl: github.com?owner=team-a&repo=existing{comma}{input_}")

    method, _, path = asked.partition(" ")
    request = bench.services.find(method, f"/github/repos/team-a/existing{path}")
    assert body is None or request.json == body
    assert request.headers["authorization"] == f"Bearer {TOKEN}"
    assert request.headers["x-github-api-version"] == "2022-11-28"


def test_an_empty_repository_is_created_and_filled_later(bench: Bench, services: Services) -> None:
    out = run(bench, "github:repo:create", "repoUrl: github.com?owner=team-a&repo=later")
    assert out["repoContentsUrl"] == "https://github.com/team-a/later/blob/main"

    run(bench, "github:repo:push", "repoUrl: github.com?owner=team-a&repo=later")
    assert services.list_files("team-a/later") == ["docs/index.md"]


def test_gitlab_gets_a_project_and_its_files(bench: Bench, services: Services) -> None:
    out = run(
        bench,
        "publish:gitlab",
        "repoUrl: gitlab.com?owner=team-a&repo=lab, topics: [web], settings: {ci_config_path: x},"
        " projectVariables: [{key: A, value: b}]",
    )

    assert out["repoContentsUrl"] == "https://gitlab.com/team-a/lab/-/blob/main"
    assert (out["projectId"], out["created"]) == (11, True)
    assert services.list_files("team-a/lab") == ["docs/index.md"]
    assert services.find("POST", "/gitlab/projects").json == {
        "name": "lab",
        "path": "lab",
        "namespace_id": 5,
        "visibility": "private",
        "default_branch": "main",
        "ci_config_path": "x",
        "topics": ["web"],
    }
    variable = services.find("POST", "/gitlab/projects/11/variables").json
    assert variable == {"key": "A", "value": "b"}


def test_a_project_that_is_there_stays(bench: Bench) -> None:
    step = "repoUrl: gitlab.com?owner=team-a&repo=existing"

    with pytest.raises(ActionError, match="team-a/existing is there already"):
        run(bench, "publish:gitlab", step)
    assert run(bench, "publish:gitlab", f"{step}, skipExisting: true")["created"] is False


def test_a_namespace_that_is_not_there_is_named(bench: Bench) -> None:
    with pytest.raises(ActionError, match=r"the namespace nobody is not at gitlab\.com"):
        run(bench, "publish:gitlab", "repoUrl: gitlab.com?owner=nobody&repo=new")


def test_a_merge_request(bench: Bench, services: Services) -> None:
    out = run(
        bench,
        "publish:gitlab:merge-request",
        "repoUrl: gitlab.com?owner=team-a&repo=existing, branchName: mr, title: Add docs,"
        " description: D, removeSourceBranch: true, assignee: ada",
    )

    assert out["mergeRequestUrl"] == "https://gitlab.com/team-a/existing/-/merge_requests/2"
    assert services.find("POST", "/gitlab/projects/team-a%2Fexisting/merge_requests").json == {
        "source_branch": "mr",
        "target_branch": "main",
        "title": "Add docs",
        "description": "D",
        "remove_source_branch": True,
        "assignee_id": 21,
    }
    log = git(services.repository("team-a/existing"), "log", "-1", "--format=%s", "mr")
    assert log.strip() == "Add docs"


def test_a_merge_request_can_delete(bench: Bench, services: Services) -> None:
    run(
        bench,
        "gitlab:repo:push",
        "repoUrl: gitlab.com?owner=team-a&repo=existing, branchName: gone, commitMessage: Go,"
        " commitAction: delete",
    )

    assert services.list_files("team-a/existing", "gone") == ["README.md"]


def test_smaller_actions_at_gitlab(bench: Bench, services: Services) -> None:
    issue = run(bench, "gitlab:issues:create", "repoUrl: gitlab.com, projectId: 11, title: T")
    assert issue["issueIid"] == 4
    run(
        bench,
        "gitlab:projectVariable:create",
        "repoUrl: gitlab.com, projectId: 11, key: A, value: b, masked: true",
    )
    variable = services.find("POST", "/gitlab/projects/11/variables").json
    assert (variable["masked"], variable["environment_scope"]) == (True, "*")
    group = run(
        bench,
        "gitlab:group:ensureExists",
        "repoUrl: gitlab.com, path: [team-a, {name: Web, slug: web}]",
    )
    assert group["groupId"] == 6
    assert services.find("POST", "/gitlab/groups").json == {
        "name": "Web",
        "path": "web",
        "parent_id": 5,
    }
    trigger = "/gitlab/projects/11/triggers"
    services.replies["POST", trigger] = Reply(201, {"id": 9, "token": "short-lived"})
    services.replies["DELETE", f"{trigger}/9"] = Reply(204, b"")
    url = "https://gitlab.com/p/1"
    services.replies["POST", "/gitlab/projects/11/trigger/pipeline"] = Reply(201, {"web_url": url})
    step = "repoUrl: gitlab.com, projectId: 11, tokenDescription: t"
    assert run(bench, "gitlab:pipeline:trigger", step) == {"pipelineUrl": url}
    assert services.find("DELETE", f"{trigger}/9")


@pytest.mark.parametrize("action", ["publish:bitbucketCloud", "publish:bitbucket"])
def test_bitbucket_gets_a_repository(bench: Bench, services: Services, action: str) -> None:
    repo = action.replace(":", "-").lower()
    out = run(bench, action, f"repoUrl: bitbucket.org?workspace=team-a&project=WEB&repo={repo}")

    assert out["repoContentsUrl"] == f"https://bitbucket.org/team-a/{repo}/src/main"
    assert services.list_files(f"team-a/{repo}") == ["docs/index.md"]
    assert services.find("POST", f"/bitbucket/repositories/team-a/{repo}").json == {
        "scm": "git",
        "description": "",
        "is_private": True,
        "project": {"key": "WEB"},
    }


def test_a_pull_request_and_a_pipeline_at_bitbucket(bench: Bench, services: Services) -> None:
    path = "/bitbucket/repositories/team-a/existing"
    clone = [{"name": "https", "href": f"{services.url}/git/team-a/existing.git"}]
    services.replies["GET", path] = Reply(
        body={"mainbranch": {"name": "main"}, "links": {"clone": clone}}
    )
    html = {"links": {"html": {"href": "https://bitbucket.org/pr/1"}}}
    services.replies["POST", f"{path}/pullrequests"] = Reply(201, html)
    pipeline = {"build_number": 2, "links": {"self": {"href": "https://bitbucket.org/p/2"}}}
    services.replies["POST", f"{path}/pipelines"] = Reply(201, pipeline)

    step = "repoUrl: bitbucket.org?workspace=team-a&repo=existing, title: T, sourceBranch: bb"
    out = run(bench, "publish:bitbucketCloud:pull-request", step)
    assert out == {"pullRequestUrl": "https://bitbucket.org/pr/1"}
    assert services.list_files("team-a/existing", "bb") == ["README.md", "docs/index.md"]
    out = run(bench, "bitbucket:pipelines:run", "workspace: team-a, repo_slug: existing")
    assert out["buildNumber"] == 2


def test_azure_gets_a_repository(bench: Bench, services: Services) -> None:
    step = "repoUrl: dev.azure.com?organization=acme&project=web&repo=shop"
    out = run(bench, "publish:azure", step)

    assert out["repositoryId"] == "a-b-c"
    assert out["repoContentsUrl"] == "https://dev.azure.com/acme/web/_git/shop"
    assert services.list_files("acme/web/shop") == ["docs/index.md"]


@pytest.mark.parametrize(
    ("repo_url", "reason"),
    [
        ("github.com?owner=a", "must name repo"),
        ("ghe.example?owner=a&repo=b", "integrations.github"),
        ("gitlab.com?owner=a&repo=b", "is not a GitHub of the configuration"),
        ("github.com?owner=a&repo=..", "repo must not be"),
        ("github.com?owner=a&repo=b", "is not one of allowedHosts"),
    ],
)
def test_a_repository_that_cannot_be_one(bench: Bench, repo_url: str, reason: str) -> None:
    step = f"repoUrl: '{repo_url}', allowedHosts: [ghe.example, gitlab.com]"
    if "allowedHosts" not in reason:
        step = f"repoUrl: '{repo_url}'"

    with pytest.raises(ActionError, match=reason):
        run(bench, "publish:github", step)


def test_without_a_token_the_error_says_where_to_give_one(bench: Bench, services: Services) -> None:
    bench.integrations = Integrations()

    with pytest.raises(ActionError, match="give one under integrations"):
        run(bench, "publish:github", "repoUrl: github.com?owner=team-a&repo=new")


def test_a_token_of_the_step_is_used(bench: Bench) -> None:
    with pytest.raises(ActionError, match="401 Unauthorized to GET /users/team-a: Bad credentials"):
        run(bench, "publish:github", "repoUrl: github.com?owner=team-a&repo=new, token: mine")


def test_the_token_goes_to_no_other_host() -> None:
    api = ServiceApi("GitHub", "https://api.github.com", {})

    for url in ("https://evil.example/a/b.git", "http://github.com/a/b.git", "ssh://github.com/a"):
        with pytest.raises(ActionError, match="at another host"):
            open_remote(url, ("u", "p"), api, "github.com")
    remote = open_remote("https://ada@github.com/a/b.git", ("u", "p"), api, "github.com")
    assert remote.url == "https://github.com/a/b.git"
    assert "password" not in repr(remote)


def test_repo_urls() -> None:
    assert RepoUrl.parse("GitHub.com?owner=a&repo=b") == RepoUrl("github.com", "a", "b")
    assert RepoUrl.parse("gitlab.com", required=()) == RepoUrl("gitlab.com")


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        ({"message": "M", "errors": [{"message": "E"}, {"code": "C"}]}, "M; E; C"),
        ({"message": {"name": ["is taken"]}}, "name is taken"),
        ({"type": "error", "error": {"message": "B"}}, "B"),
        ("x" * 900, "x" * 500),
        (None, ""),
    ],
)
def test_what_a_service_says(answer: object, text: str) -> None:
    assert explain(answer) == text


# http:backstage:request


def test_the_portal_is_asked(bench: Bench, services: Services) -> None:
    services.replies["POST", "/api/things"] = Reply(200, {"ok": True})
    out = run(
        bench,
        "http:backstage:request",
        "method: POST, path: things, params: {a: b c}, body: {x: 1},"
        " headers: {Authorization: Bearer t}",
    )

    assert (out["code"], out["body"]) == (200, {"ok": True})
    asked = services.find("POST", "/api/things")
    assert (asked.query, asked.json) == ({"a": "b c"}, {"x": 1})
    assert asked.headers["authorization"] == "Bearer t"


def test_a_bad_answer_fails_the_step_unless_it_goes_on(bench: Bench, services: Services) -> None:
    services.replies["GET", "/api/broken"] = Reply(500, {"error": "x"})
    step = "method: GET, path: /api/broken"

    with pytest.raises(ActionError, match="the portal answers 500 to GET"):
        run(bench, "http:backstage:request", step)
    assert (
        run(bench, "http:backstage:request", f"{step}, continueOnBadResponse: true")["code"] == 500
    )


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        ("path: '//evil.example/x'", "must be a path of the portal"),
        ("path: 'https://evil.example/x'", "must be a path of the portal"),
        ("path: '../../x'", "must be a path of the portal"),
        ("path: '/@evil.example'", "answers 401"),
        ("path: x, headers: {X-Forwarded-User: root}", "headers: use accept"),
        ('path: x, headers: {Accept: "a\\r\\nb: c"}', "must be one line"),
    ],
)
def test_a_request_leads_nowhere_else(bench: Bench, step: str, reason: str) -> None:
    with pytest.raises(ActionError, match=reason):
        run(bench, "http:backstage:request", f"method: GET, {step}")


def test_github_gets_an_environment_with_encrypted_secrets(
    bench: Bench, services: Services
) -> None:
    key = PrivateKey.generate()
    base = "/github/repos/team-a/shop/environments/prod"
    public = {"key_id": "7", "key": base64.b64encode(bytes(key.public_key)).decode()}
    services.replies |= {
        ("GET", f"{base}/secrets/public-key"): Reply(body=public),
        ("POST", f"{base}/deployment-branch-policies"): Reply(),
        ("POST", f"{base}/variables"): Reply(),
        ("GET", "/github/users/ada"): Reply(body={"id": 1, "type": "User"}),
        ("GET", "/github/orgs/team-a/teams/ops"): Reply(body={"id": 2}),
    }
    run(
        bench,
        "github:environment:create",
        "repoUrl: github.com?owner=team-a&repo=shop, name: prod, waitTimer: 5,"
        "deploymentBranchPolicy: {protected_branches: false, custom_branch_policies: true},"
        "customBranchPolicyNames: [main], environmentVariables: {REGION: eu},"
        "secrets: {KEY: s3cret},"
        "reviewers: ['user:default/ada', 'group:default/ops']",
    )

    assert services.find("PUT", base).json == {
        "deployment_branch_policy": {"protected_branches": False, "custom_branch_policies": True},
        "wait_timer": 5,
        "reviewers": [{"type": "User", "id": 1}, {"type": "Team", "id": 2}],
    }
    policy = services.find("POST", f"{base}/deployment-branch-policies").json
    assert policy == {"name": "main", "type": "branch"}
    assert services.find("POST", f"{base}/variables").json == {"name": "REGION", "value": "eu"}
    secret = services.find("PUT", f"{base}/secrets/KEY").json
    assert secret["key_id"] == "7"
    assert SealedBox(key).decrypt(base64.b64decode(secret["encrypted_value"])) == b"s3cret"


def test_github_gets_a_deploy_key_whose_private_half_is_a_secret(
    bench: Bench, services: Services
) -> None:
    key = PrivateKey.generate()
    base = "/github/repos/team-a/shop"
    public = {"key_id": "7", "key": base64.b64encode(bytes(key.public_key)).decode()}
    services.replies |= {
        ("GET", f"{base}/actions/secrets/public-key"): Reply(body=public),
        ("POST", f"{base}/keys"): Reply(),
    }
    out = run(
        bench,
        "github:deployKey:create",
        "repoUrl: github.com?owner=team-a&repo=shop, deployKeyName: deploy,"
        "publicKey: ssh-ed25519 A, privateKey: private",
    )

    assert out == {"privateKeySecretName": "KEY"}
    assert services.find("POST", f"{base}/keys").json == {"title": "deploy", "key": "ssh-ed25519 A"}
    secret = services.find("PUT", f"{base}/actions/secrets/KEY").json
    assert SealedBox(key).decrypt(base64.b64decode(secret["encrypted_value"])) == b"private"


def test_a_reviewer_of_an_environment_is_a_user_or_a_group(bench: Bench) -> None:
    with pytest.raises(ActionError, match="component:default/x is not a user or a group"):
        run(
            bench,
            "github:environment:create",
            "repoUrl: github.com?owner=team-a&repo=shop, name: prod,"
            "reviewers: ['component:default/x']",
        )
