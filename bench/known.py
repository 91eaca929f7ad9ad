"""Print what it earns to remember how a person's mails end: 12 people, 8 mails each, in order.

    python bench/known.py [--show]

Each mail is read with what the earlier ones taught, and without; ``--show`` prints the words that
are wrong in each.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.corpus.remembering import scored  # noqa: E402


def main() -> None:
    """Measure, and print the table."""
    print(f"{'':<24}{'perfect %':>10}{'clean %':>9}{'loss %':>8}")
    both = {"without": list(scored(told=False)), "with what was learnt": list(scored(told=True))}
    for label, found in both.items():
        share = 100 / len(found)
        perfect = share * sum(one.perfect for _, one in found)
        clean = share * sum(one.clean for _, one in found)
        loss = share * sum(bool(one.lost) for _, one in found)
        print(f"{label:<24}{perfect:>10.1f}{clean:>9.1f}{loss:>8.1f}")
        for case, one in found if "--show" in sys.argv else ():
            if not one.perfect:
                print("   ", case.name, "lost", [*one.lost], "left", [*one.signature, *one.leaked])
    print(f"{len(both['without'])} mails.")


main()
