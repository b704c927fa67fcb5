import pytest

from backstage_py.analytics.inventory.naming import KNOWN_ACTIONS, find_naming_faults


def faults(*actions: str, keys: tuple[str, ...] = ()) -> list[tuple[str, str, str]]:
    return [
        (one.name, one.problem, one.hint.partition(":")[0])
        for one in find_naming_faults(actions, keys)
    ]


def test_backstages_own_actions_and_generic_verbs_are_right() -> None:
    assert faults(*KNOWN_ACTIONS, "filter", "star", "deploy", "speed", "embed", "re-index") == []


@pytest.mark.parametrize(
    ("action", "problem", "hint"),
    [
        ("filterEntityTable", "is over-specific", "Use filter"),
        ("click-save-button", "is over-specific", "Use click"),
        ("open-menu", "is over-specific", "Use open"),
        ("ledger-was-scaled", "is over-specific", "Use ledger"),
        ("Deploy", "is not in kebab-case", "Write deploy"),
        ("re index", "is not in kebab-case", "Write re-index"),
        ("re_index", "is not in kebab-case", "Write re-index"),
        ("clicked", "is in the past tense", "Use click"),
        ("created", "is in the past tense", "Use create"),
        ("submitted", "is in the past tense", "Use submit"),
        ("!", "is not in kebab-case", "Use a verb"),
    ],
)
def test_a_violation_says_how_to_fix_it(action: str, problem: str, hint: str) -> None:
    assert (action, problem, hint) in faults(action)


def test_a_verb_of_the_app_itself_counts_as_one() -> None:
    assert faults("reticulate-splines") == []
    assert ("reticulate-splines", "is over-specific", "Use reticulate") in faults(
        "reticulate", "reticulate-splines"
    )
    assert ("reticulated", "is in the past tense", "Use reticulate") in faults(
        "reticulate", "reticulated"
    )


@pytest.mark.parametrize(
    ("keys", "fault"),
    [
        (("entity_ref",), ("entity_ref", "is not in camelCase", "Write entityRef")),
        (("entity",), ("entity", "says what others say otherwise", "Use entityRef")),
        (("href",), ("href", "says what others say otherwise", "Use to")),
        (("team", "teamRef"), ("team", "is mixed with teamRef", "Use teamRef for both")),
        (("teamref", "teamRef"), ("teamref", "is mixed with teamRef", "Use teamRef for both")),
    ],
)
def test_keys_are_those_that_others_use(keys: tuple[str, ...], fault: tuple[str, str, str]) -> None:
    assert fault in faults(keys=keys)


def test_usual_keys_are_right() -> None:
    assert faults(keys=("entityRef", "to", "searchTypes", "namespace", "kind", "name")) == []
