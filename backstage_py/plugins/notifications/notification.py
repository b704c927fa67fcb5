"""The notification and its parts. Source: `@backstage/plugin-notifications-common`."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

MAX_TITLE = 255
MAX_TEXT = 4_000


class Severity(StrEnum):
    """The severity, the highest first."""

    CRITICAL = "critical"
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"


SEVERITIES = tuple(Severity)


class View(StrEnum):
    """The views of a user's notifications."""

    UNREAD = "unread"
    READ = "read"
    SAVED = "saved"
    ALL = "all"


class Order(StrEnum):
    """The sort orders."""

    NEWEST = "newest"
    OLDEST = "oldest"
    TOPIC = "topic"
    ORIGIN = "origin"


class NotificationError(ValueError):
    """A notification that cannot be sent; the message names the field and the fix."""


@dataclass(frozen=True, slots=True)
class Payload:
    """The content of a notification. A `link` is a path of the portal or an http(s) address.

    There is one notification per `scope` and origin: a later one replaces it.
    """

    title: str
    description: str = ""
    link: str = ""
    severity: Severity = Severity.NORMAL
    topic: str = ""
    scope: str = ""
    icon: str = ""

    def __post_init__(self) -> None:
        """Check it.

        Raises:
            NotificationError: If the title is missing, a text is too long or the link is invalid.
        """
        if not self.title.strip():
            raise NotificationError("title: is empty; say what has happened")
        for name, most in (("title", MAX_TITLE), ("topic", MAX_TITLE), ("scope", MAX_TITLE)):
            if len(getattr(self, name)) > most:
                raise NotificationError(f"{name}: has more than {most} characters; say less")
        if len(self.description) > MAX_TEXT:
            raise NotificationError(f"description: has more than {MAX_TEXT} characters; say less")
        is_path = self.link.startswith("/") and not self.link.startswith("//")
        if self.link and not is_path and not self.link.startswith(("https://", "http://")):
            raise NotificationError(f"link: is {self.link[:60]!r}; use a path or an http address")


@dataclass(frozen=True, slots=True)
class Notification:
    """A notification of one person; `updated` is when it was last sent."""

    id: str
    origin: str
    payload: Payload
    created: datetime
    updated: datetime
    is_broadcast: bool
    is_read: bool
    is_saved: bool


@dataclass(frozen=True, slots=True)
class Question:
    """A query of notifications: filters, order, page."""

    view: View = View.UNREAD
    since: datetime | None = None
    least: Severity = Severity.LOW
    text: str = ""
    order: Order = Order.NEWEST
    offset: int = 0
    limit: int = 20


@dataclass(frozen=True, slots=True)
class NotificationPage:
    """A page of notifications, and the total number."""

    items: tuple[Notification, ...]
    total: int
