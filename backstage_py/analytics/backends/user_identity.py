"""Which user id a tool receives: `identity` and `userIdTransform` of Backstage's modules."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from pydantic import Field

from backstage_py.analytics.config.configuration import Config
from backstage_py.analytics.config.named_module import import_named
from backstage_py.analytics.config.settings import RequiredText, SettingsModel
from backstage_py.analytics.errors import ConfigurationError

IdentityMode: TypeAlias = Literal["disabled", "optional", "required"]
UserIdTransform: TypeAlias = Callable[[str], str | None]

SHA_256 = "sha-256"
PLAIN = "none"


def user_id_sha256(user: str) -> str:
    """The lower-case hex SHA-256 of an entity ref, as Backstage's modules send it."""
    return hashlib.sha256(user.lower().encode()).hexdigest()


def user_id_plain(user: str) -> str:
    """The entity ref itself, in lower case."""
    return user.lower()


@dataclass(frozen=True, slots=True)
class UserIdentity:
    """What a tool is told about the user.

    `disabled`: nothing. `optional`: the user's id where it is known. `required`: events
    without a user are held until the user of their session is known.
    """

    mode: IdentityMode = "disabled"
    transform: UserIdTransform = user_id_sha256

    @classmethod
    def from_config(cls, config: Config, default: "UserIdentity") -> "UserIdentity":
        """The setting of a section, or the default of its backend.

        Raises:
            ConfigurationError: If a value is wrong, or users are required without a sign-in.
        """
        keys = IdentitySettings.from_config(config)
        mode = keys.identity or default.mode
        if mode == "required" and not config.whole.has("auth.providers"):
            problem = "is required, but an identity API must be provided to know users by"
            hint = "Configure auth.providers, or use optional"
            raise ConfigurationError(config.where("identity"), problem, hint)
        transform = keys.user_id_transform
        where = config.where("userIdTransform")
        return cls(mode, default.transform if transform is None else _transform(transform, where))

    def user_id(self, user: str | None) -> str | None:
        """The id that the tool knows this user by, or None."""
        return None if user is None or self.mode == "disabled" else self.transform(user)


class IdentitySettings(SettingsModel):
    """The keys that every tool's section may have for identity."""

    identity: IdentityMode | None = Field(None, description="disabled, optional or required")
    user_id_transform: RequiredText | None = Field(
        None, description="sha-256, none, or a function as package.module:function"
    )


def _transform(name: str, where: str) -> UserIdTransform:
    if name in {SHA_256, PLAIN}:
        return user_id_sha256 if name == SHA_256 else user_id_plain
    module, _, function = name.partition(":")
    try:
        found = getattr(import_named(module), function)
    except (ImportError, AttributeError, ValueError) as error:
        hint = f"Use {SHA_256}, {PLAIN}, or a function as package.module:function"
        raise ConfigurationError(where, f"cannot be imported: {error}", hint) from error
    return found
