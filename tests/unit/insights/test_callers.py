import pytest

from backstage_py.analytics import Config, Credentials, using_credentials
from backstage_py.insights import callers
from backstage_py.insights.access import Access


@pytest.fixture(autouse=True)  # ruff: ignore[pytest-fixture-autouse]
def _rules(monkeypatch: pytest.MonkeyPatch) -> None:
    lists = {key: ["user:default/ada"] for key in ("read", "people", "annotate")}
    config = Config({"app": {"analytics": {"insights": lists}}})
    monkeypatch.setattr(callers, "get_access", lambda: Access.from_config(config))


@pytest.mark.parametrize(
    ("subject", "scopes", "sees", "sees_people", "annotates"),
    [
        ("external:ci", {"analytics.manage"}, False, False, True),
        ("external:bot", {"analytics.insights.read"}, True, False, False),
        ("external:all", {"*"}, True, True, True),
        ("user:default/ada", {"analytics.insights.read"}, True, False, False),
        ("user:default/ada", {"analytics.*"}, True, True, True),
        ("user:default/bob", {"*"}, False, False, False),
    ],
)
def test_a_token_gives_no_more_than_it_says_and_its_person_may(
    subject: str, scopes: set[str], *, sees: bool, sees_people: bool, annotates: bool
) -> None:
    with using_credentials(Credentials(subject, frozenset(scopes))):
        caller = callers.find_caller({})

    assert caller.user == subject
    assert (caller.viewer is not None) == sees
    assert (caller.viewer is not None and caller.viewer.sees_people) == sees_people
    assert caller.may_annotate == annotates
    assert caller.may_manage == (subject != "user:default/ada" and annotates)


def test_to_annotate_is_not_to_manage(monkeypatch: pytest.MonkeyPatch) -> None:
    config = Config({"app": {"analytics": {"manage": ["user:default/boss"]}}})
    monkeypatch.setattr(callers, "get_access", lambda: Access.from_config(config))

    for user, manages in (("user:default/boss", True), ("user:default/ada", False)):
        with using_credentials(Credentials(user, frozenset({"*"}))):
            assert callers.find_caller({}).may_manage == manages
