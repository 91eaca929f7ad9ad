"""Is something known against a release we pin? Asked of an advisory service, if one can be reached.

Three answers, and none of them is silence: what is known, which fails; that nothing is; or that
nobody could be asked, or not about everything, which fails nothing and is said. The trap: a
mirror of packages answers "not found" to every question about advisories, and the tool then ends
well with all of them skipped. What was skipped is not what was found clean.

Advisories that are known and do not touch us are named in pyproject.toml, each with its reason.
"""

import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
_FILE = ROOT / "constraints" / "dev.txt"
_SECONDS = 180
_ASK = (
    "-m", "pip_audit", "--requirement", str(_FILE), "--require-hashes", "--disable-pip",
    "--format", "json", "--progress-spinner", "off", "--timeout", "10",
)  # fmt: skip


def judge(told: str, accepted: dict[str, str]) -> tuple[int, str]:
    """Return the exit code and the sentence for what pip-audit told, as JSON or not at all."""
    try:
        listed = json.loads(told)["dependencies"]
        found: list[dict[str, Any]] = [one for one in listed or () if isinstance(one, dict)]
    except (ValueError, KeyError, TypeError):
        found = []
    asked = [one for one in found if "skip_reason" not in one]
    if not asked:
        return 0, "audit: NOT DONE: no advisory service could be reached, so nothing is known."
    against = [
        f"audit: {one['name']} {one['version']}: {known['id']} {_mended(known)}"
        for one in asked
        for known in one.get("vulns", ())
        if not accepted.keys() & {known["id"], *known.get("aliases", ())}
    ]
    if against:
        return 1, "\n".join(against)
    skipped = sorted(one["name"] for one in found if "skip_reason" in one)
    but = f" NOT ASKED about {len(skipped)}: {', '.join(skipped)}." if skipped else ""
    return 0, f"audit: nothing is known against {len(asked)} releases.{but}"


def _mended(known: dict[str, Any]) -> str:
    versions = known.get("fix_versions") or []
    return f"(mended in {', '.join(versions)}: make lock)" if versions else "(no release mends it)"


def main() -> int:
    """Ask and tell."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    accepted = settings["tool"]["rejoinder"]["accepted-advisories"]
    try:
        asked = subprocess.run(
            [sys.executable, *_ASK], capture_output=True, text=True, timeout=_SECONDS, check=False
        )
        told = asked.stdout
    except subprocess.TimeoutExpired:
        told = ""
    code, sentence = judge(told, accepted)
    print(sentence)
    return code


if __name__ == "__main__":
    sys.exit(main())
