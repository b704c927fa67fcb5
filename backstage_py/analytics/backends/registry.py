"""Creates the backends that `app.analytics` configures."""

import importlib
import importlib.util
import pkgutil
import re
from importlib.metadata import EntryPoint, entry_points
from types import ModuleType

from backstage_py.analytics.backends.api import (
    AnalyticsApi,
    ConsoleAnalyticsApi,
    NoOpAnalyticsApi,
)
from backstage_py.analytics.backends.backend import Backend, UsersOfSessions
from backstage_py.analytics.backends.routing import Routing
from backstage_py.analytics.backends.user_identity import UserIdentity
from backstage_py.analytics.config.configuration import Config
from backstage_py.analytics.config.named_module import import_named
from backstage_py.analytics.errors import ConfigurationError
from backstage_py.analytics.extras import install_hint

SECTION = "app.analytics"
MODULES = "backstage_py.analytics_modules"
ENTRY_POINTS = "backstage_py.analytics_modules"
"""The entry points of other packages' backends; the name is the key in `app.analytics`."""
RESERVED_KEYS = frozenset(
    {
        "addresses",
        "dialect",
        "ingest",
        "insights",
        "metrics",
        "privacy",
        "read",
        "retention",
        "robots",
        "store",
    }
)
"""Keys of `app.analytics` that are not backends."""
ROUTING_KEYS = ("include", "exclude", "sampling", "redact")
IDENTITY_KEYS = ("identity", "userIdTransform")

_WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|-")

BUILT_IN = {"console": ConsoleAnalyticsApi, "noop": NoOpAnalyticsApi}
_OTHER_KEYS = {"qm": "quantum_metric"}
"""Backstage's keys that differ from the names of our modules."""


def read_backends(config: Config, users_of_sessions: UsersOfSessions) -> tuple[Backend, ...]:
    """One backend per key of `app.analytics`, in the order of the file.

    A key is a built-in one, a module of `backstage_py.analytics_modules` (`newRelic` is
    `new_relic`), or any name whose section says `use: package.module:Class`. False
    switches one off; true is a section without keys. Besides a tool's own keys, a section may have
    `delivery` and the keys of routing and identity.

    Args:
        config: The whole configuration.
        users_of_sessions: Returns the users of visits, for backends that require them.

    Raises:
        ConfigurationError: If a name is unknown, its class cannot be imported or made, or
            its section is wrong.
    """
    sections = config.section(SECTION)
    names = sections.keys()
    found = [(name, sections.find_section(name)) for name in names if name not in RESERVED_KEYS]
    return tuple(
        _build(name, section, users_of_sessions) for name, section in found if section is not None
    )


def _build(name: str, section: Config, users_of_sessions: UsersOfSessions) -> Backend:
    backend = _find_class(name, section)
    routing = Routing.from_config(section.only(*ROUTING_KEYS))
    build = getattr(backend, "from_config", None)
    own = section.without("use", "delivery", *ROUTING_KEYS, *IDENTITY_KEYS)
    try:
        api = build(own) if build else backend()
    except ConfigurationError:
        raise
    except Exception as error:
        problem = f"cannot be made: {backend.__name__} raised {type(error).__name__}"
        hint = "Give it a classmethod from_config(config), or a constructor without arguments"
        raise ConfigurationError(section.where(), problem, hint) from error
    policy = type(api.delivery).from_config(section.section("delivery"), api.delivery)
    identity = UserIdentity.from_config(section.only(*IDENTITY_KEYS), api.identity)
    return Backend(name, api, policy, routing, identity, users_of_sessions)


def _find_class(name: str, section: Config) -> type[AnalyticsApi]:
    if section.has("use"):
        return _class_of_use(section)
    if name in BUILT_IN:
        return BUILT_IN[name]
    if _has_module(_module_name(name)):
        module = _import(_module_name(name), section.where())
        return _require_backend(getattr(module, "backend", None), section.where())
    if installed := entry_points(group=ENTRY_POINTS, name=name):
        return _class_of_entry_point(next(iter(installed)), section.where())
    raise ConfigurationError(
        section.where(),
        "is not a known analytics module",
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
        return import_named(name)
    except Exception as error:
        problem = f"cannot be imported: {error}"
        missing = install_hint(error) if isinstance(error, ImportError) else None
        raise ConfigurationError(where, problem, missing or "Install or fix that module") from error


def _class_of_entry_point(found: EntryPoint, where: str) -> type[AnalyticsApi]:
    """The backend that another package declares as `KEY = "package.module:Class"`."""
    try:
        backend = found.load()
    except Exception as error:
        problem = f"is declared as {found.value}, which cannot be imported: {error}"
        raise ConfigurationError(where, problem, "Install or fix that package") from error
    return _require_backend(backend, where)


def _require_backend(found: object, where: str) -> type[AnalyticsApi]:
    if isinstance(found, type) and issubclass(found, AnalyticsApi) and found is not AnalyticsApi:
        return found
    problem = f"is {getattr(found, '__name__', found)}, not an AnalyticsApi"
    hint = "Name a subclass of backstage_py.analytics.AnalyticsApi"
    raise ConfigurationError(where, problem, hint)


def _module_name(name: str) -> str:
    module = _OTHER_KEYS.get(name) or _WORD_START.sub("_", name).lower()
    return f"{MODULES}.{module}"


def _has_module(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:
        return False


def _known_names() -> list[str]:
    found = importlib.import_module(MODULES).__path__ if _has_module(MODULES) else ()
    modules = [module.name for module in pkgutil.iter_modules(found)]
    keys = {module: key for key, module in _OTHER_KEYS.items()}
    public = [keys.get(one) or _camel_case(one) for one in modules if not one.startswith("_")]
    installed = entry_points(group=ENTRY_POINTS).names
    return sorted({*BUILT_IN, *public, *installed})


def _camel_case(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)
