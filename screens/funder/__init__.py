"""The funder's page: gaps and who is left out, where the next place helps most, what a change would do."""
