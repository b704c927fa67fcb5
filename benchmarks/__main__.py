"""`python -m benchmarks`: a JSON line on stdout for each figure."""

import json

from benchmarks import browser_size, ingest_throughput


def main() -> None:
    """Measure everything."""
    for measure in (browser_size.measure, ingest_throughput.measure):
        for figure in measure():
            print(json.dumps(figure), flush=True)


if __name__ == "__main__":
    main()
