"""The pages on sign-in, permissions and security: complete, and a portal starts with them."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import yaml

from backstage_py.analytics import PERMISSIONS, Config, Origins, TrustedProxies
from backstage_py.plugins.auth.external_access import ExternalAccess
from backstage_py.plugins.auth.providers.registry import Providers
from backstage_py.plugins.auth.resolvers import _RESOLVERS
from backstage_py.plugins.auth.settings import PROVIDERS, AuthSettings
from backstage_py.portal.permissions import Person, PortalPermissions
from backstage_py.portal.web_guard import build_csp
from tests.conftest import PROJECT

NAMES = ("sign-in", "permissions", "security")
PAGES = {name: (PROJECT / "docs" / f"{name}.md").read_text(encoding="utf-8") for name in NAMES}
_BLOCK = re.compile(r"^```(yaml|python)\n(.*?)^```", re.DOTALL | re.MULTILINE)


def list_blocks(language: str) -> Iterator[tuple[str, str]]:
    for name, page in PAGES.items():
        for kind, text in _BLOCK.findall(page):
            if kind == language:
                yield name, text


def list_configurations() -> list[tuple[str, Mapping[str, Any]]]:
    return [(name, yaml.safe_load(text)) for name, text in list_blocks("yaml")]


@pytest.mark.parametrize(("page", "values"), list_configurations())
def test_a_portal_starts_with_what_is_shown(page: str, values: Mapping[str, Any]) -> None:
    config = Config(without_policy(values))

    assert values.keys() <= {"app", "auth", "backend", "permission"}, page
    Providers.build(AuthSettings.from_config(config))
    PortalPermissions.from_config(
        config, list_claims=lambda user: [user], find_entity=lambda _: None
    )
    Origins.from_config(config)
    TrustedProxies.from_config(config)
    build_csp(config)
    for entry in config.section("backend.auth").get_optional_list("externalAccess") or ():
        ExternalAccess.from_config(Config(entry))


def without_policy(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """The class of the owner's is in the next block of the page, and not to be imported."""
    own = {key: one for key, one in values.get("permission", {}).items() if key != "policy"}
    return {**values, "permission": own}


def test_each_provider_is_shown_with_its_configuration() -> None:
    shown = {
        id_ for _, one in list_configurations() for id_ in one.get("auth", {}).get("providers", {})
    }

    assert shown == set(PROVIDERS)


def test_each_resolver_and_each_permission_is_listed() -> None:
    assert [name for name in _RESOLVERS if f"`{name}`" not in PAGES["sign-in"]] == []
    names = PAGES["permissions"].split("## Without")[0]
    rows = dict(re.findall(r"^\| `([\w.]+\.\w+)` \| (.+?) \|$", names, re.MULTILINE))
    assert {name: rows.get(name) for name in PERMISSIONS} == dict(PERMISSIONS)


def test_the_resolver_and_the_policy_that_are_shown_do_what_the_page_says() -> None:
    policy, resolver = {}, {}
    for page, text in list_blocks("python"):
        if "OurPolicy" in text:
            exec(text, policy)
        elif page == "sign-in":
            exec(text, resolver)

    person = Person("user:default/ann", {"user:default/ann"})
    decide = policy["OurPolicy"]().decide
    owned = {"relations": [{"type": "ownedBy", "targetRef": "user:default/ann"}]}
    assert decide(person, "catalog.entity.delete")(owned)
    assert decide(person, "catalog.entity.read") is True
    assert decide(person, "catalog.location.create") is False
    assert callable(resolver["by_employee_number"])
