"""Each identity knows its users, and takes nobody else's word for them."""

import contextlib
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from sqlalchemy import create_engine

from backstage_py.analytics.identity.named import build_identity
from examples.clerk_identity import ClerkIdentity
from examples.proxy_identity import ProxyIdentity
from examples.session_identity import SessionIdentity

ISSUER, PAGE = "https://clerk.my-app.example", "https://my-app.example"
ANN = "user:default/ann"


TABLES = """
create table localuser (id integer, username text, enabled boolean);
create table localauthsession (user_id integer, session_id text, expiration timestamp);
insert into localuser values (1, 'ann', true), (2, 'bob', false);
insert into localauthsession values (1, 'of-ann', '2999-01-01 00:00:00.000000');
insert into localauthsession values (1, 'old', '2020-01-01 00:00:00.000000');
insert into localauthsession values (2, 'of-bob', '2999-01-01 00:00:00.000000');
"""


@pytest.fixture
def sessions(tmp_path: Path) -> Iterator[SessionIdentity]:
    file = tmp_path / "app.db"
    with contextlib.closing(sqlite3.connect(file)) as connection:
        connection.executescript(TABLES)
    engine = create_engine(f"sqlite:///{file}")
    yield SessionIdentity(engine)
    engine.dispose()


def test_a_session_is_its_user_s_until_it_ends(sessions: SessionIdentity) -> None:
    identity = build_identity(sessions)

    assert identity.identify({"Cookie": "theme=dark; auth_token=of-ann"}) == ANN
    for token in ("old", "of-bob", "unknown", "", "' or 1=1 --"):
        assert identity.identify({"Cookie": f"auth_token={token}"}) is None
    assert identity.identify({}) is None


@pytest.fixture(scope="module")
def key() -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": "a"})


def sign(key: RSAKey, **changes: Any) -> dict[str, str]:
    claims = {"iss": ISSUER, "sub": "ann", "azp": PAGE, "exp": int(time.time()) + 60, **changes}
    kept = {name: value for name, value in claims.items() if value is not None}
    token = jwt.encode({"alg": "RS256", "kid": "a"}, kept, key)
    return {"Cookie": f"__session={token}"}


def test_a_token_counts_if_clerk_made_it_for_these_pages(key: RSAKey) -> None:
    asked: list[bool] = []

    def fetch() -> KeySet:
        asked.append(True)
        return KeySet([RSAKey.import_key(key.as_dict(private=False))])

    identity = build_identity(ClerkIdentity(ISSUER, [PAGE], fetch))

    assert identity.identify(sign(key)) == ANN
    wrong = {"iss": "https://other.example"}, {"azp": "https://other.example"}, {"exp": 1}
    for changes in (*wrong, {"exp": None}, {"sub": None}):
        assert identity.identify(sign(key, **changes)) is None
    assert identity.identify(sign(RSAKey.generate_key(2048, {"kid": "a"}))) is None
    assert identity.identify({"Cookie": "__session=nonsense"}) is None
    assert asked == [True]


def test_a_proxy_s_word_counts_beside_its_secret() -> None:
    identity = build_identity(ProxyIdentity("s3cret-of-the-proxy"))

    assert identity.identify({"Remote-User": "ann", "X-Proxy-Secret": "s3cret-of-the-proxy"}) == ANN
    assert identity.identify({"Remote-User": "ann"}) is None
    assert identity.identify({"Remote-User": "ann", "X-Proxy-Secret": "guess"}) is None
    assert identity.identify({"X-Proxy-Secret": "s3cret-of-the-proxy"}) is None


def test_a_proxy_without_a_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="has no secret"):
        ProxyIdentity("")
