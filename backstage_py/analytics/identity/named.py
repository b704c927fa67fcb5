"""The identity that an app names in `AnalyticsPlugin(identity=...)`."""

import logging
from collections.abc import Callable, Mapping
from typing import TypeAlias, cast

from backstage_py.analytics.config.named_module import import_named
from backstage_py.analytics.errors import ConfigurationError
from backstage_py.analytics.identity.identity import IdentityApi

_logger = logging.getLogger(__name__)

Identify: TypeAlias = Callable[[Mapping[str, str]], str | None]
"""Returns the user who sent request headers: an entity ref, or the app's own name or id."""
_OPTION = "AnalyticsPlugin(identity=...)"


def build_identity(given: str | Identify | IdentityApi) -> IdentityApi:
    """The identity of an app.

    Args:
        given: An `IdentityApi`, a function of the headers, or the import path of one, such as
            `my_app.auth:identify`.

    Raises:
        ConfigurationError: If it is none of these.
    """
    found = _find(given) if isinstance(given, str) else given
    if isinstance(found, type):
        hint = f"Give an instance, or the name of one: {found.__name__}()"
        raise ConfigurationError(_OPTION, f"is the class {found.__name__}", hint)
    identify = getattr(found, "identify", found)
    if not callable(identify):
        hint = "Use a function of a request's headers, or an object with the method identify"
        raise ConfigurationError(_OPTION, f"is {given!r}, which identifies nobody", hint)
    return AppIdentity(cast("Identify", identify))


class AppIdentity:
    """Asks the app; if that fails, the sender is anonymous."""

    def __init__(self, identify: Identify) -> None:
        self._identify = identify

    def identify(self, headers: Mapping[str, str]) -> str | None:
        """The ref of the user; a name without a kind becomes that of a user, as user:default/ann.

        The names of headers are in lower case.
        """
        try:
            user = self._identify({name.lower(): value for name, value in headers.items()})
        except Exception:
            _logger.exception("The app's identity failed, and the sender counts as anonymous")
            return None
        if not user:
            return None
        return user if ":" in user else f"user:default/{user}"


def _find(name: str) -> object:
    module, _, attribute = name.partition(":")
    if not module or not attribute:
        hint = "Write the module, a colon and the name, as my_app.auth:identify"
        raise ConfigurationError(_OPTION, f"is {name!r}", hint)
    try:
        found: object = import_named(module)
        for part in attribute.split("."):
            found = getattr(found, part)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{module}.".startswith(f"{error.name}."):
            raise
        hint = "Give a module that the app can import"
        raise ConfigurationError(_OPTION, f"is {name!r}, but there is no {module}", hint) from None
    except AttributeError:
        problem = f"is {name!r}, but {module} has no {attribute}"
        raise ConfigurationError(_OPTION, problem, "Name a function of that module") from None
    return found
