"""Actions at GitLab. Source of the inputs and outputs: `plugin-scaffolder-backend-module-gitlab`.

The requests are those of GitLab's REST API, version 4 (https://docs.gitlab.com/api/rest).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlencode

from backstage_py.plugins.catalog.api import GitLab
from backstage_py.plugins.scaffolder.actions.action import ActionContext
from backstage_py.plugins.scaffolder.actions.git_repository import (
    CommitFile,
    Remote,
    push_commit,
    push_first_commit,
)
from backstage_py.plugins.scaffolder.actions.publish import read_files
from backstage_py.plugins.scaffolder.actions.services.repo_url import RepoUrl
from backstage_py.plugins.scaffolder.actions.services.service import (
    DEFAULT_BRANCH,
    Services,
    open_remote,
    require_login,
)
from backstage_py.plugins.scaffolder.actions.services.service_api import ServiceApi
from backstage_py.plugins.scaffolder.errors import ActionError

_NOT_FOUND = (HTTPStatus.NOT_FOUND,)


@dataclass(frozen=True, slots=True)
class _Project:
    """A project that a step names, and the API of its GitLab."""

    url: RepoUrl
    api: ServiceApi
    login: tuple[str, str]

    @property
    def name(self) -> str:
        return f"{self.url.owner}/{self.url.repo}"

    @property
    def path(self) -> str:
        return f"/projects/{quote(self.name, safe='')}"

    def open_remote(self, facts: Mapping[str, Any]) -> Remote:
        return open_remote(facts["http_url_to_repo"], self.login, self.api, self.url.host)


@dataclass(frozen=True, slots=True)
class GitLabActions:
    """The actions, for the configured GitLabs."""

    services: Services

    def publish(self, context: ActionContext) -> Mapping[str, Any]:
        """Create a project and push the workspace to it."""
        files = read_files(context)
        project = self._open(context)
        branch = context.text("defaultBranch") or DEFAULT_BRANCH
        facts = project.api.get(project.path, missing=_NOT_FOUND)
        if facts is not None:
            if not context.input.get("skipExisting"):
                raise ActionError(f"{project.name} is there already; choose another name")
            context.log(f"{facts['web_url']} is there already and stays as it is")
            return {**_describe(facts, branch), "created": False}
        facts = self._create(context, project, branch)
        commit = self.services.describe_commit(context, branch)
        commit_hash = push_first_commit(project.open_remote(facts), files, commit)
        context.log(f"Pushed {len(files)} files to {facts['web_url']}")
        for variable in context.input.get("projectVariables") or ():
            project.api.call("POST", f"/projects/{facts['id']}/variables", variable)
        return {**_describe(facts, branch), "commitHash": commit_hash, "created": True}

    def push(self, context: ActionContext) -> Mapping[str, Any]:
        """Commit the workspace to a branch of a project."""
        project = self._open(context)
        facts = project.api.get(project.path)
        commit_hash = self._push_branch(context, project, facts)
        return {
            "projectid": project.name,
            "projectPath": facts["path_with_namespace"],
            "commitHash": commit_hash,
        }

    def open_merge_request(self, context: ActionContext) -> Mapping[str, Any]:
        """Push the workspace to a branch, and open a merge request."""
        project = self._open(context)
        facts = project.api.get(project.path)
        target = context.text("targetBranchName") or facts["default_branch"]
        self._push_branch(context, project, facts)
        asked: dict[str, Any] = {
            "source_branch": context.text("branchName"),
            "target_branch": target,
            "title": context.text("title"),
            "description": context.text("description"),
            "remove_source_branch": bool(context.input.get("removeSourceBranch")),
        }
        if assignee := context.text("assignee"):
            asked["assignee_id"] = self._find_user(context, project, assignee)
        reviewers = context.input.get("reviewers") or ()
        ids = [self._find_user(context, project, str(one)) for one in reviewers]
        if any(ids):
            asked["reviewer_ids"] = [one for one in ids if one]
        if labels := context.input.get("labels"):
            asked["labels"] = labels if isinstance(labels, str) else ",".join(labels)
        request = project.api.call("POST", f"{project.path}/merge_requests", asked)
        context.log(f"Opened {request['web_url']}")
        return {
            "targetBranchName": target,
            "projectid": project.name,
            "projectPath": facts["path_with_namespace"],
            "mergeRequestUrl": request["web_url"],
        }

    def create_issue(self, context: ActionContext) -> Mapping[str, Any]:
        """Open an issue."""
        api = self._open_api(context)
        asked = {
            "title": context.text("title"),
            "description": context.text("description"),
            "labels": context.text("labels"),
            "due_date": context.text("dueDate"),
            "confidential": bool(context.input.get("confidential")),
            "assignee_ids": context.input.get("assignees") or [],
        }
        given = {key: value for key, value in asked.items() if value}
        path = f"/projects/{quote(str(context.input['projectId']), safe='')}/issues"
        issue = api.call("POST", path, given)
        context.log(f"Opened {issue['web_url']}")
        return {
            "issueUrl": issue["web_url"],
            "issueId": issue["id"],
            "issueIid": issue["iid"],
        }

    def create_variable(self, context: ActionContext) -> None:
        """Create a variable for the pipelines of a project."""
        api = self._open_api(context)
        asked = {
            "key": context.text("key"),
            "value": context.text("value"),
            "variable_type": context.text("variableType") or "env_var",
            "protected": bool(context.input.get("variableProtected")),
            "masked": bool(context.input.get("masked")),
            "raw": bool(context.input.get("raw")),
            "environment_scope": context.text("environmentScope") or "*",
        }
        path = f"/projects/{quote(str(context.input['projectId']), safe='')}/variables"
        api.call("POST", path, asked)
        context.log(f"Created the variable {asked['key']}")

    def ensure_group(self, context: ActionContext) -> Mapping[str, Any]:
        """Make sure that a group and its parents exist."""
        api = self._open_api(context)
        above: Mapping[str, Any] | None = None
        for name, slug in _read_groups(context.input["path"]):
            path = f"{above['full_path']}/{slug}" if above else slug
            found = api.get(f"/groups/{quote(path, safe='')}", missing=_NOT_FOUND)
            if found is None:
                parent = {"parent_id": above["id"]} if above else {}
                found = api.call("POST", "/groups", {"name": name, "path": slug, **parent})
                context.log(f"Created the group {path}")
            above = found
        return {"groupId": above["id"] if above else None}

    def trigger_pipeline(self, context: ActionContext) -> Mapping[str, Any]:
        """Start a pipeline, with a temporary trigger."""
        api = self._open_api(context)
        project = f"/projects/{quote(str(context.input['projectId']), safe='')}"
        description = {"description": context.text("tokenDescription")}
        trigger = api.call("POST", f"{project}/triggers", description)
        asked = {"token": trigger["token"], "ref": context.text("branch") or DEFAULT_BRANCH}
        if variables := context.input.get("variables"):
            asked["variables"] = variables
        try:
            pipeline = api.call("POST", f"{project}/trigger/pipeline", asked)
        finally:
            api.call("DELETE", f"{project}/triggers/{trigger['id']}")
        context.log(f"Started {pipeline['web_url']}")
        return {"pipelineUrl": pipeline["web_url"]}

    def _open(self, context: ActionContext) -> _Project:
        url = RepoUrl.parse(context.text("repoUrl"))
        gitlab = self.services.find(url.host, GitLab)
        login = require_login(gitlab.login(context.text("token")), "GitLab")
        return _Project(url, self._open_api(context), login)

    def _open_api(self, context: ActionContext) -> ServiceApi:
        host = RepoUrl.parse(context.text("repoUrl"), required=()).host
        gitlab = self.services.find(host, GitLab)
        token = context.text("token")
        require_login(gitlab.login(token), "GitLab")
        return ServiceApi("GitLab", gitlab.settings.api, gitlab.headers(token))

    def _create(self, context: ActionContext, project: _Project, branch: str) -> Mapping[str, Any]:
        owner = quote(project.url.owner, safe="")
        namespace = project.api.get(f"/namespaces/{owner}", missing=_NOT_FOUND)
        if namespace is None:
            raise ActionError(
                f"repoUrl: the namespace {project.url.owner} is not at {project.url.host}, or the "
                "token may not see it"
            )
        asked: dict[str, Any] = {
            "name": project.url.repo,
            "path": project.url.repo,
            "namespace_id": namespace["id"],
            "visibility": context.text("repoVisibility") or "private",
            "default_branch": branch,
            **(context.input.get("settings") or {}),
        }
        if topics := context.input.get("topics"):
            asked["topics"] = topics
        facts = project.api.call("POST", "/projects", asked)
        context.log(f"Created {facts['web_url']}")
        return facts

    def _push_branch(
        self, context: ActionContext, project: _Project, facts: Mapping[str, Any]
    ) -> str:
        target = context.text("targetBranchName") or facts["default_branch"]
        files = read_files(context, below=context.text("targetPath"))
        if context.text("commitAction") == "delete":
            files = [CommitFile(one.path, None) for one in files]
        commit = self.services.describe_commit(context, context.text("branchName"))
        if not context.text("commitMessage") and context.text("title"):
            commit = self.services.describe_commit(_with_message(context), commit.branch)
        commit_hash = push_commit(project.open_remote(facts), target, files, commit)
        context.log(f"Pushed {len(files)} files to the branch {commit.branch}")
        return commit_hash

    def _find_user(self, context: ActionContext, project: _Project, name: str) -> int | None:
        found = project.api.get(f"/users?{urlencode({'username': name})}")
        if not found:
            context.warn(f"{name} is not a user of {project.url.host}, and is left out")
            return None
        return found[0]["id"]


def _with_message(context: ActionContext) -> ActionContext:
    """The commit with the merge request's title as its message, as in Backstage."""
    return replace(context, input={**context.input, "commitMessage": context.text("title")})


def _describe(facts: Mapping[str, Any], branch: str) -> dict[str, Any]:
    remote = facts["http_url_to_repo"].removesuffix(".git")
    return {
        "remoteUrl": facts["http_url_to_repo"],
        "repoContentsUrl": f"{facts.get('web_url') or remote}/-/blob/{branch}",
        "projectId": facts["id"],
    }


def _read_groups(path: Any) -> Iterator[tuple[str, str]]:
    """The names and slugs: of texts, or of objects with both."""
    for part in path:
        if isinstance(part, Mapping):
            yield str(part["name"]), str(part["slug"])
        else:
            yield str(part), str(part)
