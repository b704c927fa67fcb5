"""The findings on security, and the "held" list beside them: where the tests of each are."""

import re
import uuid

import pytest

from tests.attacks.conftest import OWNER, Portal
from tests.conftest import PROJECT

_CATALOG = "unit/plugins/catalog"
_SOURCES = f"{_CATALOG}/sources"
_DOCS = "unit/plugins/techdocs"
_SCAFFOLDER = "unit/plugins/scaffolder"
FINDINGS = {
    "S1": "attacks/test_access.py",
    "S2": "attacks/test_access.py",
    "S3": "attacks/test_hostile_material.py",
    "S4": "attacks/test_hostile_material.py",
    "S5": "attacks/test_greedy_people.py",
    "S6": "attacks/test_greedy_people.py",
    "S7": "e2e/portal/test_catalog.py",
    "S8": "unit/portal/test_web_guard.py",
    "S9": "e2e/apps/test_browser_states.py",
    "S10": "unit/analytics/identity/test_permissions.py",
    "S11": "attacks/test_hostile_material.py",
    "S12": "attacks/test_hostile_material.py",
    "S13": "unit/analytics/config/test_location.py",
    "S14": "attacks/test_hostile_material.py",
    "S16": "unit/insights/test_privacy.py",
    "S17": "unit/analytics/identity/test_origin.py",
    "S18": "unit/plugins/auth/test_openid.py",
    "S19": "attacks/test_greedy_people.py",
    "S20": "attacks/test_hostile_material.py",
    "S21": "unit/analytics/identity/test_forwarded.py",
    "S22": "attacks/test_access.py",
    "S23": "unit/plugins/techdocs/test_renderer.py",
    "S24": "attacks/test_access.py",
}
"""Where the tests of each are; S15 is inherent, and said in docs/security.md."""
HELD = {
    "rights to read, over HTTP": "attacks/test_access.py",
    "rights to read and write, over the websocket": "attacks/test_access.py",
    "registering and running": "attacks/test_hostile_material.py",
    "tasks of others": f"{_SCAFFOLDER}/test_rights.py",
    "notifications of others": "unit/plugins/notifications/test_notifications.py",
    "settings of others": "unit/plugins/settings/test_own_record.py",
    "identity over the socket": "attacks/test_access.py",
    "setvar": "attacks/test_access.py",
    "disguised addresses": f"{_SOURCES}/test_public_address.py",
    "other schemes": f"{_SOURCES}/test_web_address.py",
    "redirects inside": f"{_SOURCES}/test_url_tree.py",
    "allowed paths": f"{_SOURCES}/test_reading_settings.py",
    "gzip bombs": f"{_SOURCES}/test_url_tree.py",
    "transports of git": f"{_SOURCES}/test_git_tree.py",
    "options in a ref": f"{_SOURCES}/test_git_tree.py",
    "foreign paths of git": f"{_SOURCES}/test_git_tree.py",
    "promisor repositories": f"{_SOURCES}/test_git_tree.py",
    "globs": f"{_SOURCES}/test_confined_folder.py",
    "symlinks": f"{_CATALOG}/ingestion/test_ingestion.py",
    "$text of other folders": f"{_SOURCES}/test_confined_folder.py",
    "symlinks of documentation": f"{_DOCS}/test_site_builder.py",
    "paths of documentation": f"{_DOCS}/test_static_files.py",
    "snippets": f"{_DOCS}/test_snippets.py",
    "escapes of expressions": f"{_SCAFFOLDER}/expressions/test_renderer.py",
    "bombs of expressions": f"{_SCAFFOLDER}/expressions/test_renderer.py",
    "paths of actions": f"{_SCAFFOLDER}/tasks/test_workspace.py",
    "HTML of documentation": f"{_DOCS}/test_sanitizer.py",
    "!!python": f"{_DOCS}/test_site_config.py",
    "SVG": f"{_DOCS}/test_static_files.py",
    "YAML aliases": f"{_CATALOG}/model/test_yaml_documents.py",
    "cells of spreadsheets": "unit/insights/ui/test_export.py",
    "secrets of tools": "unit/analytics_modules/test_ga4.py",
    "javascript: links": f"{_CATALOG}/test_rows.py",
}


@pytest.mark.parametrize("what", [*FINDINGS, *HELD])
def test_its_tests_are_there(what: str) -> None:
    tests = PROJECT / "tests" / (FINDINGS | HELD)[what]

    assert "def test_" in tests.read_text(encoding="utf-8")


def test_a_posted_event_cannot_name_its_user(portal: Portal) -> None:
    event = {"id": str(uuid.uuid4()), "action": "forged", "subject": "y", "user": OWNER}
    with portal.client() as anonymous, portal.client(OWNER) as owner:
        anonymous.post("/api/events", json={"events": [event], "user": OWNER})
        items = owner.get("/api/events?action=forged").json()["items"]

    assert OWNER not in [item["user"] for item in items]


def test_diagrams_cannot_lower_their_own_guard() -> None:
    script = PROJECT / "backstage_py/plugins/techdocs/components/docs_diagrams.js"
    settings = script.read_text(encoding="utf-8").split("};")[0]

    assert 'securityLevel: "strict"' in settings
    assert re.search(r'secure: \[[^]]*"securityLevel"', settings)
