"""What a row shows of an article, formatted once per page."""

from django.utils.translation import get_language

from afori.common import formatting


def article_rows(articles):
    language = get_language()
    return [article_row(article, language) for article in articles]


def article_row(article, language):
    return {
        "url": article.get_absolute_url(),
        "title": article.title,
        "lead": article.lead,
        "kind": article.get_kind_display(),
        "meta": topic_names(article)[:3],
        "level": article.levels[0] if len(article.levels) == 1 else "",
        "example": article.is_example,
    }


def week_rows(weeks):
    """Rows of a list of weeks, with their topics."""
    return [week_row(week) | {"meta": topic_names(week)} for week in weeks]


def topic_names(thing):
    return [topic.name for topic in thing.topics.all()]


def week_row(week):
    """A theme week led by its number, or by the word that it is only planned."""
    language = get_language()
    row = {
        "url": week.get_absolute_url(),
        "title": week.title,
        "summary": week.intro,
        "example": week.is_example,
    }
    if week.starts_on is None:
        return row
    return row | {
        "figure": formatting.week(week.starts_on, language).capitalize(),
        "label": formatting.span(week.starts_on, week.ends_on, language),
    }


def starts_in(week, today, language):
    """ "om 10 dagar" while the week lies ahead, else nothing."""
    if week.starts_on is None or week.starts_on <= today:
        return ""
    return formatting.relative_day(week.starts_on, today, language)
