"""The library's exceptions.

- AnalyticsError
  - InvalidEventError: an event that breaks a rule or a limit
  - ConfigurationError: a key, a value or a file of the configuration
  - StoreUnavailableError: the event store takes nothing now

The errors with which a backend tells delivery how to continue:

- DeliveryError
  - RetryLaterError: nothing was taken; send it again
    - NotTriedError: it waits behind an event of its session
  - HeldError: it waits until the user of its session is known
  - RejectedError: refused for good; it goes to the dead letters
    - UnansweredError: it may have been taken, and must not be sent twice
  - NotWantedError: refused for good, and nobody has to look at it
  - CannotEraseError: the tool has no way to erase a user, or has not been given a key for it
  - PartlyDeliveredError: some events were not taken; it has the error of each
"""

from collections.abc import Mapping


class AnalyticsError(Exception):
    """Something the caller can fix: where it is, what is wrong, and how to fix it."""

    def __init__(self, where: str, problem: str, hint: str) -> None:
        super().__init__(f"{where}: {problem}. {hint}")
        self.where = where
        self.problem = problem
        self.hint = hint


class InvalidEventError(AnalyticsError):
    """An event that breaks a rule or a limit; `where` is the field on the wire."""


class ConfigurationError(AnalyticsError):
    """A wrong configuration; `where` is the key, with its file where that is known."""


class StoreUnavailableError(AnalyticsError):
    """The event store does not accept events now."""

    def __init__(self) -> None:
        super().__init__("store", "is not available", "Send it again later")


class DeliveryError(Exception):
    """Why a backend did not take events; `reason` is shown to the portal's owner."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class RetryLaterError(DeliveryError):
    """Nothing was taken; send it again, not before `after_seconds` if the tool says so."""

    def __init__(self, reason: str, after_seconds: float | None = None) -> None:
        super().__init__(reason)
        self.after_seconds = after_seconds


class NotTriedError(RetryLaterError):
    """An event of the same session failed before it, which it must not overtake."""

    def __init__(self) -> None:
        super().__init__("Waits behind an event of its session")


class HeldError(DeliveryError):
    """The tool requires a user, and nobody has signed in yet."""

    def __init__(self) -> None:
        super().__init__("Waits until the user of its session is known")


class RejectedError(DeliveryError):
    """The tool refuses it for good; it goes to the dead letters."""


class UnansweredError(RejectedError):
    """No answer came: the event may have been accepted and is not sent again; later ones wait."""


class NotWantedError(DeliveryError):
    """The tool does not want it, and nobody has to look at it."""


class CannotEraseError(DeliveryError):
    """The tool cannot erase a user; `reason` says what the owner can do instead."""


class PartlyDeliveredError(DeliveryError):
    """The tool took all events but these.

    Args:
        failures: The error of each failed event, by event id.
    """

    def __init__(self, failures: Mapping[str, Exception]) -> None:
        super().__init__(f"{len(failures)} events were not taken")
        self.failures = failures
