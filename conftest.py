"""What every test has: the project's own fixtures, and a record of its own."""

import os
import tempfile

from hypothesis import settings

collect_ignore = ["examples/test_deploy_button.py"]  # run by tests/docs, as its readers run it
pytest_plugins = ["backstage_py.analytics.testing.pytest_plugin"]

settings.register_profile("untimed", deadline=None)  # how fast something is, benchmarks say
settings.load_profile("untimed")

_record = tempfile.TemporaryDirectory(prefix="backstage_py-tests-")


def pytest_configure() -> None:
    """Nothing that a test records reaches the developer's own data."""
    os.environ["DATABASE_URL"] = f"sqlite:///{_record.name}/events.db"


def pytest_unconfigure() -> None:
    """Leave nothing behind."""
    _record.cleanup()
