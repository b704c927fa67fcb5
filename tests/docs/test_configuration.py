"""The page on the configuration lists exactly the keys of the settings models."""

import importlib
import pkgutil
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, get_args, get_origin

import backstage_py
from backstage_py.analytics.backends.policy import DeliveryPolicy
from backstage_py.analytics.backends.routing import Routing
from backstage_py.analytics.backends.user_identity import IdentitySettings
from backstage_py.analytics.config.settings import NoSettings, SettingsModel, ToolSettings
from backstage_py.analytics.consent.rules import PrivacySettings
from backstage_py.analytics.ingest.addresses import AddressSettings
from backstage_py.analytics.ingest.rate_limit import IngestSettings
from backstage_py.analytics.ingest.robots import RobotsSettings
from backstage_py.analytics.metrics.endpoint import MetricsSettings
from backstage_py.analytics.retention.retention import Retention
from backstage_py.insights.access import InsightsSettings
from backstage_py.insights.alerts.rules import RuleSettings
from backstage_py.insights.ui.settings import DisplaySettings
from backstage_py.plugins.auth.external_access import ExternalAccess
from backstage_py.plugins.auth.settings import (
    PROVIDERS,
    OAuthSettings,
    ProviderSettings,
    SessionSettings,
)
from backstage_py.plugins.catalog.integrations.settings import IntegrationSettings
from backstage_py.plugins.catalog.settings import CatalogSettings
from backstage_py.plugins.home.settings import HomeSettings
from backstage_py.plugins.scaffolder.settings import ScaffolderSettings
from backstage_py.plugins.techdocs.settings import TechDocsSettings
from backstage_py.portal.installed_plugins import PluginSettings
from backstage_py.portal.plugin import NoPluginSettings
from tests.conftest import PROJECT

PAGE = (PROJECT / "docs" / "configuration.md").read_text(encoding="utf-8")
SECTIONS: Sequence[tuple[str, type[SettingsModel]]] = [
    ("app.analytics.<name>", Routing),
    ("app.analytics.<name>", IdentitySettings),
    ("app.analytics.<name>.delivery", DeliveryPolicy),
    ("app.analytics.addresses", AddressSettings),
    ("app.analytics.ingest", IngestSettings),
    ("app.analytics.insights", InsightsSettings),
    ("app.analytics.metrics", MetricsSettings),
    ("app.analytics.privacy", PrivacySettings),
    ("app.analytics.retention", Retention),
    ("app.analytics.robots", RobotsSettings),
    ("app.plugins.<plugin>", PluginSettings),
    ("auth.providers.<id>", OAuthSettings),
    *((f"auth.providers.{id_}", schema) for id_, schema in PROVIDERS.items()),
    ("auth.session", SessionSettings),
    ("backend.auth.externalAccess[]", ExternalAccess),
    ("catalog", CatalogSettings),
    ("home", HomeSettings),
    ("insights", DisplaySettings),
    ("integrations", IntegrationSettings),
    ("scaffolder", ScaffolderSettings),
    ("techdocs", TechDocsSettings),
]
BASES = {NoPluginSettings, NoSettings, ProviderSettings, RuleSettings, ToolSettings}
"""Not sections themselves."""


def list_keys(path: str, schema: type[SettingsModel]) -> Iterator[tuple[str, str]]:
    """Each key in full, with what to use there."""
    shared = OAuthSettings.model_fields if schema in PROVIDERS.values() else {}
    for name, field in schema.model_fields.items():
        if name in shared:
            continue
        key = f"{path}.{field.alias or name}"
        nested = find_nested(field.annotation)
        if nested is None:
            yield key, field.description or ""
        else:
            yield from list_keys(f"{key}[]" if is_list(field.annotation) else key, nested)


def find_nested(annotation: Any) -> type[SettingsModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, SettingsModel):
        return annotation
    return next(filter(None, map(find_nested, get_args(annotation))), None)


def is_list(annotation: Any) -> bool:
    kinds = [annotation, *get_args(annotation)]
    return any(get_origin(kind) in {tuple, list} for kind in kinds)


def nested_in(schema: type[SettingsModel]) -> Iterator[type[SettingsModel]]:
    yield schema
    for field in schema.model_fields.values():
        if nested := find_nested(field.annotation):
            yield from nested_in(nested)


def models() -> set[type[SettingsModel]]:
    """All models of the package; those of tools are on a page of their own."""
    for module in pkgutil.walk_packages(backstage_py.__path__, "backstage_py."):
        if ".migrations" not in module.name and not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    return {
        model
        for model in subclasses(SettingsModel)
        if model.__module__.startswith("backstage_py.")
        and ".analytics_modules." not in model.__module__
    }


def subclasses(model: type[SettingsModel]) -> Iterator[type[SettingsModel]]:
    for one in model.__subclasses__():
        yield one
        yield from subclasses(one)


def documented() -> Mapping[str, str]:
    table = PAGE.partition("## Every key\n")[2].partition("\n## ")[0]
    return dict(re.findall(r"^\| `([^`]+)` \| (.*) \|$", table, re.MULTILINE))


def test_every_model_is_a_section_that_the_page_lists() -> None:
    listed = {model for _, schema in SECTIONS for model in nested_in(schema)}

    assert models() - listed == BASES


def test_the_page_lists_exactly_the_keys_of_the_models() -> None:
    keys = dict(one for path, schema in SECTIONS for one in list_keys(path, schema))

    assert documented() == {key: use.replace("|", r"\|") for key, use in keys.items()}
