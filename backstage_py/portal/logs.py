"""The portal's logs: Python's format, or with `LOG_FORMAT=json` one JSON object per line.

Each line logged during a request has its `request_id`; `LOG_REQUESTS=true` adds a line for each
request.
"""

import logging
import os
from collections.abc import Mapping

from pythonjsonlogger.json import JsonFormatter

from backstage_py.analytics import ConfigurationError
from backstage_py.portal.flood import FloodFilter
from backstage_py.portal.request_ids import RequestIdFilter

_FIELDS = "{asctime}{levelname}{name}{message}"
_FLOODED = (
    "asyncio",
    "backstage_py.portal.event_guard",
    "engineio.server",
    "reflex.app",
    "reflex.state",
    "reflex_base.event.processor.base_state_processor",
    "reflex_base.event.processor.event_processor",
    "socketio.server",
)
"""Loggers of websocket messages, which anybody can send; floods of them are cut short."""
_NAMES = {"asctime": "time", "levelname": "level", "name": "logger"}


def configure_logs(environ: Mapping[str, str] = os.environ) -> None:
    """Set up the root logger; a call's `extra` is part of the JSON object.

    Raises:
        ConfigurationError: If `LOG_FORMAT` is neither json nor text.
    """
    for name in _FLOODED:
        logging.getLogger(name).addFilter(FloodFilter())
    wanted = environ.get("LOG_FORMAT", "text")
    if wanted not in {"json", "text"}:
        raise ConfigurationError("LOG_FORMAT", f"is {wanted!r}", "Use json or text")
    if wanted == "json":
        handler = logging.StreamHandler()
        handler.addFilter(RequestIdFilter())
        handler.setFormatter(JsonFormatter(_FIELDS, style="{", rename_fields=_NAMES))
        logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)


def logs_requests(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether each request is logged.

    Raises:
        ConfigurationError: If `LOG_REQUESTS` is neither true nor false.
    """
    wanted = environ.get("LOG_REQUESTS", "false")
    if wanted not in {"true", "false"}:
        raise ConfigurationError("LOG_REQUESTS", f"is {wanted!r}", "Use true or false")
    return wanted == "true"
