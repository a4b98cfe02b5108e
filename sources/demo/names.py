"""Invented street names."""

from sources.demo.plan import DISTRICTS

_FIRST = (
    "Alder", "Amber", "Anvil", "Aster", "Barley", "Basket", "Beacon", "Bellflower", "Birch", "Bramble", "Brindle",
    "Buckthorn", "Button", "Candle", "Caraway", "Catkin", "Chalk", "Clover", "Cobble", "Comfrey", "Copper", "Corvid",
    "Cricket", "Curlew", "Damson", "Dapple", "Dewdrop", "Dovetail", "Driftwood", "Ember", "Fennel", "Fernhill",
    "Finch", "Flax", "Foxglove", "Gable", "Ginger", "Goldfinch", "Gossamer", "Hawthorn", "Hazel", "Heather",
    "Hickory", "Hollyhock", "Honeywell", "Indigo", "Iris", "Ivory", "Jasper", "Juniper", "Kettle", "Kingfisher",
    "Lantern", "Lark", "Laurel", "Lichen", "Lilac", "Loom", "Mallow", "Maple", "Marigold", "Marten", "Meadow",
    "Millstone", "Mint", "Mulberry", "Nettle", "Nutmeg", "Oak", "Opal", "Osier", "Otter", "Paddock", "Parsley",
    "Pebble", "Pepper", "Pippin", "Plover", "Poplar", "Primrose", "Quill", "Quince", "Raven", "Reed", "Robin",
    "Rowan", "Rush", "Saffron", "Sage", "Sandpiper", "Shuttle", "Skylark", "Sloe", "Spindle", "Starling", "Sumac",
    "Swallow", "Tansy", "Teasel", "Thimble", "Thistle", "Thrush", "Tinder", "Umber", "Verbena", "Violet", "Walnut",
    "Warbler", "Weaver", "Wheat", "Whistle", "Willow", "Woodbine", "Wren", "Yarrow", "Zinnia",
)  # fmt: skip
_KINDS = (("Street", "Avenue"), ("Street", "Street"), ("Court", "Close"))
_CURVED = (("Drive", "Way"), ("Lane", "Drive"), ("Court", "Place"))
_ORDINALS = {1: "st", 2: "nd", 3: "rd"}


def street_name(district: int, axis: int, number: int) -> str:
    """Return the name of a district's street: axis 0 and 1 are the two directions of its grid, 2 its cul-de-sacs."""
    plan = DISTRICTS[district]
    if plan.name == "Old Landing" and axis == 1 and -20 < number < 14:
        place = 15 - number
        return f"{place}{_ORDINALS.get(place % 10, 'th') if place // 10 != 1 else 'th'} Street"
    kinds = (_CURVED if plan.pattern == "curves" else _KINDS)[axis]
    first = _FIRST[(district * 37 + axis * 53 + number * 7) % len(_FIRST)]
    return f"{first} {kinds[number % 2]}"
