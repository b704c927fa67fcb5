"""The columnar copy of the store: parts in DuckDB's own format, told of by a manifest."""
