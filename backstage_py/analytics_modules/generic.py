"""Any HTTP endpoint that accepts a list of events: `app.analytics.generic`.

The keys and the body are those of `backstage-plugin-analytics-generic`.
"""

from collections.abc import Sequence
from typing import Any, Self

import httpx
import orjson
from pydantic import Field, SecretStr

from backstage_py.analytics import (
    AnalyticsEvent,
    Config,
    DeliveryPolicy,
    Encoded,
    HttpAddress,
    HttpAnalyticsApi,
    RecordedEvent,
    ToolSettings,
    UserIdentity,
    format_time,
    get_people,
    json_list,
    user_id_plain,
)

DEFAULT_INTERVAL_MINUTES = 30


class GenericSettings(ToolSettings):
    """The keys of `app.analytics.generic`."""

    host: HttpAddress = Field(
        description="the whole address that is posted to, as https://host/path"
    )
    interval: float = Field(
        DEFAULT_INTERVAL_MINUTES, ge=0, description="minutes between two requests, 0 for at once"
    )
    basic_auth_token: SecretStr | None = Field(None, description="an encoded token of Basic")
    bearer_auth_token: SecretStr | None = Field(None, description="a Bearer token")
    include_team_metadata: bool = Field(False, description="true to add the user's groups")


class GenericAnalyticsApi(HttpAnalyticsApi):
    """Posts `[{event, timestamp, userId, teamMetadata?}]`."""

    identity = UserIdentity("optional", user_id_plain)
    max_bytes = 1_000_000
    max_event_bytes = 500_000

    def __init__(self, settings: GenericSettings) -> None:
        super().__init__(settings)
        self.delivery = DeliveryPolicy(interval=settings.interval * 60)
        self._address = settings.host
        self._headers = _authorization(settings)
        self._include_teams = settings.include_team_metadata

    @classmethod
    def from_config(cls, config: Config) -> Self:
        """The backend of a section.

        Raises:
            ConfigurationError: If the section is wrong.
        """
        return cls(GenericSettings.from_config(config))

    def encode(self, event: RecordedEvent) -> bytes:
        """One entry of the list."""
        return orjson.dumps(
            {
                "event": AnalyticsEvent.to_wire(event),
                "timestamp": format_time(event.timestamp),
                "userId": event.user,
                **self._teams(event.user),
            }
        )

    def request(self, batch: Sequence[Encoded]) -> httpx.Request:
        """The list."""
        return self.post(self._address, json_list(batch), **self._headers)

    def _teams(self, user: str | None) -> dict[str, Any]:
        if not (self._include_teams and user):
            return {}
        return {"teamMetadata": list(get_people().groups_of(user))}


def _authorization(settings: GenericSettings) -> dict[str, str]:
    for scheme, token in (
        ("Basic", settings.basic_auth_token),
        ("Bearer", settings.bearer_auth_token),
    ):
        if token is not None:
            return {"Authorization": f"{scheme} {token.get_secret_value()}"}
    return {}


backend = GenericAnalyticsApi
