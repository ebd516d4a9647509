from django import forms
from django.utils.translation import gettext_lazy as _

from ...models import Challenge


class StartForm(forms.Form):
    """How a challenge begins."""

    title = forms.CharField(
        label=_("Title in Swedish"),
        max_length=200,
        help_text=_("The need in a few words. You can change it later."),
    )
    source = forms.ModelChoiceField(
        label=_("Copy from an earlier challenge"),
        queryset=Challenge.objects.none(),
        to_field_name="slug",
        required=False,
        empty_label=_("No, start empty"),
        help_text=_("Everything comes along but times and state. You look each section through."),
    )
    with_people = forms.BooleanField(
        label=_("Take the people along too: team, openers and panel"), required=False
    )

    def __init__(self, *args, sources, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["source"].queryset = sources
