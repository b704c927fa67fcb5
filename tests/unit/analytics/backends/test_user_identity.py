import hashlib
from typing import Any

import pytest

from backstage_py.analytics.backends.user_identity import (
    UserIdentity,
    user_id_plain,
    user_id_sha256,
)
from backstage_py.analytics.config.configuration import Config
from backstage_py.analytics.errors import ConfigurationError

ADA = "user:default/ada"


def identity(default: UserIdentity | None = None, **section: Any) -> UserIdentity:
    whole = Config({"auth": {"providers": {"guest": {}}}, "tool": section})
    return UserIdentity.from_config(whole.section("tool"), default or UserIdentity())


def initials(user: str) -> str:
    return user.rsplit("/", 1)[-1][0]


def test_no_user_id_is_sent_by_default() -> None:
    assert identity().user_id(ADA) is None


def test_users_are_hashed_as_a_whole() -> None:
    expected = hashlib.sha256(ADA.encode()).hexdigest()

    assert identity(identity="optional").user_id(ADA) == expected
    assert identity(identity="required", userIdTransform="sha-256").user_id(ADA) == expected


def test_an_unknown_user_has_no_id() -> None:
    assert identity(identity="optional").user_id(None) is None


def test_the_entity_ref_itself_has_to_be_asked_for() -> None:
    assert identity(identity="optional", userIdTransform="none").user_id(ADA) == ADA


def test_a_transform_of_ones_own() -> None:
    found = identity(identity="optional", userIdTransform=f"{__name__}:initials")

    assert found.user_id(ADA) == "a"


def test_a_backend_has_its_own_defaults() -> None:
    default = UserIdentity("optional", user_id_plain)

    assert identity(default).user_id(ADA) == ADA
    assert identity(default, identity="disabled").user_id(ADA) is None
    assert identity(default, userIdTransform="sha-256").user_id(ADA) != ADA


@pytest.mark.parametrize("name", ["sha256", "json", "json:", "no.such.module:f", ":f", "json:nope"])
def test_a_transform_that_is_not_there(name: str) -> None:
    with pytest.raises(ConfigurationError, match=r"tool\.userIdTransform: .*Use sha-256, none"):
        identity(identity="optional", userIdTransform=name)


def test_users_can_only_be_required_where_they_sign_in() -> None:
    section = Config({"tool": {"identity": "required"}}).section("tool")

    with pytest.raises(ConfigurationError, match="an identity API must be provided"):
        UserIdentity.from_config(section, UserIdentity())


def test_a_ref_in_another_case_is_the_same_person() -> None:
    assert user_id_sha256("User:Default/Ann.Smith") == user_id_sha256("user:default/ann.smith")
    assert user_id_plain("User:Default/Ann") == "user:default/ann"
