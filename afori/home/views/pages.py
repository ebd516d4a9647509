from django.shortcuts import render

from afori.common import personal_data, retention


def about(request):
    return render(request, "home/about.html")


def accessibility(request):
    return render(request, "home/accessibility.html")


def privacy(request):
    """What is held and for how long, as the code itself has it."""
    rules = sorted(retention.rules(), key=lambda rule: rule.days)
    periods = [(rule.what, retention.period(rule.days)) for rule in rules]
    context = {"holdings": personal_data.holdings(), "periods": periods}
    return render(request, "home/privacy.html", context)
