"""Resets the process's global settings between tests."""

import pytest

from backstage_py.analytics.identity import identity, permissions


@pytest.fixture(autouse=True)  # ruff: ignore[pytest-fixture-autouse] no test names it
def _own_identity_and_permissions(monkeypatch: pytest.MonkeyPatch) -> None:
    """The app's module names both when it is imported, and tests import it."""
    monkeypatch.setattr(identity, "_chosen", [])
    monkeypatch.setattr(permissions, "_chosen", [])
