from django import forms
from django.utils.translation import gettext_lazy as _

KINDS = [
    ("challenges", _("Challenges")),
    ("needs", _("Needs")),
    ("networks", _("Networks")),
    ("articles", _("Knowledge")),
    ("funding", _("Funding")),
    ("events", _("Events")),
    ("organisations", _("Organisations")),
    ("theme_weeks", _("Theme weeks")),
]


class SearchForm(forms.Form):
    """What to search for. An unknown kind is ignored."""

    q = forms.CharField(required=False, max_length=200)
    kind = forms.ChoiceField(required=False, choices=KINDS)

    def terms(self):
        self.is_valid()
        return self.cleaned_data.get("q", "")

    def kind_chosen(self):
        self.is_valid()
        return self.cleaned_data.get("kind", "")
