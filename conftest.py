"""What every test has: the project's own fixtures, and a record of its own."""

import os
import tempfile

pytest_plugins = ["backstage_py.analytics.testing.pytest_plugin"]


def pytest_configure() -> None:
    """Nothing that a test records reaches the developer's own data."""
    folder = tempfile.mkdtemp(prefix="backstage_py-tests-")
    os.environ["DATABASE_URL"] = f"sqlite:///{folder}/events.db"
