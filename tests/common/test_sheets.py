import pytest

from afori.common.sheets import safe_cell


@pytest.mark.parametrize("text", ["=1+1", "+46", "-1", "@x", "\tx", "\rx"])
def test_text_that_would_be_a_formula_is_disarmed(text):
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("value", ["Ekhamra", "", "1=1", -5, 0, None, 2.5])
def test_all_else_stays_as_it_is(value):
    assert safe_cell(value) == value
