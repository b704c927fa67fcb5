"""Opening a documentation of 500 pages: its navigation, its pages, what the search takes in."""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from backstage_py.plugins.catalog.api import CatalogService
from backstage_py.plugins.techdocs.collator import TechDocsCollator
from backstage_py.plugins.techdocs.service import TechDocsService

PAGES = 500

_DESCRIPTOR = """\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: large, annotations: {backstage.io/techdocs-ref: 'dir:./large'}}
spec: {type: service, lifecycle: production, owner: team}
"""
_PAGE = """\
# Page {number}

Some **text** with a [link](page-{next}.md) and `code`.

!!! note
    Mind the gap.

| a | b |
| --- | --- |
| 1 | 2 |

```python
def run(number: int) -> int:
    return number + {number}
```

## More

- one
  - two
    - three
"""


def measure() -> Iterator[dict[str, Any]]:
    """Give the figures, in milliseconds; pages are opened one after the other."""
    with tempfile.TemporaryDirectory() as folder:
        base_dir = Path(folder)
        _write(base_dir / "catalog")
        catalog = CatalogService.from_config(
            [{"type": "file", "target": "catalog/*.yaml"}], base_dir=base_dir
        )
        catalog.refresh()
        service = TechDocsService(catalog)
        entity = catalog.get_entity("component", "default", "large")
        site = service.get_site(entity)
        addresses = list(site.pages)
        service.get_page(site, addresses[0])
        yield _figure("site, unchanged", [_time(lambda: service.get_site(entity))])
        fresh = TechDocsService(catalog)
        yield _figure("site, first", [_time(lambda: fresh.get_site(entity))])
        for name in ("first", "again"):
            times = [_time(lambda one=one: service.get_page(site, one)) for one in addresses[1:]]
            yield _figure(f"page, {name}", times)
        collator = TechDocsCollator(service, catalog)
        yield _figure("search documents", [_time(lambda: list(collator.collate()))])
        service.close()


def _figure(what: str, times: list[float]) -> dict[str, Any]:
    worst = statistics.quantiles(times, n=20)[-1] if len(times) > 1 else times[0]
    return {
        "benchmark": "techdocs",
        "what": what,
        "pages": PAGES,
        "p50Milliseconds": round(statistics.median(times), 2),
        "p95Milliseconds": round(worst, 2),
    }


def _time(call: Callable[[], object]) -> float:
    begin = time.perf_counter()
    call()
    return (time.perf_counter() - begin) * 1000


def _write(folder: Path) -> None:
    docs = folder / "large" / "docs"
    docs.mkdir(parents=True)
    (folder / "large.yaml").write_text(_DESCRIPTOR, encoding="utf-8")
    for number in range(PAGES):
        text = _PAGE.format(number=number, next=(number + 1) % PAGES)
        (docs / f"page-{number}.md").write_text(text, encoding="utf-8")
