"""Treatment programs and health centers, in FindTreatment.gov's and HRSA's own forms."""

from typing import Any

import numpy as np

from sources.demo import chance
from sources.demo.frontage import Frontage
from sources.demo.invented import NAMES, phone
from sources.demo.places import Addresses, by_supply
from sources.demo.plan import COUNTY, COUNTY_FIPS, NOTE, STATE, STATE_FIPS, STATE_NAME

_TREATMENT = (
    # kind, how many, settings, medicines, names
    ("otp", 3,
        "Outpatient; Outpatient methadone/buprenorphine or naltrexone treatment; Regular outpatient treatment",
        "MM BU", "{} Opioid Treatment Program"),
    ("sa", 9, "Outpatient; Intensive outpatient treatment; Regular outpatient treatment", "NU",
        "{} Outpatient Recovery"),
    ("bu", 7, "Outpatient; Outpatient methadone/buprenorphine or naltrexone treatment", "BU NU", "{} Medical Group"),
    ("res", 3, "Residential/24-hour residential; Long-term residential; Short-term residential", "BU",
        "{} Residential Center"),
    ("mh", 8, "Outpatient", "", "{} Behavioral Health"),
    ("hh", 6, "Residential/24-hour residential", "", "{} Halfway House"),
    ("buprenorphine", 6, "", "BU", "Dr. {} Example, M.D."),
    ("dui", 1, "Outpatient", "", "{} Impaired Driver School"),
)  # fmt: skip
_MEDICINES = {
    "BU": "Buprenorphine used in Treatment",
    "NU": "Naltrexone used in Treatment",
    "MM": "Methadone used in Treatment; Methadone maintenance",
}
_FIRST_NAMES = ("Avery", "Blair", "Casey", "Devon", "Emery", "Frankie")


def findtreatment(addresses: Addresses) -> dict[str, Any]:
    """Return one page of the locator's JSON export."""
    rng = chance.stream("treatment")
    words = chance.shuffled(rng, NAMES) * 2
    rows: list[dict[str, Any]] = []
    for kind, count, settings, medicines, names in _TREATMENT:
        sites = addresses.many(rng, count, by_supply(1.0 if kind != "otp" else 1.6, 5))
        for n, at in enumerate(sites):
            word = _FIRST_NAMES[n % 6] if kind == "buprenorphine" else words[len(rows)]
            rows.append(_treatment_row(len(rows) + 1, kind, names.format(word), at, settings, medicines, rng))
    twin = dict(rows[4])
    rows.append(
        twin
        | {
            "_irow": len(rows) + 1,
            "name1": f"{twin['name1']}, Inc.",
            "street1": str(twin["street1"]).replace("Street", "St"),
        }
    )
    return {"page": 1, "totalPages": 1, "recordCount": len(rows), "note": NOTE, "rows": rows}


def _treatment_row(
    number: int, kind: str, name: str, at: Frontage, settings: str, medicines: str, rng: np.random.Generator
) -> dict[str, Any]:
    lon, lat = at.lonlat
    care = {
        "mh": "Mental health treatment",
        "hh": "Transitional housing, halfway house, or sober home",
        "buprenorphine": "",
    }.get(kind, "Substance use treatment")
    if kind == "res":
        care += "; Detoxification; Transitional housing, halfway house, or sober home"
    if kind == "sa" and number % 3 == 0:
        care += "; Treatment for co-occurring substance use plus either serious mental health illness in adults/"
        care += "serious emotional disturbance in children"
    services = [
        ("Type of Care", "TC", care),
        ("Service Setting (e.g., Outpatient, Residential, etc.)", "SET", settings),
    ]
    if kind == "otp":
        services.append(
            (
                "Opioid Treatment Programs",
                "OTP",
                "SAMHSA certification for opioid treatment program (OTP); Federally-certified Opioid Treatment Program",
            )
        )
    if kind == "dui":
        services.append(("Exclusive Services", "DUO", "Serves only DUI/DWI clients"))
    services += (
        [("Type of Opioid Treatment", "OT", "; ".join(_MEDICINES[m] for m in medicines.split()))] if medicines else []
    )
    pay = [
        "Cash or self-payment",
        "Medicaid",
        "Medicare",
        "State-financed health insurance plan other than Medicaid",
        "Private health insurance",
    ]
    services.append(("Payment/Insurance/Funding Accepted", "PAY", "; ".join(pay[: chance.whole(rng, 2, 5)])))
    if chance.chance(rng, 0.5):
        services.append(
            ("Payment Assistance Available", "PYAS", "Sliding fee scale (fee is based on income and other factors)")
        )
    if chance.chance(rng, 0.3):
        services.append(("Language Services", "SL", "Spanish"))
    services.append(("Age Groups Accepted", "AGE", "Young adults; Adults"))
    services.append(
        (
            "Gender Accepted",
            "SEX",
            chance.pick(rng, ("Female; Male", "Female; Male", "Female", "Male"))
            if kind in ("hh", "res")
            else "Female; Male",
        )
    )
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


HRSA_HEADER = [
    "Health Center Type",
    "Health Center Number",
    "BHCMIS Organization Identification Number",
    "BPHC Assigned Number",
    "Site Name",
    "Site Address",
    "Site City",
    "Site State Abbreviation",
    "Site Postal Code",
    "Site Telephone Number",
    "Site Web Address",
    "Operating Hours per Week",
    "Health Center Location Setting Identification Number",
    "Health Center Service Delivery Site Location Setting Description",
    "Health Center Status Identification Number",
    "Site Status Description",
    "FQHC Site Medicare Billing Number",
    "FQHC Site NPI Number",
    "Health Center Location Identification Number",
    "Health Center Location Type Description",
    "Health Center Type Identification Number",
    "Health Center Type Description",
    "Health Center Operator Identification Number",
    "Health Center Operator Description",
    "Health Center Operating Schedule Identification Number",
    "Health Center Operational Schedule Description",
    "Health Center Operating Calendar Surrogate Key",
    "Health Center Operating Calendar",
    "Site Added to Scope this Date",
    "Health Center Name",
    "Health Center Organization Street Address",
    "Health Center Organization City",
    "Health Center Organization State",
    "Health Center Organization ZIP Code",
    "Grantee Organization Type Description",
    "Geocoding Artifact Address Primary X Coordinate",
    "Geocoding Artifact Address Primary Y Coordinate",
    "U.S. - Mexico Border 100 Kilometer Indicator",
    "U.S. - Mexico Border County Indicator",
    "State and County Federal Information Processing Standard Code",
    "Complete County Name",
    "County Equivalent Name",
    "County Description",
    "HHS Region Code",
    "HHS Region Name",
    "State FIPS Code",
    "State Name",
    "State FIPS and Congressional District Number Code",
    "Congressional District Number",
    "Congressional District Name",
    "Congressional District Code",
    "U.S. Congressional Representative Name",
    "Name of U.S. Senator Number One",
    "Name of U.S. Senator Number Two",
    "Data Warehouse Record Create Date",
    "",
]  # fmt: skip
_HRSA_SITES = (
    # name, place near (meters), hours a week, status, location type, site type
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
    """Return the rows of the health center site file, in the order of its header."""
    return [_hrsa_row(k, addresses.near(*site[1]), site) for k, site in enumerate(_HRSA_SITES)]


def _hrsa_row(k: int, at: Frontage, site: tuple[str, tuple[int, int], str, str, str, str]) -> list[str]:
    name, _, hours, status, location, kind = site
    lon, lat = at.lonlat
    values = {
        "Health Center Type": "Federally Qualified Health Center (FQHC)", "Health Center Number": "H80CS99999",
            "BPHC Assigned Number": f"BPS-H80-99{k:04d}",
        "BHCMIS Organization Identification Number": "999999", "Site Name": f"{name} (fictional)",
            "Site Address": at.address, "Site City": at.city,
        "Site State Abbreviation": STATE, "Site Postal Code": at.postcode, "Site Telephone Number": phone(60 + k),
            "Site Web Address": "https://health.example.org",
        "Operating Hours per Week": hours,
            "Health Center Service Delivery Site Location Setting Description": "All Other Clinic Types",
        "Health Center Status Identification Number": "1" if status == "Active" else "2",
            "Site Status Description": status,
        "Health Center Location Type Description": location, "Health Center Type Description": kind,
        "Health Center Operator Description": "Health Center/Applicant",
            "Health Center Operational Schedule Description": "Full-Time",
        "Health Center Operating Calendar": "Year-Round", "Site Added to Scope this Date": "01/01/2020",
        "Health Center Name": "TALLOWMERE HEALTH, INC. (FICTIONAL)",
            "Grantee Organization Type Description": "Corporate Entity, Federal Tax Exempt",
        "Geocoding Artifact Address Primary X Coordinate": f"{lon:.8f}",
            "Geocoding Artifact Address Primary Y Coordinate": f"{lat:.8f}",
        "U.S. - Mexico Border 100 Kilometer Indicator": "N", "U.S. - Mexico Border County Indicator": "N",
        "State and County Federal Information Processing Standard Code": STATE_FIPS + COUNTY_FIPS,
            "Complete County Name": COUNTY,
        "State FIPS Code": STATE_FIPS, "State Name": STATE_NAME, "Data Warehouse Record Create Date": "01/01/2026",
    }  # fmt: skip
    return [values.get(column, "") for column in HRSA_HEADER]
