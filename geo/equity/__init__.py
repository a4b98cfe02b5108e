"""Equity: gaps, who is left out, inequality measures, and summaries by area."""
