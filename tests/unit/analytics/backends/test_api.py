import logging
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.machinery import ModuleSpec
from types import ModuleType

import pytest

from backstage_py.analytics.backends.api import (
    AnalyticsApi,
    ConsoleAnalyticsApi,
    MultipleAnalyticsApi,
    NoOpAnalyticsApi,
)
from backstage_py.analytics.backends.policy import DeliveryPolicy
from backstage_py.analytics.backends.registry import read_backends
from backstage_py.analytics.config.configuration import Config
from backstage_py.analytics.errors import (
    ConfigurationError,
    NotTriedError,
    PartlyDeliveredError,
    RetryLaterError,
)
from backstage_py.analytics.event import RecordedEvent, new_event_id

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def event(subject: str = "Deploy", **fields: object) -> RecordedEvent:
    return RecordedEvent(
        **{
            "action": "click",
            "subject": subject,
            "id": new_event_id(),
            "timestamp": NOON,
            "received_at": NOON,
            **fields,
        }
    )


class OneByOne(AnalyticsApi):
    def __init__(self) -> None:
        self.subjects: list[str] = []

    def capture_event(self, event: RecordedEvent) -> None:
        if event.subject == "bad":
            raise ValueError("cannot take this")
        if event.subject == "later":
            raise ConnectionError("not now")
        self.subjects.append(event.subject)


class InBatches(AnalyticsApi):
    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.closed = False

    def capture_events(self, events: Sequence[RecordedEvent]) -> None:
        self.batches.append([event.subject for event in events])

    def close(self) -> None:
        self.closed = True


class Broken(AnalyticsApi):
    def capture_event(self, event: RecordedEvent) -> None:
        raise RuntimeError("one")

    def capture_events(self, events: Sequence[RecordedEvent]) -> None:
        raise RuntimeError("many")

    def close(self) -> None:
        raise RuntimeError("close")


class Configured(NoOpAnalyticsApi):
    def __init__(self, config: Config) -> None:
        self.config = config

    @classmethod
    def from_config(cls, config: Config) -> "Configured":
        config.reject_unknown_keys("measurementId")
        return cls(config)


class NeedsArguments(NoOpAnalyticsApi):
    def __init__(self, token: str) -> None:
        self.token = token


@pytest.fixture
def backends_module(monkeypatch: pytest.MonkeyPatch) -> str:
    module = ModuleType("company_analytics")
    vars(module).update(
        Configured=Configured, NeedsArguments=NeedsArguments, function=print, Api=AnalyticsApi
    )
    monkeypatch.setitem(sys.modules, "company_analytics", module)
    return "company_analytics"


@contextmanager
def logging_of_an_app(*handlers: logging.Handler) -> Generator[logging.Logger]:
    """In the test's body, since pytest adds handlers of its own before it."""
    logger = logging.getLogger("backstage_py.analytics.backends.console")
    before = logger.handlers[:], logger.level, logger.propagate
    logger.handlers[:], logger.propagate = handlers, False
    logger.setLevel(logging.NOTSET)
    try:
        yield logger
    finally:
        logger.handlers[:], logger.propagate = before[0], before[2]
        logger.setLevel(before[1])


def analytics(section: object) -> Config:
    return Config({"app": {"analytics": section}})


class TestAnalyticsApi:
    def test_an_event_that_fails_is_logged_and_does_not_stop_the_next(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        api, bad = OneByOne(), event("bad")

        with pytest.raises(PartlyDeliveredError) as caught:
            api.capture_events([event("first"), bad, event("last")])

        assert api.subjects == ["first", "last"]
        assert caught.value.failures.keys() == {bad.id}
        assert caplog.messages == [f"OneByOne did not accept event {bad.id}"]

    def test_an_event_is_not_overtaken_by_others_of_its_session(self) -> None:
        api = OneByOne()
        bad, next_ = event("later", session_id="visit"), event("next", session_id="visit")

        with pytest.raises(PartlyDeliveredError) as caught:
            api.capture_events([bad, next_, event("other", session_id="another")])

        assert api.subjects == ["other"]
        failures = caught.value.failures
        assert [type(failures[one.id]) for one in (bad, next_)] == [RetryLaterError, NotTriedError]

    def test_a_backend_of_batches_takes_one_event_as_a_batch(self) -> None:
        api = InBatches()

        api.capture_event(event("one"))

        assert api.batches == [["one"]]

    def test_a_class_that_takes_nothing_cannot_be_written(self) -> None:
        with pytest.raises(
            TypeError, match=r"^Nothing must implement capture_event or capture_events$"
        ):
            type("Nothing", (AnalyticsApi,), {})

    def test_a_class_may_inherit_what_it_takes(self) -> None:
        assert issubclass(type("Quiet", (OneByOne,), {}), AnalyticsApi)


class TestMultipleAnalyticsApi:
    def test_a_failing_backend_stops_neither_the_others_nor_the_app(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        last, one, two = InBatches(), event("one"), event("two")
        api = MultipleAnalyticsApi([Broken(), last])

        api.capture_event(one)
        api.capture_events([one, two])
        api.close()

        assert (last.batches, last.closed) == ([["one"], ["one", "two"]], True)
        assert caplog.messages == [
            f"Broken did not accept event {one.id}",
            f"Broken did not accept events {one.id}, {two.id}",
            "Broken did not close",
        ]


class TestConsoleAnalyticsApi:
    def test_it_writes_one_readable_line_per_event_to_stdout(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        deploy = event("Deploy\nnow", value=3, attributes={"env": "prod"}, user="user:default/ann")
        odd = event(action="odd action", session_id="s1", context={"pluginId": "catalog"})

        with logging_of_an_app():
            ConsoleAnalyticsApi().capture_events([deploy, odd])

        assert capsys.readouterr().out == (
            'analytics: click "Deploy\\nnow" value=3 routeRef="unknown" pluginId="root" '
            'extension="App" attributes={"env":"prod"} user="user:default/ann"\n'
            'analytics: "odd action" "Deploy" pluginId="catalog" session="s1"\n'
        )

    def test_two_of_them_do_not_write_a_line_twice(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with logging_of_an_app():
            ConsoleAnalyticsApi()
            ConsoleAnalyticsApi().capture_event(event())

        assert len(capsys.readouterr().out.splitlines()) == 1

    def test_it_leaves_its_lines_to_the_logging_of_the_app(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with logging_of_an_app(logging.NullHandler()):
            ConsoleAnalyticsApi().capture_event(event())

        assert not capsys.readouterr().out


class TestBuildBackends:
    def test_there_is_one_backend_per_key_in_the_order_of_the_file(
        self, backends_module: str
    ) -> None:
        config = analytics(
            {
                "noop": {},
                "read": ["user:default/ann"],
                "mine": {"use": f"{backends_module}:Configured", "measurementId": "G-1"},
                "store": {"days": 90},
                "console": True,
            }
        )

        backends = read_backends(config, lambda _sessions: {})

        assert [type(backend.api) for backend in backends] == [
            NoOpAnalyticsApi,
            Configured,
            ConsoleAnalyticsApi,
        ]

    def test_a_backend_gets_its_section_without_use(self, backends_module: str) -> None:
        section = {"use": f"{backends_module}:Configured", "measurementId": "G-1"}

        (backend,) = read_backends(analytics({"mine": section}), lambda _sessions: {})

        assert isinstance(backend.api, Configured)
        assert backend.api.config.as_dict() == {"measurementId": "G-1"}

    def test_a_section_says_how_its_events_are_delivered(self, backends_module: str) -> None:
        section = {
            "use": f"{backends_module}:Configured",
            "delivery": {"batchEvents": "25", "giveUpAfter": 7200, "retryFirst": 0.5},
        }

        (backend,) = read_backends(analytics({"mine": section}), lambda _sessions: {})

        assert backend.name == "mine"
        assert backend.policy == DeliveryPolicy(
            batch_events=25, give_up_after=7200, retry_first=0.5
        )

    @pytest.mark.parametrize(
        ("delivery", "message"),
        [
            ({"batchSize": 1}, "delivery.batchSize.*is not a known key.*batchEvents"),
            ({"tries": 0}, "delivery.tries.*is 0.*Use a whole number above 0"),
            ({"concurrency": 1.5}, "delivery.concurrency.*is 1.5.*Use a whole number"),
            ({"timeout": -1}, "delivery.timeout.*is -1.*Use a number above 0"),
            ({"tries": "often"}, "delivery.tries.*is .often.*Use a whole number"),
            ("fast", "delivery.*is .fast.*Use an object"),
        ],
    )
    def test_a_wrong_way_of_delivery_is_one_clear_error(
        self, delivery: object, message: str
    ) -> None:
        with pytest.raises(ConfigurationError, match=message):
            read_backends(analytics({"noop": {"delivery": delivery}}), lambda _sessions: {})

    @pytest.mark.parametrize("section", [{}, {"console": False, "noop": None}])
    def test_without_keys_or_switched_off_there_are_none(self, section: object) -> None:
        assert read_backends(analytics(section), lambda _sessions: {}) == ()

    def test_without_any_configuration_there_are_none(self) -> None:
        assert read_backends(Config({}), lambda _sessions: {}) == ()

    @pytest.mark.parametrize(
        ("name", "module"), [("newRelic", "new_relic"), ("new-relic", "new_relic"), ("ga9", "ga9")]
    )
    def test_a_name_finds_its_module(
        self, monkeypatch: pytest.MonkeyPatch, name: str, module: str
    ) -> None:
        full_name = f"backstage_py.analytics_modules.{module}"
        fake = ModuleType(full_name)
        fake.__spec__ = ModuleSpec(full_name, None)
        vars(fake)["backend"] = Configured
        monkeypatch.setitem(sys.modules, full_name, fake)

        (backend,) = read_backends(
            analytics({name: {"measurementId": "G-1"}}), lambda _sessions: {}
        )

        assert isinstance(backend.api, Configured)

    def test_an_unknown_name_lists_the_known_ones_and_explains_use(self) -> None:
        with pytest.raises(ConfigurationError) as caught:
            read_backends(analytics({"googel": True}), lambda _sessions: {})

        assert str(caught.value).startswith(
            "app.analytics.googel: is not a known analytics module. Use one of amplitude, "
        )
        assert ", posthog, qm, segment, " in str(caught.value)
        assert "use: package.module:Class" in caught.value.hint

    @pytest.mark.parametrize(
        ("section", "message"),
        [
            ({"x": {"use": "gone.away:Api"}}, r"x\.use: cannot be imported: No module named"),
            ({"x": {"use": "company_analytics"}}, r"x\.use: names no class"),
            ({"x": {"use": "company_analytics:Gone"}}, r"x\.use: is not there: .* has no Gone"),
            (
                {"x": {"use": "company_analytics:function"}},
                r"x\.use: is print, not an AnalyticsApi",
            ),
            ({"x": {"use": "company_analytics:Api"}}, r"x\.use: is .*, not an AnalyticsApi"),
            (
                {"x": {"use": "company_analytics:NeedsArguments"}},
                r"x: cannot be made: NeedsArguments raised TypeError",
            ),
            (
                {"x": {"use": "company_analytics:Configured", "measurmentId": "G-1"}},
                r"x\.measurmentId: is not a known key\. Did you mean measurementId\?",
            ),
            ({"console": {"colour": "red"}}, r"console\.colour: is not a known key\. Remove it"),
            ({"console": 5}, r"console: is 5\. Use an object"),
            ("console", r"app\.analytics: is \"console\"\. Use an object"),
        ],
    )
    @pytest.mark.usefixtures("backends_module")
    def test_a_wrong_section_is_one_clear_error(self, section: object, message: str) -> None:
        with pytest.raises(ConfigurationError, match=message):
            read_backends(analytics(section), lambda _sessions: {})
