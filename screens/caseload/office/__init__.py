"""The office: what is done for a whole caseload or a vault, not for one person's plan."""
