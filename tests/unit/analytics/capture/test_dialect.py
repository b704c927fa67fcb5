"""The choice between Backstage's two dialects, and how an extension is called in each."""

import pytest

from backstage_py.analytics.capture.dialect import (
    CLASSIC,
    CURRENT,
    dialect_from_config,
    extension_id,
)
from backstage_py.analytics.config.configuration import Config
from backstage_py.analytics.errors import ConfigurationError
from backstage_py.analytics.event import extension_of


def configured(**analytics: object) -> Config:
    return Config({"app": {"analytics": analytics}})


def test_the_classic_dialect_is_spoken_unless_another_is_chosen() -> None:
    assert dialect_from_config(configured()) is CLASSIC
    assert dialect_from_config(configured(dialect="current")) is CURRENT


def test_an_unknown_dialect_stops_the_start() -> None:
    with pytest.raises(ConfigurationError, match=r"dialect: is new\. Use classic or current"):
        dialect_from_config(configured(dialect="new"))


@pytest.mark.parametrize(
    ("kind", "name", "id_"),
    [
        ("page", "entity", "page:catalog/entity"),
        ("page", None, "page:catalog"),
        (None, "root", "catalog/root"),
        (None, None, "catalog"),
    ],
)
def test_what_an_extension_does_not_have_is_left_out_of_its_id(
    kind: str | None, name: str | None, id_: str
) -> None:
    assert extension_id("catalog", name, kind) == id_


@pytest.mark.parametrize(
    ("context", "name"),
    [
        ({"extension": "CatalogIndexPage", "pluginId": "catalog"}, "CatalogIndexPage"),
        ({"extensionId": "page:catalog/CatalogIndexPage"}, "CatalogIndexPage"),
        ({"extensionId": "nav-content:app"}, "nav-content:app"),
        ({"extensionId": "app/root"}, "root"),
        ({}, ""),
    ],
)
def test_an_extension_has_one_name_in_both_dialects(context: dict[str, str], name: str) -> None:
    assert extension_of(context) == name
