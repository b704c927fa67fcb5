"""The browser's changes of the address when an answer arrives, run as JavaScript."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, cast

import pytest
from reflex_base.config import get_config

from backstage_py.ui.address import replace_address

_PATH = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
_BROWSER = """
const location = {{ pathname: {here} }};
let address = {here} + "?before";
const history = {{ state: 7, replaceState: (state, _, to) => (address = state === 7 ? to : "") }};
{script};
console.log(address);
"""


def address_after(here: str, *arguments: str) -> str:
    event = cast("Any", replace_address(*arguments))
    script = next(value._var_value for name, value in event.args if str(name) == "javascript_code")
    code = _BROWSER.format(here=json.dumps(here), script=script)
    run = subprocess.run(
        ["bun", "-e", code], env={**os.environ, "PATH": _PATH}, capture_output=True, check=True
    )
    return run.stdout.decode().strip()


@pytest.mark.parametrize(
    ("here", "query", "after"),
    [
        ("/docs", "filters[user]=owned", "/docs?filters[user]=owned"),
        ("/docs/", "text='\"?", "/docs/?text='\"?"),
        ("/docs", "", "/docs"),
        ("/docs/default/component/a", "text=x", "/docs/default/component/a?before"),
        ("/catalog", "text=x", "/catalog?before"),
    ],
)
def test_only_the_page_that_asked_gets_another_query(here: str, query: str, after: str) -> None:
    assert address_after(here, "/docs", query) == after


def test_a_portal_below_a_path_is_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(get_config(), "frontend_path", "/portal")

    assert address_after("/portal/docs", "/docs", "text=x") == "/portal/docs?text=x"
    assert address_after("/docs", "/docs", "text=x") == "/docs?before"
