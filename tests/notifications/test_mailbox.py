import pytest
from django.core.mail import EmailMultiAlternatives

from afori.notifications.mailbox import EmailBackend

LIST = "/demo/mejl/"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.AFORI_MAILBOX_DIR = tmp_path / "mail"
    return settings.AFORI_MAILBOX_DIR


def send(subject="Hej Åsa", to="asa@example.org", html="<html><head></head><p>Hej</p></html>"):
    message = EmailMultiAlternatives(subject, "Hej https://example.org/x\n", None, [to])
    message.attach_alternative(html, "text/html")
    return EmailBackend().send_messages([message])


def only_name(folder):
    (path,) = folder.glob("*.eml")
    return path.stem


def test_empty_mailbox_says_so(client):
    assert client.get(LIST).status_code == 200


def test_mail_is_stored_whole_and_listed_newest_first(client, folder):
    assert send() == 1
    send(subject="Nyast")
    assert [path.suffix for path in folder.iterdir()] == [".eml", ".eml"]
    page = client.get(LIST).content.decode()
    assert page.index("Nyast") < page.index("Hej Åsa")


def test_mailbox_shows_one_persons_mail(client):
    send(subject="Till Åsa")
    send(subject="Till Bo", to="bo@example.org")
    page = client.get(LIST, {"address": "ASA@"}).content.decode()
    assert "Till Åsa" in page
    assert "Till Bo" not in page


def test_mail_is_shown_as_text_headers_and_framed_html(client, folder):
    send()
    url = f"{LIST}{only_name(folder)}/"
    response = client.get(url)
    page = response.content.decode()
    assert "Hej Åsa" in page
    assert "Content-Type" in page
    assert f'src="{url}html/"' in page
    assert "frame-src 'self'" in response["Content-Security-Policy"]


def test_html_of_a_mail_can_do_nothing(client, folder):
    send(html="<html><head></head><script>alert(1)</script></html>")
    response = client.get(f"{LIST}{only_name(folder)}/html/")
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "sandbox allow-top-navigation-by-user-activation" in policy
    assert "frame-ancestors 'self'" in policy
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert '<base target="_top">' in response.content.decode()


def test_mailbox_is_kept_by_no_cache(client):
    assert "no-store" in client.get(LIST)["Cache-Control"]


@pytest.mark.parametrize("path", ["", "x/", "x/html/"])
def test_mailbox_exists_only_in_the_demo(client, settings, path):
    settings.AFORI_DEMO = False
    assert client.get(LIST + path).status_code == 404


@pytest.mark.parametrize("name", ["x", "..", "..%2fsettings", "0" * 300])
def test_unknown_mail_is_not_found(client, name):
    assert client.get(f"{LIST}{name}/").status_code == 404
