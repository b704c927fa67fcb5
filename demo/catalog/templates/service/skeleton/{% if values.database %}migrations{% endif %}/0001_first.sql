-- The first table of ${{ values.name }}, on ${{ values.database }}.
-- Rows are deleted ${{ values.retention }} days after they were written.
CREATE TABLE entry (
    id INTEGER PRIMARY KEY,
    content TEXT NOT NULL,
    written_at TIMESTAMP NOT NULL
);
