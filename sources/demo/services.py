"""Clinics, health centres, social services and recovery residences, each in its publisher's own form."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from sources.demo import chance
from sources.demo.frontage import Frontage
from sources.demo.places import SERVED, Addresses, by_supply
from sources.demo.plan import COUNTY, COUNTY_FIPS, NOTE, STATE, STATE_FIPS, STATE_NAME

_WORDS = ("Aspenlight", "Birchwell", "Calmwater", "Dovecote", "Elderbrook", "Fairlantern", "Greystone", "Hearthside", "Inkwell", "Juniper Gate",
          "Kindling", "Lighthouse Row", "Mossbank", "New Leaf", "Openfield", "Pathfinder", "Quiet Harbor", "Rowanberry", "Steady Oak",
          "Threshold", "Upstream", "Valley Lantern", "Willowgate", "Yellowwood", "Second Spring", "Clearing", "Footbridge", "Ferry Landing",
          "High Meadow", "Long Table")  # fmt: skip


def phone(number: int) -> str:
    """Return a telephone number from the range kept for fiction."""
    return f"555-01{number % 100:02d}"


# ---------------------------------------------------------------- treatment (FindTreatment.gov)

_TREATMENT = (
    # kind, how many, settings, medicines, names
    ("otp", 3, "Outpatient; Outpatient methadone/buprenorphine or naltrexone treatment; Regular outpatient treatment", "MM BU", "{} Opioid Treatment Program"),
    ("sa", 9, "Outpatient; Intensive outpatient treatment; Regular outpatient treatment", "NU", "{} Outpatient Recovery"),
    ("bu", 7, "Outpatient; Outpatient methadone/buprenorphine or naltrexone treatment", "BU NU", "{} Medical Group"),
    ("res", 3, "Residential/24-hour residential; Long-term residential; Short-term residential", "BU", "{} Residential Center"),
    ("mh", 8, "Outpatient", "", "{} Behavioral Health"),
    ("hh", 6, "Residential/24-hour residential", "", "{} Halfway House"),
    ("buprenorphine", 6, "", "BU", "Dr. {} Example, M.D."),
    ("dui", 1, "Outpatient", "", "{} Impaired Driver School"),
)  # fmt: skip
_MEDICINES = {"BU": "Buprenorphine used in Treatment", "NU": "Naltrexone used in Treatment", "MM": "Methadone used in Treatment; Methadone maintenance"}
_FIRST_NAMES = ("Avery", "Blair", "Casey", "Devon", "Emery", "Frankie")


def findtreatment(addresses: Addresses) -> dict[str, Any]:
    """Return one page of the locator's JSON export."""
    rng = chance.stream("treatment")
    words = chance.shuffled(rng, _WORDS) * 2
    rows: list[dict[str, Any]] = []
    for kind, count, settings, medicines, names in _TREATMENT:
        sites = addresses.many(rng, count, by_supply(1.0 if kind != "otp" else 1.6, 5))
        for n, at in enumerate(sites):
            word = _FIRST_NAMES[n % 6] if kind == "buprenorphine" else words[len(rows)]
            rows.append(_treatment_row(len(rows) + 1, kind, names.format(word), at, settings, medicines, rng))
    twin = dict(rows[4])
    rows.append(twin | {"_irow": len(rows) + 1, "name1": f"{twin['name1']}, Inc.", "street1": str(twin["street1"]).replace("Street", "St")})
    return {"page": 1, "totalPages": 1, "recordCount": len(rows), "note": NOTE, "rows": rows}


def _treatment_row(number: int, kind: str, name: str, at: Frontage, settings: str, medicines: str, rng: np.random.Generator) -> dict[str, Any]:
    lon, lat = at.lonlat
    care = {"mh": "Mental health treatment", "hh": "Transitional housing, halfway house, or sober home", "buprenorphine": ""}.get(kind, "Substance use treatment")
    if kind == "res":
        care += "; Detoxification; Transitional housing, halfway house, or sober home"
    if kind == "sa" and number % 3 == 0:
        care += "; Treatment for co-occurring substance use plus either serious mental health illness in adults/serious emotional disturbance in children"
    services = [("Type of Care", "TC", care), ("Service Setting (e.g., Outpatient, Residential, etc.)", "SET", settings)]
    if kind == "otp":
        services.append(("Opioid Treatment Programs", "OTP", "SAMHSA certification for opioid treatment program (OTP); Federally-certified Opioid Treatment Program"))
    if kind == "dui":
        services.append(("Exclusive Services", "DUO", "Serves only DUI/DWI clients"))
    services += [("Type of Opioid Treatment", "OT", "; ".join(_MEDICINES[m] for m in medicines.split()))] if medicines else []
    pay = ["Cash or self-payment", "Medicaid", "Medicare", "State-financed health insurance plan other than Medicaid", "Private health insurance"]
    services.append(("Payment/Insurance/Funding Accepted", "PAY", "; ".join(pay[: chance.whole(rng, 2, 5)])))
    if chance.chance(rng, 0.5):
        services.append(("Payment Assistance Available", "PYAS", "Sliding fee scale (fee is based on income and other factors)"))
    if chance.chance(rng, 0.3):
        services.append(("Language Services", "SL", "Spanish"))
    services.append(("Age Groups Accepted", "AGE", "Young adults; Adults"))
    services.append(("Gender Accepted", "SEX", chance.pick(rng, ("Female; Male", "Female; Male", "Female", "Male")) if kind in ("hh", "res") else "Female; Male"))
    return {
        "_irow": number,
        "name1": name,
        "name2": "Fictional",
        "street1": at.address,
        "street2": None,
        "city": at.city,
        "state": STATE,
        "zip": at.postcode,
        "phone": phone(number),
        "typeFacility": {"mh": "MH", "buprenorphine": "BUPREN"}.get(kind, "SA"),
        "intake1": None,
        "hotline1": None,
        "website": f"https://care{number}.example.org",
        "latitude": f"{lat:.7f}",
        "longitude": f"{lon:.7f}",
        "miles": round(0.1 * number, 1),
        "services": [{"f1": f1, "f2": f2, "f3": f3} for f1, f2, f3 in services if f3],
    }


# ---------------------------------------------------------------- health centres (HRSA)

HRSA_HEADER = (
    "Health Center Type,Health Center Number,BHCMIS Organization Identification Number,BPHC Assigned Number,Site Name,Site Address,Site City,"
    "Site State Abbreviation,Site Postal Code,Site Telephone Number,Site Web Address,Operating Hours per Week,"
    "Health Center Location Setting Identification Number,Health Center Service Delivery Site Location Setting Description,"
    "Health Center Status Identification Number,Site Status Description,FQHC Site Medicare Billing Number,FQHC Site NPI Number,"
    "Health Center Location Identification Number,Health Center Location Type Description,Health Center Type Identification Number,"
    "Health Center Type Description,Health Center Operator Identification Number,Health Center Operator Description,"
    "Health Center Operating Schedule Identification Number,Health Center Operational Schedule Description,"
    "Health Center Operating Calendar Surrogate Key,Health Center Operating Calendar,Site Added to Scope this Date,Health Center Name,"
    "Health Center Organization Street Address,Health Center Organization City,Health Center Organization State,Health Center Organization ZIP Code,"
    "Grantee Organization Type Description,Geocoding Artifact Address Primary X Coordinate,Geocoding Artifact Address Primary Y Coordinate,"
    "U.S. - Mexico Border 100 Kilometer Indicator,U.S. - Mexico Border County Indicator,State and County Federal Information Processing Standard Code,"
    "Complete County Name,County Equivalent Name,County Description,HHS Region Code,HHS Region Name,State FIPS Code,State Name,"
    "State FIPS and Congressional District Number Code,Congressional District Number,Congressional District Name,Congressional District Code,"
    "U.S. Congressional Representative Name,Name of U.S. Senator Number One,Name of U.S. Senator Number Two,Data Warehouse Record Create Date,"
).split(",")  # fmt: skip
_HRSA_SITES = (
    # name, place near (metres), hours a week, status, location type, site type
    ("Landing Community Health Center", (250, 300), "60.00", "Active", "Permanent", "Service Delivery Site"),
    ("Weavers Row Health Center", (-2000, 400), "50.00", "Active", "Permanent", "Service Delivery Site"),
    ("Granger Family Health", (-2300, -1300), "45.00", "Active", "Permanent", "Service Delivery Site"),
    ("Linden Park Clinic", (-4300, 1100), "40.00", "Active", "Permanent", "Service Delivery Site"),
    ("Farbank Neighborhood Clinic", (2300, 250), "24.00", "Active", "Permanent", "Service Delivery Site"),
    ("Northgate School Health", (-1300, 4700), "20.00", "Active", "Seasonal", "Service Delivery Site"),
    ("Drumfold Rural Health", (-11200, 7950), "16.00", "Active", "Permanent", "Service Delivery Site"),
    ("Tallowmere Mobile Health Van", (150, -100), "30.00", "Active", "Mobile Van", "Service Delivery Site"),
    ("Tallowmere Health Administration", (50, -60), "40.00", "Active", "Permanent", "Administrative"),
    ("Old Quarry Clinic", (5000, 900), "40.00", "Inactive", "Permanent", "Service Delivery Site"),
)


def hrsa(addresses: Addresses) -> list[list[str]]:
    """Return the rows of the health centre site file, in the order of its header."""
    return [_hrsa_row(k, addresses.near(*site[1]), site) for k, site in enumerate(_HRSA_SITES)]


def _hrsa_row(k: int, at: Frontage, site: tuple[str, tuple[int, int], str, str, str, str]) -> list[str]:
    name, _, hours, status, location, kind = site
    lon, lat = at.lonlat
    values = {
        "Health Center Type": "Federally Qualified Health Center (FQHC)", "Health Center Number": "H80CS99999", "BPHC Assigned Number": f"BPS-H80-99{k:04d}",
        "BHCMIS Organization Identification Number": "999999", "Site Name": f"{name} (fictional)", "Site Address": at.address, "Site City": at.city,
        "Site State Abbreviation": STATE, "Site Postal Code": at.postcode, "Site Telephone Number": phone(60 + k), "Site Web Address": "https://health.example.org",
        "Operating Hours per Week": hours, "Health Center Service Delivery Site Location Setting Description": "All Other Clinic Types",
        "Health Center Status Identification Number": "1" if status == "Active" else "2", "Site Status Description": status,
        "Health Center Location Type Description": location, "Health Center Type Description": kind,
        "Health Center Operator Description": "Health Center/Applicant", "Health Center Operational Schedule Description": "Full-Time",
        "Health Center Operating Calendar": "Year-Round", "Site Added to Scope this Date": "01/01/2020",
        "Health Center Name": "TALLOWMERE HEALTH, INC. (FICTIONAL)", "Grantee Organization Type Description": "Corporate Entity, Federal Tax Exempt",
        "Geocoding Artifact Address Primary X Coordinate": f"{lon:.8f}", "Geocoding Artifact Address Primary Y Coordinate": f"{lat:.8f}",
        "U.S. - Mexico Border 100 Kilometer Indicator": "N", "U.S. - Mexico Border County Indicator": "N",
        "State and County Federal Information Processing Standard Code": STATE_FIPS + COUNTY_FIPS, "Complete County Name": COUNTY,
        "State FIPS Code": STATE_FIPS, "State Name": STATE_NAME, "Data Warehouse Record Create Date": "01/01/2026",
    }  # fmt: skip
    return [values.get(column, "") for column in HRSA_HEADER]


# ---------------------------------------------------------------- recovery residences

RESIDENCE_HEADER = ("id", "name", "address", "city", "state", "zip", "lat", "lon", "location_precision", "operator", "beds", "open_beds", "genders",
                    "children", "weekly_rent_usd", "certification_level", "certified", "accepts_moud", "house_rules", "curfew", "phone", "url",
                    "verified_on")  # fmt: skip
RESIDENCES = 68
_HOUSES = {
    "Farbank": 15, "Kiln Quarter": 12, "Ferry Hill": 7, "Weavers Row": 7, "Granger Flats": 7, "Foundry Ward": 4, "Copperwell": 5, "Southport": 3,
    "Creekside": 2, "Wickett Heights": 2, "Linden Park": 1, "Saltbrook": 1, "Drumfold": 1, "Pellorchard": 1,
}  # fmt: skip
"""Houses stand where rent is low, much of it across the river from the clinics."""
_OPERATORS = ("Threshold Homes", "Footbridge Living", "Long Table Houses", "Upstream Recovery Residences", "Independent")
_RULES = ("Two house meetings a week; chores; no guests overnight", "Five meetings a week for the first month; sign out in the evening",
          "House meeting on Sunday; random testing; quiet after 22:00", "Work, school or volunteering 30 hours a week; weekly house meeting")  # fmt: skip


def residences(addresses: Addresses) -> list[list[Any]]:
    """Return recovery residences, in the order of their header."""
    rng = chance.stream("residences")
    rows = []
    for area, count in _HOUSES.items():
        for at in addresses.many(rng, count, lambda f, area=area: float(f.area == area and f.highway == "residential")):  # type: ignore[misc]
            rows.append(_residence(len(rows) + 1, at, rng))
    return rows


def _residence(number: int, at: Frontage, rng: np.random.Generator) -> list[Any]:
    lon, lat = at.lonlat
    beds = chance.whole(rng, 5, 14)
    precision = chance.weighted(rng, ("rooftop", "street", "approximate"), (7, 2, 1))
    if precision == "approximate":  # published to about a kilometre, as some lists do
        lon, lat = round(lon, 2), round(lat, 2)
    level = chance.weighted(rng, ("1", "2", "3", "4"), (3, 5, 3, 1))
    certified = chance.chance(rng, 0.7)
    genders = chance.weighted(rng, ("men", "women", "all"), (6, 4, 1))
    rent = 5 * chance.whole(rng, 22, 38) + (35 if SERVED[at.area] > 2 else 0)
    curfew = chance.pick(rng, ("22:00", "22:30", "23:00", "23:00", "21:00", ""))
    operator = chance.pick(rng, _OPERATORS)
    open_beds = chance.weighted(rng, (0, 1, 2, 3), (4, 4, 2, 1))
    return [
        f"RR-{number:03d}", f"{at.street.split()[0]} House {number} (fictional)", at.address if precision != "approximate" else "", at.city, STATE, at.postcode,
        f"{lat:.7f}" if precision != "approximate" else f"{lat:.2f}", f"{lon:.7f}" if precision != "approximate" else f"{lon:.2f}", precision, operator,
        beds, open_beds, genders, "yes" if genders == "women" and chance.chance(rng, 0.35) else "no", rent, level if certified else "",
        "yes" if certified else "no", "yes" if chance.chance(rng, 0.72) else "no", chance.pick(rng, _RULES), curfew, phone(number),
        f"https://houses.example.com/{number}", f"2026-{1 + number % 6:02d}-{1 + number % 28:02d}",
    ]  # fmt: skip


# ---------------------------------------------------------------- social services (HSDS 3.0)


@dataclass(frozen=True)
class _Service:
    """A kind of social service: its taxonomy term, how many, its name and hours."""

    term: str
    count: int
    name: str
    description: str
    hours: tuple[tuple[str, str, str], ...]
    power: float = 0.8


_OFFICE = (("MO,TU,WE,TH,FR", "09:00", "17:00"),)
_SERVICES = (
    _Service("Food Pantry", 11, "{} Food Pantry", "Groceries free of charge.", (("TU,TH", "10:00", "14:00"), ("SA", "09:00", "12:00"))),
    _Service("Soup Kitchen", 4, "{} Kitchen Table", "A hot meal, no questions asked.", (("MO,TU,WE,TH,FR,SA,SU", "11:30", "13:30"),)),
    _Service("Clothing", 4, "{} Clothing Closet", "Clothes and household goods.", (("WE,SA", "10:00", "15:00"),)),
    _Service("Recovery Community Center", 4, "{} Recovery Community Center", "A place to be, with classes and coaching.",
             (("MO,TU,WE,TH,FR", "09:00", "21:00"), ("SA,SU", "10:00", "18:00"))),
    _Service("Peer Support", 8, "{} Peer Coaching", "Recovery coaches with lived experience.", (("MO,TU,WE,TH,FR", "10:00", "19:00"),)),
    _Service("Job Search and Placement", 6, "{} Job Center", "Résumé help, training and job leads.", _OFFICE),
    _Service("Adult Education", 6, "{} Learning Center", "GED classes and computer basics.", (("MO,TU,WE,TH", "09:00", "20:00"),)),
    _Service("Child Care", 10, "{} Child Care", "Child care on a sliding scale.", (("MO,TU,WE,TH,FR", "06:30", "18:00"),), 0.4),
    _Service("Harm Reduction", 4, "{} Harm Reduction", "Naloxone, test strips and syringe services.", (("MO,WE,FR", "12:00", "18:00"),), 1.3),
    _Service("Volunteer Opportunities", 6, "{} Volunteers", "Help others for a few hours a week.", _OFFICE),
    _Service("Transitional Housing", 3, "{} Transitional Housing", "Rooms for up to two years.", _OFFICE),
    _Service("Domestic Violence Shelter", 2, "{} Safe House", "Emergency shelter. The address is confidential.", (("MO,TU,WE,TH,FR,SA,SU", "00:00", "23:59"),)),
)  # fmt: skip


def hsds(addresses: Addresses) -> list[dict[str, Any]]:
    """Return services in the full form of HSDS 3.0, each with its places and hours."""
    rng = chance.stream("social services")
    words = chance.shuffled(rng, _WORDS) * 4
    rows: list[dict[str, Any]] = []
    for kind in _SERVICES:
        for at in addresses.many(rng, kind.count, by_supply(kind.power, 3)):
            rows.append(_hsds_row(len(rows) + 1, kind, words[len(rows)], at, rng))
    return rows


def _hsds_row(number: int, kind: _Service, word: str, at: Frontage, rng: np.random.Generator) -> dict[str, Any]:
    def key(part: str) -> str:
        """Return an identifier in UUID form."""
        return f"00000000-0000-4000-8000-{('slotpa'.index(part)):02d}{number:010d}"

    lon, lat = at.lonlat
    secret = kind.term == "Domestic Violence Shelter"
    name = f"{kind.name.format(word)} (fictional)"
    organisation = f"{word} Services (fictional)"
    schedules = [
        {"id": f"{key('t')[:-2]}{k:02d}", "freq": "WEEKLY", "interval": 1, "wkst": "MO", "byday": days, "opens_at": f"{opens}:00", "closes_at": f"{closes}:00",
         "timezone": -7, "dtstart": "2026-01-01"}
        for k, (days, opens, closes) in enumerate(kind.hours)
    ]  # fmt: skip
    location = {
        "id": key("l"),
        "location_type": "physical",
        "name": "Confidential location" if secret else name,
        "description": "Confidential: never publish this address." if secret else NOTE,
        "latitude": lat,
        "longitude": lon,
        "addresses": [
            {"id": key("a"), "address_1": "Address confidential" if secret else at.address, "city": at.city, "state_province": STATE,
             "postal_code": at.postcode, "country": "US", "address_type": "physical"}
        ],
        "accessibility": [{"id": key("p"), "description": "Step-free entrance"}] if chance.chance(rng, 0.6) else [],
        "languages": [{"id": key("t"), "name": "Spanish", "code": "es"}] if chance.chance(rng, 0.3) else [],
    }  # fmt: skip
    return {
        "id": key("s"),
        "name": name,
        "description": f"{kind.description} {NOTE}",
        "url": f"https://services.example.org/{number}",
        "status": "inactive" if number == 9 else "active",
        "fees_description": "Sliding scale" if "Child" in kind.term else "Free",
        "eligibility_description": "Open to all",
        "minimum_age": 18 if kind.term in ("Peer Support", "Harm Reduction", "Transitional Housing") else None,
        "alert": "Address confidential; call first." if secret else None,
        "last_modified": f"2026-{1 + number % 6:02d}-15T12:00:00Z",
        "phones": [{"id": key("p"), "number": phone(number + 20), "type": "voice"}],
        "schedules": schedules,
        "languages": [{"id": key("l"), "name": "English", "code": "en"}],
        "attributes": [
            {"id": key("t"), "link_entity": "service", "taxonomy_term": {"id": key("t"), "code": kind.term.upper().replace(" ", "-"), "name": kind.term, "taxonomy": "Open Eligibility"}}
        ],
        "organization": {"id": key("o"), "name": organisation, "description": NOTE, "website": "https://services.example.org"},
        "service_at_locations": [{"id": key("o"), "description": "", "schedules": schedules, "location": location}],
    }  # fmt: skip
