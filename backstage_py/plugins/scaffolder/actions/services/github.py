"""Actions at GitHub. Source of the inputs and outputs: `plugin-scaffolder-backend-module-github`.

The requests are those of GitHub's REST API (https://docs.github.com/rest), version 2022-11-28.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from backstage_py.plugins.catalog.api import GitHub
from backstage_py.plugins.scaffolder.actions.action import ActionContext
from backstage_py.plugins.scaffolder.actions.git_repository import (
    Remote,
    push_commit,
    push_first_commit,
)
from backstage_py.plugins.scaffolder.actions.publish import read_files
from backstage_py.plugins.scaffolder.actions.services.github_secrets import (
    find_reviewers,
    set_secrets,
    set_up_environment,
    set_variables,
)
from backstage_py.plugins.scaffolder.actions.services.repo_url import RepoUrl
from backstage_py.plugins.scaffolder.actions.services.service import (
    DEFAULT_BRANCH,
    Services,
    open_remote,
    require_login,
)
from backstage_py.plugins.scaffolder.actions.services.service_api import ServiceApi
from backstage_py.plugins.scaffolder.errors import ActionError

_NEW_REPOSITORY = {
    "description": "description",
    "homepage": "homepage",
    "deleteBranchOnMerge": "delete_branch_on_merge",
    "allowMergeCommit": "allow_merge_commit",
    "allowSquashMerge": "allow_squash_merge",
    "allowRebaseMerge": "allow_rebase_merge",
    "allowAutoMerge": "allow_auto_merge",
    "hasProjects": "has_projects",
    "hasWiki": "has_wiki",
    "hasIssues": "has_issues",
}
"""Inputs, and their names in the API."""
_NOT_SUPPORTED = ("oidcCustomization", "bypassPullRequestAllowances", "restrictions")


@dataclass(frozen=True, slots=True)
class _Repository:
    """A repository that a step names, and the API of its GitHub."""

    url: RepoUrl
    api: ServiceApi
    login: tuple[str, str]

    @property
    def path(self) -> str:
        return f"/repos/{quote(self.url.owner, safe='')}/{quote(self.url.repo, safe='')}"

    def open_remote(self, facts: Mapping[str, Any]) -> Remote:
        return open_remote(facts["clone_url"], self.login, self.api, self.url.host)


@dataclass(frozen=True, slots=True)
class GitHubActions:
    """The actions, for the configured GitHubs."""

    services: Services

    def publish(self, context: ActionContext) -> Mapping[str, Any]:
        """Create a repository and push the workspace to it."""
        files = read_files(context)
        repository = self._open(context)
        facts = self._create(context, repository)
        branch = context.text("defaultBranch") or DEFAULT_BRANCH
        commit = self.services.describe_commit(context, branch)
        commit_hash = push_first_commit(repository.open_remote(facts), files, commit)
        context.log(f"Pushed {len(files)} files to {facts['html_url']}")
        if context.input.get("protectDefaultBranch", True):
            self._protect(context, repository, branch)
        return {**_describe(facts, branch), "commitHash": commit_hash}

    def create_repository(self, context: ActionContext) -> Mapping[str, Any]:
        """Create an empty repository."""
        repository = self._open(context)
        return _describe(self._create(context, repository), DEFAULT_BRANCH)

    def push(self, context: ActionContext) -> Mapping[str, Any]:
        """Push the workspace to an empty repository."""
        files = read_files(context)
        repository = self._open(context)
        facts = repository.api.get(repository.path)
        branch = context.text("defaultBranch") or DEFAULT_BRANCH
        commit = self.services.describe_commit(context, branch)
        commit_hash = push_first_commit(repository.open_remote(facts), files, commit)
        context.log(f"Pushed {len(files)} files to {facts['html_url']}")
        if context.input.get("protectDefaultBranch", True):
            self._protect(context, repository, branch)
        return {**_describe(facts, branch), "commitHash": commit_hash}

    def open_pull_request(self, context: ActionContext) -> Mapping[str, Any]:
        """Push the workspace to a branch, and open a pull request."""
        files = read_files(context, below=context.text("targetPath"))
        repository = self._open(context)
        facts = repository.api.get(repository.path)
        base = context.text("targetBranchName") or facts["default_branch"]
        branch = context.text("branchName")
        commit = self.services.describe_commit(context, branch)
        remote, update = repository.open_remote(facts), bool(context.input.get("update"))
        push_commit(remote, base, files, commit, force=update)
        asked = {
            "title": context.text("title"),
            "body": context.text("description"),
            "head": branch,
            "base": base,
            "draft": bool(context.input.get("draft")),
        }
        pull = repository.api.call("POST", f"{repository.path}/pulls", asked)
        self._ask_people(context, repository, pull["number"])
        context.log(f"Opened {pull['html_url']}")
        return {
            "remoteUrl": pull["html_url"],
            "pullRequestNumber": pull["number"],
            "targetBranchName": base,
        }

    def dispatch_workflow(self, context: ActionContext) -> None:
        """Start a workflow."""
        repository = self._open(context)
        workflow = quote(str(context.input["workflowId"]), safe="")
        asked = {"ref": context.text("branchOrTagName")}
        if inputs := context.input.get("workflowInputs"):
            asked["inputs"] = inputs
        path = f"{repository.path}/actions/workflows/{workflow}/dispatches"
        repository.api.call("POST", path, asked)
        context.log(f"Started the workflow {context.input['workflowId']}")

    def enable_pages(self, context: ActionContext) -> None:
        """Enable GitHub Pages for the repository."""
        repository = self._open(context)
        source = {
            "branch": context.text("sourceBranch") or DEFAULT_BRANCH,
            "path": context.text("sourcePath") or "/",
        }
        asked = {"build_type": context.text("buildType") or "workflow", "source": source}
        repository.api.call("POST", f"{repository.path}/pages", asked)
        context.log("Enabled GitHub Pages")

    def label_issue(self, context: ActionContext) -> None:
        """Add labels to an issue or a pull request."""
        repository = self._open(context)
        path = f"{repository.path}/issues/{int(context.input['number'])}/labels"
        repository.api.call("POST", path, {"labels": context.input["labels"]})
        context.log("Added the labels")

    def create_issue(self, context: ActionContext) -> Mapping[str, Any]:
        """Open an issue."""
        repository = self._open(context)
        asked = _pick(context, "title", "body", "assignees", "milestone", "labels")
        issue = repository.api.call("POST", f"{repository.path}/issues", asked)
        context.log(f"Opened {issue['html_url']}")
        return {"issueUrl": issue["html_url"], "issueNumber": issue["number"]}

    def create_webhook(self, context: ActionContext) -> None:
        """Create a webhook."""
        repository = self._open(context)
        config = {
            "url": context.text("webhookUrl"),
            "content_type": context.text("contentType") or "form",
            "insecure_ssl": "1" if context.input.get("insecureSsl") else "0",
        }
        if secret := context.text("webhookSecret"):
            config["secret"] = secret
        asked = {
            "config": config,
            "events": context.input.get("events") or ["push"],
            "active": bool(context.input.get("active", True)),
        }
        repository.api.call("POST", f"{repository.path}/hooks", asked)
        context.log("Created the webhook")

    def create_environment(self, context: ActionContext) -> None:
        """Create an environment with its rules, variables and secrets."""
        repository = self._open(context)
        api, name = repository.api, context.text("name")
        refs = context.input.get("reviewers") or []
        reviewers = find_reviewers(api, repository.url.owner, refs)
        path = f"{repository.path}/environments/{quote(name, safe='')}"
        set_up_environment(api, path, context.input, reviewers)
        context.log(f"Created the environment {name}")

    def create_deploy_key(self, context: ActionContext) -> Mapping[str, Any]:
        """Let a key read the repository, and keep its private half as a secret of workflows."""
        repository = self._open(context)
        title, secret = context.text("deployKeyName"), context.text("privateKeySecretName") or "KEY"
        asked = {"title": title, "key": context.text("publicKey")}
        repository.api.call("POST", f"{repository.path}/keys", asked)
        secrets = {secret: context.text("privateKey")}
        set_secrets(repository.api, f"{repository.path}/actions", secrets)
        context.log(f"Added the deploy key {title}, and the secret {secret}")
        return {"privateKeySecretName": secret}

    def create_autolink(self, context: ActionContext) -> None:
        """Turn references such as TICKET-1 into links."""
        repository = self._open(context)
        asked = {
            "key_prefix": context.text("keyPrefix"),
            "url_template": context.text("urlTemplate"),
            "is_alphanumeric": bool(context.input.get("isAlphanumeric", True)),
        }
        repository.api.call("POST", f"{repository.path}/autolinks", asked)
        context.log(f"Created the autolink {asked['key_prefix']}")

    def protect_branch(self, context: ActionContext) -> None:
        """Protect a branch."""
        repository = self._open(context)
        branch = context.text("branch")
        if not branch:
            branch = repository.api.get(repository.path)["default_branch"]
        path = f"{repository.path}/branches/{quote(branch, safe='')}/protection"
        repository.api.call("PUT", path, _build_protection(context))
        context.log(f"Protected the branch {branch}")

    def _open(self, context: ActionContext) -> _Repository:
        url = RepoUrl.parse(context.text("repoUrl"))
        hosts = context.input.get("allowedHosts")
        if hosts and url.host not in hosts:
            raise ActionError(f"repoUrl: {url.host} is not one of allowedHosts")
        github = self.services.find(url.host, GitHub)
        token = context.text("token")
        login = require_login(github.login(token), "GitHub")
        headers = {
            **github.headers(token),
            "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": "2022-11-28",
        }
        return _Repository(url, ServiceApi("GitHub", github.settings.api, headers), login)

    def _create(self, context: ActionContext, repository: _Repository) -> Mapping[str, Any]:
        url, api = repository.url, repository.api
        owner = api.get(f"/users/{quote(url.owner, safe='')}")
        visibility = context.text("repoVisibility") or "private"
        asked: dict[str, Any] = {
            "name": url.repo,
            "private": visibility != "public",
            **{
                key: context.input[name]
                for name, key in _NEW_REPOSITORY.items()
                if context.input.get(name) is not None
            },
        }
        is_organization = owner["type"] == "Organization"
        if is_organization:
            asked["visibility"] = visibility
            facts = api.call("POST", f"/orgs/{quote(url.owner, safe='')}/repos", asked)
        else:
            facts = api.call("POST", "/user/repos", asked)
        context.log(f"Created {facts['html_url']}")
        self._let_in(context, repository)
        if topics := context.input.get("topics"):
            names = [str(topic).lower() for topic in topics]
            api.call("PUT", f"{repository.path}/topics", {"names": names})
        actions = f"{repository.path}/actions"
        set_variables(api, actions, context.input.get("repoVariables") or {})
        set_secrets(api, actions, context.input.get("secrets") or {})
        for name in _NOT_SUPPORTED:
            if context.input.get(name):
                context.warn(f"input.{name} is not supported here, and does nothing")
        return facts

    def _let_in(self, context: ActionContext, repository: _Repository) -> None:
        """Give people and teams access: `access` is an administrator: a user or `org/team`."""
        access = context.text("access")
        collaborators: list[Mapping[str, Any]] = [*(context.input.get("collaborators") or [])]
        if access.startswith(f"{repository.url.owner}/"):
            collaborators.append({"team": access.partition("/")[2], "access": "admin"})
        elif access and access != repository.url.owner:
            collaborators.append({"user": access, "access": "admin"})
        for one in collaborators:
            permission = {"permission": one.get("access", "push")}
            if user := one.get("user") or one.get("username"):
                path = f"{repository.path}/collaborators/{quote(user, safe='')}"
            else:
                owner, team = quote(repository.url.owner, safe=""), quote(one["team"], safe="")
                path = f"/orgs/{owner}/teams/{team}{repository.path}"
            repository.api.call("PUT", path, permission)

    def _protect(self, context: ActionContext, repository: _Repository, branch: str) -> None:
        """Protect the default branch; log only a warning if the plan does not include that."""
        path = f"{repository.path}/branches/{quote(branch, safe='')}/protection"
        try:
            repository.api.call("PUT", path, _build_protection(context))
        except ActionError as error:
            if "Upgrade to GitHub" not in str(error):
                raise
            context.warn(f"The branch {branch} is not protected: {error}")

    def _ask_people(self, context: ActionContext, repository: _Repository, number: int) -> None:
        reviewers = {
            "reviewers": context.input.get("reviewers") or [],
            "team_reviewers": context.input.get("teamReviewers") or [],
        }
        if any(reviewers.values()):
            path = f"{repository.path}/pulls/{number}/requested_reviewers"
            repository.api.call("POST", path, reviewers)
        if assignees := context.input.get("assignees"):
            path = f"{repository.path}/issues/{number}"
            repository.api.call("PATCH", path, {"assignees": assignees})
        if labels := context.input.get("labels"):
            path = f"{repository.path}/issues/{number}/labels"
            repository.api.call("POST", path, {"labels": labels})


def _describe(facts: Mapping[str, Any], branch: str) -> dict[str, Any]:
    return {
        "remoteUrl": facts["clone_url"],
        "repoContentsUrl": f"{facts['html_url']}/blob/{branch}",
    }


def _pick(context: ActionContext, *names: str) -> dict[str, Any]:
    return {name: context.input[name] for name in names if context.input.get(name) is not None}


def _build_protection(context: ActionContext) -> dict[str, Any]:
    """The body for the API of branch protection, with Backstage's defaults."""
    checks: Sequence[str] = context.input.get("requiredStatusCheckContexts") or ()
    reviews = {
        "required_approving_review_count": context.input.get("requiredApprovingReviewCount", 1),
        "require_code_owner_reviews": bool(context.input.get("requireCodeOwnerReviews")),
        "dismiss_stale_reviews": bool(context.input.get("dismissStaleReviews")),
        "require_last_push_approval": bool(context.input.get("requireLastPushApproval")),
    }
    strict = bool(context.input.get("requireBranchesToBeUpToDate", True))
    conversations = context.input.get("requiredConversationResolution")
    return {
        "required_status_checks": {"strict": strict, "contexts": list(checks)},
        "required_pull_request_reviews": reviews,
        "restrictions": None,
        "enforce_admins": bool(context.input.get("protectEnforceAdmins", True)),
        "required_conversation_resolution": bool(conversations),
        "required_linear_history": bool(context.input.get("requiredLinearHistory")),
    }
