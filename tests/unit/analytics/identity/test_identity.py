import stat
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from backstage_py.analytics.config.configuration import Config
from backstage_py.analytics.errors import ConfigurationError
from backstage_py.analytics.identity import identity
from backstage_py.analytics.identity.identity import (
    CurrentIdentityApi,
    GuestIdentityApi,
    IdentityApi,
    accepted_secrets,
    identity_from_config,
    is_shared,
    session_secret,
    use_identity,
)

SECRET = "0123456789abcdef"


@pytest.fixture
def nothing_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identity, "_chosen", [])


def from_config(section: object) -> IdentityApi:
    return identity_from_config(Config({"auth": {"providers": {"guest": section}}}))


class Ann:
    def identify(self, headers: Mapping[str, str]) -> str | None:
        return "user:default/ann"


@pytest.mark.usefixtures("nothing_chosen")
class TestIdentityFromConfig:
    @pytest.mark.parametrize("section", [None, False, True, {}, {"auto": False}])
    def test_unless_guests_enter_by_themselves_all_are_anonymous(self, section: object) -> None:
        assert from_config(section).identify({"x-user": "user:default/ann"}) is None

    def test_the_guest_can_be_another_and_is_shared(self) -> None:
        found = from_config({"auto": True, "userEntityRef": "user:default/ann"})

        assert found.identify({}) == "user:default/ann"
        assert is_shared(found, "user:default/ann")
        assert not is_shared(found, "user:default/bob")

    def test_the_identity_of_the_app_counts_also_where_it_comes_later(self) -> None:
        found = from_config({"auto": True})

        use_identity(Ann())

        assert found.identify({}) == "user:default/ann"
        assert not is_shared(found, "user:default/guest")

    @pytest.mark.parametrize(
        ("section", "message"),
        [
            ({"auto": "perhaps"}, r"auth\.providers\.guest\.auto: is \"perhaps\""),
            ({"userEntityref": "x"}, r"userEntityref: .* userEntityRef"),
            ({"userEntityRef": "ann"}, r"userEntityRef: is ann, not an entity ref of a user"),
            ({"userEntityRef": "group:default/a"}, "not an entity ref of a user"),
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

    def test_further_secrets_count_and_are_as_long(self) -> None:
        variable = "BACKSTAGE_PY_ACCEPTED_SECRETS"

        assert accepted_secrets({}) == ()
        assert accepted_secrets({variable: f"{SECRET}, {SECRET[::-1]},"}) == (SECRET, SECRET[::-1])
        with pytest.raises(ConfigurationError, match=f"{variable}: has fewer"):
            accepted_secrets({variable: f"{SECRET},hunter2"})

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


def test_whoever_names_the_user_their_ref_is_in_lower_case() -> None:
    identity = CurrentIdentityApi(GuestIdentityApi("User:Default/Ann"))

    assert identity.identify({}) == "user:default/ann"
    assert identity.is_shared("User:Default/Ann")
