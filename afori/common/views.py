from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied


def public(view):
    """Mark a view as open to anyone. Everything that is not marked asks for a log-in."""
    view = login_not_required(view)
    view.public = True
    return view


def posted(request):
    """Data for a form: also when everything in it was left empty; None until it is sent."""
    return request.POST if request.method == "POST" else None


def require(user, permission, obj=None):
    """403 for a person who may see the thing but not do this with it."""
    if not user.has_perm(permission, obj):
        raise PermissionDenied
