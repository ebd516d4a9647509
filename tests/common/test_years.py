"""Days and times that people write lie in our time: a year such as 1 breaks what counts with it."""

import importlib
import pkgutil
from datetime import date

import pytest
from django import forms
from django.apps import apps
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.test import RequestFactory

from afori.common.fields import DayField, check_year
from afori.common.sheets import day, moment
from challenges.forms.moments import MomentField
from tests import factories as make

OURS = ("afori.", "networks.", "challenges.", "funding.", "knowledge.")
KINDS = (forms.DateField, forms.DateTimeField, forms.SplitDateTimeField)


def every_form():
    """Each form class of ours, wherever it is defined."""
    for app in apps.get_app_configs():
        if f"{app.name}.".startswith(OURS):
            for module in pkgutil.walk_packages(app.module.__path__, f"{app.name}."):
                if ".migrations" not in module.name and ".management" not in module.name:
                    importlib.import_module(module.name)
    found, left = set(), [forms.BaseForm]
    while left:
        left += (below := left.pop().__subclasses__())
        found |= {one for one in below if one.__module__.startswith(OURS)}
    return found


def test_every_day_that_can_be_written_has_bounds():
    loose = {
        (form.__module__, form.__name__, name)
        for form in every_form()
        for name, field in form.base_fields.items()
        if isinstance(field, KINDS) and check_year not in field.validators
    }
    assert {name for _module, _form, name in loose} == {"ends"}  # the style guide's, never stored


@pytest.mark.django_db
def test_every_day_in_the_admin_has_bounds():
    request = RequestFactory().get("/")
    request.user = make.UserFactory(is_staff=True, is_superuser=True)
    forms_shown = [
        form
        for model, page in admin.site._registry.items()
        for form in (
            page.get_form(request),
            *(one(model, admin.site).get_formset(request).form for one in page.inlines),
        )
    ]
    loose = [
        (form._meta.model, name)
        for form in forms_shown
        for name, field in form.base_fields.items()
        if isinstance(field, KINDS) and check_year not in field.validators
    ]
    assert len(forms_shown) > 10
    assert loose == []


@pytest.mark.parametrize("text", ["0001-01-01", "1999-12-31", "2101-01-01", "9999-12-31"])
def test_other_years_are_refused_in_words(text):
    fields = (DayField(), MomentField())
    for field, typed in zip(fields, (text, [text, "12:00"]), strict=True):
        with pytest.raises(ValidationError, match="Skriv ett årtal från 2000 till 2100"):
            field.clean(typed)
    for read in (day, moment):
        with pytest.raises(ValueError, match="Skriv ett årtal från 2000 till 2100"):
            read(text)


def test_our_years_are_taken():
    assert DayField().clean("2000-01-01") == date(2000, 1, 1)
    assert MomentField().clean(["2100-12-31", "23:59"]).year == 2100
