"""People: a later issue fills this room."""
