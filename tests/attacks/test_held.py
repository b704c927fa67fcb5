"""What held against attacks, and the test that keeps it so: the "held" list of the findings."""

import re
import uuid

import pytest

from tests.attacks.conftest import OWNER, Portal
from tests.conftest import PROJECT

_CATALOG = "unit/plugins/catalog"
_SOURCES = f"{_CATALOG}/sources"
_DOCS = "unit/plugins/techdocs"
_SCAFFOLDER = "unit/plugins/scaffolder"
HELD = {
    "rights to read, over HTTP": (
        "attacks/test_access.py",
        "test_no_route_answers_who_may_not_call_it",
    ),
    "rights to read and write, over the websocket": (
        "attacks/test_access.py",
        "test_no_handler_runs_for_who_may_not_call_it",
    ),
    "registering and running": (
        "attacks/test_hostile_material.py",
        "test_who_may_only_read_registers_and_deletes_nothing",
    ),
    "tasks of others": (
        f"{_SCAFFOLDER}/test_rights.py",
        "test_one_reads_ones_own_tasks_where_the_policy_says_so",
    ),
    "notifications of others": (
        "unit/plugins/notifications/test_notifications.py",
        "test_nobody_marks_what_is_anothers",
    ),
    "settings of others": (
        "unit/plugins/settings/test_own_record.py",
        "test_an_account_sees_all_of_its_events_and_none_of_others",
    ),
    "identity over the socket": (
        "attacks/test_access.py",
        "test_a_socket_cannot_name_its_user_in_the_event",
    ),
    "setvar": (
        "attacks/test_access.py",
        "test_setters_are_refused_in_one_line",
    ),
    "disguised addresses": (
        f"{_SOURCES}/test_public_address.py",
        "test_internal_addresses_are_not_public_in_any_disguise",
    ),
    "other schemes": (
        f"{_SOURCES}/test_web_address.py",
        "test_what_is_no_usable_address_is_refused",
    ),
    "redirects inside": (
        f"{_SOURCES}/test_url_tree.py",
        "test_no_redirect_leads_inside",
    ),
    "allowed paths": (
        f"{_SOURCES}/test_reading_settings.py",
        "test_no_other_path_is_allowed_however_it_is_written",
    ),
    "gzip bombs": (
        f"{_SOURCES}/test_url_tree.py",
        "test_a_file_must_be_text_of_a_sane_size",
    ),
    "transports of git": (
        f"{_SOURCES}/test_git_tree.py",
        "test_only_local_repositories_are_read",
    ),
    "options in a ref": (
        f"{_SOURCES}/test_git_tree.py",
        "test_a_ref_is_a_name_and_nothing_more",
    ),
    "foreign paths of git": (
        f"{_SOURCES}/test_git_tree.py",
        "test_no_path_leads_out_of_the_repository",
    ),
    "promisor repositories": (
        f"{_SOURCES}/test_git_tree.py",
        "test_what_a_partial_clone_lacks_is_not_fetched",
    ),
    "globs": (
        f"{_SOURCES}/test_confined_folder.py",
        "test_no_glob_looks_outside_the_folder",
    ),
    "symlinks": (
        f"{_CATALOG}/ingestion/test_ingestion.py",
        "test_a_symlink_out_of_the_folder_costs_only_itself",
    ),
    "$text of other folders": (
        f"{_SOURCES}/test_confined_folder.py",
        "test_no_path_leads_out_of_the_folder",
    ),
    "symlinks of documentation": (
        f"{_DOCS}/test_site_builder.py",
        "test_symlinks_and_hidden_files_are_no_part_of_it",
    ),
    "paths of documentation": (
        f"{_DOCS}/test_static_files.py",
        "test_no_path_leads_out",
    ),
    "snippets": (
        f"{_DOCS}/test_snippets.py",
        "test_a_snippet_that_is_not_there_is_named",
    ),
    "escapes of expressions": (
        f"{_SCAFFOLDER}/expressions/test_renderer.py",
        "test_nothing_but_values_can_be_reached",
    ),
    "bombs of expressions": (
        f"{_SCAFFOLDER}/expressions/test_renderer.py",
        "test_what_takes_too_much_is_refused",
    ),
    "paths of actions": (
        f"{_SCAFFOLDER}/tasks/test_workspace.py",
        "test_a_path_that_could_lead_elsewhere_is_refused",
    ),
    "HTML of documentation": (
        f"{_DOCS}/test_sanitizer.py",
        "test_nothing_that_runs_sends_or_leads_astray_is_left",
    ),
    "!!python": (
        f"{_DOCS}/test_site_config.py",
        "test_a_tag_is_read_as_nothing_and_never_run",
    ),
    "SVG": (
        f"{_DOCS}/test_static_files.py",
        "test_a_drawing_is_served_and_nothing_in_it_runs",
    ),
    "YAML aliases": (
        f"{_CATALOG}/model/test_yaml_documents.py",
        "test_a_billion_laughs_are_stopped",
    ),
    "cells of spreadsheets": (
        "unit/insights/ui/test_export.py",
        "test_a_text_that_a_spreadsheet_would_run_is_defused",
    ),
    "secrets of tools": (
        "unit/analytics_modules/test_ga4.py",
        "test_a_tag_knows_no_secret",
    ),
    "javascript: links": (
        f"{_CATALOG}/test_rows.py",
        "test_only_web_addresses_become_links",
    ),
}


@pytest.mark.parametrize("what", HELD)
def test_what_held_has_a_test(what: str) -> None:
    path, name = HELD[what]

    assert f"def {name}(" in (PROJECT / "tests" / path).read_text(encoding="utf-8")


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
