"""Builds the demo and asks it a few questions, so that the loops behind them are compiled before the tests begin."""

import os
import tempfile


def main() -> None:
    """Compile what is asked for most; what only a few tests need, they compile."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["RECOVERY_REACH_HOME"] = folder
        from screens.shared import regions
        from sources.region import build_demo

        build_demo()
        regions.warm("demo")


if __name__ == "__main__":
    main()
