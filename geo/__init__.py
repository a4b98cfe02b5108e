"""Space and time: street graphs, timetables, travel times, access measures and the score.

The rooms `score`, `plan`, `needs` and `nearby` are the product's own domain rather than geography; they stay here
because the top level was asked for, behind contracts, so that moving one out later is one rename.
"""
