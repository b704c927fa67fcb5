"""The tables of the search: the documents, and their words in the database's own engine."""

import sqlalchemy as sa
from alembic import op

revision = "s0001"
down_revision = None

_SQLITE = (
    """CREATE VIRTUAL TABLE search_words USING fts5(
        names, text, facets, tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3')""",
    "CREATE VIRTUAL TABLE search_vocabulary USING fts5vocab(search_words, 'col')",
)
_POSTGRESQL = (
    "CREATE TABLE search_words (id bigint PRIMARY KEY, vector tsvector NOT NULL)",
    "CREATE INDEX search_words_vector ON search_words USING gin (vector)",
    "CREATE TABLE search_vocabulary (term text PRIMARY KEY)",
)


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "search_document",
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("type", sa.String(64), nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("digest", sa.String(32), nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.UniqueConstraint("type", "key"),
    )
    for statement in _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL:
        op.execute(statement)
