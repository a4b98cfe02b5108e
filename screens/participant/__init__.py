"""The participant's page: support near a place, now, tonight and this week."""
