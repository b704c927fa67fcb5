"""The recorded parts of addresses; the browser's rules give the same results as Python's."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from backstage_py.analytics.ingest.addresses import Addresses, AddressSettings

FOLDER = Path(__file__).parent
DEFAULT: dict[str, Any] = {}
OWN = {"keep": ["code"], "drop": ["utm_*"], "mask": ["customer"], "fragments": "drop"}
STRICT = {"keep": ["page"], "others": "drop"}
CASES = [
    (
        DEFAULT,
        "/catalog?token=SECRET#access_token=HASH",
        "/catalog?token=***#access_token=***",
    ),
    (
        DEFAULT,
        "/catalog?kind=api&owner=team-a#page-2",
        "/catalog?kind=api&owner=team-a#page-2",
    ),
    (DEFAULT, "/cb?code=4%2F0A&state=x", "/cb?code=***&state=x"),
    (DEFAULT, "?X-Amz-Signature=abc&x=1", "?X-Amz-Signature=***&x=1"),
    (DEFAULT, "#idToken=abc;sid=2", "#idToken=***;sid=***"),
    (DEFAULT, "https://a.b/c?api%5Fkey=k&q", "https://a.b/c?api%5Fkey=***&q"),
    (DEFAULT, "/x?next=/y?password=p&token=", "/x?next=/y?password=***&token="),
    (DEFAULT, "/x?%E0=1&%zz=2", "/x?%E0=1&%zz=2"),
    (DEFAULT, "what is ?token=a", "what is ?token=a"),
    (DEFAULT, "/passwords/token=3", "/passwords/token=3"),
    (DEFAULT, "/x?token=a\nb&c=d", "/x?token=***&c=d"),
    (OWN, "/x?utm_source=a&code=1&customer=ann#part", "/x?code=1&customer=***"),
    (OWN, "/x?a=1&utm_source=a#b", "/x?a=1"),
    (OWN, "/x?utm_source=a", "/x"),
    (STRICT, "/x?page=2&token=a&other=b#c=d", "/x?page=2&token=***"),
    (STRICT, "/x?other=b&page=2", "/x?page=2"),
]


def addresses_of(settings: dict[str, Any]) -> Addresses:
    return Addresses(AddressSettings.model_validate(settings))


@pytest.mark.parametrize(("settings", "given", "kept"), CASES)
def test_of_an_address_is_kept_what_the_owner_wants(
    settings: dict[str, Any], given: str, kept: str
) -> None:
    assert addresses_of(settings).cleaned(given) == kept
    assert addresses_of(settings).cleaned(kept) == kept


def test_the_browser_keeps_the_same() -> None:
    cases = [
        {"rules": addresses_of(settings).for_browser(), "addresses": [given]}
        for settings, given, _ in CASES
    ]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"

    run = subprocess.run(
        ["bun", "addresses.js"],
        cwd=FOLDER,
        env={**os.environ, "PATH": path},
        input=json.dumps(cases),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )

    assert json.loads(run.stdout) == [[kept] for _, _, kept in CASES]


def test_where_a_link_leads_is_an_address_too() -> None:
    attributes: dict[str, str | int | float | bool] = {"to": "/x?token=a", "other": "/x?token=a"}

    addresses_of(DEFAULT).clean(attributes)

    assert attributes == {"to": "/x?token=***", "other": "/x?token=a"}


def test_a_rule_that_is_none_is_refused() -> None:
    with pytest.raises(ValidationError):
        AddressSettings.model_validate({"others": "hide"})
