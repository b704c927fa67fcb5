"""Feature flags: plugins' preview features, and who switched them on.

Source of the idea: `FeatureFlagsApi` of `@backstage/core-plugin-api`; here the server stores them,
so they follow their user.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from backstage_py.plugins.settings.user_settings import SettingError, UserSettings

BUCKET = "feature-flags"


@dataclass(frozen=True, slots=True)
class Flag:
    """A flag that the plugin `plugin_id` declares."""

    name: str
    description: str
    plugin_id: str


class FeatureFlags:
    """The flags of a portal, for all its users.

    Reading and setting raise `sqlalchemy.exc.SQLAlchemyError` if the database does not answer.
    """

    def __init__(self, settings: Callable[[], UserSettings]) -> None:
        self._settings = settings
        self._flags: tuple[Flag, ...] = ()

    def declare(self, flags: Sequence[Flag]) -> None:
        """Declare the flags; the last call counts."""
        self._flags = tuple(sorted(flags, key=lambda flag: flag.name))

    def declared(self) -> tuple[Flag, ...]:
        """List the declared flags, by name."""
        return self._flags

    def is_on(self, user: str, name: str) -> bool:
        """Whether a user has switched a flag on; undeclared flags are off."""
        is_known = any(flag.name == name for flag in self._flags)
        return is_known and bool(user) and self._settings().get(user, BUCKET, name) is True

    def list_on(self, user: str) -> frozenset[str]:
        """List the flags that a user has switched on."""
        return frozenset(flag.name for flag in self._flags if self.is_on(user, flag.name))

    def set(self, user: str, name: str, *, is_on: bool) -> None:
        """Switch a flag for a user.

        Raises:
            SettingError: If there is no such flag, or nobody is signed in.
        """
        if not any(flag.name == name for flag in self._flags):
            names = ", ".join(flag.name for flag in self._flags)
            raise SettingError(f"{name[:80]}: is not a feature flag; use one of {names}")
        self._settings().set(user, BUCKET, name, is_on)
