"""The README's test, run as its readers run it: in a project of theirs."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.conftest import PROJECT

PLUGIN = "backstage_py.analytics.testing.pytest_plugin"
TOUCHES = """
from backstage_py.analytics import AnalyticsEvent, AnalyticsState, get_recorder

def test_the_recorder_is_not_the_apps(mock_analytics):
    with AnalyticsState.using(mock_analytics):
        event = AnalyticsEvent(action="deploy", subject="ledger")
        get_recorder().record(event, session_id=None, user=None)
        assert mock_analytics.wait_for(action="deploy").subject == "ledger"
"""


def test_the_readmes_test_passes_and_leaves_the_record_alone(tmp_path: Path) -> None:
    shutil.copy(PROJECT / "examples" / "test_deploy_button.py", tmp_path)
    (tmp_path / "test_recorder.py").write_text(TOUCHES)
    own = tmp_path / "own.db"
    environment = {**os.environ, "PYTHONPATH": str(PROJECT), "DATABASE_URL": f"sqlite:///{own}"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", PLUGIN]

    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 passed" in done.stdout
    assert not own.exists()
    assert not (tmp_path / ".backstage_py").exists()
