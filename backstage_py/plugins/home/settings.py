"""The section `home` of the configuration."""

from zoneinfo import available_timezones

from pydantic import Field, field_validator

from backstage_py.analytics import RequiredText, SettingsModel


class QuickLink(SettingsModel):
    """A link that the owner puts on the start page; `icon` is the name of a Lucide icon."""

    title: RequiredText = Field(description="a title")
    url: RequiredText = Field(description="a path, or an address with its scheme")
    icon: RequiredText = Field(
        default="link", description="the name of a Lucide icon, as book-open"
    )

    @field_validator("url")
    @classmethod
    def _require_address(cls, url: str) -> str:
        if not url.startswith(("https://", "http://", "/", "mailto:")):
            raise ValueError("not an address")
        return url


class TourStep(SettingsModel):
    """A thing to look at first; the steps take the place of the general ones."""

    title: RequiredText = Field(description="a title")
    text: RequiredText = Field(description="a sentence about what there is to see")
    url: RequiredText = Field(description="a path of the portal")
    link: RequiredText = Field(default="Open", description="the text of the link")

    @field_validator("url")
    @classmethod
    def _require_path(cls, url: str) -> str:
        if not url.startswith("/") or url.startswith("//"):
            raise ValueError("not a path")
        return url


class Clock(SettingsModel):
    """A place whose time the start page shows."""

    title: RequiredText = Field(description="a title")
    time_zone: RequiredText = Field(description="a zone of the IANA database, as Europe/Berlin")

    @field_validator("time_zone")
    @classmethod
    def _require_zone(cls, zone: str) -> str:
        if zone not in available_timezones():
            raise ValueError("not a zone")
        return zone


class HomeSettings(SettingsModel):
    """The settings of the start page."""

    quick_links: tuple[QuickLink, ...] = Field(
        default=(), description="a list of links, each with title and url"
    )
    tour: tuple[TourStep, ...] = Field(
        default=(), description="a list of steps, each with title, text and url"
    )
    clocks: tuple[Clock, ...] = Field(
        default=(), description="a list of places, each with title and timeZone"
    )
