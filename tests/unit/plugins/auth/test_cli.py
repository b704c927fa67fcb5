import json

import pytest

from backstage_py.cli import main
from backstage_py.plugins.auth import service
from backstage_py.plugins.auth.database import AuthDatabase
from backstage_py.plugins.auth.tokens import ApiTokens


@pytest.fixture
def tokens(database: AuthDatabase, monkeypatch: pytest.MonkeyPatch) -> ApiTokens:
    tokens = ApiTokens(database)
    monkeypatch.setattr(service, "get_api_tokens", lambda: tokens)
    return tokens


def test_a_token_is_printed_once(tokens: ApiTokens, capsys: pytest.CaptureFixture[str]) -> None:
    create = ["tokens", "create", "--name", "ci", "--permission", "catalog.entity.read"]

    assert main([*create, "--permission", "scaffolder.*", "--expires", "30"]) == 0
    token = capsys.readouterr().out.strip()
    assert main(["tokens", "list", "--format", "json"]) == 0
    listed = capsys.readouterr().out

    credentials = tokens.verify(token)
    assert credentials is not None
    assert credentials.subject == "external:ci"
    assert token not in listed
    (row,) = json.loads(listed)
    assert (row["permissions"], row["lastUsed"]) == ("catalog.entity.read scaffolder.*", None)


def test_a_token_is_revoked_by_its_name(
    tokens: ApiTokens, capsys: pytest.CaptureFixture[str]
) -> None:
    token = tokens.create("ci", "external:ci", ["catalog.entity.read"])

    assert main(["tokens", "revoke", "ci"]) == 0
    assert tokens.verify(token) is None
    assert main(["tokens", "revoke", "ci"]) == 2
    assert "'ci' is not known" in capsys.readouterr().err


def test_a_table_has_a_heading(tokens: ApiTokens, capsys: pytest.CaptureFixture[str]) -> None:
    tokens.create("ci", "external:ci", ["catalog.entity.read"])

    assert main(["tokens", "list"]) == 0

    heading, row = capsys.readouterr().out.splitlines()
    assert heading.split() == [
        *("id", "name", "subject", "permissions", "created", "expires", "lastUsed")
    ]
    assert row.split()[1:4] == ["ci", "external:ci", "catalog.entity.read"]
