"""The outside world made trustworthy: fetch, parse, clean, set aside, and build a region."""
