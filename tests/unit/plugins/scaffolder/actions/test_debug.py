import pytest

from tests.unit.plugins.scaffolder.conftest import Bench


@pytest.mark.parametrize("input_", ["{minutes: 11}", "{seconds: 601}", "{minutes: 10, seconds: 1}"])
def test_nobody_waits_longer_than_ten_minutes(bench: Bench, input_: str) -> None:
    task, _ = bench.run(f"- {{action: 'debug:wait', input: {input_}}}")

    assert "from 0 to 10 minutes" in task.error


def test_the_log_lists_the_workspace_with_its_texts(bench: Bench) -> None:
    bench.write("skeleton/a.txt", "hello")
    bench.write("skeleton/b.bin", b"\0\1")
    _, log = bench.run(
        """
        - {action: 'fetch:plain', input: {url: ./skeleton}}
        - {action: 'debug:log', input: {message: hi, listWorkspace: with-contents, extra: 1}}
        """
    )

    assert "hi" in log
    assert "Workspace:\n  - a.txt\n  - b.bin" in log
    assert "a.txt:\nhello" in log
    assert not any(line.startswith("b.bin:") for line in log)
