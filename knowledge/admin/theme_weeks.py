from datetime import timedelta

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.forms.models import BaseInlineFormSet
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from afori.common import formatting
from afori.common.admin import (
    DATE_FIELDS,
    DATES,
    SOURCE,
    ModelAdmin,
    TabularInline,
    both,
    prose,
    texts,
)

from .. import actions
from ..models import ThemeDay, ThemeQuestion, ThemeWeek
from ..notifications import recipients
from ..remarks import hidden_things

USUAL_LENGTH = 5
MOST_DAYS = 14


class WhenFilter(admin.SimpleListFilter):
    title = _("when")
    parameter_name = "when"

    def lookups(self, request, model_admin):
        return [("coming", _("Now or coming")), ("past", _("Past")), ("planned", _("No dates yet"))]

    def queryset(self, request, queryset):
        today = timezone.localdate()
        kinds = {
            "coming": Q(ends_on__gte=today),
            "past": Q(ends_on__lt=today),
            "planned": Q(starts_on=None),
        }
        return queryset.filter(kinds[self.value()]) if self.value() in kinds else queryset


class ThemeWeekForm(forms.ModelForm):
    """A new first day takes the last one with it, unless that is changed as well."""

    def clean(self):
        data = super().clean()
        first, last = data.get("starts_on"), data.get("ends_on")
        before = self.initial.get("starts_on")
        if first and not last:
            data["ends_on"] = first + timedelta(days=USUAL_LENGTH - 1)
        elif first and before and first != before and "ends_on" not in self.changed_data:
            data["ends_on"] = last + (first - before)
        if first and data.get("ends_on") and data["ends_on"] < first:
            raise ValidationError({"ends_on": _("The last day is before the first.")})
        if last and not first:
            raise ValidationError({"starts_on": _("Give the first day as well.")})
        self.instance.ends_on = data.get("ends_on")
        return data


class NamedFormSet(BaseInlineFormSet):
    """Each field of a row says its name: the column's heading is no label."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        for field in form.fields.values():
            field.widget.attrs["aria-label"] = capfirst(field.label)


class DayFormSet(NamedFormSet):
    """A row for each day of the week, with its date; only those with a text are kept."""

    def __init__(self, *args, instance=None, queryset=None, **kwargs):
        missing = missing_days(instance)
        initial = [{"number": number} for number in missing]
        super().__init__(
            *args, instance=instance, queryset=queryset, **kwargs | {"initial": initial}
        )

    def add_fields(self, form, index):
        week = self.instance
        length = length_of(week)
        numbers = range(1, max(length, form.instance.number or 0) + 1)
        form.fields["number"] = forms.TypedChoiceField(
            label=capfirst(_("day")),
            choices=[(number, day_name(week, number, length)) for number in numbers],
            coerce=int,
        )
        super().add_fields(form, index)


def length_of(week):
    if week is None or week.starts_on is None:
        return USUAL_LENGTH
    return min((week.ends_on - week.starts_on).days + 1, MOST_DAYS)


def missing_days(week):
    known = set(week.days.values_list("number", flat=True)) if week and week.pk else set()
    return [number for number in range(1, length_of(week) + 1) if number not in known]


def day_name(week, number, length):
    """ "måndag 7 december", or its number while the week has no dates."""
    if week is None or week.starts_on is None:
        return _("Day %(number)d") % {"number": number}
    name = formatting.day(week.day(number), get_language(), style="weekday", year=False)
    return name if number <= length else _("%(day)s, after the week") % {"day": name}


class DayInline(TabularInline):
    model = ThemeDay
    formset = DayFormSet
    fields = ["number", *both("text")[0]]
    verbose_name_plural = _("Words for each day")
    formfield_overrides = {}

    def get_extra(self, request, obj=None, **kwargs):
        return len(missing_days(obj))

    def get_max_num(self, request, obj=None, **kwargs):
        return max(MOST_DAYS, length_of(obj))

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name.startswith("text_"):
            kwargs["widget"] = forms.Textarea(attrs={"rows": 2, "cols": 40})
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class QuestionInline(TabularInline):
    model = ThemeQuestion
    formset = NamedFormSet
    fields = ["position", *both("title")[0], *both("text")[0]]
    max_num = ThemeQuestion.NUMBER
    verbose_name_plural = _("Three questions, as steps of a staircase: all three or none")


@admin.register(ThemeWeek)
class ThemeWeekAdmin(ModelAdmin):
    form = ThemeWeekForm
    list_display = ["name", "starts_on", "ends_on", "is_published", "is_example"]
    list_filter = [WhenFilter, "is_published", "topics", "is_example"]
    list_defer = ThemeWeek.LONG_TEXTS
    search_fields = ["title_sv", "title_en", "slug"]
    date_hierarchy = "starts_on"
    prepopulated_fields = {"slug": ["title_sv"]}
    autocomplete_fields = ["events", "articles", "challenges", "calls"]
    readonly_fields = DATE_FIELDS
    inlines = [DayInline, QuestionInline]
    fieldsets = [
        (None, {"fields": [("slug", "is_published"), ("starts_on", "ends_on")]}),
        texts("title", "intro"),
        prose("body"),
        (_("Programme"), {"fields": ["topics", "events", "articles", "challenges", "calls"]}),
        (_("Recap afterwards"), {"fields": both("recap"), "classes": ["bilingual", "long"]}),
        SOURCE,
        DATES,
    ]

    @admin.display(description=_("title"), ordering="title_sv")
    def name(self, week):
        return week.title

    def view_on_site(self, week):
        return week.get_absolute_url() if week.is_published else None

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj:
            context |= {
                "remarks": hidden_things(obj),
                "mails": obj.mails.all(),
                "receivers": recipients(obj).count(),
                "preview_url": reverse("knowledge:theme_week_preview", args=[obj.slug]),
            }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def save_related(self, request, form, formsets, change):
        """With the programme in place: the mails follow the week's days."""
        super().save_related(request, form, formsets, change)
        week = form.instance
        moved = actions.plan_mails(week)
        if change and {"starts_on", "ends_on"} & set(form.changed_data) and week.starts_on:
            tell_moved(request, week, actions.moved_dates(week, moved))


def tell_moved(request, week, moved):
    """What another first day moved, and what it did not."""
    language = get_language()
    messages.info(
        request,
        _("The week is now %(dates)s.")
        % {"dates": formatting.span(week.starts_on, week.ends_on, language)},
    )
    for mail in moved.mails:
        messages.info(request, tell_mail(mail, language))
    for mail in moved.gone:
        text = ngettext(
            "Not moved: “%(mail)s” had begun to go out, to %(number)d reader.",
            "Not moved: “%(mail)s” had begun to go out, to %(number)d readers.",
            mail.receivers,
        )
        facts = {"mail": mail.get_which_display(), "number": mail.receivers}
        messages.warning(request, text % facts)
    if moved.events:
        names = "; ".join(str(event.title) for event in moved.events)
        messages.warning(
            request,
            _("Not moved: events outside the week's days keep their times. %(names)s.")
            % {"names": names},
        )


def tell_mail(mail, language):
    facts = {"mail": mail.get_which_display(), "reason": mail.get_reason_display()}
    if mail.state == mail.State.WITHHELD:
        return _("“%(mail)s” will not be sent. %(reason)s") % facts
    if mail.state == mail.State.CANCELLED:
        return _("“%(mail)s” is still cancelled.") % facts
    at = formatting.when(timezone.localtime(mail.send_at), language, style="weekday", year=False)
    return _("“%(mail)s” now goes out %(when)s.") % (facts | {"when": at})
