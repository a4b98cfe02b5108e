"""People: a caseload in an encrypted vault, and how it went for each; no part of the product needs it to work."""
