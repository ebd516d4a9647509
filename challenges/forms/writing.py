"""The sections of a challenge as forms. A draft may lack anything; only what cannot be is refused.

Fields that are marked as required are those that publishing asks for.
"""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from afori.common.fields import WholeNumberField
from afori.common.sorting import by_name
from afori.taxonomy.models import Goal, Level, Method, Topic, ValueOffer
from networks.models import Need, Network

from ..models import LANGUAGES, Challenge, SectionName
from ..sections import stored
from .answering import MOST_CHARACTERS, text_area
from .moments import MomentField

capital = lazy(capfirst, str)
MOST_NEEDS = 60
MOST_KRONOR = 10**12
BIGGEST_REVISION = 2_000_000_000


def label_of(name, model=Challenge):
    """The field's name, as a label begins; translated when it is shown."""
    return capital(model._meta.get_field(name).verbose_name)


def line(name, **options):
    """One line of text, as long as the model's field."""
    longest = Challenge._meta.get_field(name).max_length
    return forms.CharField(label=label_of(name), max_length=longest, **options)


def long(name, rows=10, **options):
    return forms.CharField(
        label=label_of(name), max_length=MOST_CHARACTERS, widget=text_area(rows), **options
    )


def boxes(name, choices, **options):
    return forms.MultipleChoiceField(
        label=label_of(name), choices=choices, widget=forms.CheckboxSelectMultiple, **options
    )


def radios(name, choices, **options):
    return forms.ChoiceField(
        label=label_of(name), choices=choices, widget=forms.RadioSelect, **options
    )


def described(choices, texts):
    """Choices for the eye, each with what it means below its name."""
    layout = '{}<br><span class="small muted">{}</span>'
    return [(value, format_html(layout, label, texts[value])) for value, label in choices]


def money(name, **options):
    return WholeNumberField(
        label=label_of(name), min_value=0, max_value=MOST_KRONOR, required=False, **options
    )


class SectionForm(forms.Form):
    """One section, with the revision that it was opened with."""

    section: SectionName
    use_required_attribute = False
    revision = forms.IntegerField(
        widget=forms.HiddenInput, min_value=0, max_value=BIGGEST_REVISION, required=False
    )

    def __init__(self, data=None, *, challenge, revision=0, user=None):
        self.challenge = challenge
        initial = {**stored(challenge, self.section), "revision": revision}
        super().__init__(data, initial=initial)

    def full_clean(self):
        wanted = [field for field in self.fields.values() if field.required]
        for field in wanted:
            field.required = False
        super().full_clean()
        for field in wanted:
            field.required = True

    @property
    def values(self):
        """What was typed, by field of the challenge."""
        return {name: typed for name, typed in self.cleaned_data.items() if name != "revision"}

    @property
    def from_revision(self):
        return self.cleaned_data["revision"] or 0

    @property
    def has_english(self):
        return any(name.endswith("_en") for name in self.fields)


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


class OffersForm(SectionForm):
    section = SectionName.OFFERS
    value_offers = boxes(
        "value_offers",
        ValueOffer.choices,
        required=False,
        help_text=_("What suppliers get from you besides money. It is often worth more."),
    )


class BudgetForm(SectionForm):
    section = SectionName.BUDGET
    budget_min = money("budget_min")
    budget_max = money(
        "budget_max", help_text=_("Leave “from” empty if you only know the most you can spend.")
    )
    prize = money("prize", help_text=_("For competitions: the sum that is shared out."))

    def clean(self):
        low, high = self.cleaned_data.get("budget_min"), self.cleaned_data.get("budget_max")
        if low is not None and high is not None and low > high:
            self.add_error("budget_max", _("“To” must be at least as much as “from”."))


class RightsForm(SectionForm):
    section = SectionName.RIGHTS
    rights = radios("rights", Challenge.Rights.choices)
    rights_text_sv = long(
        "rights_text_sv",
        4,
        required=False,
        help_text=_("In your own words: who may use the result, for what, and for how long."),
    )
    rights_text_en = long("rights_text_en", 4, required=False)
    MEANING = {
        Challenge.Rights.SUPPLIER_KEEPS: _(
            "The supplier can sell to others, so more answer and the price is lower. You get the "
            "right to use it."
        ),
        Challenge.Rights.BUYER_OWNS: _(
            "You may do anything with it, and must look after it. Fewer answer, at a higher price."
        ),
        Challenge.Rights.SHARED: _(
            "Both may use it. Fits when both contribute much; needs clear rules."
        ),
        Challenge.Rights.LICENCE: _(
            "The supplier owns it, and you may use it as the licence says. Say for how long, and "
            "who else may."
        ),
        Challenge.Rights.TO_BE_AGREED: _(
            "Postpones the question. Suppliers cannot tell what they give away: say at least the "
            "least you need."
        ),
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        choices = Challenge.Rights.choices
        self.fields["rights"].widget.choices = described(choices, self.MEANING)


class EligibilityForm(SectionForm):
    section = SectionName.ELIGIBILITY
    eligibility_sv = long(
        "eligibility_sv",
        6,
        required=False,
        help_text=_(
            "Only what is really needed to answer. Suppliers read it before they begin. Empty "
            "means that everyone may answer."
        ),
    )
    eligibility_en = long("eligibility_en", 6, required=False)


class RouteForm(SectionForm):
    section = SectionName.ROUTE
    adoption_receiver_sv = line(
        "adoption_receiver_sv",
        help_text=_("Unit and role that takes the result into use."),
    )
    adoption_receiver_en = line("adoption_receiver_en", required=False)
    adoption_budget_sv = line(
        "adoption_budget_sv", help_text=_("Who decides on the money, and for which year.")
    )
    adoption_budget_en = line("adoption_budget_en", required=False)
    adoption_plan_sv = line(
        "adoption_plan_sv",
        help_text=_("How you intend to buy if it turns out well, and when."),
    )
    adoption_plan_en = line("adoption_plan_en", required=False)


class TimesForm(SectionForm):
    section = SectionName.TIMES
    opens_at = MomentField(
        label=label_of("opens_at"), help_text=_("From then on one can ask and answer.")
    )
    questions_until = MomentField(
        label=label_of("questions_until"),
        help_text=_("Leave suppliers at least half of the time to find their questions."),
    )
    answers_by = MomentField(
        label=label_of("answers_by"),
        help_text=_("All answers are published by then, to everyone at once."),
    )
    closes_at = MomentField(
        label=label_of("closes_at"),
        help_text=_(
            "The second counts: with 12:00, what comes at 12.00.00 is in time and one second "
            "later is too late. After publishing it can only move later."
        ),
    )
    decision_expected_on = forms.DateField(
        label=label_of("decision_expected_on"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": _("Write the date as 2027-01-31.")},
    )
    wait_days = WholeNumberField(
        label=label_of("wait_days"),
        min_value=0,
        max_value=365,
        required=False,
        help_text=_(
            "Suppliers get their decisions first. The public sees the outcome this many days "
            "later. 0 means at once."
        ),
    )
    ORDER = [
        ("opens_at", "questions_until", _("It cannot be before it opens.")),
        ("questions_until", "answers_by", _("It cannot be before the last time to ask.")),
        ("opens_at", "closes_at", _("It must be later than when it opens.")),
    ]

    def clean_wait_days(self):
        return self.cleaned_data["wait_days"] or 0

    def clean(self):
        typed = self.cleaned_data
        for earlier, later, sentence in self.ORDER:
            first, second = typed.get(earlier), typed.get(later)
            wrong = first and second and second < first
            if wrong or (later == "closes_at" and first and first == second):
                self.add_error(later, sentence)
        self.check_before_closing()

    def check_before_closing(self):
        typed = self.cleaned_data
        closes = typed.get("closes_at")
        for name in ("questions_until", "answers_by"):
            if closes and typed.get(name) and typed[name] > closes:
                self.add_error(name, _("It cannot be after it closes."))
        decided = typed.get("decision_expected_on")
        if closes and decided and decided < closes.date():
            self.add_error("decision_expected_on", _("It cannot be before it closes."))


class PanelForm(SectionForm):
    section = SectionName.PANEL
    anonymous_reading = forms.BooleanField(
        label=label_of("anonymous_reading"),
        required=False,
        help_text=_(
            "Readers see letters instead of names until they have handed in their own scores."
        ),
    )


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


class PersonForm(forms.Form):
    """Somebody by e-mail address. Gives the person."""

    address = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_("Of somebody with an account here."),
    )

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.people = people

    def clean_address(self):
        address = self.cleaned_data["address"].lower()
        person = self.people.filter(email=address, is_active=True).first()
        if person is None:
            raise ValidationError(
                _(
                    "Nobody with an account has this address. Ask them to create one, then name "
                    "them here. Nothing has been sent."
                ),
                code="unknown",
            )
        return person
