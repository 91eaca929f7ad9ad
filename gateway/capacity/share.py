"""What may one way in take of what the process has? Descriptors, and memory with the others."""

import sys
from dataclasses import dataclass, field

from core.memory_budget import MemoryBudget


@dataclass(frozen=True, slots=True)
class Share:
    """What a way in may take. By itself it may take all.

    ``connections``: how many at most; ``ceiling``: the number of a descriptor at which nobody is
    let in any more; ``memory``: the account of all ways in.
    """

    connections: int = sys.maxsize
    ceiling: int = sys.maxsize
    memory: MemoryBudget = field(default_factory=MemoryBudget)
