from django import forms
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from afori.common.admin import DATE_FIELDS, DATES, SOURCE, ModelAdmin, StackedInline, both, texts

from . import actions
from .actions.openers import MOST
from .actions.writing import RESERVED
from .models import Challenge, Criterion, Opener, Outcome
from .overdue import counts

DECIDED = ("sent_to_review_at", "approved_at", "approved_by", "publish_at", "published_at")

# Submissions have no page here, nor a list, a count or an inline: staff are under the seal too.


def is_written(challenge):
    """Before the approval. What an editor has approved is published as it stands, and from then
    on changes through amendments alone.
    """
    return challenge is None or (challenge.state in Challenge.WRITTEN and not challenge.approved_at)


def is_draft(challenge):
    return challenge is None or challenge.state == Challenge.State.DRAFT


class BeforePublishing:
    """Mixin for inlines: what is named beforehand stays as it was published."""

    def has_add_permission(self, request, obj=None):
        return is_written(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request, obj=None):
        return is_written(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return is_written(obj) and super().has_delete_permission(request, obj)


class CriterionInline(BeforePublishing, StackedInline):
    model = Criterion
    extra = 0
    fields = [
        ("position", "weight", "word_limit", "minimum_score", "required"),
        ("prompt_sv", "prompt_en"),
        ("help_sv", "help_en"),
    ]


class OpenerForm(forms.ModelForm):
    """A person by address."""

    address = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("Of somebody with an account. They must log in with a second factor."),
    )

    class Meta:
        model = Opener
        fields = []

    def clean_address(self):
        person = get_user_model().objects.filter(
            email=self.cleaned_data["address"].lower(), is_active=True
        )
        if not person:
            raise ValidationError(_("Nobody with an account has this address."), code="unknown")
        self.instance.user = person[0]
        return person[0].email


class OpenerFormSet(forms.BaseInlineFormSet):
    def clean(self):
        super().clean()
        kept = [form for form in self.forms if not self._should_delete_form(form)]
        people = [form.instance.user_id for form in kept if form.instance.user_id]
        if len(people) > MOST:
            raise ValidationError(_("Name at most four people: two and two substitutes."))
        if len(people) > len(set(people)):
            raise ValidationError(_("Those who open the answers are different people."))


class OpenerInline(admin.TabularInline):
    """Those who are named to open the answers, two of them together. Named in a draft only."""

    model = Opener
    form = OpenerForm
    formset = OpenerFormSet
    fields = ["user", "address"]
    readonly_fields = ["user"]
    extra = 0
    max_num = MOST

    def has_add_permission(self, request, obj=None):
        return is_draft(obj) and super().has_add_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return is_draft(obj) and super().has_delete_permission(request, obj)

    def has_change_permission(self, request, obj=None):
        return False


class OutcomeInline(StackedInline):
    """Public ones only: before that they are the team's alone. Changed here where no team is left
    to do it, as of challenges from before the arena.
    """

    model = Outcome
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    fields = [
        ("kind", "decided_on", "notice_url"),
        ("text_sv", "text_en"),
        ("source", "facts_as_of", "is_example"),
    ]

    def has_view_permission(self, request, obj=None):
        return bool(obj and obj.is_over) and super().has_view_permission(request, obj)

    def has_add_permission(self, request, obj=None):
        return without_team(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request, obj=None):
        return without_team(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return False


def without_team(challenge):
    return bool(challenge and challenge.is_over and not challenge.team.exists())


class ChallengeForm(forms.ModelForm):
    def clean_slug(self):
        slug = self.cleaned_data["slug"]
        if slug in RESERVED:
            raise ValidationError(_("The portal uses this word itself. Choose another."))
        return slug


@admin.register(Challenge)
class ChallengeAdmin(ModelAdmin):
    form = ChallengeForm
    list_display = ["title_sv", "owner", "state", "method", "opens_at", "closes_at", "is_example"]
    list_filter = ["state", "level", "method", "is_example"]
    list_select_related = ["owner"]
    list_defer = Challenge.LONG_TEXTS
    search_fields = ["title_sv", "title_en", "slug", "owner__name"]
    date_hierarchy = "closes_at"
    autocomplete_fields = ["owner", "network"]
    filter_horizontal = ["needs", "topics"]
    prepopulated_fields = {"slug": ["title_sv"]}
    inlines = [CriterionInline, OpenerInline, OutcomeInline]
    never_restored = ("state", *DECIDED)
    readonly_fields = ["state", *DECIDED, *DATE_FIELDS]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "slug",
                    ("state", "sent_to_review_at", "approved_at", "approved_by"),
                    ("publish_at", "published_at"),
                    ("owner", "network"),
                    "needs",
                ]
            },
        ),
        texts("title", "summary", "background", "function"),
        (
            _("Terms"),
            {
                "fields": [
                    ("method", "level"),
                    ("topics",),
                    ("budget_min", "budget_max", "prize"),
                    ("value_offers", "languages"),
                    "goals",
                    "rights",
                    *both("rights_text"),
                    "contact",
                ]
            },
        ),
        (
            _("The route to a purchase"),
            {"fields": both("adoption_receiver", "adoption_budget", "adoption_plan")},
        ),
        (
            _("Times"),
            {
                "fields": [
                    ("opens_at", "closes_at"),
                    ("questions_until", "answers_by"),
                    ("decision_expected_on", "year"),
                ]
            },
        ),
        SOURCE,
        DATES,
    ]

    def save_model(self, request, obj, form, change):
        """What an editor changes counts as a save: the team does not write over it unseen."""
        super().save_model(request, obj, form, change)
        actions.touch_sections(obj, form.changed_data, by=request.user)

    def save_formset(self, request, form, formset, change):
        """Openers are named by the actions that own them."""
        if formset.model is not Opener:
            if formset.model is Criterion and formset.has_changed():
                actions.touch_sections(form.instance, ["criteria"], by=request.user)
            return super().save_formset(request, form, formset, change)
        formset.save(commit=False)
        for opener in formset.deleted_objects:
            actions.remove_opener(opener, by=request.user)
        for opener in formset.new_objects:
            actions.name_opener(form.instance, opener.user, by=request.user)
        return None

    def reminders(self, request):
        """What the first page says: what waits for an editor, and owners that should have told
        more by now.
        """
        waiting = Challenge.objects.waiting_for_review().count()
        late = sum(counts(timezone.localdate()).values())
        review = ngettext(
            "%d challenge waits for a review", "%d challenges wait for a review", waiting
        )
        follow_up = ngettext("%d follow-up is late", "%d follow-ups are late", late)
        found = [
            (waiting, review, reverse("challenges:review_list")),
            (late, follow_up, reverse("challenges:overdue")),
        ]
        return [(text % number, url) for number, text, url in found if number]

    def lookup_allowed(self, lookup, value, request):
        """Only what the list itself filters by, so that no address asks about answers."""
        allowed = {"state", "level", "method", "is_example", "closes_at"}
        return lookup.partition("__")[0] in allowed

    def get_readonly_fields(self, request, obj=None):
        if is_written(obj):
            return super().get_readonly_fields(request, obj)
        return [field.name for field in Challenge._meta.get_fields() if field.name in self.shown]

    @property
    def shown(self):
        return set(flatten_fieldsets(self.fieldsets))

    def get_prepopulated_fields(self, request, obj=None):
        return super().get_prepopulated_fields(request, obj) if is_written(obj) else {}

    def has_delete_permission(self, request, obj=None):
        """Drafts only: nothing can hang on one that was never published."""
        return obj is not None and is_draft(obj) and super().has_delete_permission(request, obj)

    def restore_view(self, request, object_id, version):
        if not is_written(self.seen(request, object_id)):
            raise PermissionDenied
        return super().restore_view(request, object_id, version)
