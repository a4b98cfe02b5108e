"""What goes along when a person leaves: a plan for the pocket, a calendar of the week, a letter."""
