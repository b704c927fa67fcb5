"""Actions at Bitbucket Cloud, after `plugin-scaffolder-backend-module-bitbucket-cloud`.

The requests are those of its REST API 2.0 (https://developer.atlassian.com/cloud/bitbucket/rest).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from backstage_py.plugins.catalog.api import BitbucketCloud
from backstage_py.plugins.scaffolder.actions.action import ActionContext
from backstage_py.plugins.scaffolder.actions.git_repository import (
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


@dataclass(frozen=True, slots=True)
class _Repository:
    """A repository that a step names, and the API."""

    url: RepoUrl
    api: ServiceApi
    login: tuple[str, str]

    @property
    def path(self) -> str:
        parts = (quote(part, safe="") for part in (self.url.workspace, self.url.repo))
        return f"/repositories/{'/'.join(parts)}"

    def open_remote(self, facts: Mapping[str, Any]) -> Remote:
        links = facts["links"]["clone"]
        found = next((one["href"] for one in links if one["name"] in {"https", "http"}), None)
        if found is None:
            raise ActionError("Bitbucket gives no https address to push to")
        return open_remote(found, self.login, self.api, self.url.host)


@dataclass(frozen=True, slots=True)
class BitbucketCloudActions:
    """The actions."""

    services: Services

    def publish(self, context: ActionContext) -> Mapping[str, Any]:
        """Create a repository and push the workspace to it."""
        files = read_files(context)
        repository = self._open(context)
        branch = context.text("defaultBranch") or DEFAULT_BRANCH
        asked: dict[str, Any] = {
            "scm": "git",
            "description": context.text("description"),
            "is_private": context.text("repoVisibility") != "public",
        }
        if project := repository.url.project:
            asked["project"] = {"key": project}
        facts = repository.api.call("POST", repository.path, asked)
        commit = self.services.describe_commit(context, branch)
        remote = repository.open_remote(facts)
        commit_hash = push_first_commit(remote, files, commit)
        page = facts["links"]["html"]["href"]
        context.log(f"Pushed {len(files)} files to {page}")
        return {
            "remoteUrl": remote.url,
            "repoContentsUrl": f"{page}/src/{branch}",
            "commitHash": commit_hash,
        }

    def open_pull_request(self, context: ActionContext) -> Mapping[str, Any]:
        """Push the workspace to a branch, and open a pull request."""
        files = read_files(context)
        repository = self._open(context)
        facts = repository.api.get(repository.path)
        main = (facts.get("mainbranch") or {}).get("name") or DEFAULT_BRANCH
        target = context.text("targetBranch") or main
        branch = context.text("sourceBranch")
        commit = self.services.describe_commit(context, branch)
        push_commit(repository.open_remote(facts), target, files, commit)
        asked = {
            "title": context.text("title"),
            "description": context.text("description"),
            "source": {"branch": {"name": branch}},
            "destination": {"branch": {"name": target}},
        }
        pull = repository.api.call("POST", f"{repository.path}/pullrequests", asked)
        address = pull["links"]["html"]["href"]
        context.log(f"Opened {address}")
        return {"pullRequestUrl": address}

    def run_pipeline(self, context: ActionContext) -> Mapping[str, Any]:
        """Start a pipeline."""
        workspace, repo = context.text("workspace"), context.text("repo_slug")
        url = RepoUrl("bitbucket.org", workspace=workspace, repo=repo)
        repository = self._open_url(context, url)
        asked = context.input.get("body") or {}
        pipeline = repository.api.call("POST", f"{repository.path}/pipelines", asked)
        number = pipeline["build_number"]
        context.log(f"Started pipeline {number}")
        return {"buildNumber": number, "pipelinesUrl": pipeline["links"]["self"]["href"]}

    def _open(self, context: ActionContext) -> _Repository:
        required = ("workspace", "repo")
        url = RepoUrl.parse(context.text("repoUrl"), required=required)
        return self._open_url(context, url)

    def _open_url(self, context: ActionContext, url: RepoUrl) -> _Repository:
        bitbucket = self.services.find(url.host, BitbucketCloud)
        token = context.text("token")
        login = require_login(bitbucket.login(token), "Bitbucket")
        api = ServiceApi("Bitbucket", bitbucket.settings.api, bitbucket.headers(token))
        return _Repository(url, api, login)
