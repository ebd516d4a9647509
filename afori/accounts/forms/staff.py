"""What staff are asked in the admin before they decide something about others."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import OrganisationDomain, Verification

LONG = 2000


def reason_field(label, help_text, *, required):
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=LONG,
        required=required,
        widget=forms.Textarea(attrs={"rows": 4, "cols": 60}),
    )


class CheckForm(forms.Form):
    """The three checks, the answer, and the domains to verify with it."""

    domain_checked = forms.BooleanField(required=False)
    number_checked = forms.BooleanField(required=False)
    kind_checked = forms.BooleanField(required=False)
    domains = forms.ModelMultipleChoiceField(
        label=_("Verify these e-mail domains as well"),
        help_text=_("People with a confirmed address there then join at once."),
        queryset=OrganisationDomain.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    answer = forms.ChoiceField(label=_("Your answer"), widget=forms.RadioSelect)
    reason = reason_field(
        _("Reason, if you say no"),
        _("The organisation's administrators will read it. Say what they can do."),
        required=False,
    )

    def __init__(self, *args, organisation, yes, no, **kwargs):
        super().__init__(*args, **kwargs)
        for name in Verification.CHECKS:
            self.fields[name].label = Verification._meta.get_field(name).verbose_name
        self.fields["domains"].queryset = organisation.domains.filter(verified_at=None)
        self.fields["answer"].choices = [("yes", yes), ("no", no)]

    @property
    def agrees(self):
        return self.cleaned_data["answer"] == "yes"

    @property
    def values(self):
        data = self.cleaned_data
        return {
            "checks": [name for name in Verification.CHECKS if data[name]],
            "reason": data["reason"],
            "domains": data["domains"],
        }


class ReasonForm(forms.Form):
    """Something that is not done to others without telling them why."""

    reason = reason_field(_("Reason"), _("Those concerned will read it."), required=True)


class NothingForm(forms.Form):
    """A step that asks for nothing but a yes."""
