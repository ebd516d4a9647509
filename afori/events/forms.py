from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from afori.common.fields import long_text
from afori.common.lists import FilterForm
from afori.taxonomy.forms import topic_field
from challenges.forms.moments import MomentField

from .models import Event

MOST_CHARACTERS = 20_000


class EventFilter(FilterForm):
    TIMES = [("coming", _("Coming")), ("past", _("Past"))]

    q = forms.CharField(label=_("Search events"), required=False, max_length=200)
    when = forms.ChoiceField(label=_("When"), choices=[("", _("All")), *TIMES], required=False)
    kind = forms.MultipleChoiceField(
        label=_("Kind"),
        choices=Event.Kind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    topic = topic_field()

    conditions = {
        "when": lambda value: (
            Q(ends_at__gte=timezone.now()) if value == "coming" else Q(ends_at__lt=timezone.now())
        ),
        "kind": lambda value: Q(kind=value),
        "topic": lambda value: Q(topics__slug=value),
    }


class MeetingForm(forms.Form):
    """A dialogue meeting, in plain text."""

    use_required_attribute = False

    title_sv = forms.CharField(label=_("Title in Swedish"), max_length=200)
    title_en = forms.CharField(label=_("Title in English"), max_length=200, required=False)
    starts_at = MomentField(label=_("Begins"), help_text=_("Swedish time."))
    ends_at = MomentField(label=_("Ends"))
    place = forms.CharField(label=_("Place"), max_length=200, required=False)
    link = forms.URLField(
        label=_("Link to the meeting or to signing up"), required=False, assume_scheme="https"
    )
    body_sv = long_text(_("What it is about, Swedish"), MOST_CHARACTERS, rows=6, required=False)
    body_en = long_text(_("What it is about, English"), MOST_CHARACTERS, rows=6, required=False)
    seen = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)

    def clean(self):
        typed = self.cleaned_data
        starts, ends = typed.get("starts_at"), typed.get("ends_at")
        if starts and ends and ends <= starts:
            self.add_error("ends_at", _("It must end after it begins."))
        if not typed.get("place") and not typed.get("link") and "link" not in self.errors:
            self.add_error("place", _("Give a place, a link or both."))
        return typed


class NotesForm(forms.Form):
    notes_sv = long_text(_("Notes in Swedish"), MOST_CHARACTERS, rows=12, required=False)
    notes_en = long_text(_("Notes in English"), MOST_CHARACTERS, rows=12, required=False)
    seen = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def clean(self):
        if not self.cleaned_data.get("notes_sv") and not self.cleaned_data.get("notes_en"):
            self.add_error("notes_sv", _("Write the notes in Swedish, in English or in both."))
        return self.cleaned_data
