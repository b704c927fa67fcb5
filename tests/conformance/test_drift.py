"""The drift check reads packages right; what they say now is in docs/drift.md."""

import json
from pathlib import Path

import pytest

from tests.conformance.drift import (
    EVENTS,
    Capture,
    captures_in,
    documented_actions,
    keys_in,
    read_package,
    report,
    settings_of,
    unknown,
)

CODE = """
  captureEvent(action, subject, { value, attributes } = {}) {
  analytics.captureEvent("click", title ?? `a, (b)`, { attributes: { to } });
  analytics?.captureEvent?.(
    'ask',
    term,
  );
  captureEvent(event) { this.events.push(event); }
"""
SCHEMA = """
export interface Config {
  app?: {
    analytics?: {
      /** A { comment; } */
      segment?:
        | { writeKey?: string; testMode: true; maskIP?: boolean }
        | {
            writeKey: string;
            newKey?: { inner: number };
          };
      matomo?: { host: string; siteId: string; };
    };
  };
}
"""


def package(folder: Path) -> Path:
    (folder / "dist").mkdir()
    (folder / "dist" / "index.esm.js").write_text(CODE, encoding="utf-8")
    (folder / "config.d.ts").write_text(SCHEMA, encoding="utf-8")
    about = {"name": "@backstage/plugin-of-tests", "version": "1.2.3"}
    (folder / "package.json").write_text(json.dumps(about), encoding="utf-8")
    return folder


def test_calls_are_found_and_methods_are_not() -> None:
    assert list(captures_in(CODE)) == [('"click"', "title ?? `a, (b)`"), ("'ask'", "term")]


def test_keys_are_found_in_unions_and_objects() -> None:
    assert sorted(set(keys_in(SCHEMA))) == [
        ("matomo", "host"),
        ("matomo", "siteId"),
        ("segment", "inner"),
        ("segment", "maskIP"),
        ("segment", "newKey"),
        ("segment", "testMode"),
        ("segment", "writeKey"),
    ]


def test_what_we_do_not_know_is_named(tmp_path: Path) -> None:
    found = read_package(package(tmp_path))

    differences = unknown([found], documented_actions(EVENTS.read_text(encoding="utf-8")))

    assert differences == [
        "@backstage/plugin-of-tests: the action ask is not in docs/events.md",
        "@backstage/plugin-of-tests: app.analytics.segment.inner is not accepted",
        "@backstage/plugin-of-tests: app.analytics.segment.newKey is not accepted",
    ]
    page = report([found], ["@backstage/gone"], differences)
    assert "- @backstage/plugin-of-tests: the action ask" in page
    assert "| `@backstage/plugin-of-tests` | 1.2.3 | `\"click\"` of `title ?? 'a, (b)'`" in page
    assert "`@backstage/gone` is not in the registry" in page


@pytest.mark.parametrize(
    ("action", "name"), [('"click"', "click"), ("`go-${to}`", None), ("action", None)]
)
def test_only_what_is_written_down_is_a_name(action: str, name: str | None) -> None:
    assert Capture("p", action, "s").name == name


def test_the_settings_of_a_tool_are_those_of_its_section_and_all_tools() -> None:
    keys = settings_of("qm")

    assert keys is not None
    assert {"mappings", "identity", "debug"} <= keys
    assert settings_of("nothing") is None
