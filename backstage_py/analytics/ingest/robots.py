"""Known robots, by the `User-Agent` that they send: `app.analytics.robots`.

What they do is refused, since nobody uses the portal by it. Only robots that say so count:
crawlers, previews of links, monitors of availability, checkers of links. Browsers that a test
drives (`HeadlessChrome`) are people, and HTTP libraries are senders like any other.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, Self, TypeAlias

from pydantic import Field

from backstage_py.analytics.config.configuration import Config
from backstage_py.analytics.config.settings import RequiredText, SettingsModel

RobotsMode: TypeAlias = Literal["refuse", "accept"]
USER_AGENT_CHARACTERS = 1_000
REASON = "User-Agent: is a robot's. Nothing that robots do is recorded"

_KNOWN = re.compile(
    r"bot\b|bot[/;_ -]|crawl|spider|slurp|archiver|facebookexternalhit|embedly|quora link preview"
    r"|whatsapp/|skypeuripreview|bingpreview|google-read-aloud|mediapartners-google|apis-google"
    r"|google-inspectiontool|google-site-verification|chrome-lighthouse|pagespeed"
    r"|pingdom|uptimerobot|statuscake|site24x7|betteruptime|better uptime|newrelicpinger"
    r"|datadogsynthetics|datadog/synthetics|catchpoint|gomezagent|uptime-kuma|blackbox[ _-]exporter"
    r"|kube-probe|elb-healthchecker|googlehc|w3c_validator|w3c-checklink|linkchecker|lychee/"
    r"|muffet|wget/|httrack|scrapy|nutch|heritrix|gptbot|claude-web|ccbot|perplexity",
    re.IGNORECASE,
)
_NO_ROBOT = re.compile(r"cubot", re.IGNORECASE)
"""A maker of telephones."""


class _RobotsKeys(SettingsModel):
    mode: RobotsMode = Field("refuse", description="refuse or accept")
    also: tuple[RequiredText, ...] = Field((), description="a list of texts in their User-Agent")


@dataclass(frozen=True, slots=True)
class Robots:
    """Which senders are robots: the known ones, and those whose `User-Agent` has one of `also`."""

    mode: RobotsMode = "refuse"
    also: tuple[str, ...] = ()

    @classmethod
    def from_config(cls, config: Config) -> Self:
        """What a section says.

        Raises:
            ConfigurationError: If a key or its value is wrong.
        """
        keys = _RobotsKeys.from_config(config)
        return cls(keys.mode, tuple(text.casefold() for text in keys.also))

    def refuse(self, headers: Mapping[str, str]) -> bool:
        """Whether what comes with these request headers is refused."""
        agent = headers.get("user-agent") or headers.get("User-Agent") or ""
        return self.mode == "refuse" and _is_robot(agent[:USER_AGENT_CHARACTERS], self.also)


@lru_cache(maxsize=2_048)
def _is_robot(agent: str, also: tuple[str, ...]) -> bool:
    lower = agent.casefold()
    if any(text in lower for text in also):
        return True
    return _KNOWN.search(agent) is not None and not _NO_ROBOT.search(agent)
