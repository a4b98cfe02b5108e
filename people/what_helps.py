"""What serves a low domain of the BARC-10: classes of the score, and meeting formats.

Our suggestion, like the dimension of each domain; `docs/score.md` says why, and names the sources.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Help:
    """Classes of the score (their names in `data/scoring/default.toml`, or `meetings`), most useful first.

    `formats`: meetings in these formats are named first.
    """

    classes: tuple[str, ...]
    formats: tuple[str, ...] = ()


WHAT_HELPS: Mapping[str, Help] = {
    "substance use & sobriety": Help(
        ("opioid_treatment_program", "other_medication", "substance_use_clinic", "meetings"), ("beginners",)
    ),
    "global psychological health": Help(("mental_health", "peer_support")),
    "global physical health": Help(("primary_care", "pharmacy", "harm_reduction")),
    "citizenship/community involvement": Help(("volunteering", "gathering_places", "recovery_community_center")),
    "social support": Help(("peer_support", "recovery_community_center", "meetings")),
    "meaningful activities": Help(("employment_service", "education", "volunteering")),
    "housing & safety": Help(("recovery_beds", "household")),
    "risk taking": Help(("harm_reduction", "recovery_beds", "peer_support")),
    "coping & life functioning": Help(
        ("mental_health", "employment_service", "peer_support", "meetings"), ("meditation", "step study")
    ),
    "recovery experience": Help(("meetings", "recovery_community_center", "peer_support"), ("speaker", "step study")),
}
"""Domain → what serves it."""
