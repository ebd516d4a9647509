"""What is offered and asked."""

from django.utils.translation import gettext_lazy as _

from afori.taxonomy.models import ValueOffer

from ...models import Challenge, SectionName
from .base import SectionForm, boxes, described, long, money, radios


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
