"""Runs every benchmark of this folder and prints one table (`make bench`)."""

import pkgutil
import sys
from importlib import import_module

import tests.bench


def main(wanted: list[str]) -> None:
    """All of them, or those named."""
    for found in pkgutil.iter_modules(tests.bench.__path__):
        if found.name == "__main__" or (wanted and found.name not in wanted):
            continue
        module = import_module(f"tests.bench.{found.name}")
        for what, value, ratio in module.run() if hasattr(module, "run") else ():
            print(f"{what:<58} {value:<36} {ratio}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
