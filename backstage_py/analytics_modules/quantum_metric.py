"""Quantum Metric: `app.analytics.qm`, only in the browser.

The keys are those of `@quantummetric/analytics-module-qm`.
"""

import logging
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field

from backstage_py.analytics import (
    AnalyticsApi,
    BrowserAnalyticsApi,
    BrowserTag,
    Config,
    NoOpAnalyticsApi,
    RequiredText,
    Scalar,
    SettingsModel,
    UserIdentity,
    get_people,
)

_logger = logging.getLogger(__name__)

VENDOR = "cdn.quantummetric.com"


class Mapping(SettingsModel):
    """The id of an action at Quantum Metric."""

    name: RequiredText = Field(description="an action")
    id: int | RequiredText = Field(description="the id of the event in Quantum Metric")


class GlobalAttribute(SettingsModel):
    """An attribute that every event gets."""

    name: RequiredText = Field(description="the attribute's name")
    value: Scalar = Field(description="its value")


class Events(SettingsModel):
    """The events that are sent."""

    mappings: tuple[Mapping, ...] = Field((), description="a list of objects with name and id")
    attributes: tuple[GlobalAttribute, ...] = Field(
        (), description="a list of objects with name and value"
    )


class QuantumMetricSettings(SettingsModel):
    """The keys of `app.analytics.qm`."""

    enabled: bool = Field(description="true, or false to load and send nothing")
    src: RequiredText | None = Field(None, description="the address of the vendor's script")
    async_: bool = Field(False, alias="async", description="true or false")
    test: bool = Field(False, description="true to log what would be sent, or false")
    debug: bool = Field(False, description="true or false")
    events: Events = Field(
        default_factory=lambda: Events.model_validate({}), description="an object with mappings"
    )
    attributes: tuple[GlobalAttribute, ...] = Field(
        (), description="a list of objects with name and value"
    )


class QuantumMetricAnalyticsApi(BrowserAnalyticsApi):
    """Passes events to the vendor's script, which identifies users by email address."""

    identity = UserIdentity("disabled", lambda user: get_people().email_of(user))

    def __init__(self, settings: QuantumMetricSettings) -> None:
        given = {one.name: one.value for one in (*settings.events.attributes, *settings.attributes)}
        public = {
            "src": settings.src,
            "async": settings.async_,
            "test": settings.test,
            "debug": settings.debug,
            "mappings": [one.model_dump() for one in settings.events.mappings],
            "attributes": given,
        }
        module = Path(__file__).parent / "tags" / "quantum_metric.js"
        super().__init__(BrowserTag(module, public, ("https://*.quantummetric.com",)))

    @classmethod
    def from_config(cls, config: Config) -> AnalyticsApi:
        """The backend of a section; it does nothing unless it is enabled.

        Raises:
            ConfigurationError: If the section is wrong.
        """
        settings = QuantumMetricSettings.from_config(config)
        if not settings.enabled:
            return NoOpAnalyticsApi()
        if settings.src and urlsplit(settings.src).hostname != VENDOR:
            _logger.warning("%s is not on %s, the vendor's own", config.where("src"), VENDOR)
        return cls(settings)


backend = QuantumMetricAnalyticsApi
