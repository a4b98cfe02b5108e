"""Space and time: street graphs, timetables, travel times, access measures and the score."""
