import re

# What \s means in JavaScript, so that static/js/words.js counts the same.
SPACE = r"\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
WORD = re.compile(f"[^{SPACE}]+")


def count_words(text):
    """Runs of anything but space, counted like the browser does."""
    return len(WORD.findall(text or ""))
