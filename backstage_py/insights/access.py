"""Who may see Insights, and what of people: the section `app.analytics.insights`."""

from dataclasses import dataclass
from typing import Self

from pydantic import Field

from backstage_py.analytics import (
    Config,
    OneOrMore,
    RequiredText,
    SettingsModel,
    may_read_analytics,
)
from backstage_py.insights.alerts.rules import AlertRule, DigestRule
from backstage_py.insights.clickhouse.settings import ClickHouseSettings
from backstage_py.insights.viewer import Viewer

SECTION = "app.analytics.insights"
_ANYBODY = "*"


class InsightsSettings(SettingsModel):
    """The keys of the section."""

    read: OneOrMore[RequiredText] | None = Field(
        None, description="a list of entity refs, or '*' for everybody, who may see Insights"
    )
    people: OneOrMore[RequiredText] = Field(
        (), description="a list of entity refs, or '*' for everybody, who may see users' names"
    )
    annotate: OneOrMore[RequiredText] | None = Field(
        None, description="a list of entity refs, or '*' for every user, who may add annotations"
    )
    smallest_group: int = Field(5, ge=1, description="a whole number of people, 1 or more")
    per_person: bool = Field(True, description="false to break nothing down by person, or true")
    folder: str | None = Field(None, min_length=1, description="a folder for the copy")
    country: str | None = Field(None, description="an ISO country code, as NO or DE-BY")
    alerts: tuple[AlertRule, ...] = Field((), description="a list of alerts: docs/alerts.md")
    digests: tuple[DigestRule, ...] = Field((), description="a list of digests: docs/alerts.md")
    clickhouse: ClickHouseSettings | None = Field(
        None, description="a section with the url of a ClickHouse that holds the copy"
    )


@dataclass(frozen=True, slots=True)
class Access:
    """The rules of a portal."""

    settings: InsightsSettings
    config: Config

    @classmethod
    def from_config(cls, config: Config) -> Self:
        """The rules that the owner has set.

        Raises:
            ConfigurationError: If a key or a value is wrong.
        """
        return cls(InsightsSettings.from_config(config.section(SECTION)), config)

    def may_see(self, user: str | None) -> bool:
        """Whether somebody may see Insights: by its own `read`, else by `app.analytics.read`."""
        readers = self.settings.read
        return may_read_analytics(self.config, user) if readers is None else _names(readers, user)

    def may_annotate(self, user: str | None) -> bool:
        """Whether a signed-in user may add annotations: by `annotate`, else by `may_see`."""
        if user is None:
            return False
        annotators = self.settings.annotate
        return self.may_see(user) if annotators is None else _names(annotators, user)

    def viewer(self, user: str | None) -> Viewer:
        """What somebody may see of people."""
        return Viewer(
            sees_people=self.settings.per_person and _names(self.settings.people, user),
            smallest_group=self.settings.smallest_group,
            per_person=self.settings.per_person,
        )


def _names(refs: tuple[str, ...], user: str | None) -> bool:
    if _ANYBODY in refs:
        return True
    return user is not None and user.casefold() in {ref.casefold() for ref in refs}
