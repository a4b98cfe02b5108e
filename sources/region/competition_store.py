"""Who competes for beds and jobs, counted when a region is built: for one set of parameters, named by its hash."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.score.parameters import Parameters
from geo.score.support import prepare
from geo.travel.network import Network
from sources.formats.store import read_arrays, write_arrays

FOLDER = "competition"
_HASH = "parameters_hash"


def write_competition(
    folder: Path,
    network: Network,
    resources: pd.DataFrame,
    sessions: pd.DataFrame,
    zones: pd.DataFrame,
    parameters: Parameters,
) -> None:
    """Write the competitors of each rival class into a region's folder."""
    rivals = prepare(network, resources, sessions, zones, parameters, region_hash="").rivals
    arrays = {name: one.competitors for name, one in rivals.items()}
    write_arrays(folder / FOLDER, arrays | {_HASH: np.asarray(parameters.hash)})


def read_competition(folder: Path, parameters: Parameters) -> dict[str, npt.NDArray[Any]] | None:
    """Return them by class name; None where the region holds none for these parameters."""
    arrays = read_arrays(folder / FOLDER)
    return arrays if str(arrays.pop(_HASH, "")) == parameters.hash else None
