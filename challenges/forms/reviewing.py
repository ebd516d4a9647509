from django import forms
from django.utils.translation import gettext_lazy as _

from afori.common.fields import long_text

from ..models import SectionName
from ..reviewing import field_name

LONGEST = 4_000


class ReviewForm(forms.Form):
    """What to change in each section; empty where it may stay. `texts` holds what was asked."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in SectionName:
            self.fields[field_name(name)] = long_text(
                _("%(section)s: what should change") % {"section": name.label},
                LONGEST,
                required=False,
            )

    @property
    def texts(self):
        given = {name: self.cleaned_data[field_name(name)] for name in SectionName}
        return {name: text for name, text in given.items() if text}


class SettledForm(forms.Form):
    """What the team says of an editor's requests, in the same form as the section."""

    settled = forms.BooleanField(
        label=_("What the editors asked for here is settled"),
        required=False,
        help_text=_(
            "Settled can also mean that you have thought it over and leave the section as it is."
        ),
    )
