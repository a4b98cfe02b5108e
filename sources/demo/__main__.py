"""Write the demo county's files and their digests into a folder: `python -m sources.demo data/demo`."""

import json
import sys
from pathlib import Path

from sources.demo import generate

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    (folder / "digests.json").write_text(json.dumps(generate(folder), indent=1) + "\n")
