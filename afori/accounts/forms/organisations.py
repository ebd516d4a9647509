from django import forms
from django.utils.translation import gettext_lazy as _

from ..choices import BUYER_KINDS, County, Kind, SizeClass
from ..models import Organisation
from ..numbers import clean_organisation_number


class SearchForm(forms.Form):
    q = forms.CharField(
        label=_("Name or organisation number"),
        max_length=200,
        strip=True,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "organization"}),
    )


class OrganisationForm(forms.ModelForm):
    number = forms.CharField(
        label=_("Organisation number"),
        help_text=_("Ten digits. Leave empty if the organisation has no Swedish number."),
        max_length=20,
        required=False,
    )
    website = forms.URLField(
        label=_("Website"), required=False, assume_scheme="https", max_length=200
    )
    county = forms.ChoiceField(label=_("County"), required=False)
    size_class = forms.ChoiceField(
        label=_("Size"),
        help_text=_("For companies. Some funding is for small and medium-sized ones only."),
        required=False,
    )

    class Meta:
        model = Organisation
        fields = ["name", "kind", "number", "website", "county", "size_class"]
        labels = {"name": _("Name of the organisation"), "kind": _("Kind of organisation")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("Choose")), *Kind.choices]
        self.fields["county"].choices = [("", _("Not given")), *County.choices]
        self.fields["size_class"].choices = [("", _("Not given")), *SizeClass.choices]

    def clean_number(self):
        return clean_organisation_number(self.cleaned_data["number"])

    def clean(self):
        data = super().clean()
        if data.get("kind") in BUYER_KINDS and "number" in data and not data["number"]:
            self.add_error("number", _("Public organisations have a number. Write its ten digits."))
        return data

    def validate_unique(self):
        """Whether the number is free is for the action to say: it knows who has it."""
