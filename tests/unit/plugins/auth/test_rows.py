from datetime import UTC, datetime

import pytest

from backstage_py.plugins.auth.rows import build_session, build_token, describe_agent
from backstage_py.plugins.auth.sessions import AuthSession
from backstage_py.plugins.auth.tokens import ApiToken

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("agent", "shown"),
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox, Linux",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1", "Safari, iOS"),
        ("curl/8.9.1", "curl/8.9.1"),
        ("", "?"),
    ],
)
def test_a_browser_is_shown_by_its_name(agent: str, shown: str) -> None:
    assert describe_agent(agent) == shown


def test_a_session_knows_whether_it_is_this_browsers() -> None:
    session = AuthSession("s-1", "user:default/ann", "github", NOON, NOON, NOON, "::1", "curl")

    assert build_session(session, current="s-1").is_current
    other = build_session(session, current="s-2")
    assert (other.is_current, other.provider, other.seen) == (
        False,
        "GitHub",
        "2026-11-28 12:00 UTC",
    )


def test_a_token_that_never_expires_says_nothing_of_it() -> None:
    token = ApiToken("t", "script", "user:default/ann", ("a.b",), NOON, None, None)

    row = build_token(token, NOON)

    assert (row.expires, row.used, row.is_expired, row.scopes) == ("", "", False, ["a.b"])
