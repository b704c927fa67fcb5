from types import SimpleNamespace

import pytest

from backstage_py.insights.ui.app import local

HERE = {"Host": "localhost:8000", "Origin": "http://localhost:3000"}


@pytest.fixture
def developed(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """An app in `reflex run`, with the addresses that Reflex has by default."""
    config = SimpleNamespace(api_url="http://localhost:8000", deploy_url="http://localhost:3000")
    monkeypatch.setenv("REFLEX_ENV_MODE", "dev")
    monkeypatch.setattr(local, "get_config", lambda: config)
    return config


@pytest.mark.parametrize("peer", ["127.0.0.1", "::1"])
@pytest.mark.parametrize(
    "headers", [HERE, {"host": "127.0.0.1:8000"}, {"host": "[::1]:8000"}, {"host": "app.localhost"}]
)
@pytest.mark.usefixtures("developed")
def test_a_developer_on_this_machine_is_known(headers: dict[str, str], peer: str) -> None:
    assert local.is_local_developer(headers, peer)


@pytest.mark.parametrize(
    "added",
    [
        {"Host": "app.example"},
        {"Host": ""},
        {"Host": "localhost.app.example"},
        {"Origin": "https://app.example"},
        {"Origin": "null"},
        {"X-Forwarded-For": "127.0.0.1"},
        {"X-Real-IP": "127.0.0.1"},
        {"Forwarded": "for=127.0.0.1"},
        {"Via": "1.1 proxy"},
    ],
)
@pytest.mark.usefixtures("developed")
def test_a_sign_of_elsewhere_is_enough(added: dict[str, str]) -> None:
    assert not local.is_local_developer({**HERE, **added}, "127.0.0.1")


@pytest.mark.parametrize("peer", ["192.168.1.7", "203.0.113.9", "", None, "somewhere"])
@pytest.mark.usefixtures("developed")
def test_a_sender_elsewhere_is_not_known(peer: str | None) -> None:
    assert not local.is_local_developer(HERE, peer)


@pytest.mark.parametrize("mode", ["prod", "preview", ""])
@pytest.mark.usefixtures("developed")
def test_only_development_that_was_asked_for_counts(
    monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    monkeypatch.setenv("REFLEX_ENV_MODE", mode)

    assert not local.is_local_developer(HERE, "127.0.0.1")


@pytest.mark.parametrize("name", ["api_url", "deploy_url"])
def test_an_app_that_is_served_elsewhere_is_closed(developed: SimpleNamespace, name: str) -> None:
    setattr(developed, name, "https://app.example")

    assert not local.is_local_developer(HERE, "127.0.0.1")
