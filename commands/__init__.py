"""The commands of `recovery-reach`, one file a subject; `cli.py` puts them together."""
