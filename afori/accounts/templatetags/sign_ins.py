from django import template

from ..sign_in_history import device

register = template.Library()
register.filter("device", device)

SHOWN = 20


@register.inclusion_tag("accounts/_sign_ins.html", takes_context=True)
def sign_ins(context):
    """The latest attempts to log in to the account of the one who looks."""
    return {"sign_ins": context["request"].user.sign_ins.all()[:SHOWN]}
