from django.db.models import F
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.generic import DetailView, ListView

from afori.common import files
from afori.common.lists import FilteredList
from afori.common.sorting import by_swedish
from afori.common.views import require
from challenges.models import Challenge
from networks.models import Need, Network

from ..forms import ArticleFilter
from ..models import Article, ArticleImage, Attachment
from ..rows import article_rows
from ..texts import minutes, readable

BODIES = ("body_sv", "body_en", "search_sv", "search_en")


class ArticleList(FilteredList):
    model = Article
    form_class = ArticleFilter
    template_name = "knowledge/article_list.html"

    def base_queryset(self):
        return Article.objects.published().exclude(kind=Article.Kind.TERM)

    def get_queryset(self):
        return (
            super()
            .get_queryset()
            .prefetch_related("topics")
            .defer(*BODIES)
            .order_by("-publish_at", "title_sv", "pk")
        )

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return context | {"rows": article_rows(context["object_list"])}


class ArticleDetail(DetailView):
    template_name = "knowledge/article_detail.html"
    context_object_name = "article"

    def get_queryset(self):
        return Article.objects.published().prefetch_related("topics", "attachments")

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | reading_context(self.object, self.request.user)


def reading_context(article, user):
    """What the page of an article shows besides the article."""
    body, sections = readable(article.body, glossary_words(article), reverse("knowledge:glossary"))
    return {
        "body": body,
        "sections": sections,
        "minutes": minutes(article.body),
        "crumbs": [(reverse("knowledge:list"), gettext("Knowledge"))],
        "networks": Network.objects.filter(articles=article),
        "needs": Need.objects.visible_to(user).filter(articles=article),
        "challenges": Challenge.objects.published().filter(articles=article),
    }


def glossary_words(article):
    """Published terms by the words that stand for them, in the language of the article's body."""
    language = article.body.lang
    words = {}
    for term in Article.objects.published().terms().exclude(pk=article.pk).defer(*BODIES[2:]):
        synonyms = getattr(term, f"synonyms_{language}").split(",")
        for word in [getattr(term, f"title_{language}"), *synonyms]:
            if word.strip():
                words.setdefault(word.strip().lower(), term)
    return words


class Glossary(ListView):
    template_name = "knowledge/glossary.html"
    context_object_name = "terms"

    def get_queryset(self):
        terms = Article.objects.published().terms()
        if self.request.LANGUAGE_CODE == "sv":
            return terms.order_by(by_swedish("title_sv"), "pk")
        return terms.order_by("title_en", "pk")


def article_preview(request, slug):
    """An article as it will look, for editors, whatever its state."""
    require(request.user, "knowledge.change_article")
    article = get_object_or_404(Article, slug=slug)
    context = {"article": article, "is_preview": True, **reading_context(article, request.user)}
    return render(request, "knowledge/article_detail.html", context)


def article_image(request, token):
    return files.stream(get_object_or_404(ArticleImage, token=token), inline=True)


def article_attachment(request, slug, token):
    attachment = get_object_or_404(
        Attachment, token=token, article__slug=slug, article__in=Article.objects.published()
    )
    Attachment.objects.filter(pk=attachment.pk).update(downloads=F("downloads") + 1)
    return files.stream(attachment)
