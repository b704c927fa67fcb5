"""The section `techdocs` of the configuration. Source of the keys: Backstage's `techdocs`."""

from typing import Annotated, Any

from pydantic import Field

from backstage_py.analytics import Config, HttpAddress, SettingsModel

_UNUSED = Field(description="anything: Backstage has it, here pages are made when they are read")


class SanitizerSettings(SettingsModel):
    """The content that pages may have besides text and images."""

    allowed_iframe_hosts: Annotated[
        tuple[str, ...], Field(description="a list of hosts such as [www.youtube.com]")
    ] = ()


class TechDocsSettings(SettingsModel):
    """The settings of the documentation."""

    sanitizer: Annotated[
        SanitizerSettings, Field(description="such as {allowedIframeHosts: [www.youtube.com]}")
    ] = SanitizerSettings()
    plantuml_server: Annotated[
        HttpAddress | None,
        Field(description="the address of a PlantUML server, as https://plantuml.example"),
    ] = None

    builder: Annotated[Any, Field(description="anything, it is not used: pages are made here")] = (
        None
    )
    generator: Annotated[Any, Field(description="anything, it is not used")] = None
    publisher: Annotated[Any, Field(description="anything, it is not used")] = None

    @classmethod
    def read(cls, config: Config) -> "TechDocsSettings":
        """Read the section, which may be missing.

        Raises:
            ConfigurationError: For the first wrong key.
        """
        section = config.find_section("techdocs")
        return cls() if section is None else cls.from_config(section)
