"""What is looked for."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from afori.common.fields import text_area
from afori.common.sorting import by_name
from afori.taxonomy.models import Goal, Level, Method, Topic
from networks.models import Need, Network

from ...models import LANGUAGES, SectionName
from .base import SectionForm, boxes, described, label_of, line, long, radios

MOST_NEEDS = 60


class BasicsForm(SectionForm):
    section = SectionName.BASICS
    title_sv = line(
        "title_sv", help_text=_("The need in a few words, not the solution you have in mind.")
    )
    title_en = line("title_en", required=False)
    summary_sv = line(
        "summary_sv",
        widget=text_area(3),
        help_text=_("Two sentences that make the right supplier go on reading. Shown in lists."),
    )
    summary_en = line("summary_en", widget=text_area(3), required=False)
    languages = boxes("languages", LANGUAGES, help_text=_("More languages reach more suppliers."))
    contact = line(
        "contact", help_text=_("Name and role. Questions are asked on the challenge's page.")
    )
    topics = forms.ModelMultipleChoiceField(
        label=label_of("topics"),
        queryset=Topic.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    network = forms.ModelChoiceField(
        label=label_of("network"),
        queryset=Network.objects.none(),
        required=False,
        empty_label=_("None"),
    )
    needs = forms.ModelMultipleChoiceField(
        label=label_of("needs"),
        queryset=Need.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_(
            "Needs that your organisation has proposed or shares, and those of your networks."
        ),
    )
    goals = forms.TypedMultipleChoiceField(
        label=label_of("goals"),
        choices=Goal.choices,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args, challenge, user, **kwargs):
        super().__init__(*args, challenge=challenge, **kwargs)
        self.fields["topics"].queryset = Topic.objects.order_by(by_name("name"))
        self.fields["network"].queryset = Network.objects.only(
            "name_sv", "name_en", "slug"
        ).order_by(by_name("name"))
        self.fields["needs"].queryset = needs_near(challenge, user)

    def clean_title_sv(self):
        """A challenge always has a name: the one it has stays when the field is emptied."""
        return self.cleaned_data["title_sv"] or self.challenge.title_sv


def needs_near(challenge, user):
    """Needs that the challenge has, and those around its owner that the person may see."""
    owner = challenge.owner_id
    around = Q(proposer=owner) | Q(commitments__organisation=owner)
    around |= Q(network__memberships__organisation=owner, network__memberships__state="active")
    visible = Need.objects.visible_to(user).filter(around).order_by("-pk").values("pk").distinct()
    near = Q(pk__in=visible[:MOST_NEEDS]) | Q(pk__in=challenge.needs.order_by().values("pk"))
    return Need.objects.filter(near).only("title_sv", "title_en", "slug").order_by(by_name("title"))


class BackgroundForm(SectionForm):
    section = SectionName.BACKGROUND
    background_sv = long(
        "background_sv",
        help_text=_(
            "What happens today, why it is not good enough and what it costs if nothing changes."
        ),
    )
    background_en = long("background_en", required=False)


class FunctionForm(SectionForm):
    section = SectionName.FUNCTION
    function_sv = long(
        "function_sv",
        help_text=_(
            "What must be possible, for whom and how well. Leave the technique to the suppliers."
        ),
    )
    function_en = long("function_en", required=False)


class AffectedForm(SectionForm):
    section = SectionName.AFFECTED
    affected_sv = long(
        "affected_sv",
        6,
        help_text=_("Users, staff, residents: how many they are, and how they are involved."),
    )
    affected_en = long("affected_en", 6, required=False)


class LevelForm(SectionForm):
    section = SectionName.LEVEL
    level = radios("level", Level.choices)
    method = radios("method", Method.choices, help_text=_("Market dialogue fits on all levels."))
    LEVELS = {
        Level.INITIATE: _(
            "Does nobody sell what you need? Then research or development must begin. Fits: "
            "hackathon, idea competition, innovation contest, pre-commercial procurement, "
            "innovation partnership."
        ),
        Level.INTRODUCE: _(
            "Are there prototypes or early products that nobody has bought yet? Then you are the "
            "first customer and share the risk. Fits: testbed, innovation partnership, competitive "
            "dialogue, public-private innovation cooperation."
        ),
        Level.IMPLEMENT: _(
            "Is there a solution that works, on a small scale? Then it is about buying so that "
            "many can use it. Fits: procurement that fosters development."
        ),
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["level"].widget.choices = described(Level.choices, self.LEVELS)
