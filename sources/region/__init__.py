"""Regions on disk: what a region is, and how it is built, opened, checked and removed."""

from sources.region.folders import data_folder, region_folder
from sources.region.inputs import RegionInputs
from sources.region.manage import (
    build_demo,
    build_region,
    check_region,
    list_regions,
    open_region,
    region_facts,
    remove_region,
    unreadable_regions,
)
from sources.region.model import Region, RegionFacts, support_for

__all__ = [
    "Region", "RegionFacts", "RegionInputs", "build_demo", "build_region", "check_region", "data_folder",
    "list_regions", "open_region", "region_facts", "region_folder", "remove_region", "support_for",
    "unreadable_regions",
]  # fmt: skip
