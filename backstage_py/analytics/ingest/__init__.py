"""Ingest: takes events in, one verdict for each, and answers when they are durable."""

from backstage_py.analytics.ingest.batch import Batch
from backstage_py.analytics.ingest.ingest import Ingest
from backstage_py.analytics.ingest.pipeline import IngestReport, Sender, Verdict

__all__ = ["Batch", "Ingest", "IngestReport", "Sender", "Verdict"]
