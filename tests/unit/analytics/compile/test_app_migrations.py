import subprocess
import sys
import textwrap

APP = """
from backstage_py.analytics import AnalyticsPlugin

AnalyticsPlugin()

import reflex.model
from alembic.autogenerate import comparators

registered = [one for found in comparators._registry.values() for one in found]
print(sum("leave_own_tables" in str(one) for one in registered))
"""


def test_an_app_may_import_reflexs_models_before_anything_of_ours() -> None:
    """In a process of its own, as an import happens once."""
    run = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(APP)],
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )

    assert (run.returncode, run.stdout.strip()) == (0, "1"), run.stderr
