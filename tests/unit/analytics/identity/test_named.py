import logging
from collections.abc import Mapping

import pytest

from backstage_py.analytics import ConfigurationError, GuestIdentityApi
from backstage_py.analytics.identity.named import build_identity

GUEST = GuestIdentityApi("user:default/zoe")


def identify(headers: Mapping[str, str]) -> str | None:
    if "x-broken" in headers:
        raise RuntimeError("the session table is gone")
    return headers.get("x-user")


def test_a_name_becomes_a_user_and_a_ref_stays() -> None:
    identity = build_identity(identify)

    assert identity.identify({"X-User": "ann"}) == "user:default/ann"
    assert identity.identify({"x-user": "user:staff/ann"}) == "user:staff/ann"
    assert identity.identify({"x-user": ""}) is None
    assert identity.identify({}) is None


@pytest.mark.parametrize(
    ("name", "user"),
    [(f"{__name__}:identify", "user:default/ann"), (f"{__name__}:GUEST", "user:default/zoe")],
)
def test_a_function_or_an_object_is_found_by_its_name(name: str, user: str) -> None:
    assert build_identity(name).identify({"x-user": "ann"}) == user


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("my_app.auth", "colon and the name"),
        ("no_such_app.auth:identify", "there is no no_such_app.auth"),
        ("backstage_py.analytics:nobody", "has no nobody"),
        ("backstage_py.analytics.identity.identity:GUEST", "identifies nobody"),
        (GuestIdentityApi, "the class GuestIdentityApi"),
    ],
)
def test_what_identifies_nobody_stops_the_start(given: object, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        build_identity(given)  # pyright: ignore[reportArgumentType]


def test_an_identity_that_fails_leaves_people_anonymous(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        assert build_identity(identify).identify({"x-broken": "1"}) is None

    assert "counts as anonymous" in caplog.text
