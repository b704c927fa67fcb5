from pathlib import Path

import pytest

from backstage_py.analytics.errors import AnalyticsError
from backstage_py.analytics.inventory.capture import (
    inventory_path,
    read_inventory,
    write_inventory,
)
from tests.unit.analytics.inventory.captures import a_capture

CAPTURES = (
    a_capture("click", "Übernehmen", attributes={"to": "string"}, context_keys=("entityRef",)),
    a_capture(None, None, path=None, is_open=True, is_conditional=True, has_value=True),
)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "instrumentation.json"
    file.write_text(write_inventory(CAPTURES), encoding="utf-8")

    assert set(map(str, read_inventory(file))) == set(map(str, CAPTURES))


def test_the_same_captures_are_the_same_text_in_any_order() -> None:
    assert write_inventory(CAPTURES) == write_inventory([*reversed(CAPTURES), CAPTURES[0]])


def test_it_is_where_the_build_is_and_not_in_what_is_served() -> None:
    assert inventory_path({}) == Path(".web/backend/instrumentation.json")
    assert inventory_path({"REFLEX_WEB_WORKDIR": "out"}) == Path("out/backend/instrumentation.json")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "is not there. Compile the app first"),
        ("{", "is not an inventory"),
        ('{"captures": [{"action": "click"}]}', "is not an inventory"),
        ("[]", "is not an inventory"),
    ],
)
def test_a_file_that_is_none_is_one_clear_error(
    tmp_path: Path, content: str | None, message: str
) -> None:
    file = tmp_path / "instrumentation.json"
    if content is not None:
        file.write_text(content, encoding="utf-8")

    with pytest.raises(AnalyticsError, match=message):
        read_inventory(file)
