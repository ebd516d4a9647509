"""The server and the browser count words alike."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from afori.common.words import count_words

TABLE = [
    ("", 0),
    ("   \n\t ", 0),
    ("ett", 1),
    ("  ett  två\ntre ", 3),
    ("bindestrecks-ord och/eller snedstreck", 3),
    ("hårt\u00a0mellanslag", 2),
    ("smalt\u202fmellanslag\u2009här", 3),
    ("nollbrett\u200bmellanslag", 1),
    ("rad\u2028skiljare\u2029stycke", 3),
    ("mark\ufeffering", 2),
    ("nästa\u0085rad", 1),
    ("fil\u001cskiljare", 1),
    ("ideografiskt\u3000mellanslag", 2),
    ("– tankstreck – räknas", 4),
    ("👩🏽‍🔬 forskar 🚀", 3),
    ("e\u0301n bokstav", 2),
]


@pytest.mark.parametrize(("text", "words"), TABLE)
def test_words(text, words):
    assert count_words(text) == words


def test_the_browser_counts_the_same():
    """With the very expression of static/js/words.js, run by Node."""
    node = shutil.which("node") or pytest.skip("needs Node")
    source = Path("static/js/words.js").read_text()
    assert r"field.value.match(/\S+/g)" in source
    script = (
        f"const texts={json.dumps([text for text, _words in TABLE])};"
        "console.log(JSON.stringify(texts.map(t=>(t.match(/\\S+/g)||[]).length)))"
    )
    run = subprocess.run([node, "-e", script], capture_output=True, text=True, check=True)
    assert json.loads(run.stdout) == [words for _text, words in TABLE]
