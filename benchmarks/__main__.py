"""`python -m benchmarks`: a JSON line on stdout for each figure."""

import json

from benchmarks import (
    browser_rivals,
    browser_size,
    capacity,
    catalog,
    delivery,
    expressions,
    ingest,
    insights,
    install_size,
    interaction,
    search,
    serve,
    tabs,
    techdocs,
)


def main() -> None:
    """Measure everything."""
    modules = (
        install_size,
        browser_size,
        browser_rivals,
        interaction,
        delivery,
        ingest,
        catalog,
        expressions,
        search,
        capacity,
    )
    for module in (*modules, serve, techdocs, insights, tabs):
        for figure in module.measure():
            print(json.dumps(figure), flush=True)


if __name__ == "__main__":
    main()
