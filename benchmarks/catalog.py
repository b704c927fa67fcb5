"""The catalog at 1,000, 10,000 and 100,000 entities: reading, reading again, and asking.

Each figure stands beside what it is compared with, measured in the same run: libyaml reading the
same text into plain values, a walk through all entities, the first reading.
"""

import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import yaml

from backstage_py.plugins.catalog.api import CatalogService, EntityFilter

SIZES = (1_000, 10_000, 100_000)
PER_FILE = 100
ROUNDS = 15

_ENTITY = """\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: service-{i}
  title: Service {i}
  description: The service number {i} of the fleet.
  tags: [java, team-{tag}]
  annotations:
    backstage.io/techdocs-ref: dir:.
    github.com/project-slug: acme/service-{i}
  links:
    - url: https://example.com/{i}
      title: Dashboard
spec:
  type: {type}
  lifecycle: production
  owner: team-{owner}
  system: system-{system}
  dependsOn: [component:service-{other}]
"""
_LOCATION = """\
apiVersion: backstage.io/v1alpha1
kind: Location
metadata: {name: all}
spec: {targets: ['./part-*.yaml']}
"""
_FILTER = EntityFilter(kind="component", types=("service",), owners=("group:default/team-7",))


def measure() -> Iterator[dict[str, Any]]:
    """At each size."""
    for size in SIZES:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            _write(folder, size)
            yield from _measure(folder, size)


def _measure(folder: Path, size: int) -> Iterator[dict[str, Any]]:
    catalog = CatalogService.from_config([{"type": "file", "target": "all.yaml"}], base_dir=folder)
    first = _time(catalog.refresh)
    again = _time(catalog.refresh)
    libyaml = _time(lambda: _parse(folder))
    yield {
        "benchmark": "catalog_ingest",
        "entities": size,
        "seconds": round(first, 2),
        "seconds_unchanged": round(again, 2),
        "times_libyaml": round(first / libyaml, 2),
    }

    def ask() -> None:
        catalog.list_entities(_FILTER, order="title", limit=20)

    def walk() -> None:
        found = [one for one in catalog.index.entities if _accepts(one)]
        sorted(found, key=lambda one: one.title.casefold())[:20]

    ask()
    question, walking = _median(ask), _median(walk)
    yield {
        "benchmark": "catalog_query",
        "entities": size,
        "milliseconds": round(question * 1000, 3),
        "times_faster_than_a_walk": round(walking / question, 1),
        "times_slower_while_refreshing": round(
            _while_refreshing(catalog, folder, ask) / question, 1
        ),
    }


def _while_refreshing(catalog: CatalogService, folder: Path, ask: Callable[[], None]) -> float:
    """The median of asking while every file has changed and is read again."""
    for file in folder.glob("part-*.yaml"):
        file.write_text(file.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    refreshing = threading.Thread(target=catalog.refresh)
    refreshing.start()
    times: list[float] = []
    while refreshing.is_alive():
        times.append(_time(ask))
        time.sleep(0.01)
    refreshing.join()
    return statistics.median(times)


def _accepts(entity: Any) -> bool:
    return (
        entity.kind.lower() == "component"
        and entity.type == "service"
        and "group:default/team-7" in entity.list_targets("ownedBy")
    )


def _write(folder: Path, size: int) -> None:
    (folder / "all.yaml").write_text(_LOCATION, encoding="utf-8")
    for start in range(0, size, PER_FILE):
        texts = [
            _ENTITY.format(
                i=i,
                tag=i % 97,
                type=("service", "website", "library")[i % 3],
                owner=i % 1000,
                system=i % 2000,
                other=(i * 7 + 1) % size,
            )
            for i in range(start, start + PER_FILE)
        ]
        (folder / f"part-{start}.yaml").write_text("---\n".join(texts), encoding="utf-8")


def _parse(folder: Path) -> None:
    for file in folder.glob("part-*.yaml"):
        list(yaml.load_all(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))


def _median(work: Callable[[], None]) -> float:
    return statistics.median(_time(work) for _ in range(ROUNDS))


def _time(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
