"""Whose an event is, by the word that the server gave when it was captured."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from backstage_py.analytics.identity.capture_key import (
    COOKIE,
    KEY_SECONDS,
    NOBODY,
    CaptureKeys,
    KeyedResponses,
)
from backstage_py.analytics.identity.identity import AnonymousIdentityApi

ANN, BOB = "user:default/ann", "user:default/bob"


class Sessions:
    """Knows people by the cookie `session`, which says their name."""

    def identify(self, headers: Mapping[str, str]) -> str | None:
        pairs = [pair.strip().partition("=") for pair in headers.get("cookie", "").split(";")]
        name = next((value for key, _, value in pairs if key == "session"), "")
        return f"user:default/{name}" if name else None


@pytest.fixture
def keys() -> CaptureKeys:
    return CaptureKeys(Sessions(), lambda: "a secret of the tests")


def key_of(keys: CaptureKeys, cookies: str) -> str | None:
    cookie = keys.missing_cookie({"cookie": cookies}, is_secure=False)
    return None if cookie is None else cookie.partition("=")[2].partition(";")[0]


def test_a_key_says_who_was_signed_in_whoever_sends_it(keys: CaptureKeys) -> None:
    of_ann = key_of(keys, "session=ann")

    assert keys.person(of_ann, {"cookie": "session=bob"}) == ANN
    assert keys.person(NOBODY, {"cookie": "session=bob"}) is None
    assert keys.person(None, {"cookie": "session=bob"}) == BOB


@pytest.mark.parametrize(
    "forge",
    [
        str.upper,
        lambda key: f"x{key}",
        lambda key: f"{key}x",
        lambda key: f"{key}\ud800",
        lambda key: key.rpartition(".")[0],
        lambda _: "",
        lambda _: "..",
        lambda _: 7,
    ],
)
def test_a_key_that_the_server_did_not_make_gives_no_user(keys: CaptureKeys, forge: object) -> None:
    assert callable(forge)

    assert keys.person(forge(key_of(keys, "session=ann")), {"cookie": "session=bob"}) is None


def test_a_key_of_another_secret_gives_no_user(keys: CaptureKeys) -> None:
    others = CaptureKeys(Sessions(), lambda: "a secret of somebody else")

    assert others.person(key_of(keys, "session=ann"), {}) is None


def test_a_key_of_an_accepted_secret_counts_and_new_ones_have_the_new_secret(
    keys: CaptureKeys,
) -> None:
    newer = CaptureKeys(
        Sessions(), lambda: "the secret after that", lambda: ["a secret of the tests"]
    )

    assert newer.person(key_of(keys, "session=ann"), {}) == ANN
    assert newer.person(key_of(newer, "session=ann"), {}) == ANN
    assert keys.person(key_of(newer, "session=ann"), {}) is None


def wait(monkeypatch: pytest.MonkeyPatch, duration: timedelta) -> None:
    then = datetime.now(UTC) + duration
    monkeypatch.setattr("backstage_py.analytics.identity.capture_key.utc_now", lambda: then)


def test_an_old_key_is_nobodys_and_one_of_yesterday_is_made_anew_for_the_same_stay(
    keys: CaptureKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = key_of(keys, "session=ann")
    wait(monkeypatch, timedelta(days=2))
    renewed = key_of(keys, f"session=ann; {COOKIE}={key}")
    wait(monkeypatch, timedelta(seconds=KEY_SECONDS + 10))

    assert key
    assert renewed
    assert renewed != key
    assert renewed.partition(".")[0] == key.partition(".")[0]
    assert keys.person(key, {}) is None


def test_a_browser_that_has_the_right_key_gets_none(keys: CaptureKeys) -> None:
    key = key_of(keys, "session=ann")

    assert key_of(keys, f"session=ann; {COOKIE}={key}") is None
    assert key_of(keys, f"{COOKIE}={NOBODY}") is None


def test_where_nobody_can_sign_in_there_are_no_keys() -> None:
    keys = CaptureKeys(AnonymousIdentityApi(), lambda: "a secret")

    assert key_of(keys, "") is None


@given(st.lists(st.sampled_from(["ann", "bob", "", "page", "events", "data"]), max_size=12))
def test_whatever_is_answered_the_key_is_that_of_who_is_signed_in_then(steps: list[str]) -> None:
    keys = CaptureKeys(Sessions(), lambda: "a secret of the tests")

    def serve(request: Request) -> Response:
        answer = PlainTextResponse("")
        name = request.path_params["name"]
        if name == "sign-out":
            answer.headers["Set-Cookie"] = "session=; Max-Age=0; Path=/"
        elif name in {"ann", "bob"}:
            answer.headers["Set-Cookie"] = f"session={name}; Path=/; HttpOnly"
        return answer

    app = Starlette(routes=[Route("/{name}", serve)])
    client = TestClient(KeyedResponses(app, keys, "/events"))
    person: str | None = None
    stays: list[tuple[str | None, str]] = []
    for step in steps:
        if step in {"ann", "bob", ""}:
            person = f"user:default/{step}" if step else None
        headers = {"Accept": "text/html"} if step == "page" else {}
        client.get(f"/{step or 'sign-out'}", headers=headers)
        if key := client.cookies.get(COOKIE):
            assert keys.person(key, {"cookie": "session=somebody"}) == person
            stays.append((person, key.partition(".")[0]))
    for (before, stay), (after, next_stay) in pairwise(stays):
        assert (before == after) == (stay == next_stay)
