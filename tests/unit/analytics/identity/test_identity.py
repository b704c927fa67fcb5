import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from itsdangerous import TimestampSigner

from backstage_py.analytics.config.configuration import Config
from backstage_py.analytics.errors import ConfigurationError
from backstage_py.analytics.identity.identity import (
    AnonymousIdentityApi,
    GuestIdentityApi,
    IdentityApi,
    identity_from_config,
    may_read_analytics,
    session_secret,
)

SECRET = "0123456789abcdef"
DAY_SECONDS = 24 * 60 * 60


def guest(*, user: str = "user:default/guest", secret: str = SECRET) -> GuestIdentityApi:
    return GuestIdentityApi(user, auto=False, secret=secret)


def cookie_of(set_cookie: str) -> str:
    return set_cookie.partition(";")[0]


def from_config(section: object) -> IdentityApi:
    return identity_from_config(Config({"auth": {"providers": {"guest": section}}}), lambda: SECRET)


class TestGuest:
    def test_without_a_cookie_nobody_is_signed_in(self) -> None:
        assert guest().identify({}) is None

    def test_automatically_everybody_is_the_guest(self) -> None:
        assert GuestIdentityApi(auto=True, secret=SECRET).identify({}) == "user:default/guest"

    @pytest.mark.parametrize("name", ["cookie", "Cookie", "COOKIE"])
    def test_the_issued_cookie_signs_in_among_others(self, name: str) -> None:
        cookie = cookie_of(guest().issue_cookie())

        assert guest().identify({name: f"a=b; {cookie}; odd"}) == "user:default/guest"

    def test_a_cookie_of_another_secret_or_user_is_worth_nothing(self) -> None:
        cookies = [
            cookie_of(guest(secret="another-secret-of-mine").issue_cookie()),
            cookie_of(guest(user="user:default/ann").issue_cookie()),
        ]

        assert [guest().identify({"cookie": cookie}) for cookie in cookies] == [None, None]

    @given(st.text())
    def test_no_made_up_cookie_signs_in(self, text: str) -> None:
        assert guest().identify({"cookie": f"backstage_py_session={text}"}) is None

    def test_a_changed_cookie_is_worth_nothing(self) -> None:
        cookie = cookie_of(guest().issue_cookie())

        assert guest().identify({"cookie": cookie[:-2]}) is None

    @pytest.mark.parametrize(("days", "user"), [(29, "user:default/guest"), (31, None)])
    def test_a_cookie_is_worth_thirty_days(
        self, monkeypatch: pytest.MonkeyPatch, days: int, user: str | None
    ) -> None:
        cookie = cookie_of(guest().issue_cookie())
        now = TimestampSigner(SECRET).get_timestamp()
        monkeypatch.setattr(
            TimestampSigner, "get_timestamp", lambda _signer: now + days * DAY_SECONDS
        )

        assert guest().identify({"cookie": cookie}) == user

    def test_a_user_in_another_header_is_not_believed(self) -> None:
        headers = {"x-user": "user:default/ann", "authorization": "user:default/ann"}

        assert guest().identify(headers) is None

    def test_scripts_and_other_sites_do_not_get_the_cookie(self) -> None:
        name, *settings = guest().issue_cookie().split("; ")

        assert name.startswith("backstage_py_session=")
        assert settings == ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=2592000"]

    def test_on_https_the_cookie_stays_there(self) -> None:
        assert guest().issue_cookie(secure=True).endswith("; Secure")

    def test_signing_out_takes_the_cookie_back(self) -> None:
        assert guest().clear_cookie() == (
            "backstage_py_session=; HttpOnly; SameSite=Lax; Path=/; Max-Age=0"
        )


class TestIdentityFromConfig:
    @pytest.mark.parametrize("section", [None, False])
    def test_without_a_provider_everybody_is_anonymous(self, section: object) -> None:
        identity = from_config(section)

        assert isinstance(identity, AnonymousIdentityApi)
        assert identity.identify({"cookie": "backstage_py_session=x"}) is None

    def test_the_secret_is_only_asked_for_when_it_is_needed(self) -> None:
        def secret() -> str:
            raise AssertionError("asked")

        identity_from_config(Config({}), secret)

    @pytest.mark.parametrize("section", [{}, True])
    def test_the_guest_signs_in_by_himself(self, section: object) -> None:
        assert from_config(section).identify({}) is None

    def test_the_guest_can_be_another_and_automatic(self) -> None:
        identity = from_config({"auto": True, "userEntityRef": "user:default/ann"})

        assert identity.identify({}) == "user:default/ann"

    @pytest.mark.parametrize(
        ("section", "message"),
        [
            ({"auto": "perhaps"}, r"auth\.providers\.guest\.auto: is \"perhaps\""),
            ({"userEntityref": "x"}, r"userEntityref: is no known key\. .* userEntityRef"),
            ({"userEntityRef": "ann"}, r"userEntityRef: is ann, no entity ref of a user"),
            ({"userEntityRef": "group:default/a"}, "no entity ref of a user"),
            ("yes please", r"auth\.providers\.guest: is \"yes please\""),
        ],
    )
    def test_a_wrong_provider_is_one_clear_error(self, section: object, message: str) -> None:
        with pytest.raises(ConfigurationError, match=message):
            from_config(section)


class TestSessionSecret:
    def test_the_environment_decides(self, tmp_path: Path) -> None:
        assert session_secret(tmp_path, {"BACKSTAGE_PY_SECRET": SECRET}) == SECRET
        assert list(tmp_path.iterdir()) == []

    def test_a_short_secret_is_refused_and_not_shown(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigurationError, match="BACKSTAGE_PY_SECRET: has fewer") as caught:
            session_secret(tmp_path, {"BACKSTAGE_PY_SECRET": "hunter2"})

        assert "hunter2" not in str(caught.value)

    def test_a_file_that_was_cut_short_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "session-secret").write_text("")

        with pytest.raises(ConfigurationError, match="session-secret: has fewer than 16"):
            session_secret(tmp_path, {})

    def test_a_folder_that_cannot_be_made_is_an_error(self, tmp_path: Path) -> None:
        (tmp_path / "data").write_text("a file")

        with pytest.raises(ConfigurationError, match=r"cannot be made .* Set BACKSTAGE_PY_SECRET"):
            session_secret(tmp_path / "data", {})

    def test_the_file_is_made_once_and_for_its_owner_alone(self, tmp_path: Path) -> None:
        folder = tmp_path / "data" / "deep"

        first, second = session_secret(folder, {}), session_secret(folder, {})

        (file,) = folder.iterdir()
        assert first == second == file.read_text()
        assert (len(first) >= 32, stat.S_IMODE(file.stat().st_mode)) == (True, 0o600)

    def test_processes_that_start_together_get_the_same_secret(self, tmp_path: Path) -> None:
        with ThreadPoolExecutor(16) as starts:
            found = list(starts.map(lambda _: session_secret(tmp_path, {}), range(64)))

        assert len(set(found)) == 1
        assert [path.name for path in tmp_path.iterdir()] == ["session-secret"]


class TestMayReadAnalytics:
    @pytest.mark.parametrize(
        ("readers", "user", "may"),
        [
            (None, "user:default/ann", False),
            (None, None, False),
            ([], "user:default/ann", False),
            (["user:default/ann"], "user:default/ann", True),
            (["User:Default/Ann"], "user:default/ann", True),
            (["user:default/ann"], "user:default/bob", False),
            (["user:default/ann"], None, False),
            (["*"], "user:default/bob", True),
            (["*"], None, True),
        ],
    )
    def test_only_who_is_named_may_read(
        self, readers: object, user: str | None, may: object
    ) -> None:
        config = Config({"app": {"analytics": {"read": readers}}})

        assert may_read_analytics(config, user) is may

    @pytest.mark.parametrize(
        ("readers", "message"),
        [
            ("*", r"app\.analytics\.read: is \"\*\"\. Use a list"),
            (["user:default/ann", 5], r"app\.analytics\.read\[1\]: is no text\. Use entity refs"),
        ],
    )
    def test_a_wrong_list_is_one_clear_error(self, readers: object, message: str) -> None:
        with pytest.raises(ConfigurationError, match=message):
            may_read_analytics(Config({"app": {"analytics": {"read": readers}}}), None)
