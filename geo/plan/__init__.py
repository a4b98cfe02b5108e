"""The week plan: which trips fit shifts, doses, meetings and curfews, exactly."""
