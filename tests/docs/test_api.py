"""The page on the public names says of each what it is for."""

import re

from backstage_py import analytics
from backstage_py.analytics import testing
from tests.conftest import PROJECT

PAGE = (PROJECT / "docs" / "api.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `(\w+)` \| (.+) \|$", PAGE, re.MULTILINE)


def test_each_public_name_is_documented_once_and_no_other() -> None:
    names = [name for name, _ in ROWS]

    assert sorted(names) == sorted({*dir(analytics), *testing.__all__})
