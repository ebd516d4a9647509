"""Each kind that an app has registered can be shown and sent."""

import pytest
from django.template.loader import get_template

from afori.notifications import registry

KINDS = registry.kinds()


def test_apps_have_registered_their_kinds():
    assert {kind.name.partition(".")[0] for kind in KINDS} >= {"accounts", "networks"}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_kind_has_its_templates(kind):
    if kind.mail:
        for name in kind.templates:
            get_template(name)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_kind_is_named_after_its_app_and_fits_the_column(kind):
    assert kind.name.partition(".")[0] in {
        "accounts",
        "networks",
        "challenges",
        "funding",
        "events",
        "knowledge",
    }
    assert len(kind.name) <= 60


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_kind_loads_its_subjects_with_what_they_need(kind, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert kind.subjects([-1]) == {}


def test_name_belongs_to_one_kind(kind):
    kind()
    with pytest.raises(ValueError, match="twice"):
        kind()
