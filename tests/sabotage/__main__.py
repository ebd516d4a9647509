"""Shows that the suite can fail: `python -m tests.sabotage [name]`.

Each leak of `leaks.py` is planted alone in a temporary copy of the tree, and the tests that it
names must go red there. Ends with 1 if a leak is not noticed or can no longer be planted.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests import services

from .leaks import LEAKS

ROOT = Path(__file__).resolve().parents[2]
NOTICED, PASSED = 1, 0


def main(wanted):
    leaks = [leak for leak in LEAKS if wanted in leak.name]
    with tempfile.TemporaryDirectory(prefix="afori-sabotage-") as folder:
        tree = copy_of_the_tree(Path(folder) / "tree")
        whole = outcome(tree, sorted({leak.tests for leak in leaks}))
        if whole != PASSED:
            sys.exit("The tests are not green before anything is planted.")
        missed = [leak.name for leak in leaks if not is_noticed(tree, leak)]
    return bool(missed)


def copy_of_the_tree(tree):
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    compiled = [str(path.relative_to(ROOT)) for path in ROOT.glob("locale/*/LC_MESSAGES/*.mo")]
    for name in [*filter(None, listed.stdout.split("\0")), *compiled]:
        if (ROOT / name).is_file():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, tree / name)
    return tree


def is_noticed(tree, leak):
    path = tree / leak.file
    whole = path.read_text()
    if whole.count(leak.passage) != 1:
        print(f"{leak.name:42} cannot be planted", flush=True)
        return False
    path.write_text(whole.replace(leak.passage, leak.planted))
    noticed = outcome(tree, [leak.tests]) == NOTICED
    path.write_text(whole)
    print(f"{leak.name:42} {'noticed' if noticed else 'NOT NOTICED'}", flush=True)
    return noticed


def outcome(tree, tests):
    """How pytest ends: 1 where a test failed, and not where it could not even begin."""
    command = [sys.executable, "-m", "pytest", "-n0", "-q", "-x", "--create-db", *tests]
    run = subprocess.run(command, cwd=tree, capture_output=True, text=True)
    if run.returncode not in (NOTICED, PASSED):
        print(run.stdout[-2000:], run.stderr[-2000:])
    return run.returncode


if __name__ == "__main__":
    services.pytest_load_initial_conftests()
    try:
        code = main(" ".join(sys.argv[1:]))
    finally:
        services.at_exit.close()
    sys.exit(code)
