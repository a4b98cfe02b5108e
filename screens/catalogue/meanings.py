"""What numbers mean, and what pages are for on a first visit: in words of grade 7, as a test counts."""

from geo.plurals import Plural

WORDS: dict[str, str | Plural] = {
    "means": "What does this mean?",
    "means_total": (
        "The score says how much support a person can reach from this home. 0 means none. 100 means plenty of "
        "every kind, close by. Only places count that the person can get to, and get home from, in time."
    ),
    "means_dimension": (
        "Health, home, purpose and community are the four things that hold a life in recovery, as SAMHSA, the "
        "federal health agency, puts it. Each has its own number, from 0 to 100."
    ),
    "means_band": (
        "Not all people agree on what counts most. We tried many ways to weigh it. In 9 of 10 of them, the score "
        "was in this range. Two homes whose ranges overlap may be just as good."
    ),
    "means_confidence": (
        "This tells how far you can trust the facts behind the score. It drops when lists are old, when a place "
        "is not exactly on the map, or when something is missing. 100 is best."
    ),
    "means_days": (
        "How many days of the week have a meeting that fits. Only those count that the person can get to, and "
        "get home from in time."
    ),
    "means_minutes": (
        "Minutes from door to door, with walking and waiting. Buses don't come all the time, so trips take "
        "longer at some moments: half of the trips are at least this quick."
    ),
    "means_lacks": "What this home needs most to score higher, the weakest first.",
    "means_bed": (
        "What the house said about free beds, and how long ago. Beds fill up fast: the older the word, the more "
        "you need to call first."
    ),
    "means_leave": "Leave by this time, and you are there when it starts. Leave later, and you may miss the bus.",
    "means_last_way": ("The last time you can leave that place and still get home. We found no way home after that."),
    "means_share": (
        "Of every 100 people who live here, this many live where the score is below the line that you chose."
    ),
    "means_square": (
        "Each square is a small piece of the map. Its color shows the score of a person who lives in the middle of it."
    ),
    "means_group": (
        "For each group, how many of 100 people live below the line. Groups come from census counts of where "
        "people live, not from names."
    ),
    "means_even": (
        "These numbers tell if support is spread over all people alike. They say nothing about how much there "
        "is: an even share can still be a low one."
    ),
    "means_kept": "Rows of the list that we could use as they are.",
    "means_repaired": (
        "Rows with a small mistake that we could fix for certain, such as a phone number with letters in it."
    ),
    "means_set_aside": (
        "Rows that we could not use. None is lost: each is listed with the reason, so that someone can fix it."
    ),
    "means_name_total": "Score",
    "means_name_dimension": "Health, home, purpose, community",
    "means_name_band": "Range",
    "means_name_confidence": "Confidence",
    "means_name_days": "Days with a meeting",
    "means_name_minutes": "Minutes",
    "means_name_lacks": "What it lacks",
    "means_name_bed": "Free beds",
    "means_name_leave": "Leave by",
    "means_name_last_way": "Last way home",
    "means_name_share": "People below the line",
    "means_name_square": "Squares",
    "means_name_group": "Groups",
    "means_name_even": "Evenly shared",
    "means_name_kept": "Kept",
    "means_name_repaired": "Repaired",
    "means_name_set_aside": "Set aside",
    # a first visit
    "guide": "First time here?",
    "guide_done": "Got it",
    "guide_participant_1": "Type an address or two crossing streets, or click the map.",
    "guide_participant_2": (
        "You see what is open, which meetings you can still get to, when to leave, and the last bus home."
    ),
    "guide_participant_3": "Tap “Way there and home” on a card to see each step.",
    "guide_case_manager_1": "Say what this person needs: how they get around, medication, rent, curfew, work.",
    "guide_case_manager_2": (
        "Press “Compare homes”. Houses that fit are put in order by how much support this person can reach."
    ),
    "guide_case_manager_3": (
        "Look at one to see why, plan the week and print it. Call the house before you count on a bed."
    ),
    "guide_funder_1": "Each square of the map shows how much support a person who lives there can reach.",
    "guide_funder_2": (
        "Choose for whom and for which day. Darker stands out where support is missing and people live."
    ),
    "guide_funder_3": "Below are who is left out, and files and pictures to take along. Each says how it was made.",
}
