"""A module that is imported when it is first used, or not at all: for what few processes need.

``serve`` keeps tens of megabytes for as long as it lives; what only a command on a terminal or
the first webhook needs is not among them.
"""

import importlib.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType


def lazy_import(name: str) -> ModuleType:
    """Return a module that loads itself at the first look into it. Raise ImportError if unknown."""
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.find_spec(name)
    if spec is None or spec.loader is None:
        raise ImportError(name)
    loader = importlib.util.LazyLoader(spec.loader)
    spec.loader = loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    loader.exec_module(module)
    return module


@contextmanager
def without(name: str) -> Iterator[None]:
    """Let what is imported here find that a library is not installed: one it can do without."""
    there = sys.modules.get(name)
    sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[name]
        if there is not None:
            sys.modules[name] = there
