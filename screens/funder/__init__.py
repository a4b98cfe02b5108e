"""The funder's page: gaps, who is left out, and downloads."""
