"""Where events go: the interface of a backend, and the backends of `app.analytics`.

The interface is the `AnalyticsApi` of `@backstage/core-plugin-api`, with batches beside
it; `MultipleAnalyticsApi` behaves as the one of `@backstage/core-app-api`. Delivery calls
backends off the way of who recorded; none of this is called by a component.
"""

import importlib
import importlib.util
import logging
import pkgutil
import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any, ClassVar

import orjson

from backstage_py.analytics.configuration import Config
from backstage_py.analytics.delivery.classify import classify
from backstage_py.analytics.delivery.policy import DeliveryPolicy
from backstage_py.analytics.errors import (
    ConfigurationError,
    NotTriedError,
    PartlyDeliveredError,
    RetryLaterError,
)
from backstage_py.analytics.event import RecordedEvent, Scalar

SECTION = "app.analytics"
MODULES = "backstage_py.analytics_modules"
RESERVED_KEYS = frozenset({"ingest", "metrics", "read", "store"})
"""Keys of `app.analytics` that are no backends."""

_logger = logging.getLogger(__name__)
_console = logging.getLogger("backstage_py.analytics.console")

_WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|-")


class AnalyticsApi:
    """A backend: a subclass implements `capture_event`, or `capture_events`, or both.

    It is called by one thread at a time, unless its policy says otherwise. What it raises
    never reaches the app, and decides how delivery goes on: RetryLaterError and what the
    network raises is tried again, NotWantedError is forgotten, RejectedError and any other
    exception goes to the dead letters. An event may come more than once; its `id` tells.
    `from_config(config)`, if the class has it, gets its section of the configuration.
    """

    delivery: ClassVar[DeliveryPolicy] = DeliveryPolicy()
    """How its events are delivered, unless the configuration says otherwise."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if (
            cls.capture_event is AnalyticsApi.capture_event
            and cls.capture_events is AnalyticsApi.capture_events
        ):
            raise TypeError(f"{cls.__name__} must implement capture_event or capture_events")

    def capture_event(self, event: RecordedEvent) -> None:
        """Take one event."""
        self.capture_events((event,))

    def capture_events(self, events: Sequence[RecordedEvent]) -> None:
        """Take events in their order; one that fails stops only those of its session.

        Raises:
            PartlyDeliveredError: If some were not taken.
        """
        failures: dict[str, Exception] = {}
        stopped: set[str] = set()
        for event in events:
            if event.session_id in stopped:
                failures[event.id] = NotTriedError()
                continue
            try:
                self.capture_event(event)
            except Exception as error:
                name = type(self).__name__
                _logger.warning("%s did not take event %s", name, event.id, exc_info=True)
                failures[event.id] = classify(error)
                if event.session_id and isinstance(failures[event.id], RetryLaterError):
                    stopped.add(event.session_id)
        if failures:
            raise PartlyDeliveredError(failures)

    def close(self) -> None:
        """Send what waits, and let go of connections; nothing is captured afterwards."""


class NoOpAnalyticsApi(AnalyticsApi):
    """Takes events and does nothing."""

    def capture_event(self, event: RecordedEvent) -> None:
        """Do nothing."""


class ConsoleAnalyticsApi(AnalyticsApi):
    """Shows one line per event: through the logging of the app, or else on stdout."""

    def __init__(self) -> None:
        if not _console.hasHandlers():
            _console.addHandler(_StdoutHandler())
        if _console.level == logging.NOTSET:
            _console.setLevel(logging.INFO)

    @classmethod
    def from_config(cls, config: Config) -> "ConsoleAnalyticsApi":
        """The backend of a section, which has no keys.

        Raises:
            ConfigurationError: If it has one.
        """
        config.reject_unknown_keys()
        return cls()

    def capture_event(self, event: RecordedEvent) -> None:
        """Show the event."""
        _console.info("%s", _line(event))


class MultipleAnalyticsApi(AnalyticsApi):
    """Hands every event to every backend; one that fails stops neither others nor the app."""

    def __init__(self, apis: Iterable[AnalyticsApi]) -> None:
        self._apis = tuple(apis)

    def capture_event(self, event: RecordedEvent) -> None:
        """Hand one event on."""
        for api in self._apis:
            try:
                api.capture_event(event)
            except Exception:
                name = type(api).__name__
                _logger.warning("%s did not take event %s", name, event.id, exc_info=True)

    def capture_events(self, events: Sequence[RecordedEvent]) -> None:
        """Hand the events on, all of them to one backend before the next."""
        for api in self._apis:
            try:
                api.capture_events(events)
            except PartlyDeliveredError:
                continue  # each of those events has been logged
            except Exception:
                name, ids = type(api).__name__, ", ".join(event.id for event in events)
                _logger.warning("%s did not take events %s", name, ids, exc_info=True)

    def close(self) -> None:
        """Close every backend."""
        for api in self._apis:
            try:
                api.close()
            except Exception:
                _logger.warning("%s did not close", type(api).__name__, exc_info=True)


BUILT_IN = {"console": ConsoleAnalyticsApi, "noop": NoOpAnalyticsApi}


@dataclass(frozen=True, slots=True)
class Backend:
    """A backend under the name that the configuration gives it, and how it is delivered to."""

    name: str
    api: AnalyticsApi
    policy: DeliveryPolicy


def build_backends(config: Config) -> tuple[Backend, ...]:
    """One backend per key of `app.analytics`, in the order of the file.

    A key is a built-in one, a module of `backstage_py.analytics_modules` (`newRelic` is
    `new_relic`), or any name whose section says `use: package.module:Class`. False
    switches one off; true is a section without keys. `delivery:` in a section sets how the
    backend's events are delivered.

    Raises:
        ConfigurationError: If a name is unknown, its class cannot be imported or made, or
            its section is wrong.
    """
    sections = config.section(SECTION)
    names = sections.keys()
    found = [(name, sections.find_section(name)) for name in names if name not in RESERVED_KEYS]
    return tuple(_build(name, section) for name, section in found if section is not None)


def _build(name: str, section: Config) -> Backend:
    backend = _find_class(name, section)
    policy = backend.delivery.overridden(section.section("delivery"))
    build = getattr(backend, "from_config", None)
    try:
        api = build(section.without("use", "delivery")) if build else backend()
    except ConfigurationError:
        raise
    except Exception as error:
        problem = f"cannot be made: {backend.__name__} raised {type(error).__name__}"
        hint = "Give it a classmethod from_config(config), or a constructor without arguments"
        raise ConfigurationError(section.where(), problem, hint) from error
    return Backend(name, api, policy)


def _find_class(name: str, section: Config) -> type[AnalyticsApi]:
    if section.has("use"):
        return _class_of_use(section)
    if name in BUILT_IN:
        return BUILT_IN[name]
    if _has_module(_module_name(name)):
        module = _import(_module_name(name), section.where())
        return _require_backend(getattr(module, "backend", None), section.where())
    raise ConfigurationError(
        section.where(),
        "is no known analytics module",
        f"Use one of {', '.join(_known_names())}, or name your own AnalyticsApi "
        "as use: package.module:Class in this section",
    )


def _class_of_use(section: Config) -> type[AnalyticsApi]:
    where = section.where("use")
    module_name, _, class_name = section.get_string("use").partition(":")
    if not (module_name and class_name):
        raise ConfigurationError(where, "names no class", "Write it as package.module:Class")
    module = _import(module_name, where)
    if not hasattr(module, class_name):
        problem = f"is not there: {module_name} has no {class_name}"
        raise ConfigurationError(where, problem, "Name a class of that module")
    return _require_backend(getattr(module, class_name), where)


def _import(name: str, where: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except Exception as error:
        problem = f"cannot be imported: {error}"
        raise ConfigurationError(where, problem, "Install or mend that module") from error


def _require_backend(found: object, where: str) -> type[AnalyticsApi]:
    if isinstance(found, type) and issubclass(found, AnalyticsApi) and found is not AnalyticsApi:
        return found
    problem = f"is no AnalyticsApi but {getattr(found, '__name__', found)}"
    hint = "Name a subclass of backstage_py.analytics.AnalyticsApi"
    raise ConfigurationError(where, problem, hint)


def _module_name(name: str) -> str:
    return f"{MODULES}.{_WORD_START.sub('_', name).lower()}"


def _has_module(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:
        return False


def _known_names() -> list[str]:
    found = importlib.import_module(MODULES).__path__ if _has_module(MODULES) else ()
    modules = [module.name for module in pkgutil.iter_modules(found)]
    public = [_camel_case(module) for module in modules if not module.startswith("_")]
    return sorted({*BUILT_IN, *public})


def _camel_case(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)


def _line(event: RecordedEvent) -> str:
    facts: dict[str, object] = {"value": event.value, **event.context}
    if event.attributes is not None:
        facts["attributes"] = dict(event.attributes)
    facts |= {"user": event.user, "session": event.session_id}
    shown = [f"{key}={_shown(value)}" for key, value in facts.items() if value is not None]
    return " ".join(["analytics:", _word(event.action), _shown(event.subject), *shown])


def _shown(value: object | Scalar) -> str:
    return orjson.dumps(value).decode()


def _word(text: str) -> str:
    return text if text.isprintable() and " " not in text else _shown(text)


class _StdoutHandler(logging.Handler):
    """Writes to what `sys.stdout` is at that moment."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            sys.stdout.write(f"{self.format(record)}\n")
            sys.stdout.flush()
        except (OSError, ValueError):
            self.handleError(record)
