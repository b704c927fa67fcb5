"""The section `integrations`."""

from typing import Any

import pytest

from backstage_py.analytics import Config, ConfigurationError
from backstage_py.plugins.catalog.integrations.integrations import Integrations
from backstage_py.plugins.catalog.integrations.settings import IntegrationSettings


def read(**section: Any) -> IntegrationSettings:
    return IntegrationSettings.read(Config({"integrations": section}))


def test_without_a_section_the_public_services_are_known() -> None:
    integrations = Integrations(IntegrationSettings.read(Config({})))

    for host in ("github.com", "gitlab.com", "bitbucket.org", "dev.azure.com"):
        assert integrations.find_host(host)
    assert integrations.find("https://example.com/a/b/blob/main/x") is None


@pytest.mark.parametrize(
    ("section", "named"),
    [
        ({"github": [{"host": "https://ghe.example"}]}, "github[0].host"),
        ({"github": [{"hots": "ghe.example"}]}, "github[0].hots"),
        ({"gitlab": [{"token": ""}]}, "gitlab[0].token"),
        ({"gitlab": [{"apiBaseUrl": "ftp://x"}]}, "gitlab[0].apiBaseUrl"),
        ({"bitbucketCloud": [{"username": "ada"}]}, "together with username"),
        ({"azure": [{"credentials": [{"organizations": ["a"]}]}]}, "personalAccessToken"),
        ({"github": [{}], "gitlab": [{"host": "GitHub.com"}]}, "github.com is named twice"),
    ],
)
def test_a_wrong_key_is_one_clear_error(section: dict[str, Any], named: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        read(**section)

    assert named in str(raised.value)


def test_secrets_are_listed_to_be_hidden_and_shown_nowhere() -> None:
    settings = read(
        github=[{"token": "gh-secret"}],
        gitlab=[{"token": "gl-secret"}],
        bitbucketCloud=[{"username": "ada", "appPassword": "bb-secret"}],
        azure=[{"credentials": [{"personalAccessToken": "az-secret"}]}],
    )

    assert set(settings.list_secrets()) == {"gh-secret", "gl-secret", "bb-secret", "az-secret"}
    assert "-secret" not in repr(settings)
    found = Integrations(settings).find("https://github.com/o/r/blob/main/x")
    assert found
    assert "gh-secret" not in repr(found.host.request_file(found.place))


def test_an_organization_of_azure_has_its_own_token() -> None:
    settings = read(
        azure=[
            {
                "credentials": [
                    {"personalAccessToken": "common"},
                    {"organizations": ["acme"], "personalAccessToken": "own"},
                ]
            }
        ]
    ).azure[0]

    tokens = [settings.find_token(name) for name in ("acme", "other")]
    assert [one.get_secret_value() for one in tokens if one] == ["own", "common"]
