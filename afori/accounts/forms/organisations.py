import unicodedata

from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from afori.common.fields import WholeNumberField
from afori.common.files import IMAGES, UploadField
from afori.common.pictures import drawn_anew
from afori.taxonomy.models import Topic, ValueOffer

from ..choices import BUYER_KINDS, County, Kind, SizeClass
from ..models import Organisation
from ..numbers import clean_organisation_number

LONGEST_TEXT = 3_000
MOST_PEOPLE = 15_000_000
LOGO_BYTES, LOGO_SIZE = 2 * 1024 * 1024, (480, 240)
WITH_PEOPLE = (Kind.MUNICIPALITY, Kind.REGION)


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

    def clean_name(self):
        """Without invisible characters, and with single spaces."""
        shown = "".join(c for c in self.cleaned_data["name"] if unicodedata.category(c) != "Cf")
        name = " ".join(shown.split())
        if not any(character.isalnum() for character in name):
            raise forms.ValidationError(_("Write the name with letters or digits."))
        return name

    def clean_number(self):
        return clean_organisation_number(self.cleaned_data["number"])

    def clean(self):
        data = super().clean()
        if data.get("kind") in BUYER_KINDS:
            data["size_class"] = ""
            if "number" in data and not data["number"]:
                self.add_error(
                    "number", _("Public organisations have a number. Write its ten digits.")
                )
        return data

    def validate_unique(self):
        """Whether the number is free is for the action to say: it knows who has it."""


def profile_text(label, help_text="", rows=5):
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(
        label=label, help_text=help_text, max_length=LONGEST_TEXT, required=False, widget=widget
    )


class ProfileForm(OrganisationForm):
    """What an administrator may change. What staff have verified is not among the fields."""

    capabilities_sv = profile_text(
        _("What you can do, in Swedish"), _("What you offer, and whom you have done it for.")
    )
    capabilities_en = profile_text(_("What you can do, in English"))
    profile_sv = profile_text(
        _("About you, in Swedish"), _("Who you are and what you want to develop."), rows=4
    )
    profile_en = profile_text(_("About you, in English"), rows=4)
    population = WholeNumberField(
        label=_("Inhabitants"),
        help_text=_("For municipalities and regions."),
        min_value=1,
        max_value=MOST_PEOPLE,
        required=False,
    )
    offers = forms.MultipleChoiceField(
        label=_("What others may use"),
        choices=ValueOffer.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    topics = forms.ModelMultipleChoiceField(
        label=_("Topics"),
        queryset=Topic.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    field_order = [
        *("name", "kind", "number", "capabilities_sv", "capabilities_en", "profile_sv"),
        *("profile_en", "topics", "offers", "website", "county", "population", "size_class"),
    ]

    class Meta(OrganisationForm.Meta):
        fields = [
            *OrganisationForm.Meta.fields,
            *("capabilities_sv", "capabilities_en", "profile_sv", "profile_en"),
            *("population", "offers", "topics"),
        ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["seen"] = self.instance.updated_at.isoformat()
        if self.instance.has_fixed_facts:
            for name in ("name", "kind", "number"):
                del self.fields[name]
            fitting = "size_class" if self.instance.kind in WITH_PEOPLE else "population"
            del self.fields[fitting]
            if self.instance.is_buyer:
                self.fields.pop("size_class", None)

    def clean_seen(self):
        try:
            return parse_datetime(self.cleaned_data["seen"])
        except ValueError:
            return None

    def clean(self):
        data = super().clean()
        if data.get("kind", Kind.MUNICIPALITY) not in WITH_PEOPLE:
            data["population"] = None
        return data

    def differences(self, stored):
        """(label, text) of each fact that is stored otherwise than it is written here."""
        theirs = type(self)(instance=stored)
        return [
            (field.label, told(theirs, name))
            for name, field in self.fields.items()
            if name != "seen" and field.has_changed(theirs[name].initial, self[name].data)
        ]


def told(form, name):
    """The initial value of a field in words."""
    value, field = form[name].initial, form.fields[name]
    names = dict(getattr(field, "choices", ()))
    if isinstance(field, forms.ModelMultipleChoiceField):
        return ", ".join(str(one) for one in value)
    if isinstance(value, list):
        return ", ".join(str(names.get(one, one)) for one in value)
    return str(names.get(value, "" if value is None else value))


class LogoForm(forms.Form):
    """Gives the picture drawn anew, as the bytes of a PNG."""

    logo = UploadField(
        label=_("New logotype"),
        extensions=IMAGES,
        help_text=_("PNG or JPG, at most 2 MB. We make it fit 480 × 240 points."),
    )

    def clean_logo(self):
        upload = self.cleaned_data["logo"]
        if upload.size > LOGO_BYTES:
            raise forms.ValidationError(_("The picture is too large: at most 2 MB."))
        return drawn_anew(upload.content, LOGO_SIZE)
