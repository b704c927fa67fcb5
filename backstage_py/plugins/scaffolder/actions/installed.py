"""The portal's own actions: their functions, and their descriptions in reference.yaml."""

import functools
from collections.abc import Iterable
from importlib.resources import files
from typing import Any

import yaml

from backstage_py.plugins.scaffolder.actions import debug, fetch, utilities
from backstage_py.plugins.scaffolder.actions import files as workspace_files
from backstage_py.plugins.scaffolder.actions.action import Action
from backstage_py.plugins.scaffolder.actions.catalog_entities import CatalogActions, write_entity
from backstage_py.plugins.scaffolder.actions.notification import (
    NotificationAction,
    NotificationSender,
)
from backstage_py.plugins.scaffolder.actions.publish import PublishActions
from backstage_py.plugins.scaffolder.actions.services.azure import AzureActions
from backstage_py.plugins.scaffolder.actions.services.bitbucket_cloud import (
    BitbucketCloudActions,
)
from backstage_py.plugins.scaffolder.actions.services.github import GitHubActions
from backstage_py.plugins.scaffolder.actions.services.gitlab import GitLabActions
from backstage_py.plugins.scaffolder.actions.services.portal_request import PortalRequest
from backstage_py.plugins.scaffolder.actions.services.service import Services
from backstage_py.plugins.scaffolder.errors import UnknownActionError
from backstage_py.plugins.scaffolder.installed_action import ActionExample, InstalledAction


class ActionRegistry:
    """The installed actions by id; a later one replaces an earlier one."""

    def __init__(self, actions: Iterable[Action] = ()) -> None:
        self._actions = {action.id: action for action in actions}

    def register(self, action: Action) -> None:
        """Install an action."""
        self._actions = {**self._actions, action.id: action}

    def get(self, action_id: str) -> Action:
        """Get an action.

        Raises:
            UnknownActionError: If no action with this id is installed.
        """
        if action_id not in self._actions:
            raise UnknownActionError(action_id)
        return self._actions[action_id]

    def find(self, action_id: str) -> Action | None:
        """Find an action."""
        return self._actions.get(action_id)

    def list(self) -> tuple[InstalledAction, ...]:
        """List the references of the actions, by id."""
        return tuple(action.about for _, action in sorted(self._actions.items()))


def build_actions(catalog: CatalogActions, publish: PublishActions) -> list[Action]:
    """Build the actions that need only the portal itself."""
    return [
        *build_file_actions(),
        _build("debug:log", debug.log_message),
        _build("debug:wait", debug.wait),
        _build("catalog:fetch", catalog.fetch),
        _build("catalog:write", write_entity),
        _build("catalog:register", catalog.register, reaches_out=True),
        _build("publish:file", publish.publish_files, reaches_out=True),
        _build("publish:git", publish.publish_repository, reaches_out=True),
    ]


def build_file_actions() -> list[Action]:
    """Build the actions that need only a workspace and the files beside the template."""
    return [
        _build("fetch:plain", fetch.fetch_plain),
        _build("fetch:plain:file", fetch.fetch_plain_file),
        _build("fetch:template", fetch.fetch_template),
        _build("fetch:template:file", fetch.fetch_template_file),
        _build("fs:delete", workspace_files.delete_files),
        _build("fs:rename", workspace_files.rename_files),
        _build("fs:readdir", workspace_files.read_folders),
    ]


def build_utilities() -> list[Action]:
    """Build the actions on files, JSON and YAML that templates know from RoadieHQ."""
    return [
        _build("roadiehq:utils:fs:write", utilities.write_file),
        _build("roadiehq:utils:fs:append", utilities.append_to_file),
        _build("roadiehq:utils:fs:parse", utilities.parse_file),
        _build("roadiehq:utils:fs:replace", utilities.replace_in_files),
        _build("roadiehq:utils:json:merge", utilities.merge_json),
        _build("roadiehq:utils:merge", utilities.merge_file),
        _build("roadiehq:utils:serialize:json", utilities.serialize_json),
        _build("roadiehq:utils:serialize:yaml", utilities.serialize_yaml),
        _build("roadiehq:utils:sleep", utilities.sleep),
        _build("roadiehq:utils:zip", utilities.zip_folder),
    ]


def build_service_actions(services: Services, *, portal: str) -> list[Action]:
    """Build the actions that reach a service, or the portal's own API at an address."""
    github, gitlab = GitHubActions(services), GitLabActions(services)
    bitbucket, azure = BitbucketCloudActions(services), AzureActions(services)
    functions = {
        "publish:github": github.publish,
        "publish:github:pull-request": github.open_pull_request,
        "github:actions:dispatch": github.dispatch_workflow,
        "github:autolinks:create": github.create_autolink,
        "github:branch-protection:create": github.protect_branch,
        "github:deployKey:create": github.create_deploy_key,
        "github:environment:create": github.create_environment,
        "github:issues:create": github.create_issue,
        "github:issues:label": github.label_issue,
        "github:pages:enable": github.enable_pages,
        "github:repo:create": github.create_repository,
        "github:repo:push": github.push,
        "github:webhook": github.create_webhook,
        "publish:gitlab": gitlab.publish,
        "publish:gitlab:merge-request": gitlab.open_merge_request,
        "gitlab:group:ensureExists": gitlab.ensure_group,
        "gitlab:issues:create": gitlab.create_issue,
        "gitlab:pipeline:trigger": gitlab.trigger_pipeline,
        "gitlab:projectVariable:create": gitlab.create_variable,
        "gitlab:repo:push": gitlab.push,
        "publish:bitbucket": bitbucket.publish,
        "publish:bitbucketCloud": bitbucket.publish,
        "publish:bitbucketCloud:pull-request": bitbucket.open_pull_request,
        "bitbucket:pipelines:run": bitbucket.run_pipeline,
        "publish:azure": azure.publish,
        "http:backstage:request": PortalRequest(portal).run,
    }
    return [_build(id_, run, reaches_out=True) for id_, run in functions.items()]


def build_notification_action(send: NotificationSender) -> Action:
    """Build the action for a plugin that can notify people."""
    return _build("notification:send", NotificationAction(send).run, reaches_out=True)


def _build(action_id: str, run: Any, *, reaches_out: bool = False) -> Action:
    written = _read_reference()[action_id]
    about = InstalledAction(
        id=action_id,
        description=written["description"],
        input_schema=written["input"],
        output_schema=written.get("output", {}),
        examples=tuple(ActionExample(**example) for example in written["examples"]),
        supports_dry_run=written["supportsDryRun"],
    )
    return Action(about, run, reaches_out=reaches_out)


@functools.cache
def _read_reference() -> dict[str, Any]:
    folder = files("backstage_py.plugins.scaffolder.actions")
    reference: dict[str, Any] = {}
    for path in ("reference.yaml", "utilities.yaml", "services/reference.yaml"):
        text = folder.joinpath(path).read_text(encoding="utf-8")
        reference |= yaml.load(text, Loader=yaml.CSafeLoader)
    return reference
