"""Writers that are killed while they save: no batch is torn, none that was reported is lost, the trail is whole."""

from benchmarks.vault import drill


def test_four_writers_killed_again_and_again(tmp_path):
    """`python -m benchmarks.vault drill` does the same with a thousand batches."""
    result = drill(tmp_path, batches=12)
    assert result.reported >= 12
    assert (result.torn, result.lost, result.trail_is_whole) == (0, 0, True)
    assert result.saved >= result.reported
