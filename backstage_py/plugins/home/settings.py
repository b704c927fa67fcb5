"""The section `home` of the configuration."""

from pydantic import Field, field_validator

from backstage_py.analytics import Settings, Text


class QuickLink(Settings):
    """A link that the owner puts on the start page; `icon` is the name of a Lucide icon."""

    title: Text
    url: Text
    icon: Text = Field(default="link", description="the name of a Lucide icon, as book-open")

    @field_validator("url")
    @classmethod
    def _require_address(cls, url: str) -> str:
        if not url.startswith(("https://", "http://", "/", "mailto:")):
            raise ValueError(f"Use a path or an address with its scheme, not {url[:60]!r}")
        return url


class HomeSettings(Settings):
    """What the owner says of the start page."""

    quick_links: tuple[QuickLink, ...] = Field(
        default=(), description="a list of links, each with title and url"
    )
