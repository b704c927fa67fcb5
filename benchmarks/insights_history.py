"""A history of ten million events, made by DuckDB itself in blocks: what Insights is measured on.

3,000 users, of whom few come often; visits of twelve events within some minutes; pages, terms and
links as frequent as in a portal, a few of them very.
"""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa

from backstage_py.insights.copy.manifest import Manifest
from backstage_py.insights.copy.open_parts import OpenParts
from backstage_py.insights.copy.part_files import encode, new_part_queries, write_part
from backstage_py.insights.copy.staging import SCHEMA

BLOCK = 1_000_000
VISIT = 12
USERS = 3_000
DAYS = 90
BEGIN = 1_782_864_000_000_000  # 2026-07-01
DAY = 86_400_000_000
END = BEGIN + DAYS * DAY

_EVENTS = """
WITH numbers AS (
    SELECT i, i // {visit} AS visit, i % {visit} AS k,
        hash(i // {visit}) AS h, hash(i * 7 + 1) AS g
    FROM range({first}, {end}) t(i)
), drawn AS (
    SELECT *,
        CAST({users} * pow((h % 1000003) / 1000003.0, 2) AS INTEGER) AS person,
        CAST(2000 * pow((g % 1000003) / 1000003.0, 3) AS INTEGER) AS page,
        CAST(40 * pow((h // 7 % 1009 + g % 97) / 1106.0, 2) AS INTEGER) AS plugin,
        (visit::DOUBLE * {visit} / {total} * {days})::INTEGER AS day
    FROM numbers
), named AS (
    SELECT *,
        CASE WHEN k IN (0, 3, 6, 9) THEN 'navigate' WHEN k IN (1, 4, 7, 8) THEN 'click'
            WHEN k = 2 THEN 'search' WHEN k = 5 THEN 'discover'
            WHEN k = 10 AND h % 7 = 0 THEN 'create' WHEN k = 11 AND h % 11 = 0 THEN 'not-found'
            ELSE 'filter' END AS action,
        '/catalog/default/component/c-' || page AS page_path
    FROM drawn
)
SELECT (i + 1)::BIGINT AS position,
    ({begin} + (visit::DOUBLE * {visit} / {total} * {span})::BIGINT
        + k * 20000000 + (g % 15000000)::BIGINT)::BIGINT AS moment,
    CASE WHEN action = 'search' THEN (CASE WHEN g % 9 = 0 THEN 0 ELSE g % 200 END)::DOUBLE
        WHEN action = 'discover' THEN (g % 10 + 1)::DOUBLE
        WHEN action = 'create' THEN 30.0 END AS value,
    false AS is_sample, false AS is_robot,
    uuid()::VARCHAR AS id, action,
    CASE action WHEN 'navigate' THEN page_path || CASE WHEN g % 5 = 0 THEN '?tab=1' ELSE '' END
        WHEN 'search' THEN 'term ' || CAST(5000 * pow((g % 1000003) / 1000003.0, 3) AS INTEGER)
        WHEN 'not-found' THEN '/gone/' || page ELSE 'Subject ' || (g % 300) END AS subject,
    'plugin-' || plugin AS plugin_id,
    'Extension' || (plugin * 3 + g % 3) AS extension,
    'route-' || (plugin * 4 + h % 4) AS route_ref,
    'user:default/u' || person AS user_ref,
    md5(visit::VARCHAR) AS session_id,
    'browser' AS origin,
    CASE WHEN action = 'navigate' THEN page_path END AS path,
    CASE WHEN action IN ('click', 'discover') THEN page_path END AS link_to,
    CASE WHEN action = 'navigate' THEN 'component:default/c-' || page
        WHEN action = 'create' THEN 'template:default/t-' || (h % 20) END AS entity_ref,
    CASE WHEN action IN ('click', 'discover')
        THEN '{{"to":"' || page_path || '"}}' END AS attributes,
    '{{"routeRef":"route-' || (plugin * 4 + h % 4) || '","pluginId":"plugin-' || plugin
        || '","extension":"Extension' || (plugin * 3 + g % 3) || '"'
        || CASE WHEN action = 'create' THEN ',"entityRef":"template:default/t-' || (h % 20) || '"'
            ELSE '' END || '}}' AS context
FROM named ORDER BY i
"""


def blocks(total: int, size: int = BLOCK) -> Iterator[pa.Table]:
    """The events in blocks, in the columns that the copy takes in."""
    connection = duckdb.connect(":memory:")
    for first in range(0, total, size):
        query = _EVENTS.format(
            first=first,
            end=min(first + size, total),
            total=total,
            visit=VISIT,
            users=USERS,
            days=DAYS,
            begin=BEGIN,
            span=DAYS * DAY,
        )
        yield connection.sql(query).to_arrow_table().select(SCHEMA.names).cast(SCHEMA)
    connection.close()


def build(folder: Path, total: int) -> None:
    """The copy in a folder, and beside it `plain.duckdb` with one table of plain columns."""
    plain = duckdb.connect(str(folder / "plain.duckdb"))
    manifest = Manifest(copied_at="2026-10-01T00:00:00+00:00")
    parts = OpenParts(folder)
    for block in blocks(total):
        plain.register("block", block)
        plain.execute("CREATE TABLE IF NOT EXISTS events AS SELECT * FROM block LIMIT 0")
        plain.execute("INSERT INTO events SELECT * FROM block")
        plain.unregister("block")
        parts.show(manifest.parts)
        codes = encode(parts.connection, block, manifest.codes)
        low = manifest.position + 1
        high = manifest.position + block.num_rows
        part = write_part(parts.connection, folder, new_part_queries([]), (low, high))
        manifest = Manifest(high, (*manifest.parts, part), codes, copied_at=manifest.copied_at)
    manifest.write(folder)
    parts.close()
    plain.close()
