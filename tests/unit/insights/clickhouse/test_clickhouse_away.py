import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest

from backstage_py.analytics import Config, ConfigurationError, EventStore
from backstage_py.cli import main
from backstage_py.insights import Access, Insights, InsightsSettings, TopPlugins
from backstage_py.insights.clickhouse.server import ClickHouseError
from backstage_py.insights.clickhouse.settings import ClickHouseSettings
from tests.unit.insights.history import draw_events
from tests.unit.insights.test_copy import ALL, counts, counts_of

_NOWHERE = "http://127.0.0.1:9"


def away(table: str = "events") -> ClickHouseSettings:
    return ClickHouseSettings.model_validate(
        {"url": _NOWHERE, "user": "portal", "password": "s3cret", "table": table}
    )


def test_an_answer_that_cannot_be_had_names_clickhouse_and_no_password(
    store: EventStore, tmp_path: Path
) -> None:
    insights = Insights(store, tmp_path / "copy", clickhouse=away())

    with pytest.raises(ClickHouseError) as error:
        insights.ask(TopPlugins(), ALL)
    insights.close()

    assert f"ClickHouse at {_NOWHERE}: does not answer (ConnectError)" in str(error.value)
    assert "s3cret" not in str(error.value)


def test_a_wrong_password_is_said_so(
    store: EventStore, tmp_path: Path, settings: Callable[[], ClickHouseSettings]
) -> None:
    wrong = settings().model_copy(update={"password": None})
    insights = Insights(store, tmp_path / "copy", clickhouse=wrong)

    with pytest.raises(ClickHouseError, match="answers 403 AUTHENTICATION_FAILED"):
        insights.ask(TopPlugins(), ALL)
    insights.close()


def test_the_keeper_waits_and_goes_on_when_clickhouse_is_back(
    store: EventStore,
    tmp_path: Path,
    settings: Callable[[], ClickHouseSettings],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr("backstage_py.insights.insights.POLL_SECONDS", 0.02)
    events = draw_events(30)
    store.append(events)
    own = settings()
    insights = Insights(store, tmp_path / "copy", clickhouse=own)
    server = insights.copy._table._server  # pyright: ignore[reportAttributeAccessIssue]
    monkeypatch.setattr(server, "_url", _NOWHERE)
    with caplog.at_level(logging.WARNING):
        insights.start()
        _wait(lambda: "The copy for Insights waits: ClickHouse at" in caplog.text)
    monkeypatch.setattr(server, "_url", own.url)
    _wait(lambda: insights.copy.position() == 30)

    assert counts(insights) == counts_of(events)
    insights.close()


def _wait(is_so: Callable[[], bool]) -> None:
    for _ in range(500):
        if is_so():
            return
        time.sleep(0.02)
    pytest.fail("It did not come to that")


def test_the_command_line_uses_what_is_configured(
    tmp_path: Path,
    settings: Callable[[], ClickHouseSettings],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'events.db'}")
    EventStore.open().append(draw_events(30))

    _configure(monkeypatch, settings())
    assert main(["insights", "rebuild"]) == 0
    assert '"rebuilt": true' in capsys.readouterr().out
    assert main(["insights", "top-plugins"]) == 0
    assert "catalog" in capsys.readouterr().out

    _configure(monkeypatch, away())
    assert main(["insights", "top-plugins"]) == 2
    assert f"ClickHouse at {_NOWHERE}: does not answer" in capsys.readouterr().err


def _configure(monkeypatch: pytest.MonkeyPatch, clickhouse: ClickHouseSettings) -> None:
    access = Access(InsightsSettings.model_construct(clickhouse=clickhouse), cast("Any", None))
    monkeypatch.setattr("backstage_py.insights.cli.get_access", lambda: access)


@pytest.mark.parametrize(
    ("section", "message"),
    [
        ({}, r"clickhouse\.url: is missing"),
        ({"url": "tcp://host:9000"}, r"clickhouse\.url.*http://host:8123"),
        ({"url": "http://me:pw@host:8123"}, r"clickhouse\.url"),
        ({"url": "http://host:8123", "table": "a b"}, r"clickhouse\.table"),
        ({"url": "http://host:8123", "pasword": "x"}, "not a known key"),
    ],
)
def test_a_wrong_section_is_one_clear_error(section: dict[str, str], message: str) -> None:
    analytics = {"insights": {"clickhouse": section}}
    with pytest.raises(ConfigurationError, match=message) as error:
        Access.from_config(Config({"app": {"analytics": analytics}}))
    assert "pw" not in str(error.value)
