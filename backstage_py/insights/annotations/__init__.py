"""Annotations on charts: releases, campaigns, outages."""
