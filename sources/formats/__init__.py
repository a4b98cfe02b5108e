"""Formats: strict JSON, CSV, HTML tables, zip archives, and files of a region on disk."""
