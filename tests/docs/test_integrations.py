"""The page on analytics tools, held against their modules."""

import importlib
import pkgutil

import pytest

from backstage_py import analytics_modules
from backstage_py.analytics.config.settings import SettingsModel
from tests.conftest import PROJECT

PAGE = (PROJECT / "docs" / "integrations.md").read_text(encoding="utf-8")
MODULES = [
    module.name
    for module in pkgutil.iter_modules(analytics_modules.__path__)
    if not module.name.startswith("_")
]


def schemas(module: str) -> list[type[SettingsModel]]:
    found = importlib.import_module(f"{analytics_modules.__name__}.{module}")
    return [
        value
        for value in vars(found).values()
        if isinstance(value, type)
        and issubclass(value, SettingsModel)
        and value.__module__ == found.__name__
    ]


@pytest.mark.parametrize("module", MODULES)
def test_every_key_is_on_the_page(module: str) -> None:
    keys = {
        field.alias or name
        for schema in schemas(module)
        for name, field in schema.model_fields.items()
    }

    assert keys
    assert {key for key in keys if key not in PAGE} == set()


@pytest.mark.parametrize("example", ["splunk.py", "test_splunk.py"])
def test_the_example_is_shown_as_it_is(example: str) -> None:
    code = (PROJECT / "examples" / example).read_text(encoding="utf-8").split('"""\n\n', 1)[-1]

    assert code in PAGE
