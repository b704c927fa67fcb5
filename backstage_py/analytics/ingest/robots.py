"""Known robots, by the `User-Agent` that they send: `app.analytics.robots`.

Their events are refused, since nobody uses the portal through them. Only robots that say so count:
crawlers, link previews, uptime monitors, link checkers. They come from the list in
`known_robots/patterns.txt`, which names each of them, so that a name ending in "bot" is not enough.
Browsers that a test drives (`HeadlessChrome`) are people, and HTTP libraries are senders like any
other.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal, Self, TypeAlias

from pydantic import Field

from backstage_py.analytics.config.configuration import Config
from backstage_py.analytics.config.settings import RequiredText, SettingsModel

RobotsMode: TypeAlias = Literal["refuse", "accept"]
USER_AGENT_CHARACTERS = 1_000
REASON = "User-Agent: is a robot's. Nothing that robots do is recorded"

PATTERNS = Path(__file__).parent / "known_robots" / "patterns.txt"
_UNLISTED = (
    r"kube-probe/|elb-healthchecker/|googlehc/|google-site-verification|uptime-kuma"
    r"|betteruptime|better uptime|linkchecker|lychee/|muffet|claude-web"
    r"|\(compatible; [\w.-]*(bot|crawler|spider)/"
)
"""Robots that the list lacks: further checks, and the usual form of crawlers' names."""


class RobotsSettings(SettingsModel):
    """The section `app.analytics.robots`."""

    mode: RobotsMode = Field("refuse", description="refuse or accept")
    also: tuple[RequiredText, ...] = Field((), description="a list of texts in their User-Agent")


@dataclass(frozen=True, slots=True)
class Robots:
    """Which senders are robots: the known ones, and those whose `User-Agent` has one of `also`."""

    mode: RobotsMode = "refuse"
    also: tuple[str, ...] = ()

    @classmethod
    def from_config(cls, config: Config) -> Self:
        """The rules of a section.

        Raises:
            ConfigurationError: If a key or its value is wrong.
        """
        keys = RobotsSettings.from_config(config)
        return cls(keys.mode, tuple(text.casefold() for text in keys.also))

    def refuse(self, headers: Mapping[str, str]) -> bool:
        """Whether events with these request headers are refused."""
        agent = headers.get("user-agent") or headers.get("User-Agent") or ""
        return self.mode == "refuse" and _is_robot(agent[:USER_AGENT_CHARACTERS], self.also)


@lru_cache(maxsize=2_048)
def _is_robot(agent: str, also: tuple[str, ...]) -> bool:
    lower = agent.casefold()
    return any(text in lower for text in also) or _known().search(agent) is not None


@cache
def _known() -> re.Pattern[str]:
    lines = PATTERNS.read_text(encoding="utf-8").splitlines()
    listed = (f"(?:{line})" for line in lines if not line.startswith("#"))
    return re.compile("|".join([f"(?i:{_UNLISTED})", *listed]))
