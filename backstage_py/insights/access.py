"""Who may see Insights and people's names in it: the section `app.analytics.insights`."""

from dataclasses import dataclass
from typing import Self

from pydantic import Field, SecretStr

from backstage_py.analytics import (
    ANALYTICS_EVENT_READ,
    ANALYTICS_INSIGHTS_READ,
    ANALYTICS_MANAGE,
    ANALYTICS_PEOPLE_READ,
    Config,
    ListedPermissions,
    OneOrMore,
    Permissions,
    RequiredText,
    SettingsModel,
)
from backstage_py.insights.alerts.rules import AlertRule, DigestRule
from backstage_py.insights.clickhouse.settings import ClickHouseSettings
from backstage_py.insights.viewer import Viewer

SECTION = "app.analytics.insights"


class ReachSettings(SettingsModel):
    """The keys of `reach`: the people that active people are compared with."""

    leave_out: OneOrMore[RequiredText] = Field(
        default=(),
        description="a list of refs of users and groups, as group:default/service-accounts",
    )
    known_users: int | None = Field(
        default=None, ge=1, description="how many people there are, a whole number of 1 or more"
    )


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
    token: SecretStr | None = Field(
        None, min_length=16, description="a token of 16 characters or more, of the environment"
    )
    smallest_group: int = Field(5, ge=1, description="a whole number of people, 1 or more")
    per_person: bool = Field(True, description="false to break nothing down by person, or true")
    folder: str | None = Field(None, min_length=1, description="a folder for the copy")
    reach: ReachSettings = Field(
        default=ReachSettings(),
        description="a section with leaveOut and knownUsers: docs/insights.md",
    )
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
    permissions: Permissions

    @classmethod
    def from_config(cls, config: Config, permissions: Permissions | None = None) -> Self:
        """The configured rules.

        Args:
            config: The app's configuration.
            permissions: The permissions of users; by default the lists of `app.analytics`.

        Raises:
            ConfigurationError: If a key or a value is wrong.
        """
        settings = InsightsSettings.from_config(config.section(SECTION))
        return cls(settings, permissions or ListedPermissions.from_config(config))

    def may_see(self, user: str | None) -> bool:
        """Whether a user may see Insights."""
        return self.permissions.may(user, ANALYTICS_INSIGHTS_READ)

    def may_read_events(self, user: str | None) -> bool:
        """Whether a user may read single events."""
        return self.permissions.may(user, ANALYTICS_EVENT_READ)

    def may_annotate(self, user: str | None) -> bool:
        """Whether a signed-in user may add annotations: by `annotate`, or by the permission."""
        if user is None:
            return False
        annotators = {ref.casefold() for ref in self.settings.annotate or ()}
        if user.casefold() in annotators or "*" in annotators:
            return True
        return self.may_manage(user)

    def may_manage(self, user: str | None) -> bool:
        """Whether a user may add and delete sample data, and test alerts."""
        return self.permissions.may(user, ANALYTICS_MANAGE)

    def viewer(self, user: str | None) -> Viewer:
        """The view of people that a user may have."""
        sees_people = self.permissions.may(user, ANALYTICS_PEOPLE_READ)
        return Viewer(
            sees_people=self.settings.per_person and sees_people,
            smallest_group=self.settings.smallest_group,
            per_person=self.settings.per_person,
        )
