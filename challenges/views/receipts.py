"""For anyone who holds a receipt: is it genuine? And how the seal works."""

from allauth.core.ratelimit import consume_or_429
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from afori.common.views import posted

from ..checking import check, own_with
from ..forms import ReceiptForm
from ..models import DayHead
from ..receipts import checked_facts

DAYS = 60


def seal(request):
    return render(request, "challenges/seal.html")


@csrf_exempt
def receipt_check(request):
    """A POST looks a receipt up and changes nothing, so it needs no token and no cookie."""
    form = ReceiptForm(posted(request), may_skip_number=request.user.is_authenticated)
    context = {"form": form, "heads": DayHead.objects.all()[:DAYS]}
    if request.method == "POST":
        if limited := consume_or_429(request, action="receipt_check"):
            return limited
        if form.is_valid():
            context |= looked_up(request.user, **form.cleaned_data)
    return render(request, "challenges/receipt_check.html", context)


def looked_up(user, *, number, checksum):
    if not number:
        return {"is_answered": True, "own": own_with(user, checksum)}
    checked = check(number, checksum)
    if checked is None:
        return {"is_answered": True}
    return {
        "is_answered": True,
        "checked": checked,
        "facts": checked_facts(checked.receipt),
        "own": [checked.receipt] if checked.is_own(user) else [],
    }
