"""The internal hosts that the catalog may read from: `backend.reading` of the app configuration.

The form and its meaning are those of Backstage (`FetchUrlReader`, `backend.reading.allow`), with
one difference: public hosts need no entry here.
"""

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import unquote

import httpx

from backstage_py.plugins.catalog.errors import MISSING, CatalogConfigError
from backstage_py.plugins.catalog.model.formats import MAPPING

_DEFAULT_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(
    r"(?P<host>(\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])(:(?P<port>[0-9]{1,5}))?",
    re.IGNORECASE,
)
_HOST_HINT = "must be a host, host:port or *.domain, without a scheme or a path"
_LIST_HINT = "must be a list of entries, each with a host"
_PATHS_HINT = 'must be a list of prefixes that begin with "/", or be left out to allow all paths'


@dataclass(frozen=True, slots=True)
class AllowedHost:
    """An internal host that may be read.

    `*.` in front means every host below it. Without a port, only the scheme's default port is
    allowed; without paths, all paths are.
    """

    host: str
    port: int | None = None
    paths: tuple[str, ...] | None = None

    @classmethod
    def from_config(cls, config: Any, *, path: str) -> Self:
        """Read one entry of `backend.reading.allow`; `path` names it in the error."""
        _check_keys(config, {"host", "paths"}, path)
        host = config.get("host", MISSING)
        match = _HOST.fullmatch(host) if isinstance(host, str) else None
        if match is None:
            raise CatalogConfigError(f"{path}.host", host, _HOST_HINT)
        port = int(match["port"]) if match["port"] else None
        paths = _read_paths(config["paths"], f"{path}.paths") if "paths" in config else None
        return cls(match["host"].lower().strip("[]"), port, paths)

    def covers(self, url: httpx.URL) -> bool:
        """Tell whether an address lies on this host and below one of its paths."""
        return self._covers_host(url) and self._covers_path(url)

    def _covers_host(self, url: httpx.URL) -> bool:
        port = url.port or _DEFAULT_PORTS.get(url.scheme)
        if port != (self.port or _DEFAULT_PORTS.get(url.scheme)):
            return False
        host = url.raw_host.decode()
        return host.endswith(self.host[1:]) if self.host.startswith("*.") else host == self.host

    def _covers_path(self, url: httpx.URL) -> bool:
        """Check the path as it is sent and as a host may decode it; both must be allowed."""
        if self.paths is None:
            return True
        sent = url.raw_path.decode().partition("?")[0]
        read = unquote(sent).replace("\\", "/")
        return all(_normalize(path).startswith(self.paths) for path in (sent, read))


@dataclass(frozen=True, slots=True)
class ReadingSettings:
    """The hosts that may be read besides public ones."""

    allow: tuple[AllowedHost, ...] = ()

    @classmethod
    def from_config(cls, value: Any, path: str = "backend.reading") -> Self:
        """Read the setting; without it only public hosts are read.

        Raises:
            CatalogConfigError: If a key is unknown, or its value is not usable.
        """
        if value is None:
            return cls()
        _check_keys(value, {"allow"}, path)
        entries = value.get("allow")
        if entries is None:
            return cls()
        if not isinstance(entries, list):
            raise CatalogConfigError(f"{path}.allow", entries, _LIST_HINT)
        return cls(
            tuple(
                AllowedHost.from_config(entry, path=f"{path}.allow[{index}]")
                for index, entry in enumerate(entries)
            )
        )

    def allows(self, url: httpx.URL) -> bool:
        """Tell whether an address may be read even if it is internal."""
        return any(entry.covers(url) for entry in self.allow)


def _check_keys(config: Any, known: set[str], path: str) -> None:
    """Refuse unknown keys: a misspelt `paths` would allow all of them."""
    if not isinstance(config, Mapping):
        raise CatalogConfigError(path, config, MAPPING.rule)
    for key in config:
        if key not in known:
            hint = f"is not a setting; use {' or '.join(sorted(known))}"
            raise CatalogConfigError(f"{path}.{key}", config[key], hint)


def _read_paths(value: Any, path: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise CatalogConfigError(path, value, _PATHS_HINT)
    for index, prefix in enumerate(value):
        if not isinstance(prefix, str) or not prefix.startswith("/"):
            raise CatalogConfigError(f"{path}[{index}]", prefix, 'must begin with "/"')
    return tuple(value)


def _normalize(path: str) -> str:
    """Remove dot segments; a slash at the end stays, so a prefix with one matches its folder."""
    normal = posixpath.normpath(f"/{path.lstrip('/')}")
    return f"{normal.rstrip('/')}/" if path.endswith("/") else normal
