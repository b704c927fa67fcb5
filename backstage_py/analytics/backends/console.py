"""Prints lines for people, through the app's logging or else to stdout."""

import logging
import sys

_logger = logging.getLogger("backstage_py.analytics.backends.console")


def show_line(line: str) -> None:
    """Show a line; only an app that logs nothing gets a handler of ours."""
    if not _logger.hasHandlers():
        _logger.addHandler(_StdoutHandler())
    if _logger.level == logging.NOTSET:
        _logger.setLevel(logging.INFO)
    _logger.info("%s", line)


class _StdoutHandler(logging.Handler):
    """Writes to the current `sys.stdout`."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            sys.stdout.write(f"{self.format(record)}\n")
            sys.stdout.flush()
        except (OSError, ValueError):
            self.handleError(record)
