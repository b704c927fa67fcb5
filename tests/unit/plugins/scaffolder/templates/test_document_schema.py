import json
from pathlib import Path
from typing import Any

from jsonschema_rs import Draft7Validator

from backstage_py.plugins.catalog.model import spec_schema
from backstage_py.plugins.scaffolder.actions.installed import build_file_actions
from backstage_py.plugins.scaffolder.templates.document_schema import build_document_schema


def build() -> dict[str, Any]:
    return build_document_schema([one.about for one in build_file_actions()])


def test_the_schema_takes_a_template_and_knows_the_inputs_of_its_actions() -> None:
    validator = Draft7Validator(build())
    template = {
        "apiVersion": "scaffolder.backstage.io/v1beta3",
        "kind": "Template",
        "metadata": {"name": "new"},
        "spec": {"type": "service", "steps": [{"action": "fetch:plain", "input": {"url": "."}}]},
    }
    assert validator.is_valid(template)

    template["spec"] = {"type": "service", "steps": [{"action": "fetch:plain", "input": {}}]}
    assert [str(one.message) for one in validator.iter_errors(template)] == [
        '"url" is a required property'
    ]


def test_building_it_again_does_not_add_the_actions_twice() -> None:
    assert build() == build()


def test_it_knows_every_field_that_the_catalog_does() -> None:
    """What the catalog checks is in another file, with the plugin that reads descriptors."""
    file = Path(spec_schema.__file__).with_name("template.schema.json")
    checked = json.loads(file.read_text(encoding="utf-8"))["properties"]
    known = build()

    missing = checked.keys() - known["properties"]["spec"]["properties"].keys()
    assert missing == {"formDecorators", "EXPERIMENTAL_formDecorators"}, "run by Backstage only"
    step = checked["steps"]["items"]["properties"].keys()
    assert step - known["definitions"]["step"]["properties"].keys() == {"backstage:permissions"}
