"""What importers share: a package that is missing, a headline that is long."""

from __future__ import annotations

import pytest

from aftershock.errors import AftershockError
from aftershock.importers.base import needed, shortened


def test_a_package_that_is_missing_is_named_with_its_command() -> None:
    with pytest.raises(AftershockError) as caught:
        needed("no_such_package", "news")
    assert "pip install 'aftershock[news]'" in str(caught.value)
    assert "in a checkout: pip install -e '.[news]'" in str(caught.value)
    assert caught.value.exit_code == 2


def test_a_long_headline_is_cut_at_a_word() -> None:
    cut = shortened("word " * 100)
    assert len(cut) <= 300
    assert cut.endswith("word ...")
    assert shortened(" a\n b ") == "a b"
    assert shortened("x" * 400) == "x" * 296 + " ..."
