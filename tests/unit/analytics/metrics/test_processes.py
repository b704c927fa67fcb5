"""Several processes of one node, told as one."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.conftest import PROJECT

_COUNT = """
import json, sys
from backstage_py.analytics.metrics.metrics import Metrics
metrics = Metrics()
waiting = metrics.gauge("analytics_test_waiting", "x", over_processes="livesum")
metrics.accepted.inc(int(sys.argv[1]))
metrics.delivered.labels("ga4").inc(int(sys.argv[1]))
waiting.set(int(sys.argv[1]))
print(json.dumps([metrics.totals()["accepted"], metrics.to_text().decode()]))
"""


def _count(folder: Path, events: int) -> tuple[int, str]:
    output = subprocess.run(
        [sys.executable, "-c", _COUNT, str(events)],
        env={**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(folder), "PYTHONPATH": str(PROJECT)},
        capture_output=True,
        check=True,
    ).stdout
    return tuple(json.loads(output))


def test_each_process_answers_with_the_counts_of_all_and_the_gauges_of_the_living(
    tmp_path: Path,
) -> None:
    _count(tmp_path, 3)

    accepted, text = _count(tmp_path, 4)

    assert accepted == 7
    lines = text.splitlines()
    assert "analytics_events_accepted_total 7.0" in lines
    assert 'analytics_events_delivered_total{backend="ga4"} 7.0' in lines
    assert "analytics_test_waiting 4.0" in lines
    assert lines[-1] == "# EOF"
