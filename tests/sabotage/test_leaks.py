"""The planted leaks fit the code. Whether they are noticed, `python -m tests.sabotage` says."""

from pathlib import Path

import pytest

from .leaks import LEAKS

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("leak", LEAKS, ids=[leak.name for leak in LEAKS])
def test_can_be_planted(leak):
    assert (ROOT / leak.file).read_text().count(leak.passage) == 1
    file, _colons, name = leak.tests.partition("::")
    assert f"def {name.partition('[')[0]}(" in (ROOT / file).read_text()
