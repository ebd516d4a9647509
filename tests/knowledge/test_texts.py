from types import SimpleNamespace

from knowledge import texts

TERM = SimpleNamespace(
    pk=1,
    slug="begrepp-marknadsdialog",
    title="Marknadsdialog",
    lead="Samtal före upphandlingen.",
    body="",
)
WORDS = {"marknadsdialog": TERM}


def explained(html):
    return texts.with_terms(html, WORDS, "/kunskap/ordlista/")


def test_first_use_of_a_term_explains_itself():
    html = explained("<p>Börja med marknadsdialog. Sedan mer marknadsdialog.</p>")
    assert html.count('popovertarget="term-begrepp-marknadsdialog"') == 1
    assert "Samtal före upphandlingen." in html
    assert "Sedan mer marknadsdialog." in html
    assert 'href="/kunskap/ordlista/#begrepp-marknadsdialog"' in html


def test_term_keeps_the_case_of_the_sentence():
    assert ">Marknadsdialog</button>" in explained("<p>Marknadsdialog först.</p>")


def test_term_inside_links_and_headings_is_left_alone():
    html = '<h2>Marknadsdialog</h2><p><a href="/x">marknadsdialog</a></p>'
    assert explained(html) == html


def test_term_inside_a_longer_word_is_left_alone():
    assert explained("<p>marknadsdialogerna</p>") == "<p>marknadsdialogerna</p>"


def test_term_in_an_attribute_is_left_alone():
    html = '<p title="marknadsdialog">x</p>'
    assert explained(html) == html


def test_contents_have_unique_anchors():
    html, sections = texts.with_contents("<h2>Läs &amp; lär</h2><p>x</p><h2>Läs &amp; lär</h2>")
    assert sections == [("las-lar-1", "Läs & lär"), ("las-lar-2", "Läs & lär")]
    assert '<h2 id="las-lar-2">' in html


def test_tables_scroll_and_take_the_keyboard():
    html = texts.with_tables("<table><tbody></tbody></table>")
    assert html.startswith('<div class="scroll" tabindex="0" role="group"')
    assert html.endswith("</table></div>")


def test_reading_time_is_at_least_a_minute():
    assert texts.minutes("<p>kort</p>") == 1
    assert texts.minutes("<p>" + "ord " * 600 + "</p>") == 3
