"""How units are run: an engine takes them and yields what came of each as it is done, in whatever order.

An engine is a function, so that another one is another function. A unit that fails, or whose process dies, is tried
again as often as the settings say, and its outcome tells what went wrong; the others go on.
"""

from geo.errors import InputError
from sources.many_regions.outcomes import Engine, EngineSettings

ENGINES = ("local", "dask")


def engine_called(name: str, settings: EngineSettings) -> Engine:
    """Return the engine of a name.

    Raises
    ------
    InputError
        There is none of that name, or the settings aren't for it.
    """
    if name not in ENGINES:
        raise InputError(f"An engine is {' or '.join(ENGINES)}, not {name!r}.")
    if name == "dask":
        from sources.many_regions.dask_engine import run_on_cluster

        if settings.scheduler is None:
            raise InputError(
                "The engine dask needs --scheduler with the address that `dask scheduler` prints, like "
                "tcp://127.0.0.1:8786."
            )
        return run_on_cluster
    from sources.many_regions.local_engine import run_here

    if settings.scheduler is not None:
        raise InputError("--scheduler is for --engine dask; the local engine runs on this machine alone.")
    return run_here
