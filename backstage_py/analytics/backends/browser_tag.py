"""A tool's own tag: the part of a backend that runs in the browser."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class BrowserTag:
    """A JavaScript module that hands events to a tool's own script.

    The module exports `start(settings)`, which gives (a promise of)
    `{capture(event), identify(userId)?}`. The settings are public: they become a part of
    the compiled app.
    """

    module: Path
    settings: Mapping[str, Any]
