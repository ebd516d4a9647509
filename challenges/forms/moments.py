"""A date and a time of day in the site's time zone, typed in two fields."""

from datetime import datetime, time

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from afori.common.fields import DayField

NOON = time(12)


class MomentWidget(forms.SplitDateTimeWidget):
    template_name = "challenges/_moment.html"

    def __init__(self, attrs=None):
        super().__init__(attrs, date_format="%Y-%m-%d", time_format="%H:%M")
        for widget, kind in zip(self.widgets, ("date", "time"), strict=True):
            widget.input_type = kind

    def id_for_label(self, id_):
        return f"{id_}_0" if id_ else id_


class MomentField(forms.MultiValueField):
    """An aware moment. Without a time of day it is noon. A time that the clocks skip, or that
    comes twice, in the nights when they are changed is refused, as it would mean two things.
    """

    widget = MomentWidget

    def __init__(self, **options):
        fields = (
            DayField(),
            forms.TimeField(error_messages={"invalid": _("Write the time as 12:00.")}),
        )
        super().__init__(fields, require_all_fields=False, **options)
        for field in self.fields:
            field.required = False

    def compress(self, values):
        day, clock = values or (None, None)
        if day is None:
            if clock is not None:
                raise ValidationError(_("Give the date too."), code="date")
            return None
        naive = datetime.combine(day, clock or NOON)
        moment = timezone.make_aware(naive)
        if moment.utcoffset() != moment.replace(fold=1).utcoffset():
            raise ValidationError(
                _("The clocks are changed that night and this time is unclear. Choose another."),
                code="unclear",
            )
        return moment
