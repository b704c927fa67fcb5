"""The documentation as a site."""

import re
from pathlib import Path

PROJECT = Path(__file__).parent.parent.parent


def test_every_page_is_in_the_navigation() -> None:
    site = (PROJECT / "mkdocs.yml").read_text(encoding="utf-8")
    listed = re.findall(r": ([\w-]+\.md)$", site, re.MULTILINE)

    assert sorted(listed) == sorted(file.name for file in (PROJECT / "docs").glob("*.md"))
