"""Resets global state after tests of the library."""

from collections.abc import Iterator

import pytest
from reflex_base.components.memo import MEMOS


@pytest.fixture
def memos_as_they_were() -> Iterator[None]:
    """Instrumenting puts other bodies into the memos of the whole process."""
    before = dict(MEMOS)
    yield
    MEMOS.clear()
    MEMOS.update(before)
