"""The section `catalog` of the configuration. Source of the keys: Backstage's `catalog`."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from backstage_py.analytics import Config, SettingsModel
from backstage_py.plugins.catalog.interval import Interval
from backstage_py.plugins.catalog.providers.settings import ProvidersSettings
from backstage_py.plugins.catalog.sources.locations import CatalogLocation, read_allowed_kinds

CatalogAction = Literal["filter", "star", "unstar", "register", "unregister", "copy"]


class CatalogSettings(SettingsModel):
    """The settings of the catalog."""

    locations: Annotated[
        tuple[Any, ...], Field(description="a list of locations, each with a type and a target")
    ] = ()
    rules: Annotated[
        tuple[Mapping[str, Any], ...], Field(description="a list such as [{allow: [Component]}]")
    ] = ()
    orphan_strategy: Annotated[
        Literal["keep", "delete"], Field(description="keep (the default) or delete")
    ] = "keep"
    readonly: Annotated[bool, Field(description="true if nobody may register or unregister")] = (
        False
    )
    capture_events: Annotated[
        tuple[CatalogAction, ...],
        Field(description="a list of filter, star, unstar, register, unregister, copy"),
    ] = ()
    processing_interval: Annotated[
        Interval | Literal[False],
        Field(description="a time such as {minutes: 5}, or false to read once"),
    ] = Interval(seconds=100)
    providers: ProvidersSettings = ProvidersSettings()

    @classmethod
    def read(cls, config: Config) -> "CatalogSettings":
        """Read the section, which may be missing.

        Raises:
            ConfigurationError: For the first wrong key.
        """
        section = config.find_section("catalog")
        return cls() if section is None else cls.from_config(section)

    def list_locations(self) -> list[CatalogLocation]:
        """List the locations in their order.

        Raises:
            CatalogConfigError: If one is wrong.
        """
        allowed = read_allowed_kinds(self.rules, path="catalog.rules")
        return [
            CatalogLocation.from_config(location, path=f"catalog.locations[{index}]", allow=allowed)
            for index, location in enumerate(self.locations)
        ]
