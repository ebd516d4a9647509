"""Knowledge that editors look after."""

from django.urls import reverse
from django.utils.translation import gettext as _

from knowledge.models import Article

from .parts import for_staff, named, review


def reviews(user):
    return for_staff(Article.objects.overdue(), user, "knowledge.change_article"), {
        "at": "review_by",
        "what": named("title"),
        "key": "pk",
    }


def review_of_article(raw, now):
    return review(raw, now) | {
        "url": reverse("admin:knowledge_article_change", args=[raw.key]),
        "title": raw.what,
        "meta": [_("The review date has passed.")],
    }
