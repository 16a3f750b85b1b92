"""Prints AWS's create-only properties of the resource types that stdin names, as cfn-lint's copy of the schemas has them."""

import json
import sys

from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

KEYS = ("createOnlyProperties", "conditionalCreateOnlyProperties")


def create_only(kind):
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", kind).schema
    # A pointer: /properties/NAME, or to something inside it.
    return sorted({pointer.split("/")[2] for key in KEYS for pointer in schema.get(key) or []})


print(json.dumps({kind: create_only(kind) for kind in json.load(sys.stdin)}))
