from datetime import date, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from afori.accounts.domains import clean_address
from afori.common import formatting
from afori.common.fields import DayField
from afori.taxonomy.models import Topic

from .choosing import Choice
from .models import Preference, Reader

MOST_PAUSE = timedelta(days=365)
MONDAY = date(2024, 1, 1)


def weekdays():
    days = [MONDAY + timedelta(days=number) for number in range(7)]
    return [
        (day.isoweekday(), formatting.weekday(day, get_language()).capitalize()) for day in days
    ]


def hours():
    return [(hour, f"{hour:02}.00") for hour in range(24)]


class ChoicesForm(forms.Form):
    """When the digest comes and, for each group of news, how it comes."""

    frequency = forms.ChoiceField(
        label=gettext_lazy("How often"),
        choices=Reader.Frequency.choices,
        widget=forms.RadioSelect,
    )
    weekday = forms.TypedChoiceField(
        label=gettext_lazy("Day"),
        choices=weekdays,
        coerce=int,
        help_text=gettext_lazy("For a digest every week."),
    )
    hour = forms.TypedChoiceField(
        label=gettext_lazy("Time"),
        choices=hours,
        coerce=int,
        help_text=gettext_lazy("Swedish time."),
    )
    paused_until = DayField(
        label=gettext_lazy("Pause until"),
        required=False,
        help_text=gettext_lazy(
            "Until then you get no e-mails about what you follow. What comes meanwhile is in the "
            "first digest after it, 30 days back at most. Leave it empty for no pause."
        ),
    )

    def __init__(self, data=None, *, reader, choices):
        super().__init__(data, initial=initial(reader, choices))
        self.choices = choices
        for choice in choices:
            name = choice.group.name
            self.fields[f"mail_{name}"] = forms.ChoiceField(
                label=gettext_lazy("E-mail"), choices=Preference.Mail.choices
            )
            self.fields[f"in_app_{name}"] = forms.BooleanField(
                label=gettext_lazy("Show in the portal"), required=False
            )

    def groups(self):
        """Each group with its two fields."""
        for choice in self.choices:
            name = choice.group.name
            yield choice.group, self[f"mail_{name}"], self[f"in_app_{name}"]

    def clean_paused_until(self):
        until, today = self.cleaned_data["paused_until"], timezone.localdate()
        if until and until <= today:
            raise ValidationError(_("Choose a day that lies ahead, or leave it empty."))
        if until and until > today + MOST_PAUSE:
            raise ValidationError(_("Pause for a year at most."))
        return until

    def chosen(self):
        """What `choosing.choose` takes."""
        given = self.cleaned_data
        named = [one.group for one in self.choices]
        return {
            **{name: given[name] for name in ("frequency", "weekday", "hour", "paused_until")},
            "choices": [
                Choice(one, given[f"mail_{one.name}"], given[f"in_app_{one.name}"]) for one in named
            ],
        }


def initial(reader, choices):
    """A pause that is over counts as none."""
    until = reader.paused_until
    return {
        "frequency": reader.frequency,
        "weekday": reader.weekday,
        "hour": reader.hour,
        "paused_until": until if until and until > timezone.localdate() else None,
        **{f"mail_{one.group.name}": one.mail for one in choices},
        **{f"in_app_{one.group.name}": one.in_app for one in choices},
    }


class TopicsForm(forms.Form):
    topics = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Topics"),
        queryset=Topic.objects.all(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one topic.")},
    )


class SubscriptionForm(TopicsForm):
    """`email` becomes the one form in which addresses are stored."""

    email = forms.CharField(
        label=gettext_lazy("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def clean_email(self):
        return clean_address(self.cleaned_data["email"])
