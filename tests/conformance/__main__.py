"""`python -m tests.conformance FILE.json ...`: runs scenario files and prints the outcome.

For each file the app that it describes is built with our components and served;
each scenario's steps run in Chromium, and what its sinks got is compared with what
Backstage's own code captured. Exit status 1 if any scenario differs.
"""

import argparse
import sys
from pathlib import Path

from tests.conformance.runner import Outcome, run_file


def main() -> int:
    """Run the files named on the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.conformance", description=__doc__)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE.json")
    outcomes = [
        _printed(outcome) for file in parser.parse_args().files for outcome in run_file(file)
    ]
    passed = sum(outcome.difference is None for outcome in outcomes)
    print(f"{passed} passed, {len(outcomes) - passed} failed")
    return 0 if passed == len(outcomes) else 1


def _printed(outcome: Outcome) -> Outcome:
    print(f"{'ok' if outcome.difference is None else 'DIFFERS'} {outcome.file} {outcome.scenario}")
    if outcome.difference is not None:
        print(outcome.difference)
    sys.stdout.flush()
    return outcome


if __name__ == "__main__":
    sys.exit(main())
