"""Secrets, variables and environments of repositories at GitHub.

A secret is encrypted with GitHub's key, in libsodium's sealed box. Source:
https://docs.github.com/rest/guides/encrypting-secrets-for-the-rest-api
"""

import base64
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from nacl.public import PublicKey, SealedBox

from backstage_py.plugins.catalog.api import EntityRef
from backstage_py.plugins.scaffolder.actions.services.service_api import ServiceApi
from backstage_py.plugins.scaffolder.errors import ActionError


def set_secrets(api: ServiceApi, path: str, secrets: Mapping[str, Any]) -> None:
    """Create or replace secrets.

    Args:
        api: The API of a GitHub.
        path: The path of their owner, such as `/repos/acme/shop/actions` or
            `/repos/acme/shop/environments/prod`.
        secrets: The values by name.

    Raises:
        ActionError: If GitHub refuses them.
    """
    if not secrets:
        return
    key = api.get(f"{path}/secrets/public-key")
    for name, value in secrets.items():
        asked = {"encrypted_value": _encrypt(str(value), key["key"]), "key_id": key["key_id"]}
        api.call("PUT", f"{path}/secrets/{quote(name, safe='')}", asked)


def set_variables(api: ServiceApi, path: str, variables: Mapping[str, Any]) -> None:
    """Create variables; arguments as for `set_secrets`.

    Raises:
        ActionError: If GitHub refuses them.
    """
    for name, value in variables.items():
        api.call("POST", f"{path}/variables", {"name": name, "value": str(value)})


def set_up_environment(
    api: ServiceApi, path: str, given: Mapping[str, Any], reviewers: Sequence[Mapping[str, Any]]
) -> None:
    """Create an environment, or change it.

    Args:
        api: The API of a GitHub.
        path: The environment, such as `/repos/acme/shop/environments/prod`.
        given: The input of `github:environment:create`.
        reviewers: The result of `find_reviewers`.

    Raises:
        ActionError: If GitHub refuses it.
    """
    asked: dict[str, Any] = {}
    if (policy := given.get("deploymentBranchPolicy")) is not None:
        asked["deployment_branch_policy"] = policy
    if (minutes := given.get("waitTimer")) is not None:
        asked["wait_timer"] = minutes
    if (is_prevented := given.get("preventSelfReview")) is not None:
        asked["prevent_self_review"] = is_prevented
    if reviewers:
        asked["reviewers"] = list(reviewers)
    api.call("PUT", path, asked)
    for type_, key in (("branch", "customBranchPolicyNames"), ("tag", "customTagPolicyNames")):
        for name in given.get(key) or ():
            policy = {"name": name, "type": type_}
            api.call("POST", f"{path}/deployment-branch-policies", policy)
    set_variables(api, path, given.get("environmentVariables") or {})
    set_secrets(api, path, given.get("secrets") or {})


def find_reviewers(api: ServiceApi, owner: str, refs: Sequence[str]) -> list[dict[str, Any]]:
    """Find the users and teams that entity refs name, by their ids at GitHub.

    Raises:
        ActionError: If one is not a user or a group, or does not exist at GitHub.
    """
    found: list[dict[str, Any]] = []
    for written in refs:
        try:
            ref = EntityRef.parse(written, default_kind="User")
        except ValueError as error:
            raise ActionError(f"input.reviewers: {error}") from error
        name = quote(ref.name, safe="")
        match ref.kind.lower():
            case "user":
                found.append({"type": "User", "id": api.get(f"/users/{name}")["id"]})
            case "group":
                team = api.get(f"/orgs/{quote(owner, safe='')}/teams/{name}")
                found.append({"type": "Team", "id": team["id"]})
            case _:
                raise ActionError(f"input.reviewers: {written} is not a user or a group")
    return found


def _encrypt(value: str, key: str) -> str:
    sealed = SealedBox(PublicKey(base64.b64decode(key))).encrypt(value.encode())
    return base64.b64encode(sealed).decode()
