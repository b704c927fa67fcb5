"""The formats of single values in an entity, each with its error message.

From `@backstage/catalog-model` 1.10.1: `KubernetesValidatorFunctions`, `CommonValidatorFunctions`
and `makeValidator`. Where its code and documentation differ, the code counts.
"""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

_LABEL_LENGTH = 63
_SUBDOMAIN_LENGTH = 253
_DNS_LABEL = re.compile(r"[a-z0-9]+(?:-+[a-z0-9]+)*")
_OBJECT_NAME = re.compile(r"([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]")
_KIND = re.compile(r"[a-zA-Z][a-z0-9A-Z]*")
_VERSION = re.compile(r"[a-z0-9A-Z]+")
_TAG = re.compile(r"[a-z0-9:+#]+(-[a-z0-9:+#]+)*")
_URL = re.compile(r"(?P<scheme>[a-zA-Z][a-zA-Z0-9+.-]*):(?P<rest>.*)", re.DOTALL)
_AUTHORITY = re.compile(
    r"[/\\]*(?:[^/\\?#]*@)?(?P<host>\[[0-9a-fA-F:.]+\]|[^/\\?#:\[\]]+)(?::(?P<port>[0-9]*))?(?=[/\\?#]|$)"
)
_NOT_IN_HOST = re.compile(r"[\x00-\x20<>^|%]")
_LAST_PORT = 65_535
_SCHEMES_WITH_HOST = {"http", "https", "ftp", "ws", "wss"}


class Format(NamedTuple):
    """A rule for values: a description, and a test that accepts any value."""

    rule: str
    accepts: Callable[[Any], bool]


def _is_text(value: Any, pattern: re.Pattern[str], length: int = _LABEL_LENGTH) -> bool:
    return isinstance(value, str) and len(value) <= length and bool(pattern.fullmatch(value))


def _is_object_name(value: Any) -> bool:
    return _is_text(value, _OBJECT_NAME)


def _is_dns_subdomain(value: str) -> bool:
    return len(value) <= _SUBDOMAIN_LENGTH and all(
        _is_text(label, _DNS_LABEL) for label in value.split(".")
    )


def _is_prefixed(value: Any, is_suffix: Callable[[str], bool]) -> bool:
    if not isinstance(value, str):
        return False
    *prefix, suffix = value.split("/")
    return len(prefix) <= 1 and all(map(_is_dns_subdomain, prefix)) and is_suffix(suffix)


def _is_url(value: Any) -> bool:
    """Whether JavaScript's `new URL(value)` accepts it, as far as descriptors need."""
    match = _URL.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        return False
    if match["scheme"].lower() not in _SCHEMES_WITH_HOST:
        return True
    authority = _AUTHORITY.match(match["rest"])
    if authority is None or _NOT_IN_HOST.search(authority["host"]):
        return False
    return not authority["port"] or int(authority["port"]) <= _LAST_PORT


API_VERSION = Format(
    "must be a version such as v1alpha1, or domain/version such as backstage.io/v1alpha1",
    lambda value: _is_prefixed(value, lambda suffix: _is_text(suffix, _VERSION)),
)
KIND = Format(
    "must be 1-63 letters and digits, a letter first",
    lambda value: _is_text(value, _KIND),
)
OBJECT_NAME = Format(
    "must be 1-63 characters of a-z, A-Z, 0-9, - _ . with a letter or digit at both ends",
    _is_object_name,
)
NAMESPACE = Format(
    "must be 1-63 characters of a-z, 0-9 and - with a letter or digit at both ends",
    lambda value: _is_text(value, _DNS_LABEL),
)
PREFIXED_KEY = Format(
    "the key must be a name, or domain/name with one slash, such as example.com/team",
    lambda value: _is_prefixed(value, _is_object_name),
)
LABEL_VALUE = Format(
    "must be empty, or 1-63 characters of a-z, A-Z, 0-9, - _ . with a letter or digit at both ends",
    lambda value: isinstance(value, str) and (not value or _is_object_name(value)),
)
TAG = Format(
    "must be 1-63 characters of a-z, 0-9, : + # with single - between them",
    lambda value: _is_text(value, _TAG),
)
URL = Format("must be a full address such as https://example.com/page", _is_url)
TEXT = Format("must be a string (quote numbers and booleans)", lambda value: isinstance(value, str))
NON_EMPTY_TEXT = Format(
    "must be a string that is not empty", lambda value: isinstance(value, str) and bool(value)
)
MAPPING = Format("must be a mapping", lambda value: isinstance(value, dict))
LIST = Format("must be a list", lambda value: isinstance(value, list))
PRESENCE = Format(
    'must be "required" or "optional"',
    lambda value: isinstance(value, str) and value in {"required", "optional"},
)
REMOTE = Format(
    "must be a mapping with a type and a url",
    lambda value: (
        isinstance(value, dict)
        and NON_EMPTY_TEXT.accepts(value.get("type"))
        and NON_EMPTY_TEXT.accepts(value.get("url"))
    ),
)
