"""Theme weeks: who follows them, and the mails they get. Articles: whom they are news to."""

from dataclasses import dataclass, replace

from django.utils import timezone, translation
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from afori.common import formatting
from afori.notifications.followed import whole
from afori.notifications.groups import Followable, Group, register_followable, register_group
from afori.notifications.letters import Withheld, absolute
from afori.notifications.mailing import reader_id
from afori.notifications.models import Follow, Preference
from afori.notifications.news import News, topics_of
from afori.notifications.registry import register
from afori.notifications.unsubscribing import headers, url_for
from afori.notifications.wanting import wanting_mail

from .letters import week_letter
from .models import Article, ThemeWeek, ThemeWeekMail

STOP = "https://stop.invalid/"  # stands for each reader's own address to stop the mails

THEME_WEEKS = register_group(
    Group(
        name="theme_weeks",
        label=gettext_lazy("Theme weeks"),
        what=gettext_lazy("A mail two weeks before, one on the first day and one with a recap."),
        mail=Preference.Mail.AT_ONCE,
    )
)


THEME_WEEK = "theme_week"
EVERY_THEME_WEEK = "every_theme_week"
register_followable(
    Followable(
        name=THEME_WEEK,
        label=gettext_lazy("Theme week"),
        what=gettext_lazy("A mail two weeks before, one on the first day and one with a recap."),
        model=ThemeWeek,
        url=lambda week: week.get_absolute_url(),
        visible_among=lambda user, ids: (
            ThemeWeek.objects.published().filter(pk__in=ids).values_list("pk", flat=True)
        ),
        reason=lambda week: _("You follow the theme week."),
        rank=10,
        is_open=True,
    )
)
whole(
    EVERY_THEME_WEEK,
    gettext_lazy("All theme weeks"),
    gettext_lazy("A mail two weeks before, one on the first day and one with a recap."),
    "knowledge:theme_weeks",
    gettext_lazy("You follow all theme weeks."),
)


def followed(week):
    """Whose followers a week is for: its own, those of its topics, and of all weeks."""
    return [(EVERY_THEME_WEEK, Follow.WHOLE), (THEME_WEEK, week.pk), *topics_of(week)]


def recipients(week, *, on=None):
    """Readers who are sent the mails of a week."""
    return wanting_mail(THEME_WEEKS, followed(week), on=on)


def announced(week):
    """A row of the digests of those who do not want the week's own mails."""
    language = get_language()
    return {
        "title": _("Theme week: %(title)s") % {"title": week.title},
        "summary": week.intro,
        "figure": formatting.week(week.starts_on, language).capitalize(),
        "label": formatting.span(week.starts_on, week.ends_on, language),
    }


WEEK_ANNOUNCED = register(
    News(
        name="knowledge.theme_week_announced",
        model=ThemeWeek,
        text=lambda week: _("Theme week: %(title)s") % {"title": week.title},
        url=lambda week: week.get_absolute_url(),
        group=THEME_WEEKS,
        targets=followed,
        shown=announced,
        prefetch=("topics",),
        public_among=lambda ids: (
            ThemeWeek.objects.published()
            .filter(pk__in=ids, starts_on__isnull=False)
            .values_list("pk", flat=True)
        ),
    )
)


@dataclass(frozen=True)
class WeekMails:
    """The mails of theme weeks: content once per language, permission once per chunk."""

    name: str

    def run_title(self, run):
        """In words, from the name that a week's mail gives its run."""
        _word, week, which = run.split(" ")
        texts = {"week": week, "mail": ThemeWeekMail.Which(which).label}
        return _("Theme week %(week)s: %(mail)s") % texts

    def letter(self, mail):
        made = self.letters([mail])[mail.pk]
        if isinstance(made, Exception):
            raise made
        return made

    def letters(self, mails):
        """{pk: the letter, or why it is withheld}, for mails of any weeks and languages."""
        ids = {mail.subject_id for mail in mails}
        found = ThemeWeekMail.objects.select_related("week").in_bulk(ids)
        made = {}
        for pk in ids:
            own = [mail for mail in mails if mail.subject_id == pk]
            made |= letters_of(found.get(pk), own)
        return made


def letters_of(week_mail, mails):
    if why := stopped(week_mail):
        return {mail.pk: Withheld(why) for mail in mails}
    ids = [reader_id(mail) for mail in mails]
    readers = recipients(week_mail.week).select_related("user").in_bulk(ids)
    drawn = {code: sheet(week_mail, code) for code in {mail.language for mail in mails}}
    return {
        mail.pk: addressed(drawn[mail.language], readers[reader])
        if reader in readers
        else Withheld("left")
        for mail, reader in zip(mails, ids, strict=True)
    }


def stopped(week_mail):
    """Why nothing of it may go out any more; "" if it may."""
    if week_mail is None:
        return "gone"
    if not week_mail.is_gone:
        return "cancelled"
    if not week_mail.week.is_published:
        return "not published"
    return "" if week_mail.is_true(timezone.now()) else "too late"


def sheet(week_mail, language):
    """The mail of a language, with a mark where each reader's own address to stop it goes."""
    with translation.override(language):
        return week_letter(week_mail, to="", stop_url=STOP)


def addressed(letter, reader):
    stop_url = url_for(reader, THEME_WEEKS.name)
    return replace(
        letter,
        to=reader.mail_address,
        text=letter.text.replace(STOP, stop_url),
        html=letter.html.replace(STOP, stop_url),
        headers=headers(reader, THEME_WEEKS.name),
    )


THEME_WEEK_MAIL = register(WeekMails("knowledge.theme_week"))


@dataclass(frozen=True)
class WeekTest:
    """To an editor alone: a week's mail as it stands, whatever its state."""

    name: str

    def letter(self, mail):
        week_mail = ThemeWeekMail.objects.select_related("week").filter(pk=mail.subject_id).first()
        if week_mail is None or week_mail.week.starts_on is None:
            raise Withheld("gone")
        if mail.user is None or not mail.user.has_perm("knowledge.change_themeweek"):
            raise Withheld("inactive")
        letter = week_letter(week_mail, to=mail.user.email, stop_url=week_mail_page(week_mail))
        return replace(letter, subject=_("Test: %(subject)s") % {"subject": letter.subject})


def week_mail_page(week_mail):
    return absolute(week_mail.get_absolute_url())


THEME_WEEK_TEST = register(WeekTest("knowledge.theme_week_test"))


# Articles

ARTICLES = register_group(
    Group(
        name="articles",
        label=gettext_lazy("Articles"),
        what=gettext_lazy("New guides, cases and templates."),
    )
)
whole(
    "every_article",
    gettext_lazy("All new articles"),
    gettext_lazy("Each new article."),
    "knowledge:list",
    gettext_lazy("You follow all new articles."),
)


def shown_article(article):
    return {
        "title": article.title,
        "summary": article.lead,
        "label": article.get_kind_display(),
    }


def keys(name, things):
    return [(name, thing.pk) for thing in things.all()]


ARTICLE_PUBLISHED = register(
    News(
        name="knowledge.article_published",
        model=Article,
        group=ARTICLES,
        text=lambda article: _("New article: %(article)s") % {"article": article.title},
        url=lambda article: article.get_absolute_url(),
        mail="notifications/news",
        context=shown_article,
        shown=shown_article,
        targets=lambda article: [
            *keys("network", article.networks),
            *keys("need", article.needs),
            *keys("challenge", article.challenges),
            *topics_of(article),
            ("every_article", 0),
        ],
        public_among=lambda ids: (
            Article.objects.published().filter(pk__in=ids).values_list("pk", flat=True)
        ),
        prefetch=("topics",),
    )
)
