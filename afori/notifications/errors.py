"""What may be written down about an error: neither addresses nor what a mail holds."""

import re
import smtplib
import traceback

ADDRESS = re.compile(r"\S+@\S+")
ABOUT_US = re.compile(r"\b5\.7\.\d+")  # RFC 3463: rules of the server, not a faulty address
LIMIT = 300


def described(error):
    """An error of the mail server, short and without addresses."""
    text = f"{type(error).__name__}: {answer(error)}"
    return ADDRESS.sub("…", text)[:LIMIT]


def answer(error):
    """Code and text of what the server said, else the text of the error."""
    code: int
    text: bytes | str
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, text = next(iter(error.recipients.values()))
    elif isinstance(error, smtplib.SMTPResponseException):
        code, text = error.smtp_code, error.smtp_error
    else:
        return str(error)
    return f"{code} {text.decode(errors='replace') if isinstance(text, bytes) else text}"


def place(error):
    """An error of ours: its name and where it came from. Its text may hold what the mail holds."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {last.filename.rpartition('/')[2]}:{last.lineno}"


def is_about_the_address(text):
    """Whether a lasting refusal blames the address, not our server or what the mail says."""
    return not ABOUT_US.search(text.decode(errors="replace") if isinstance(text, bytes) else text)
