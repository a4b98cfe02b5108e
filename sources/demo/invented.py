"""Invented names and numbers of services."""

NAMES = (
    "Aspenlight", "Birchwell", "Calmwater", "Dovecote", "Elderbrook", "Fairlantern", "Greystone", "Hearthside",
    "Inkwell", "Juniper Gate", "Kindling", "Lighthouse Row", "Mossbank", "New Leaf", "Openfield", "Pathfinder",
    "Quiet Harbor", "Rowanberry", "Steady Oak", "Threshold", "Upstream", "Valley Lantern", "Willowgate",
    "Yellowwood", "Second Spring", "Clearing", "Footbridge", "Ferry Landing", "High Meadow", "Long Table",
)  # fmt: skip


def phone(number: int) -> str:
    """Return a telephone number from the range kept for fiction."""
    return f"555-01{number % 100:02d}"
