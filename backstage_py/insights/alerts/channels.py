"""The channels of messages: Apprise for external services, the app's own for the rest."""

from collections.abc import Sequence
from typing import Protocol

from backstage_py.insights.alerts.message import Message


class ChannelError(Exception):
    """A message that was not sent; the text says why, without secrets."""


class Channel(Protocol):
    """A channel for messages to people."""

    is_repeatable: bool
    """Whether sending the same message twice shows it once."""

    def send(self, message_id: str, message: Message, receivers: Sequence[str]) -> None:
        """Send a message.

        Args:
            message_id: Its id, the same for each try.
            message: The message to send.
            receivers: Entity refs of users and groups; for channels that know people.

        Raises:
            ChannelError: If it was not accepted.
        """
        ...


class AppriseChannel:
    """An address of Apprise: mail, Slack, Teams, webhooks and others.

    Source: https://github.com/caronc/apprise/wiki. The URL holds secrets and is shown nowhere. The
        service is loaded here, so that sending only takes the time of the call.
    """

    is_repeatable = False

    def __init__(self, url: str, *, base_url: str | None = None) -> None:
        """Load the service.

        Args:
            url: The address.
            base_url: The portal's address, the prefix of links; None to send no links.

        Raises:
            ChannelError: If Apprise does not support the URL.
        """
        import apprise

        self._base_url = base_url
        self._service = apprise.Apprise()
        if not self._service.add(url):
            scheme = url.partition(":")[0][:20]
            raise ChannelError(f"Apprise does not support this {scheme} URL")

    def send(self, message_id: str, message: Message, receivers: Sequence[str]) -> None:  # ruff: ignore[unused-method-argument]
        """See `Channel`."""
        import apprise

        types = {"firing": apprise.NotifyType.WARNING, "resolved": apprise.NotifyType.SUCCESS}
        has_link = message.link and self._base_url
        link = f"\n\n{str(self._base_url).rstrip('/')}{message.link}" if has_link else ""
        is_taken = self._service.notify(
            title=message.title,
            body=f"{message.body}{link}",
            notify_type=types.get(message.kind, apprise.NotifyType.INFO),
            body_format=apprise.NotifyFormat.TEXT,
        )
        if not is_taken:
            raise ChannelError("The receiver refused it; see the log for its answer")
