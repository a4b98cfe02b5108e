"""Cleaning: repairs that are certain, reasons where none is, redaction, duplicates, and the report that counts them."""
