"""The rows of the tabs: flat, typed, ready for the browser."""

import re
from dataclasses import dataclass
from datetime import datetime

from backstage_py.analytics import PERMISSIONS, get_recorder
from backstage_py.plugins.auth.providers.registry import TITLES
from backstage_py.plugins.auth.sessions import AuthSession
from backstage_py.plugins.auth.tokens import ApiToken
from backstage_py.portal.permissions import find_condition

_BROWSERS = (
    ("Edge", re.compile(r"Edg(?:e|A|iOS)?/")),
    ("Opera", re.compile(r"OPR/|Opera")),
    ("Firefox", re.compile(r"Firefox/|FxiOS/")),
    ("Chrome", re.compile(r"Chrome/|CriOS/|Chromium/")),
    ("Safari", re.compile(r"Safari/")),
)
_SYSTEMS = (
    ("Android", re.compile(r"Android")),
    ("iOS", re.compile(r"iPhone|iPad|iPod")),
    ("Windows", re.compile(r"Windows")),
    ("macOS", re.compile(r"Macintosh|Mac OS X")),
    ("ChromeOS", re.compile(r"CrOS")),
    ("Linux", re.compile(r"Linux")),
)


@dataclass(frozen=True)
class SessionRow:
    """A browser in which the person is signed in; times are UTC."""

    id: str
    browser: str
    address: str
    provider: str
    created: str
    seen: str
    expires: str
    is_current: bool


@dataclass(frozen=True)
class ApiTokenRow:
    """A token of the person; times are empty if it never expires or was never used."""

    id: str
    name: str
    scopes: list[str]
    created: str
    expires: str
    used: str
    is_expired: bool


@dataclass(frozen=True)
class PermissionRow:
    """A permission of the person; `is_conditional` if it isn't for every entity."""

    name: str
    about: str
    is_conditional: bool = False


def list_permissions(user: str) -> list[PermissionRow]:
    """The permissions that a user has, in the order of docs/permissions.md."""
    recorder = get_recorder()
    return [
        PermissionRow(name, about, find_condition(user, name) is not None)
        for name, about in PERMISSIONS.items()
        if recorder.may(user, name)
    ]


def build_session(session: AuthSession, *, current: str) -> SessionRow:
    """The row of a session; `current` is the id of the viewer's own session."""
    return SessionRow(
        id=session.id,
        browser=describe_agent(session.agent),
        address=session.address,
        provider=TITLES.get(session.provider, session.provider),
        created=_time(session.created_at),
        seen=_time(session.seen_at),
        expires=_time(session.expires_at),
        is_current=session.id == current,
    )


def build_token(token: ApiToken, now: datetime) -> ApiTokenRow:
    """The row of a token."""
    return ApiTokenRow(
        id=token.id,
        name=token.name,
        scopes=list(token.scopes),
        created=_time(token.created_at),
        expires=_time(token.expires_at),
        used=_time(token.used_at),
        is_expired=token.is_expired(now),
    )


def describe_agent(agent: str) -> str:
    """A browser and its system, such as `Firefox, Linux`; else its own `User-Agent`."""
    browser = next((name for name, pattern in _BROWSERS if pattern.search(agent)), "")
    system = next((name for name, pattern in _SYSTEMS if pattern.search(agent)), "")
    return ", ".join(filter(None, (browser, system))) or agent[:60] or "?"


def _time(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else ""
