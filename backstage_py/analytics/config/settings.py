"""Schemas of sections of the configuration: typed settings, and errors that name the key."""

import logging
from collections.abc import Iterator
from types import UnionType
from typing import Annotated, Any, Self, TypeVar, get_args
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic.alias_generators import to_camel
from pydantic.fields import FieldInfo

from backstage_py.analytics.config.configuration import Config, closest, shown_value
from backstage_py.analytics.errors import ConfigurationError

_T = TypeVar("_T")

_logger = logging.getLogger(__name__)
_WRITTEN_DOWN = "%s is a secret in plain text: take it from the environment, as ${NAME}"

RequiredText = Annotated[str, Field(min_length=1)]
"""A text that is not empty, as `getString` of `@backstage/config` requires."""


def _require_address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or " " in text:
        raise ValueError("Use an address such as https://host")
    _ = parts.port  # a ValueError where it is none
    return text


HttpAddress = Annotated[RequiredText, AfterValidator(_require_address)]
"""A full URL that can be posted to, such as `https://host/path`."""
OneOrMore = Annotated[
    tuple[_T, ...], BeforeValidator(lambda value: value if isinstance(value, list) else [value])
]
"""A list; a single value counts as a list of one."""


class SettingsModel(BaseModel):
    """A section's keys in Python. In files they are in camelCase; other keys are errors.

    A field's description completes the sentence "Use ..." in error messages. Fields of
    type SecretStr are shown nowhere.
    """

    model_config = ConfigDict(
        alias_generator=to_camel, extra="forbid", frozen=True, hide_input_in_errors=True
    )

    @field_validator("*", mode="before")
    @classmethod
    def _refuse_truth_for_a_number(cls, value: Any, info: ValidationInfo) -> Any:
        """Refuse true where a number is expected, since Pydantic would read it as 1."""
        annotation = cls.model_fields[info.field_name or ""].annotation
        if isinstance(value, bool) and _is_number(annotation):
            raise ValueError("Use a number")
        return value

    @classmethod
    def from_config(cls, config: Config, defaults: Self | None = None) -> Self:
        """The settings of a section.

        Args:
            config: The section.
            defaults: Values for keys that the section does not have.

        Raises:
            ConfigurationError: For the first key that is wrong.
        """
        given = defaults.model_dump(by_alias=True) if defaults else {}
        try:
            settings = cls.model_validate(
                {**given, **config.as_dict()}, by_alias=True, by_name=False
            )
        except ValidationError as error:
            raise _configuration_error(cls, config, error) from None
        for key in _secret_keys(settings):
            if config.stands_in_file(key):
                _logger.warning(_WRITTEN_DOWN, config.where(key))
        return settings

    def secrets(self) -> Iterator[str]:
        """The values that must not be shown."""
        for name in type(self).model_fields:
            value = getattr(self, name)
            if isinstance(value, SecretStr):
                yield value.get_secret_value()


class ToolSettings(SettingsModel):
    """The settings that every tool has."""

    debug: bool = Field(False, description="true to show what is sent, or false")
    test_mode: bool = Field(False, description="true to send nothing, or false")


class NoSettings(SettingsModel):
    """A section without keys."""


def _is_number(annotation: Any) -> bool:
    """Whether the type is `int` or `float`, optional or not."""
    kinds = set(get_args(annotation)) or {annotation}
    return bool(kinds & {int, float}) and kinds <= {int, float, type(None)}


def _secret_keys(settings: SettingsModel, above: str = "") -> Iterator[str]:
    """The paths of secrets, including those of nested sections."""
    for name, field in type(settings).model_fields.items():
        key, value = f"{above}{field.alias or name}", getattr(settings, name)
        if isinstance(value, SettingsModel):
            yield from _secret_keys(value, f"{key}.")
        elif isinstance(value, SecretStr):
            yield key


def _configuration_error(
    schema: type[SettingsModel], config: Config, error: ValidationError
) -> ConfigurationError:
    wrong = error.errors(include_url=False)[0]
    location = wrong["loc"]
    where = config.where(_path(location))
    field, siblings = _find(schema, location)
    if wrong["type"] == "extra_forbidden":
        return ConfigurationError(where, "is not a known key", closest(str(location[-1]), siblings))
    description = field.description if field else None
    if wrong["type"] == "missing":
        return ConfigurationError(where, "is missing", f"Give {description or 'it'}")
    reason = wrong["msg"].removeprefix("Value error, ")
    if not location or (wrong["type"] == "value_error" and isinstance(location[-1], int)):
        return ConfigurationError(where, "is wrong", reason)  # of a section or an entry as a whole
    hint = f"Use {description}" if description else reason
    return ConfigurationError(where, f"is {shown_value(where, _value(config, location))}", hint)


def _path(location: tuple[int | str, ...]) -> str:
    """The path as errors name it, such as `customDimensionsMetrics[0].type`."""
    parts = [f"[{part}]" if isinstance(part, int) else f".{part}" for part in location]
    return "".join(parts).lstrip(".")


def _find(
    schema: type[SettingsModel], location: tuple[int | str, ...]
) -> tuple[FieldInfo | None, tuple[str, ...]]:
    """The innermost known field at a location, and the keys beside it."""
    found: FieldInfo | None = None
    fields = _fields(schema)
    for part in location:
        if not isinstance(part, str):
            continue
        if part not in fields:
            return found, tuple(fields)
        found, siblings = fields[part], fields
        inner = _inner_schema(found.annotation)
        if inner is None:
            return found, tuple(siblings)
        fields = _fields(inner)
    return found, tuple(fields)


def _fields(schema: type[SettingsModel]) -> dict[str, FieldInfo]:
    return {field.alias or name: field for name, field in schema.model_fields.items()}


def _inner_schema(annotation: Any) -> type[SettingsModel] | None:
    if isinstance(annotation, type) and not isinstance(annotation, UnionType):
        return annotation if issubclass(annotation, SettingsModel) else None
    return next(filter(None, map(_inner_schema, get_args(annotation))), None)


def _value(config: Config, location: tuple[int | str, ...]) -> Any:
    value: Any = config.as_dict()
    for part in location:
        try:
            value = value[part]
        except (KeyError, IndexError, TypeError):
            return value
    return value
