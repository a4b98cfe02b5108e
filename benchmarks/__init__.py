"""Timings and worked examples on real data, run by hand; never part of the tests."""
