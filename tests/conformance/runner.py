"""Builds and serves the app of a scenario file, and runs its scenarios in Chromium."""

import json
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from playwright.sync_api import Browser, sync_playwright

from tests.conformance.comparison import difference
from tests.conformance.sinks import Sinks
from tests.conformance.visit import Visit
from tests.served_app import chromium, serve

FIXTURE = Path(__file__).parent / "fixture"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of a scenario; `difference` is None if it matches Backstage's."""

    file: str
    scenario: str
    difference: str | None


def run_file(file: Path) -> Iterator[Outcome]:
    """Run the scenarios of a file, in their order.

    Raises:
        jsonschema.ValidationError: If the file is not of the scenario format.
    """
    description = json.loads(file.read_text(encoding="utf-8"))
    _validate(description, file.parent / "scenario.schema.json")
    sinks_of_app = description["app"].get("sinks", [{"name": "main"}])
    with closing(Sinks(sinks_of_app, description.get("dialect", "classic"))) as sinks:
        environment = {
            "CONFORMANCE_FILE": str(file.resolve()),
            "APP_CONFIG": str(sinks.config_file),
            "DATABASE_URL": f"sqlite:///{sinks.folder / 'events.db'}",
        }
        with (
            serve(FIXTURE, environment) as base_url,
            sync_playwright() as playwright,
            chromium(playwright) as browser,
        ):
            for scenario in description["scenarios"]:
                yield Outcome(file.name, scenario["name"], _run(scenario, browser, base_url, sinks))


def _run(scenario: Mapping[str, Any], browser: Browser, base_url: str, sinks: Sinks) -> str | None:
    expected = {"main": scenario["events"], **scenario.get("sinks", {})}
    with closing(Visit(browser, base_url)) as visit:
        for step in scenario["steps"]:
            visit.do(step)
        captured = sinks.settle(expected, visit.session_id)
    differences = [
        f"sink {name}:\n{found}"
        for name, events in expected.items()
        if (found := difference(events, captured[name]))
    ]
    return "\n".join(differences) or None


def _validate(description: Any, schema_file: Path) -> None:
    if schema_file.exists():
        schema = json.loads(schema_file.read_text(encoding="utf-8"))
        scenarios = {key: value for key, value in description.items() if key != "dialect"}
        Draft202012Validator(schema).validate(scenarios)
