"""The papers of a person: consents, what was handed out, their whole record for themself, and who looked."""
