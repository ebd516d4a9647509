from dataclasses import dataclass

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminSplitDateTime
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from afori.common import files
from afori.common.admin import (
    DATE_FIELDS,
    DATES,
    SOURCE,
    ModelAdmin,
    TabularInline,
    both,
    moment_column,
    prose,
    texts,
)
from afori.common.fields import check_year
from afori.common.states import Refused

from .. import actions
from ..models import Article, Attachment
from ..proofreading import remarks
from .filters import SOON, LanguageFilter, ReviewFilter, StatusFilter, is_written
from .uploads import UploadForm

State = Article.State


@dataclass(frozen=True)
class Move:
    """A button and a list action that saves an article and moves its state."""

    name: str
    label: str
    state: str
    act: callable
    done: str

    def is_offered(self, article):
        if self.name == "publish" and article.is_published():
            return False
        return self.state in Article.NEXT[article.state]


MOVES = [
    Move(
        "send_to_review",
        _("Save and send to review"),
        State.IN_REVIEW,
        actions.send_to_review,
        _("Sent to review"),
    ),
    Move(
        "publish",
        _("Save and publish now"),
        State.PUBLISHED,
        actions.publish,
        _("Published"),
    ),
    Move("schedule", _("Save and schedule"), State.PUBLISHED, actions.schedule, _("Scheduled")),
    Move(
        "take_back",
        _("Save and return to draft"),
        State.DRAFT,
        actions.take_back,
        _("Returned to draft"),
    ),
    Move("archive", _("Save and archive"), State.ARCHIVED, actions.archive, _("Archived")),
]


class ArticleForm(forms.ModelForm):
    schedule_at = forms.SplitDateTimeField(
        label=_("Publish from"),
        help_text=_("Fill in and choose “Save and schedule”. Stockholm time."),
        widget=AdminSplitDateTime,
        required=False,
        validators=[check_year],
    )

    def clean_unpublish_at(self):
        """Checked here because the form does not hold the other side of the constraint."""
        unpublish_at = self.cleaned_data["unpublish_at"]
        publish_at = self.instance.publish_at
        if unpublish_at and publish_at and unpublish_at <= publish_at:
            raise ValidationError(_("Choose a time after the time of publishing."))
        return unpublish_at


class AttachmentForm(UploadForm):
    upload = files.UploadField(label=_("File"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["upload"].required = self.instance.pk is None


class AttachmentInline(TabularInline):
    model = Attachment
    form = AttachmentForm
    fields = ["title", "upload", "name", "downloads"]
    readonly_fields = ["name", "downloads"]
    extra = 0


@admin.register(Article)
class ArticleAdmin(ModelAdmin):
    form = ArticleForm
    list_display = ["name", "kind", "status", "published", "review", "owner", "languages"]
    list_filter = [StatusFilter, ReviewFilter, "kind", LanguageFilter, "topics", "is_example"]
    list_select_related = ["owner"]
    list_defer = ["body_sv", "body_en", "search_sv", "search_en"]
    search_fields = ["title_sv", "title_en", "synonyms_sv", "synonyms_en", "slug"]
    search_help_text = _("Searches titles, synonyms and addresses.")
    date_hierarchy = "publish_at"
    prepopulated_fields = {"slug": ["title_sv"]}
    autocomplete_fields = ["networks", "needs", "challenges"]
    readonly_fields = ["status", "publish_at", *DATE_FIELDS]
    never_restored = ["state", "publish_at", "unpublish_at"]
    inlines = [AttachmentInline]
    actions = ["review_chosen", "publish_chosen", "archive_chosen"]
    fieldsets = [
        (None, {"fields": [("kind", "slug")]}),
        texts("title", "lead"),
        prose("body"),
        (
            _("Publishing"),
            {"fields": [("status", "publish_at"), "schedule_at", "unpublish_at"]},
        ),
        (_("Maintenance"), {"fields": [("owner", "review_by")]}),
        (
            _("About"),
            {
                "fields": [
                    *["topics", "levels", "methods", "audience"],
                    *["networks", "needs", "challenges"],
                    *both("synonyms"),
                ]
            },
        ),
        SOURCE,
        DATES,
    ]

    # List

    def get_queryset(self, request):
        return (
            super()
            .get_queryset(request)
            .annotate(in_swedish=is_written("body_sv"), in_english=is_written("body_en"))
        )

    published = moment_column("publish_at", _("publish at"))

    @admin.display(description=_("title"), ordering="title_sv")
    def name(self, article):
        return article.title

    @admin.display(description=_("state"), ordering="state")
    def status(self, article):
        return _("Scheduled") if article.is_scheduled() else article.get_state_display()

    @admin.display(description=_("review by"), ordering="review_by")
    def review(self, article):
        if article.review_by is None:
            return None
        day = formats.date_format(article.review_by, "SHORT_DATE_FORMAT")
        if not article.is_overdue():
            return day
        return format_html('<strong class="overdue">{} · {}</strong>', _("Overdue"), day)

    @admin.display(description=_("languages"))
    def languages(self, article):
        written = {"sv": article.in_swedish, "en": article.in_english}
        return ", ".join(code for code, there in written.items() if there) or None

    @admin.action(description=_("Send to review"), permissions=["change"])
    def review_chosen(self, request, queryset):
        self.move_all(request, queryset, actions.send_to_review)

    @admin.action(description=_("Publish now"), permissions=["change"])
    def publish_chosen(self, request, queryset):
        self.move_all(request, queryset, actions.publish)

    @admin.action(description=_("Archive"), permissions=["change"])
    def archive_chosen(self, request, queryset):
        self.move_all(request, queryset, actions.archive)

    def move_all(self, request, queryset, act):
        done = sum(self.moved(request, article, act) for article in queryset)
        text = ngettext("%d article changed.", "%d articles changed.", done) % done
        self.message_user(request, text, messages.SUCCESS if done else messages.WARNING)

    def moved(self, request, article, act, **facts):
        try:
            article = act(article, by=request.user, **facts)
        except Refused as refusal:
            self.message_user(request, refusal.message, messages.ERROR)
            return False
        self.log_change(request, article, str(article.get_state_display()))
        return True

    def reminders(self, request):
        """What the first page says of articles: overdue, soon due, waiting for a reader."""
        found = [
            (Article.objects.overdue().count(), overdue, "?review=overdue"),
            (Article.objects.due_within(SOON).count(), soon_due, "?review=soon"),
            (Article.objects.filter(state=State.IN_REVIEW).count(), waiting, "?status=in_review"),
        ]
        url = self.address("changelist")
        return [(text(number), f"{url}{query}") for number, text, query in found if number]

    # Page

    def get_changeform_initial_data(self, request):
        return {"owner": request.user.pk, **super().get_changeform_initial_data(request)}

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "owner":
            kwargs["queryset"] = db_field.related_model.objects.filter(is_staff=True)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def view_on_site(self, article):
        return article.get_absolute_url() if article.is_published() else None

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        article = obj or Article()
        context |= {
            "moves": [move for move in MOVES if move.is_offered(article)],
            "remarks": remarks(article) if obj else [],
            "preview_url": obj and reverse("knowledge:preview", args=[obj.slug]),
        }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def save_form(self, request, form, change):
        request.schedule_at = form.cleaned_data.get("schedule_at")
        return super().save_form(request, form, change)

    def response_add(self, request, obj, post_url_continue=None):
        return self.response_to_move(request, obj) or super().response_add(
            request, obj, post_url_continue
        )

    def response_change(self, request, obj):
        return self.response_to_move(request, obj) or super().response_change(request, obj)

    def response_to_move(self, request, article):
        """After one of our buttons: the state is moved, and the page stays open."""
        move = next((one for one in MOVES if f"_{one.name}" in request.POST), None)
        if move is None:
            return None
        facts = {"at": request.schedule_at or timezone.now()} if move.name == "schedule" else {}
        if self.moved(request, article, move.act, **facts):
            self.message_user(request, move.done, messages.SUCCESS)
        return redirect(self.address("change", article.pk))


def overdue(number):
    text = ngettext(
        "%d article is overdue for review", "%d articles are overdue for review", number
    )
    return text % number


def soon_due(number):
    text = ngettext(
        "%d article is to be reviewed within 30 days",
        "%d articles are to be reviewed within 30 days",
        number,
    )
    return text % number


def waiting(number):
    text = ngettext(
        "%d article is waiting for review", "%d articles are waiting for review", number
    )
    return text % number
