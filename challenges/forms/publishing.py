from django import forms
from django.utils.translation import gettext_lazy as _

from .moments import MomentField


class PublishForm(forms.Form):
    """Publish now, or at a time in Swedish time; `at` is None for now."""

    NOW, LATER = "now", "later"

    when = forms.ChoiceField(
        label=_("When is it published?"),
        choices=[(NOW, _("Now")), (LATER, _("At a time"))],
        widget=forms.RadioSelect,
        initial=NOW,
    )
    at = MomentField(
        label=_("Day and time"),
        help_text=_(
            "Swedish time. It may be before the challenge opens: then it is shown as coming."
        ),
        required=False,
    )

    def clean(self):
        super().clean()
        if self.cleaned_data.get("when") == self.NOW:
            self.cleaned_data["at"] = None
        elif not self.cleaned_data.get("at") and "at" not in self.errors:
            self.add_error("at", _("Give the day and the time."))
