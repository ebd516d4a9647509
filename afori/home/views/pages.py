from django.shortcuts import render


def about(request):
    return render(request, "home/about.html")


def accessibility(request):
    return render(request, "home/accessibility.html")


def privacy(request):
    return render(request, "home/privacy.html")
