"""Every step of an article from draft to archive."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from afori.common.states import NotAllowedNow, Refused, check_move
from afori.notifications.actions import tell_all
from afori.notifications.models import Activity

from ..models import Article
from ..notifications import ARTICLE_PUBLISHED

State = Article.State
NEWS = timedelta(days=7)  # what was published before is no news


class NothingToRead(Refused):
    """An article is published with a text, not as a bare title."""


class TimeHasPassed(Refused):
    """What is scheduled lies ahead."""


def send_to_review(article, *, by):
    """Ask a colleague to read a draft."""
    return move(article, State.IN_REVIEW, by=by)


def take_back(article, *, by):
    """Make it a draft again, out of review, off the site or out of the archive."""
    return move(article, State.DRAFT, by=by)


def publish(article, *, by):
    """Show it on the site from this moment on."""
    return publish_from(article, timezone.now(), by=by)


def schedule(article, *, at, by):
    """Show it on the site from a moment that lies ahead."""
    if at <= timezone.now():
        raise TimeHasPassed(_("Choose a time in the future, or publish now."))
    return publish_from(article, at, by=by)


def archive(article, *, by):
    """Take it off the site and keep it."""
    return move(article, State.ARCHIVED, by=by)


def publish_from(article, at, *, by):
    unpublish_at = article.unpublish_at
    if unpublish_at and unpublish_at <= at:
        raise Refused(_("“Unpublish at” must be later than the time of publishing."))
    if not (article.lead or article.body):
        raise NothingToRead(_("Write a lead or a text before you publish."))
    return move(article, State.PUBLISHED, by=by, publish_at=at)


@transaction.atomic
def move(article, state, *, by, **facts):
    """The only writer of `Article.state`. Who did it is in the history."""
    article = Article.objects.select_for_update().get(pk=article.pk)
    try:
        check_move(article.state, state, Article.NEXT)
    except NotAllowedNow as error:
        raise NotAllowedNow(
            _("“%(title)s” cannot become “%(wanted)s”: it is “%(current)s”.")
            % {
                "title": article.title,
                "wanted": State(state).label,
                "current": article.get_state_display(),
            },
            code=error.code,
        ) from error
    for name, value in {"state": state, **facts}.items():
        setattr(article, name, value)
    article.save(update_fields=["state", *facts, "updated_at"])
    return article


def tell_of_articles():
    """Tell followers of articles whose time has come, scheduled or not, each once."""
    now = timezone.now()
    told = Activity.objects.filter(kind=ARTICLE_PUBLISHED.name)
    news = Article.objects.published(at=now).filter(publish_at__gt=now - NEWS)
    for article in news.exclude(pk__in=told.values("subject_id")):
        tell_all(ARTICLE_PUBLISHED, article)
