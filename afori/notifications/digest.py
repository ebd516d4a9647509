"""The digest's mail: composed for many readers at once from what they have in common."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from afori.common import formatting

from .fragments import blank, fragment, kept
from .gathering import gather
from .laying_out import laid_out
from .letters import Letter, Withheld, absolute, inliner
from .models import Digest, Reader
from .periods import AHEAD, DAY, LOOKS_BACK, WEEK, Period
from .registry import register
from .subscribing import own_link
from .unsubscribing import headers, url_for

FRAME = ["emails/notifications/digest.txt", "emails/notifications/digest.html"]
MONDAY = date(2024, 1, 1)
BLANKS = ("title", "preview", "about", "when", "unsubscribe", "url", "action")


@dataclass(frozen=True)
class DigestMail:
    name: str

    def run_title(self, run):
        """In words, from the name that `planning` gives a run."""
        at = datetime.strptime(run, "digest %Y-%m-%d %H:%M")  # noqa: DTZ007 - already local
        language = get_language()
        day = formatting.day(at, language, style="weekday")
        return _("Digest %(when)s") % {"when": f"{day} {formatting.clock(at, language)}"}

    def letter(self, mail):
        outcome = self.letters([mail])[mail.pk]
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def letters(self, mails):
        """{key of a mail: Letter, or the exception that keeps it from being sent}."""
        found = Digest.objects.select_related("reader__user")
        digests = found.in_bulk({mail.subject_id for mail in mails})
        outcomes = {mail.pk: withheld(digests.get(mail.subject_id)) for mail in mails}
        to_write = [mail for mail in mails if outcomes[mail.pk] is None]
        written = write([digests[mail.subject_id] for mail in to_write], languages(to_write))
        return outcomes | {mail.pk: written[mail.subject_id] for mail in to_write}


DIGEST = register(DigestMail("notifications.digest"))


def withheld(digest):
    """Why the digest must not go out any more, None if it may."""
    if digest is None:
        return Withheld("gone")
    reader = digest.reader
    if reader.user and not reader.user.is_active:
        return Withheld("inactive")
    if reader.confirmed_at is None or reader.frequency == Reader.Frequency.OFF:
        return Withheld("unsubscribed")
    return None


def languages(mails):
    return {mail.subject_id: mail.language for mail in mails}


def period(digest):
    return Period(digest.pk, *(getattr(digest, name) for name in Period._fields[1:]))


def preview(reader):
    """The reader's next digest as it would be by now, a `Letter`; `Withheld` if it is empty."""
    now = timezone.now()
    due = max(reader.next_at or now, now)
    digest = Digest(
        pk=0,
        reader=reader,
        due_at=due,
        since=max(reader.told_until, now - LOOKS_BACK),
        until=now,
        deadlines_since=max(reader.deadlines_until, now),
        deadlines_until=due + (DAY if reader.frequency == Reader.Frequency.DAILY else WEEK) + AHEAD,
    )
    return write([digest], {0: get_language()})[0]


def write(digests, languages):
    """{key of a digest: Letter or Withheld}, in the languages given by the same keys."""
    users = {digest.pk: digest.reader.user_id for digest in digests}
    items, followed = gather([period(digest) for digest in digests], users)
    by_language = defaultdict(list)
    for digest in digests:
        by_language[languages[digest.pk]].append(digest)
    letters = {}
    for language, own in by_language.items():
        with translation.override(language):
            for digest in own:
                letters[digest.pk] = compose(digest, items.get(digest.pk, []), followed)
    return letters


def compose(digest, items, followed):
    """One reader's digest in the active language."""
    due, told = laid_out(items, followed)
    if not due and not told:
        return Withheld("empty")
    reader, frame = digest.reader, frame_of(get_language())
    texts, htmls = [one.text for one in (*due, *told)], [one.html for one in (*due, *told)]
    values = {
        "title": title(sum(one.number for one in due), sum(one.number for one in told)),
        "preview": (due or told)[0].first,
        "about": about(digest),
        "when": when(reader),
        "unsubscribe": url_for(reader),
        **own_page_of(reader),
    }
    return Letter(
        to=reader.mail_address,
        subject=values["title"],
        text=frame.as_text(content="\n\n".join(texts), **values) + "\n",
        html=frame.as_html(drawn={"content": "".join(htmls)}, **values),
        headers=headers(reader),
    )


def frame_of(language):
    return kept.get(("frame", language), draw_frame)


def draw_frame():
    context = {name: blank(name) for name in (*BLANKS, "content")}
    return fragment(FRAME, context, inline=inliner.inline)


def own_page_of(reader):
    """Where the button leads: an address without an account has a page of its own."""
    if reader.user_id is None:
        return {"url": own_link(reader), "action": _("Choose topics")}
    return {"url": absolute(reverse("my_pages")), "action": _("Open My pages")}


def title(due, told):
    """ "2 tider att passa, 4 nyheter" """
    parts = []
    if due:
        parts.append(ngettext("%d deadline", "%d deadlines", due) % due)
    if told:
        parts.append(ngettext("%d news item", "%d news items", told) % told)
    return ", ".join(parts)


def about(digest):
    """From when on the news are: after a pause it is longer than usual."""
    since = timezone.localtime(digest.since)
    return _("News since %s.") % formatting.day(since, get_language())


def when(reader):
    """How often one gets it, in words."""
    moment = datetime(MONDAY.year, MONDAY.month, reader.weekday, reader.hour)  # noqa: DTZ001
    at = {
        "day": formatting.weekday(moment, get_language()),
        "time": formatting.clock(moment, get_language()),
    }
    if reader.frequency == Reader.Frequency.DAILY:
        return _("You get the digest every day %(time)s.") % at
    return _("You get the digest every %(day)s %(time)s.") % at
