"""The case manager's page: needs, homes compared, one home in detail, the week."""
