from django import forms
from django.utils.translation import gettext_lazy as _

from .models import Level, Method, Topic


def topic_choices():
    return [("", _("All")), *((topic.slug, str(topic)) for topic in Topic.objects.all())]


def topic_field():
    """A filter on one topic by its address."""
    return forms.ChoiceField(label=_("Topic"), choices=topic_choices, required=False)


def level_field():
    return forms.MultipleChoiceField(
        label=_("Level"),
        choices=Level.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


def method_field():
    return forms.ChoiceField(
        label=_("Method"), choices=[("", _("All")), *Method.choices], required=False
    )
