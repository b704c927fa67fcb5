import re
import tomllib

import pytest

from backstage_py.analytics.reflex_version import OLDEST, require_reflex
from tests.conftest import PROJECT


@pytest.mark.parametrize("version", ["0.9.13", "0.10.1", "0.11.0a1", "1.0"])
def test_supported_versions_of_reflex_are_taken(version: str) -> None:
    require_reflex(version)


@pytest.mark.parametrize("version", ["0.8.28", "0.9.12.post1"])
def test_an_older_one_is_one_clear_line(version: str) -> None:
    expected = f"backstage_py needs Reflex 0.9.13 or newer, and {version} is installed: run pip"
    with pytest.raises(ImportError, match=re.escape(expected)):
        require_reflex(version)


def test_pip_requires_the_same_oldest_version() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert f"reflex>={'.'.join(map(str, OLDEST))}" in project["dependencies"]
