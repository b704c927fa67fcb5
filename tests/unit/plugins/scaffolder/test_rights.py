"""Conditions on what people may do with templates, actions and tasks (O2)."""

from typing import Any

import pytest

from backstage_py.analytics import (
    SCAFFOLDER_ACTION_EXECUTE,
    SCAFFOLDER_TASK_CREATE,
    SCAFFOLDER_TASK_READ,
)
from backstage_py.plugins.scaffolder.errors import (
    NotAllowedError,
    TaskNotFoundError,
    TemplateNotFoundError,
)
from backstage_py.plugins.scaffolder.rights import Rights
from backstage_py.plugins.scaffolder.service import Scaffolder
from backstage_py.portal.permissions import (
    Condition,
    has_action_id,
    is_entity_kind,
    is_entity_owner,
    negate,
    never,
)
from tests.unit.plugins.scaffolder.conftest import USER, Bench

MATS = "user:default/mats"
STEPS = "- {id: log, name: Log, action: 'debug:log', input: {message: hi}}"


def open_with(bench: Bench, **conditions: Condition) -> tuple[Scaffolder, dict[str, Any]]:
    """The templates, where permissions have conditions by their names, as `task_read`."""
    held = {f"scaffolder.{name.replace('_', '.')}": one for name, one in conditions.items()}
    whole = bench.open()._catalog
    rights = Rights(
        lambda user: whole.view(user, held.get("scaffolder.see")),
        lambda _user, permission: held.get(permission),
    )
    return bench.open(rights=rights), held


def test_a_template_one_may_not_see_is_not_there(bench: Bench) -> None:
    ref = bench.add_template(STEPS)
    scaffolder, _ = open_with(bench, see=negate(is_entity_kind(["template"])))

    assert scaffolder.list_templates(user=USER) == ()
    assert scaffolder.facets(user=USER).types == ()
    with pytest.raises(TemplateNotFoundError):
        scaffolder.get_template(ref, user=USER)
    with pytest.raises(TemplateNotFoundError):
        scaffolder.create_task(ref, {}, user=USER)


def test_a_template_is_run_by_its_owners_only(bench: Bench) -> None:
    ref = bench.add_template(STEPS)
    scaffolder, held = open_with(bench)
    held[SCAFFOLDER_TASK_CREATE] = is_entity_owner([USER])
    assert scaffolder.create_task(ref, {}, user=USER)

    held[SCAFFOLDER_TASK_CREATE] = is_entity_owner([MATS])
    with pytest.raises(NotAllowedError, match=SCAFFOLDER_TASK_CREATE):
        scaffolder.create_task(ref, {}, user=USER)


def test_an_action_one_may_not_run_is_refused_before_anything_runs(bench: Bench) -> None:
    ref = bench.add_template(STEPS)
    scaffolder, held = open_with(bench, action_execute=negate(has_action_id(["debug:log"])))

    with pytest.raises(NotAllowedError, match=f"debug:log.*{SCAFFOLDER_ACTION_EXECUTE}"):
        scaffolder.create_task(ref, {}, user=USER)
    with pytest.raises(NotAllowedError, match="debug:log"):
        scaffolder.dry_run(scaffolder.get_template(ref, user=USER), {}, user=USER)
    assert scaffolder.list_tasks(user=USER).total == 0

    held[SCAFFOLDER_ACTION_EXECUTE] = has_action_id(["debug:log"])
    assert scaffolder.create_task(ref, {}, user=USER)


def test_users_read_their_own_tasks_if_the_policy_says_so(bench: Bench) -> None:
    ref = bench.add_template(STEPS)
    scaffolder, held = open_with(bench)
    mine = scaffolder.create_task(ref, {}, user=USER)
    theirs = scaffolder.create_task(ref, {}, user=MATS)
    held[SCAFFOLDER_TASK_READ] = is_entity_owner([USER])

    assert [one.id for one in scaffolder.list_tasks(user=USER).items] == [mine]
    assert scaffolder.list_tasks(user=USER, created_by=MATS).total == 0
    assert scaffolder.get_task(mine, user=USER).id == mine
    for read in (scaffolder.get_task, scaffolder.read_log):
        with pytest.raises(TaskNotFoundError):
            read(theirs, user=USER)

    held[SCAFFOLDER_TASK_READ] = never
    assert scaffolder.list_tasks(user=USER).total == 0
