"""What the person at the keyboard reads."""


def say(text=""):
    print(text, flush=True)
