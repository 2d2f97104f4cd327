"""Every shape has a schema, and words."""

from bmsreader.web import shapes
from bmsreader.web.openapi import Shapes


def test_each_shape_has_a_schema_and_words() -> None:
    found = [one for one in vars(shapes).values() if hasattr(one, "__required_keys__")]

    assert len(found) >= 3
    for one in found:
        schemas = Shapes()
        reference = schemas.of(one)["$ref"].rpartition("/")[2]
        assert schemas.known[reference]["properties"]
        assert schemas.known[reference]["description"].endswith(".")
