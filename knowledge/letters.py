"""The mails of theme weeks, in the language that is active: the same for all readers but for how
to stop them.
"""

import re
from dataclasses import replace
from html import unescape

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from afori.common import formatting
from afori.events.models import Event
from afori.notifications.letters import absolute, letter

from .calendars import week_calendar
from .models import Article, ThemeWeekMail
from .programme import programme
from .rows import article_rows

Which = ThemeWeekMail.Which
TEMPLATES = [f"emails/knowledge/theme_week.{ending}" for ending in ("subject.txt", "txt", "html")]
MOST = 5
OURS = re.compile(r'(href|src)="/')
ITEM = re.compile(r"<li>(?:<p>)?")
END = re.compile(r"</(?:p|li|h[1-6]|tr|blockquote)>")


def events_for_all(week):
    events = Event.objects.public().filter(theme_weeks=week).order_by("starts_at", "pk")
    return list(events.defer(*Event.LONG_TEXTS))


def week_letter(mail, *, to, **more):
    """The mail as it is now: to whom, and what the template gets besides."""
    made = letter(to, TEMPLATES, content(mail) | more)
    if mail.which != Which.START:
        return made
    name, file = week_file(mail.week)
    return replace(made, attachments=((name, file.decode(), "text/calendar"),))


def content(mail):
    """What all readers of a language get alike."""
    week, language, which = mail.week, get_language(), Which(mail.which)
    days = programme(week, events_for_all(week), timezone.now())
    return {
        "week": week,
        "which": which.value,
        "subject_line": subject_of(mail),
        "intro": [one.strip() for one in intro_of(mail).splitlines() if one.strip()],
        "number": formatting.week(week.starts_on, language).capitalize(),
        "dates": formatting.span(week.starts_on, week.ends_on, language),
        "days": recorded(days) if which == Which.RECAP else days,
        "articles": articles_of(week) if which == Which.ANNOUNCEMENT else [],
        "recap": OURS.sub(rf'\1="{settings.AFORI_BASE_URL}/', week.recap),
        "recap_text": as_text(week.recap),
        "url": absolute(week.get_absolute_url()),
        "calendar_url": absolute(reverse("knowledge:theme_week_calendar", args=[week.slug])),
        "base_url": settings.AFORI_BASE_URL,
    }


def recorded(days):
    """Days with something to watch, and only that."""
    kept = [replace(day, events=[one for one in day.events if one["recording"]]) for day in days]
    return [day for day in kept if day.events]


def articles_of(week):
    articles = Article.objects.published().filter(theme_weeks=week).prefetch_related("topics")
    rows = article_rows(articles.defer("body_sv", "body_en", "search_sv", "search_en")[:MOST])
    return [row | {"url": absolute(row["url"])} for row in rows]


def week_file(week):
    """The calendar file that goes with the first day's mail: its name and its bytes."""
    return f"{week.slug}.ics", week_calendar(week, events_for_all(week))


# Texts: an editor's own, else made from the week


def subject_of(mail):
    return getattr(mail, f"subject_{get_language()}") or usual_subject(mail)


def intro_of(mail):
    return getattr(mail, f"intro_{get_language()}") or usual_intro(mail)


def usual_subject(mail):
    week = mail.week
    dates = formatting.span(week.starts_on, week.ends_on, get_language()) if week.starts_on else ""
    facts = {"title": week.title, "dates": dates}
    return {
        Which.ANNOUNCEMENT: _("Theme week %(dates)s: %(title)s"),
        Which.START: _("This week: %(title)s"),
        Which.RECAP: _("What we take with us: %(title)s"),
    }[Which(mail.which)] % facts


def usual_intro(mail):
    week = mail.week
    return {
        Which.ANNOUNCEMENT: week.intro
        or _("A week of conversations, reading and challenges around one subject."),
        Which.START: _("Here is the whole programme. The attached calendar file has all times."),
        Which.RECAP: _("Thank you for following the week. This is what we take with us."),
    }[Which(mail.which)]


def as_text(rich):
    """Rich text as plain lines; items of lists begin with a dash."""
    lines = END.sub("\n", ITEM.sub("- ", rich))
    return re.sub(r"\n\s*\n+", "\n\n", unescape(strip_tags(lines))).strip()
