"""What happens, when, and by whom."""

from django import forms
from django.utils.translation import gettext_lazy as _

from afori.common.fields import DayField, WholeNumberField

from ...models import SectionName
from ..moments import MomentField
from .base import SectionForm, label_of, line


class RouteForm(SectionForm):
    section = SectionName.ROUTE
    adoption_receiver_sv = line(
        "adoption_receiver_sv",
        help_text=_("Unit and role that takes the result into use."),
    )
    adoption_receiver_en = line("adoption_receiver_en", required=False)
    adoption_budget_sv = line(
        "adoption_budget_sv", help_text=_("Who decides on the money, and for which year.")
    )
    adoption_budget_en = line("adoption_budget_en", required=False)
    adoption_plan_sv = line(
        "adoption_plan_sv",
        help_text=_("How you intend to buy if it turns out well, and when."),
    )
    adoption_plan_en = line("adoption_plan_en", required=False)


class TimesForm(SectionForm):
    section = SectionName.TIMES
    opens_at = MomentField(
        label=label_of("opens_at"),
        help_text=_(
            "From then on one can answer. Questions can be asked as soon as it is published."
        ),
    )
    questions_until = MomentField(
        label=label_of("questions_until"),
        help_text=_("Leave suppliers at least half of the time to find their questions."),
    )
    answers_by = MomentField(
        label=label_of("answers_by"),
        help_text=_("All answers are published by then, to everyone at once."),
    )
    closes_at = MomentField(
        label=label_of("closes_at"),
        help_text=_(
            "With 12:00, what comes at 12.00.00 exactly is in time, and what comes any later, be "
            "it by a fraction of a second, is too late. After publishing it can only move later."
        ),
    )
    decision_expected_on = DayField(label=label_of("decision_expected_on"))
    wait_days = WholeNumberField(
        label=label_of("wait_days"),
        min_value=0,
        max_value=365,
        required=False,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), _("Write a number of days, from 0 to 365.")
        ),
        help_text=_(
            "Suppliers get their decisions first. The public sees the outcome this many days "
            "later. 0 means at once."
        ),
    )
    ORDER = [
        ("opens_at", "questions_until", _("It cannot be before it opens.")),
        ("questions_until", "answers_by", _("It cannot be before the last time to ask.")),
        ("opens_at", "closes_at", _("It must be later than when it opens.")),
    ]

    def clean_wait_days(self):
        return self.cleaned_data["wait_days"] or 0

    def clean(self):
        typed = self.cleaned_data
        for earlier, later, sentence in self.ORDER:
            first, second = typed.get(earlier), typed.get(later)
            wrong = first and second and second < first
            if wrong or (later == "closes_at" and first and first == second):
                self.add_error(later, sentence)
        self.check_before_closing()

    def check_before_closing(self):
        typed = self.cleaned_data
        closes = typed.get("closes_at")
        for name in ("questions_until", "answers_by"):
            if closes and typed.get(name) and typed[name] > closes:
                self.add_error(name, _("It cannot be after it closes."))
        decided = typed.get("decision_expected_on")
        if closes and decided and decided < closes.date():
            self.add_error("decision_expected_on", _("It cannot be before it closes."))


class OpenersForm(SectionForm):
    """Its people are named one by one; here is nothing but that the section is done."""

    section = SectionName.OPENERS


class PanelForm(SectionForm):
    section = SectionName.PANEL
    anonymous_reading = forms.BooleanField(
        label=label_of("anonymous_reading"),
        required=False,
        help_text=_(
            "Readers see letters instead of names until they have handed in their own scores."
        ),
    )
