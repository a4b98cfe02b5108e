"""The caseload: the vault opened and locked, the people in it, and one person's page."""
