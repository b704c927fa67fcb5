"""Ingest: takes events in, one verdict for each, and answers when they are durable."""

from backstage_py.analytics.ingest.pipeline import Ingest, IngestReport, Rejection

__all__ = ["Ingest", "IngestReport", "Rejection"]
