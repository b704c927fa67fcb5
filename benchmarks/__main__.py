"""`python -m benchmarks`: a JSON line on stdout for each figure."""

import json

from benchmarks import browser_size, delivery, ingest


def main() -> None:
    """Measure everything."""
    for measure in (browser_size.measure, delivery.measure, ingest.measure):
        for figure in measure():
            print(json.dumps(figure), flush=True)


if __name__ == "__main__":
    main()
