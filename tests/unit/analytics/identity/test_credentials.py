import pytest
from anyio import from_thread, to_thread

from backstage_py.analytics.identity.credentials import (
    Credentials,
    current_credentials,
    using_credentials,
)


@pytest.mark.parametrize(
    ("scopes", "allowed"),
    [
        ({"catalog.entity.read"}, True),
        ({"catalog.*"}, True),
        ({"*"}, True),
        ({"catalog.entity"}, False),
        ({"catalog.entity.read.all"}, False),
        ({"scaffolder.*", "catalog.entity.delete"}, False),
        (set(), False),
    ],
)
def test_scopes_are_names_or_begin_so(scopes: set[str], allowed: object) -> None:
    credentials = Credentials("user:default/ann", frozenset(scopes))

    assert credentials.allows("catalog.entity.read") is allowed


def test_a_service_has_no_roles() -> None:
    assert Credentials("external:ci", frozenset()).is_service
    assert not Credentials("user:default/ann", frozenset()).is_service


def test_credentials_count_in_threads_of_the_request_and_no_longer_than_it() -> None:
    credentials = Credentials("external:ci", frozenset({"*"}))

    async def handle() -> Credentials | None:
        with using_credentials(credentials):
            return await to_thread.run_sync(current_credentials)

    with from_thread.start_blocking_portal() as portal:
        assert portal.call(handle) == credentials
        assert portal.call(to_thread.run_sync, current_credentials) is None
    assert current_credentials() is None
