from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from afori.common.fields import check_year, long_text, text_area
from afori.common.files import UploadField

from ..models import LANGUAGES, Criterion

MOST_CHARACTERS = 100_000


class DraftField(forms.CharField):
    """A text that a draft may still lack, though it must be there to submit."""

    def validate(self, value):
        """Nothing is missing in a draft."""


class AnswerForm(forms.Form):
    """One criterion's text. Too many words are said, never cut and never refused in a draft."""

    text = DraftField(label=_("Your text"), strip=False, max_length=MOST_CHARACTERS)
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000)

    def __init__(self, *args, criterion: Criterion, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["text"]
        field.required = criterion.required
        field.help_text = criterion.help
        field.widget = text_area(14, **{"data-words": criterion.word_limit})


class LeaveForm(forms.Form):
    """Since when the person had a part open, as the page was told."""

    since = forms.DateTimeField(
        input_formats=["%Y-%m-%dT%H:%M:%S.%f%z", "%Y-%m-%dT%H:%M:%S%z"], validators=[check_year]
    )


class PartnersForm(forms.Form):
    language = forms.ChoiceField(
        label=_("Language of the answer"), choices=LANGUAGES, widget=forms.RadioSelect
    )
    partners = long_text(
        _("Partners"),
        4_000,
        rows=5,
        help_text=_("Organisations you answer together with, one on each line."),
        required=False,
        strip=False,
    )

    def __init__(self, *args, languages, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = [
            (code, name) for code, name in LANGUAGES if code in languages or not languages
        ]


def upload_help():
    return gettext(
        "PDF, Word, Excel, PowerPoint, OpenDocument, picture or text. At most %(size)s."
    ) % {"size": filesizeformat(settings.AFORI_UPLOAD_BYTES)}


class FileForm(forms.Form):
    file = UploadField(label=_("File"), help_text=lazy(upload_help, str)())


class AuthorForm(forms.Form):
    """Choose a colleague; in the form they are known by their address."""

    user = forms.ModelChoiceField(
        label=_("Colleague"), queryset=None, to_field_name="email", empty_label=None
    )

    def __init__(self, *args, colleagues, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = colleagues


class SubmitForm(forms.Form):
    submit_key = forms.UUIDField(widget=forms.HiddenInput)
    reviewed = forms.CharField(widget=forms.HiddenInput, max_length=64)
    confirmed = forms.BooleanField(
        label=_("I have looked the answer through and may submit it for the organisation."),
        error_messages={"required": _("Tick the box to submit. Nothing was submitted yet.")},
    )

    @property
    def values(self):
        return {name: self.cleaned_data[name] for name in ("submit_key", "reviewed")}
