from .acting import acting_for, remember_choice


class ActingFor:
    """`request.acting_for`: the organisation, or None. A stranger's session is left alone."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            remember_choice(request)
        request.acting_for = acting_for(request)
        return self.get_response(request)
