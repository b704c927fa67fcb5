"""What a notification is. Source: `@backstage/plugin-notifications-common`."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

MAX_TITLE = 255
MAX_TEXT = 4_000


class Severity(StrEnum):
    """How much it matters, the most first."""

    CRITICAL = "critical"
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"


SEVERITIES = tuple(Severity)


class View(StrEnum):
    """Which of one's notifications are listed."""

    UNREAD = "unread"
    READ = "read"
    SAVED = "saved"
    ALL = "all"


class Order(StrEnum):
    """In which order."""

    NEWEST = "newest"
    OLDEST = "oldest"
    TOPIC = "topic"
    ORIGIN = "origin"


class NotificationError(ValueError):
    """Something that cannot be notified of; the message names the field and the fix."""


@dataclass(frozen=True, slots=True)
class Payload:
    """What is said. A `link` is a path of the portal or an http(s) address.

    Of the same `scope` and origin there is one notification: a later one takes its place.
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
            NotificationError: If the title is missing, a text too long or the link none.
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
    """A notification as one person has it; `updated` is when it was said last."""

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
    """Which notifications to list: filters, order, page."""

    view: View = View.UNREAD
    since: datetime | None = None
    least: Severity = Severity.LOW
    text: str = ""
    order: Order = Order.NEWEST
    offset: int = 0
    limit: int = 20


@dataclass(frozen=True, slots=True)
class NotificationPage:
    """Some notifications, and how many there are."""

    items: tuple[Notification, ...]
    total: int
