"""Drills: what is killed, damaged, cut short, or attacked on purpose loses nothing, and says what is wrong."""
