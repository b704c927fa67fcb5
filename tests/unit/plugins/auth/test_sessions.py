from datetime import timedelta

import pytest
from sqlalchemy import text

from backstage_py.plugins.auth.database import AuthDatabase
from backstage_py.plugins.auth.errors import SignInError
from backstage_py.plugins.auth.identity import PortalIdentity
from backstage_py.plugins.auth.pending import PendingSignIns
from backstage_py.plugins.auth.sessions import Sessions, SignIn
from backstage_py.plugins.auth.settings import GuestSettings
from tests.unit.plugins.auth.conftest import Clock

ANN = SignIn("user:default/ann", "oidc", address="192.0.2.1", agent="Firefox")


@pytest.fixture
def sessions(database: AuthDatabase, clock: Clock) -> Sessions:
    return open_sessions(database, clock)


def open_sessions(database: AuthDatabase, clock: Clock) -> Sessions:
    return Sessions(
        database,
        idle_time=timedelta(hours=8),
        duration=timedelta(days=7),
        clock=clock,
        ticks=clock.ticks,
    )


def test_a_session_is_found_by_its_secret_only(sessions: Sessions) -> None:
    secret = sessions.begin(ANN)

    found = sessions.find(secret)

    assert found is not None
    assert (found.user, found.provider, found.address) == (ANN.user, "oidc", "192.0.2.1")
    assert [sessions.find(one) for one in (found.id, secret[:-1], "", "x" * 43)] == [None] * 4


def test_the_database_does_not_know_the_secret(sessions: Sessions, database: AuthDatabase) -> None:
    secret = sessions.begin(SignIn(ANN.user, "oidc", id_token="an.id.token"))

    with database.reading() as connection:
        rows = str(connection.execute(text("select * from auth_session")).all())

    assert secret not in rows
    assert "an.id.token" not in rows


def test_a_session_ends_when_it_is_not_used(sessions: Sessions, clock: Clock) -> None:
    secret = sessions.begin(ANN)
    for _ in range(3):
        clock.move(hours=7)
        assert sessions.find(secret) is not None
    clock.move(hours=8, minutes=1)

    assert sessions.find(secret) is None
    assert sessions.list_of(ANN.user) == []


def test_a_session_ends_in_any_case(sessions: Sessions, clock: Clock) -> None:
    secret = sessions.begin(ANN)
    found = [clock.move(hours=7) or sessions.find(secret) for _ in range(24)]

    assert found[-1] is None


def test_a_provider_can_have_shorter_ones(sessions: Sessions, clock: Clock) -> None:
    secret = sessions.begin(SignIn(ANN.user, "gcpIap", duration=timedelta(hours=1)))
    clock.move(hours=1)

    assert sessions.find(secret) is None


def test_signing_in_again_changes_the_secret(sessions: Sessions) -> None:
    first = sessions.begin(ANN)

    second = sessions.begin(ANN, instead_of=first)

    assert sessions.find(first) is None
    assert sessions.find(second) is not None


def test_signing_out_gives_what_the_provider_needs(sessions: Sessions) -> None:
    secret = sessions.begin(SignIn(ANN.user, "oidc", id_token="an.id.token"))

    ended = sessions.end(secret)

    assert ended is not None
    assert (ended.provider, ended.id_token) == ("oidc", "an.id.token")
    assert sessions.find(secret) is None
    assert sessions.end(secret) is None


def test_people_end_their_own_sessions_only(sessions: Sessions) -> None:
    ann, bob = sessions.begin(ANN), sessions.begin(SignIn("user:default/bob", "oidc"))
    (session,) = sessions.list_of(ANN.user)

    assert not sessions.end_one("user:default/bob", session.id)
    assert sessions.end_one(ANN.user, session.id)
    assert (sessions.find(ann), sessions.find(bob) is None) == (None, False)
    sessions.begin(ANN)
    sessions.begin(ANN)
    assert sessions.end_all(ANN.user) == 2
    assert sessions.list_of(ANN.user) == []


def test_what_another_worker_ends_is_over_within_seconds(
    sessions: Sessions, database: AuthDatabase, clock: Clock
) -> None:
    secret = sessions.begin(ANN)
    sessions.find(secret)

    open_sessions(database, clock).end(secret)
    clock.move(seconds=2)

    assert sessions.find(secret) is None


def test_identity_is_the_sessions_or_the_automatic_guests(sessions: Sessions) -> None:
    cookie = {"Cookie": f"a=b; backstage_py_session={sessions.begin(ANN)}"}
    guest = GuestSettings.model_validate({"auto": True})
    closed, open_ = PortalIdentity(sessions), PortalIdentity(sessions, guest)

    assert closed.identify({}) is None
    assert closed.identify({"cookie": "backstage_py_session=forged"}) is None
    assert closed.identify(cookie) == ANN.user
    assert open_.identify(cookie) == ANN.user
    assert open_.identify({}) == "user:default/guest"
    assert (open_.is_shared("user:default/guest"), open_.is_shared(ANN.user)) == (True, False)


def test_the_host_cookie_goes_before_one_that_another_host_set(sessions: Sessions) -> None:
    ann, evil = sessions.begin(ANN), sessions.begin(SignIn("user:default/evil", "oidc"))
    cookie = f"backstage_py_session={evil}; __Host-backstage_py_session={ann}"

    assert PortalIdentity(sessions).identify({"cookie": cookie}) == ANN.user


class TestPendingSignIns:
    @pytest.fixture
    def pending(self, database: AuthDatabase, clock: Clock) -> PendingSignIns:
        return PendingSignIns(database, clock)

    def begin(self, pending: PendingSignIns) -> str:
        return pending.begin("oidc", browser="b-1", redirect_uri="http://p/cb", back="/x").state

    def test_it_comes_back_once(self, pending: PendingSignIns) -> None:
        state = self.begin(pending)

        returned = pending.take("oidc", browser="b-1", state=state)

        assert (returned.back, returned.beginning.redirect_uri) == ("/x", "http://p/cb")
        with pytest.raises(SignInError, match="used"):
            pending.take("oidc", browser="b-1", state=state)

    @pytest.mark.parametrize(("provider", "browser"), [("okta", "b-1"), ("oidc", "b-2")])
    def test_it_is_of_one_provider_and_one_browser(
        self, pending: PendingSignIns, provider: str, browser: str
    ) -> None:
        with pytest.raises(SignInError, match="expired"):
            pending.take(provider, browser=browser, state=self.begin(pending))

    def test_it_must_not_take_too_long(self, pending: PendingSignIns, clock: Clock) -> None:
        state = self.begin(pending)
        clock.move(minutes=11)

        with pytest.raises(SignInError, match="expired"):
            pending.take("oidc", browser="b-1", state=state)
