"""The rows of notifications: flat, typed, ready for the browser."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from backstage_py.plugins.notifications.notification import Notification
from backstage_py.plugins.notifications.notifications import OriginSetting

_STEPS = (("d", timedelta(days=1)), ("h", timedelta(hours=1)), ("min", timedelta(minutes=1)))


@dataclass(frozen=True)
class NotificationRow:
    """A notification; `ago` is the time since it was last sent, such as `3 h`, empty for now."""

    id: str
    title: str
    description: str
    link: str
    origin: str
    topic: str
    severity: str
    moment: str
    ago: str
    is_read: bool
    is_saved: bool
    is_chosen: bool


@dataclass(frozen=True)
class OriginRow:
    """An origin of notifications, and whether it is allowed."""

    origin: str
    title: str
    is_on: bool


def build_row(one: Notification, *, titles: dict[str, str], now: datetime) -> NotificationRow:
    """The row of a notification, not selected yet."""
    payload = one.payload
    return NotificationRow(
        id=one.id,
        title=payload.title,
        description=payload.description,
        link=payload.link,
        origin=titles.get(one.origin, one.origin),
        topic=payload.topic,
        severity=str(payload.severity),
        moment=one.updated.isoformat(),
        ago=_ago(now - one.updated),
        is_read=one.is_read,
        is_saved=one.is_saved,
        is_chosen=False,
    )


def build_origin(setting: OriginSetting) -> OriginRow:
    """The row of an origin."""
    return OriginRow(setting.origin, setting.title, setting.is_on)


def _ago(age: timedelta) -> str:
    for unit, step in _STEPS:
        if age >= step:
            return f"{age // step} {unit}"
    return ""
