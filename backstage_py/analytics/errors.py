"""What can be wrong with what the library is given.

- AnalyticsError
  - InvalidEventError: an event that breaks a rule or a limit
  - ConfigurationError: a key, a value or a file of the configuration
"""


class AnalyticsError(Exception):
    """Something the caller can mend: where it is, and how to mend it."""

    def __init__(self, where: str, problem: str, hint: str) -> None:
        super().__init__(f"{where}: {problem}. {hint}")
        self.where = where
        self.problem = problem
        self.hint = hint


class InvalidEventError(AnalyticsError):
    """An event that breaks a rule or a limit; `where` is the field on the wire."""


class ConfigurationError(AnalyticsError):
    """A wrong configuration; `where` is the key, with its file where that is known."""
