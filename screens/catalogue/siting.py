"""Words of the part on siting of the funder's screen: where the next one helps most."""

from geo.plurals import Plural

WORDS: dict[str, str | Plural] = {
    "gap_part": "What would you like to know?",
    "gap_part_gaps": "Where support is missing",
    "gap_part_sites": "Where the next one helps most",
    "file_kept": "In use: {name}",
    "file_take_away": "Take {name} away",
    "file_gone": "The server needed the room for other files and no longer has this one. Hand it over again.",
    "site_title": "Where the next one helps most",
    "site_lead": (
        "Choose a kind of place and what it is to do for people. Every possible spot is compared with every other, and "
        "you are told how sure it is that no choice is better."
    ),
    "guide_sites_1": "Say which kind of place, how many, and what they are to raise.",
    "guide_sites_2": "Press the button: the best places are numbered on the map, with how sure that is.",
    "guide_sites_3": "Click a place of your own: it is held beside the best.",
    # what is asked
    "site_class": "What kind of place?",
    "site_k": "How many?",
    "site_objective": "What are they to do?",
    "site_within": "Bring most people within reach of one",
    "site_score": "Raise the average score of all people",
    "site_worst_off": "Help the tenth of people who have least",
    "site_equity": "Make the gap between rich and poor areas smaller",
    "site_minutes": "Within minutes",
    "site_source": "Where could they be?",
    "site_source_addresses": "At any address of the region",
    "site_source_file": "At places of a list or map file of mine",
    "site_source_category": "Where there is one of these already: {name}",
    "site_file": "List or map of possible places",
    "site_file_help": (
        "A CSV or Parquet with columns lat and lon, or address; or lots as GeoJSON, GeoPackage or zipped shapefile. It "
        "stays in this visit."
    ),
    "site_limits": "Cost, capacity, areas left out",
    "site_exclude": "Areas where none may be (a map file)",
    "site_capacity": "How many people can each one take?",
    "site_capacity_not": "Any number",
    "site_capacity_same": "The same number each",
    "site_capacity_each": "People each (or beds)",
    "site_cost": "What does each one cost?",
    "site_cost_not": "Costs aren't counted",
    "site_cost_same": "The same each",
    "site_cost_each": "US dollars each",
    "site_column": "As the file says: {name}",
    "site_budget": "All together at most, in US dollars",
    "site_own_title": Plural("Your own choice ({count} place)", "Your own choice ({count} places)"),
    "site_own_help": (
        "Click the map, or type a place: the nearest possible spot is yours. It is held beside the best with the next "
        "answer."
    ),
    "site_own_typed": "Address, crossing or latitude, longitude",
    "site_own_add": "Add it to my choice",
    "site_own_remove": "Remove {name}",
    "site_work_out": "Find the best places",
    "site_working": "Comparing all possible places …",
    "site_changed": "You have changed the question since. Below is the answer to the last one.",
    # the map
    "site_yours": "yours",
    "site_legend_there": "{name}: already there",
    "site_legend_best": "The best places, in the order in which they add most",
    "site_legend_area": "Nearly as good: at most 2% of the gain is lost",
    "site_map_hint": (
        "Click for a place of your own. With the keyboard: move the map with the arrow keys, then press Enter."
    ),
    # the answer
    "site_people": Plural(
        "{what}: {count} new place brings one within {minutes} minutes of {people} more people",
        "{what}: {count} new places bring one within {minutes} minutes of {people} more people",
    ),
    "site_mean": Plural(
        "{what}: with {count} new place the average score goes from {before} to {after} of 100",
        "{what}: with {count} new places the average score goes from {before} to {after} of 100",
    ),
    "site_lowest": Plural(
        "{what}: with {count} new place the tenth of people who have least go from {before} to {after} of 100",
        "{what}: with {count} new places the tenth of people who have least go from {before} to {after} of 100",
    ),
    "site_palma": Plural(
        "The best-off tenth has {after} times as much as the worst-off four tenths, not {before}, with {count} new "
        "place",
        "The best-off tenth has {after} times as much as the worst-off four tenths, not {before}, with {count} new "
        "places",
    ),
    "site_now": Plural(
        "Now {have} of {people} people have one in reach; there is {count} place.",
        "Now {have} of {people} people have one in reach; there are {count} places.",
    ),
    "site_there": Plural(
        "{people} people are counted; there is {count} place now.",
        "{people} people are counted; there are {count} places now.",
    ),
    "site_exact": "This is the best for certain: no other choice does more.",
    "site_gap": "At most {percent} of the best possible gain is missing.",
    "site_no_bound": "It isn't known how much better another choice could be.",
    "site_nothing": "No possible place would raise it.",
    "site_costs": "Cost: {cost}.",
    "site_costs_each": "Cost: {cost}, which is {each} for each person newly in reach.",
    "site_small": (
        "Counted are residents, each as if they got around as chosen above. Areas with fewer than 11 of them "
        "({percent} of 100 people) are in no count, so that no number points at a few people."
    ),
    "site_sites": "The best places",
    "site_place": "Place",
    "site_as_good": "Nearly as good",
    "site_at": "Latitude, longitude",
    "site_good": Plural(
        "{count} other place is as good within 2% of the gain",
        "{count} other places are as good within 2% of the gain",
    ),
    "site_good_none": "no other place",
    "site_good_all": "any other place is as good within 2% of the gain",
    "site_curve": "What each one more adds",
    "site_how_many": "How many",
    "site_count": Plural("{count} place", "{count} places"),
    "site_gain": "What they come to",
    "site_short_people": "{people} people",
    "site_how_sure": "How sure",
    "site_own_beside": "Your own choice beside the best",
    "site_own_share": "That is {percent} of the best gain.",
    "site_beyond_sites": "You chose more places than you asked for.",
    "site_beyond_budget": "It costs more than the budget.",
    "site_beyond_sites_and_budget": "You chose more places than you asked for, and they cost more than the budget.",
    "site_aside": "What was compared, and what was set aside",
    "site_candidates": Plural("{count} possible place was compared.", "{count} possible places were compared."),
    "site_aside_off_streets": Plural(
        "{count} place is set aside: over 1 km from any street.",
        "{count} places are set aside: over 1 km from any street.",
    ),
    "site_aside_excluded": Plural(
        "{count} place is set aside: in an area where none may be.",
        "{count} places are set aside: in an area where none may be.",
    ),
    "site_aside_no_capacity": Plural(
        "{count} place is set aside: nothing says how many people it can take.",
        "{count} places are set aside: nothing says how many people they can take.",
    ),
    "site_aside_no_cost": Plural(
        "{count} place is set aside: nothing says what it costs.",
        "{count} places are set aside: nothing says what they cost.",
    ),
    "site_people_out": "{people} people have no street, or no possible place, in reach and are not counted.",
    "site_unknown": "What this doesn't know",
    "site_unknown_1": "Whether a place may be built there, who would run it, and whether anyone would come.",
    "site_unknown_2": "Whether places that are there are full: people in their reach count as reached.",
    "site_unknown_3": "That residents of other houses might move to new beds.",
    "site_unknown_4": "Only this kind of place is raised; the rest of the score is not looked at.",
    "site_unknown_5": "Within minutes means the way there, leaving between 7 and 9 in the morning.",
    "site_downloads": (
        "The same files that the command writes: the places, the areas nearly as good, and how it was done."
    ),
    "site_get_gpkg": "Map layers (GeoPackage)",
    "site_get_geojson": "Map (GeoJSON)",
    "site_get_parquet": "Map (GeoParquet)",
    "site_get_csv": "Places (CSV)",
    "site_command": "Work it out again in a terminal",
}
