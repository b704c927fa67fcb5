"""The columnar copy of the store in a ClickHouse server: one table of plain columns."""
