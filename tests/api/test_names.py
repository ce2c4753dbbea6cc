"""What `import hpsoft` offers: every name, late."""

import ast
import inspect

import pytest

import hpsoft


def test_every_public_name_is_there_and_from_the_module_that_is_named():
    for name in set(hpsoft.__all__) - {"__version__"}:
        assert getattr(hpsoft, name).__module__.startswith(hpsoft._HOMES[name].rpartition(".")[0])
    assert set(hpsoft.__all__) <= set(dir(hpsoft))


def test_what_types_see_is_what_is_there():
    """The imports for type checkers, the homes and `__all__` name the same."""
    tree = ast.parse(inspect.getsource(hpsoft))
    (typed,) = (node for node in tree.body if isinstance(node, ast.If))
    seen = {alias.name: node.module for node in typed.body for alias in node.names}
    assert seen == hpsoft._HOMES
    assert {*seen, "__version__"} == set(hpsoft.__all__)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="has no attribute 'serch'"):
        _ = hpsoft.serch
