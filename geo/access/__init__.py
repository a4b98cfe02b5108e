"""Access measures over a long table of minutes: cumulative, gravity, the floating-catchment family."""
