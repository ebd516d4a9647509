"""The gallery of components at /stil/, there for those who build pages (DEBUG only)."""

from datetime import date, datetime, timedelta

from django import forms
from django.core.paginator import Paginator
from django.http import QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from afori.common.translation import Text

LEVELS = [
    ("initiate", gettext_lazy("Initiate")),
    ("introduce", gettext_lazy("Introduce")),
    ("implement", gettext_lazy("Implement")),
]
DEGREES = [
    ("interest", gettext_lazy("Interest")),
    ("letter", gettext_lazy("Letter of intent")),
    ("pledge", gettext_lazy("Pledge")),
]


class SampleFilter(forms.Form):
    q = forms.CharField(
        label=gettext_lazy("Search challenges"), required=False, widget=forms.SearchInput
    )
    level = forms.MultipleChoiceField(
        label=gettext_lazy("Level"),
        required=False,
        choices=LEVELS,
        widget=forms.CheckboxSelectMultiple,
    )
    topic = forms.ChoiceField(
        label=gettext_lazy("Topic"),
        required=False,
        choices=[("", gettext_lazy("All topics")), ("energy", "Energi"), ("care", "Vård")],
    )


class SampleForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=40)
    number = forms.CharField(
        label=gettext_lazy("Organisation number"),
        help_text=gettext_lazy("Ten digits."),
        min_length=10,
    )
    degree = forms.ChoiceField(
        label=gettext_lazy("How firm is your promise?"), choices=DEGREES, widget=forms.RadioSelect
    )
    ends = forms.DateField(
        label=gettext_lazy("The contract ends"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    sketch = forms.FileField(label=gettext_lazy("File"), required=False)
    level = forms.ChoiceField(label=gettext_lazy("Level"), choices=LEVELS)
    text = forms.CharField(
        label=gettext_lazy("How does the solution meet the need?"),
        widget=forms.Textarea(attrs={"rows": 3, "data-words": 10}),
    )
    visible = forms.BooleanField(label=gettext_lazy("Show our name to others"), required=False)


def styleguide(request):
    return render(request, "stil/index.html", sample())


def sample():
    """Made-up values for every component in every state."""
    now = timezone.localtime()
    return {
        "now": now,
        "moments": [now + timedelta(days=12), now + timedelta(days=4), now + timedelta(hours=3)],
        "crumbs": [("#chain", _("Knowledge")), ("#chain", _("Guides"))],
        "passed": now - timedelta(days=3),
        "sums": [(_("Organisations"), "18"), (_("Persons a year"), "7 600")],
        "facts": [(_("Owner"), "Ekhamra kommun"), (_("Budget"), "4–6 mnkr"), (_("Contact"), "")],
        "chains": chains(),
        "scores": scores(),
        "contracts": contracts(now.date()),
        "filter": SampleFilter(QueryDict("q=gräs&level=initiate&level=implement")),
        "facets": {"level": {"initiate": 12, "introduce": 3}, "topic": {"energy": 1004}},
        "form": SampleForm(initial={"text": "Tre korta ord"}, prefix="a"),
        "bad_form": bad_form(),
        "page_obj": Paginator(range(400), 20).page(4),
        "tasks": tasks(),
        "changes": [{"before": "27 november", "after": "2 december"}],
        "times": times(),
        "files": [{"name": "Svar.pdf", "size": 212_000, "sha256": "9f2c41d70be8a653" * 4}],
        "foreign": Text("A text in another language than the page", "fi"),
        "sections": [("colour", _("Colours")), ("type", _("Text"))],
        "steps": [{"title": label, "text": "…"} for _value, label in LEVELS],
        "states": [
            ("open", "Öppen för svar"),
            ("in_dialogue", "I dialog med marknaden"),
            ("closing_soon", "Stänger snart"),
            ("closed", "Stängd"),
            ("cancelled", "Avbruten"),
        ],
        "a_day": date(2026, 12, 2),
        "a_moment": datetime(2026, 10, 15, 12, 0, tzinfo=timezone.get_default_timezone()),
        "a_week": (date(2026, 11, 30), date(2026, 12, 4)),
    }


def bad_form():
    text = "ett två tre fyra fem sex sju åtta nio tio elva tolv"
    form = SampleForm({"b-number": "212000-01", "b-text": text}, prefix="b")
    form.add_error(None, _("The form was open in two windows. Check the answers once more."))
    return form


def link(label, text, state, url="#chain"):
    return {"label": label, "text": text, "state": state, "url": url}


def chains():
    network, need = _("Network"), _("Need")
    challenge, outcome = _("Challenge"), _("Outcome")
    return [
        [
            link(network, "Konstgräs", "done"),
            link(need, "Hållbara konstgräsplaner", "here"),
            link(challenge, _("None yet"), "todo", ""),
            link(outcome, _("None yet"), "todo", ""),
        ],
        [
            link(network, "Konstgräs", "done"),
            link(need, "Hållbara konstgräsplaner", "done"),
            link(challenge, "Fotbollsplaner utan lösa plastkorn", "done"),
            link(outcome, "Två lösningar till test", "here"),
        ],
    ]


def scores():
    factors = ["Målbild", "Struktur", "Engagemang", "Kommunikation", "Finansiering"]
    return list(zip(factors, [4, 2, 5, 4, 2], strict=True))


def contracts(today):
    names = ["Norrvika kommun", "Ekhamra kommun", "Björkesta kommun", "Lövnäs stad"]
    return [(name, today + timedelta(days=120 + 95 * i * i)) for i, name in enumerate(names)]


def tasks():
    return [
        {"label": _("The organisation"), "url": "#tasks", "state": _("Done"), "kind": "ok"},
        {
            "label": _("The need"),
            "url": "#tasks",
            "state": _("2 errors"),
            "kind": "err",
            "current": 1,
        },
        {"label": _("Attachments"), "url": "#tasks", "state": _("Not begun")},
        {"label": _("Check and submit"), "state": _("Cannot be done yet")},
    ]


def times():
    return [
        {"label": _("Opened"), "text": "2 november kl. 8.00", "state": "done"},
        {"label": _("Last day to ask"), "text": "25 november kl. 23.59", "state": "next"},
        {"label": _("Closes"), "text": "2 december kl. 12.00.00", "state": "todo", "strong": True},
    ]
