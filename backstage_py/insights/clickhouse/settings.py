"""The ClickHouse of the copy: the section `app.analytics.insights.clickhouse`."""

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr

from backstage_py.analytics import HttpAddress, RequiredText, SettingsModel


def _require_bare(url: str) -> str:
    parts = urlsplit(url)
    if parts.username or parts.password or parts.query:
        raise ValueError("user, password and database are keys of their own")
    return url


class ClickHouseSettings(SettingsModel):
    """The keys of the section."""

    url: Annotated[HttpAddress, AfterValidator(_require_bare)] = Field(
        description="the address of ClickHouse's HTTP interface, as http://host:8123, alone"
    )
    database: RequiredText = Field("default", description="the name of a database")
    user: RequiredText = Field("default", description="the name of a user")
    password: SecretStr | None = Field(None, description="a password, out of the environment")
    table: str = Field(
        "backstage_events",
        pattern=r"^[A-Za-z_][A-Za-z0-9_]*$",
        description="the name of a table, of letters, digits and _",
    )
