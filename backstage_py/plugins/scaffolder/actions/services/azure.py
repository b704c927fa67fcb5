"""Actions at Azure DevOps, after `plugin-scaffolder-backend-module-azure`.

The requests are those of its REST API, version 6.0
(https://learn.microsoft.com/rest/api/azure/devops).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from backstage_py.plugins.catalog.api import AzureDevOps
from backstage_py.plugins.scaffolder.actions.action import ActionContext
from backstage_py.plugins.scaffolder.actions.git_repository import push_first_commit
from backstage_py.plugins.scaffolder.actions.publish import read_files
from backstage_py.plugins.scaffolder.actions.services.repo_url import RepoUrl
from backstage_py.plugins.scaffolder.actions.services.service import (
    DEFAULT_BRANCH,
    Services,
    open_remote,
    require_login,
)
from backstage_py.plugins.scaffolder.actions.services.service_api import ServiceApi

_VERSION = "api-version=6.0"


@dataclass(frozen=True, slots=True)
class AzureActions:
    """The actions, for the configured Azure DevOps."""

    services: Services

    def publish(self, context: ActionContext) -> Mapping[str, Any]:
        """Create a repository and push the workspace to it."""
        files = read_files(context)
        url = RepoUrl.parse(context.text("repoUrl"), required=("organization", "repo"))
        project = url.project or url.owner or url.repo
        azure = self.services.find(url.host, AzureDevOps)
        owner, token = f"{url.organization}/{project}", context.text("token")
        login = require_login(azure.login(owner, token), "Azure DevOps")
        api = ServiceApi("Azure DevOps", azure.settings.api, azure.headers(owner, token))
        path = f"/{quote(owner)}/_apis/git/repositories?{_VERSION}"
        facts = api.call("POST", path, {"name": url.repo})
        branch = context.text("defaultBranch") or DEFAULT_BRANCH
        commit = self.services.describe_commit(context, branch)
        remote = open_remote(facts["remoteUrl"], login, api, url.host)
        commit_hash = push_first_commit(remote, files, commit)
        page = facts.get("webUrl") or remote.url
        context.log(f"Pushed {len(files)} files to {page}")
        return {
            "remoteUrl": remote.url,
            "repoContentsUrl": page,
            "repositoryId": facts["id"],
            "commitHash": commit_hash,
        }
