"""Files of the funder's page: what they are called."""

import datetime
from types import SimpleNamespace
from typing import Any, cast

from screens.funder import files
from screens.funder.questions import Question


def test_a_file_s_name_tells_what_it_is() -> None:
    question = Question("no-car", "methadone", datetime.date(2026, 1, 7), "class_opioid_treatment_program", 40, "place")
    region = SimpleNamespace(facts=SimpleNamespace(name="demo"))
    asked = cast("Any", SimpleNamespace(region=region, question=question))
    names = {kind: files.file_name(asked, kind) for kind in files.TYPES}
    assert names["slide"] == "demo-opioid-treatment-program-no-car-methadone-2026-01-07-slide.png"
    assert names["png"].endswith("-2026-01-07-map.png")
    assert names["areas"].endswith("-areas.parquet")
    assert len(set(names.values())) == len(names) == len(files.TYPES)
