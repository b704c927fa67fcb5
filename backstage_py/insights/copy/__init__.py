"""The columnar copy of the store: parts in DuckDB's own format, listed by a manifest."""
