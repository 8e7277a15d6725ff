"""Makes values of the schemas of OpenAPI documents, with hypothesis-jsonschema.

    make.py FOLDER DOCUMENT...
    make.py --unions FILE DOCUMENT

Each DOCUMENT is a file that `cargo xtask instances` wrote: an OpenAPI 3.0 document and the schemas of which values are
wanted. What is made goes into FOLDER, a file for each document: a header, then a line for each schema, compressed.

With `--unions`, DOCUMENT has the unions of which values of each type are wanted, and FILE gets a line for each type.
"""

import gzip
import json
import os
import re
import sys
import warnings
import zlib
from importlib.metadata import version

from hypothesis import HealthCheck, Phase, find, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import HypothesisException
from hypothesis_jsonschema import _from_schema as made_by, from_schema

# As many different values of each schema as it has, up to this.
WANTED = 54
# As many of each type of a union, with everything and without.
OF_VARIANT = 4
# So many of them have everything that a value can have.
FULL = 12
# Longest text that is made where the schema sets no bound below it.
LONGEST = 10
# Objects and lists below a schema that refers to itself end here.
DEEPEST = 4

SCALARS = (
    "minimum maximum multipleOf minLength maxLength format pattern "
    "exclusiveMinimum exclusiveMaximum"
).split()
FORMATS = {"date-time", "date", "time", "email", "uri"}
# Values where the document says nothing about them.
FREE = {
    "anyOf": [
        {"type": "string", "maxLength": 8},
        {"type": "integer", "minimum": -1000, "maximum": 10**9},
        {"type": "boolean"},
        {"type": "array", "items": {"type": "integer", "minimum": 0, "maximum": 9}, "maxItems": 2},
        {
            "type": "object",
            "properties": {"a": {"type": "string", "maxLength": 8}},
            "additionalProperties": False,
        },
    ]
}


# hypothesis-jsonschema works out the strategy of each member again for every object: it may remember them.
STRATEGIES = {}
MERGED = made_by.merged_as_strategies


def remembered(schemas, **others):
    key = canonical(schemas)
    if key not in STRATEGIES:
        STRATEGIES[key] = MERGED(schemas, **others)
    return STRATEGIES[key]


made_by.merged_as_strategies = remembered


def canonical(value):
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


class Document:
    """A document, and the way from its schemas to JSON Schema."""

    def __init__(self, document):
        self.document = document
        self.schemas = document.get("components", {}).get("schemas", {})
        self.dropped = {}
        self.parents = {}
        # By child: members that say what it is, and their values.
        self.own_tags = {}
        # The schema of a union's type, of which alone values are made, and its values of the discriminator.
        self.only, self.only_tags = None, []
        for name, schema in self.schemas.items():
            tag = schema.get("discriminator", {}).get("propertyName")
            if tag and not (schema.get("oneOf") or schema.get("anyOf")):
                children = [
                    (child, self.tags(schema, child))
                    for child, other in self.schemas.items()
                    if any(part.get("$ref") == reference(name) for part in other.get("allOf", []))
                ]
                if children:
                    self.parents[name] = (tag, children)
                    for child, values in children:
                        self.own_tags.setdefault(child, {}).setdefault(tag, []).extend(values)
        self.find_unions(document)

    def find_unions(self, node):
        if isinstance(node, list):
            for item in node:
                self.find_unions(item)
        if not isinstance(node, dict):
            return
        tag = (node.get("discriminator") or {}).get("propertyName") if isinstance(node.get("discriminator"), dict) else None
        if isinstance(tag, str):
            for branch in [*node.get("oneOf", []), *node.get("anyOf", [])]:
                child = component(branch.get("$ref", ""))
                if child:
                    known = self.own_tags.setdefault(child, {}).setdefault(tag, [])
                    known += [value for value in self.tags(node, child) if value not in known]
        for key, member in node.items():
            if not key.startswith("x-") and key not in ("example", "examples", "default", "enum"):
                self.find_unions(member)

    def drop(self, what):
        self.dropped[what] = self.dropped.get(what, 0) + 1

    def tags(self, parent, child):
        """Values of a discriminator that mean a child."""
        mapping = parent["discriminator"].get("mapping", {})
        mapped = [value for value, to in mapping.items() if to in (reference(child), child)]
        if mapped:
            return mapped
        # The child itself may say its value.
        parts = []
        self.flatten({"$ref": reference(child)}, parts, [])
        for part in parts:
            member = part.get("properties", {}).get(parent["discriminator"]["propertyName"], {})
            if member.get("enum") and child not in member["enum"]:
                return member["enum"]
        return [self.schemas[child].get("x-discriminator-value", child)]

    def at(self, pointer):
        node = self.document
        for token in pointer.split("/")[1:]:
            token = token.replace("~1", "/").replace("~0", "~")
            node = node[int(token)] if isinstance(node, list) else node[token]
        return node

    def flatten(self, site, parts, names):
        """The plain schemas that a schema is made of, and the components on the way."""
        if any(part is site for part in parts):
            return
        if "$ref" in site:
            name = component(site["$ref"])
            if name not in names:
                names.append(name)
                self.flatten(self.schemas[name], parts, names)
            return
        for part in site.get("allOf", []):
            self.flatten(part, parts, names)
        parts.append(site)

    def of_pointer(self, pointer, way, full):
        name = component("#" + pointer)
        parts, names = [], []
        self.flatten(self.at(pointer), parts, names)
        return self.together(parts, ([name] if name else []) + names, Making(way, full, 0, ()))

    def of_variant(self, union, variant, way, full):
        """A type of a union."""
        self.only, self.only_tags = self.at(variant["place"]), variant["tags"]
        schema = self.of_pointer(union, way, full)
        if self.only is not None:
            # The union is not where its type comes from.
            self.only = None
            schema = self.of_pointer(variant["place"], way, full)
        return schema

    def convert(self, sites, making):
        parts, names = [], []
        for site in sites:
            self.flatten(site, parts, names)
        if names:
            making = making.deeper(names)
        out = self.together(parts, names, making)
        null = any(part.get("nullable") or None in part.get("enum", []) for part in parts)
        return {"anyOf": [{"type": "null"}, out]} if null else out

    def together(self, parts, names, making, expanded=()):
        for name in names:
            if name in self.parents and name not in expanded:
                # A child has its parent as a part: that is the parent no longer.
                if any(other in names for other, _ in self.parents[name][1]):
                    continue
                tag, children = self.parents[name]
                if self.only is not None and self.only is self.schemas[name]:
                    self.only = None
                    return tagged(self.together(parts, names, making, (*expanded, name)), tag, self.only_tags)
                picked = [child for child in children if self.schemas[child[0]] is self.only]
                if picked:
                    children, self.only = picked, None
                kinds = []
                for child, values in children:
                    own, own_names = [], []
                    self.flatten({"$ref": reference(child)}, own, own_names)
                    below = making.deeper([child])
                    if below.depth <= DEEPEST:
                        kind = self.together(own, own_names, below, (*expanded, name))
                        kinds.append(tagged(kind, tag, values))
                return {"anyOf": kinds}
        for part in parts:
            keyword = next((key for key in ("oneOf", "anyOf") if key in part), None)
            if keyword and id(part) not in making.expanding:
                return self.union(part, keyword, parts, making)
        out = self.plain(parts, making)
        for name in names:
            for tag, values in self.own_tags.get(name, {}).items():
                if tag in out.get("properties", {}):
                    out["properties"][tag] = {"enum": values}
        return out

    def union(self, holder, keyword, parts, making):
        beside = [part for part in parts if part is not holder or "properties" in part]
        tag = holder.get("discriminator", {}).get("propertyName")
        kinds = []
        branches = holder[keyword]
        picked = [branch for branch in branches if branch is self.only]
        if picked:
            branches, self.only = picked, None
        for branch in branches:
            own, names = [], []
            self.flatten(branch, own, names)
            below = (making.deeper(names) if names else making).without(holder)
            if names and below.depth > DEEPEST:
                continue
            kind = self.together(own + beside, names, below)
            if tag and names:
                kind = tagged(kind, tag, self.tags(holder, names[0]))
            kinds.append(kind)
        return {"anyOf": kinds}

    def plain(self, parts, making):
        types = {part["type"] for part in parts if "type" in part}
        named = {part["x-rust-type"] for part in parts if "x-rust-type" in part}
        # Money is a whole number whatever the document calls it, a currency has three letters and an account's id
        # a letter and eight digits.
        if "rt::Amount" in named:
            parts = [{**part, "type": "integer"} if "type" in part else part for part in parts]
            types = {"integer"}
        enums = [[value for value in part["enum"] if value is not None] for part in parts if "enum" in part]
        if enums:
            # What all lists allow; those without a common value are a mistake of the document.
            values = [value for value in enums[0] if all(value in enum for enum in enums)] or enums[0]
            if types == {"string"}:
                values = [value if isinstance(value, str) else json.dumps(value) for value in values]
            return {"enum": values}
        if "rt::Currency" in named:
            return {"type": "string", "pattern": "^[A-Z]{3}\\Z"}
        if "rt::AccountId" in named:
            return {"type": "string", "pattern": "^[PT][0-9]{8}\\Z"}
        if any("not" in part for part in parts):
            self.drop("not")
        if "object" in types or (not types and any("properties" in p or "additionalProperties" in p for p in parts)):
            return self.object(parts, making)
        if "array" in types or (not types and any("items" in p for p in parts)):
            return self.array(parts, making)
        if not types:
            return FREE
        scalars = [self.scalar(part, types) for part in parts if "type" in part or set(part) & set(SCALARS)]
        return scalars[0] if len(scalars) == 1 else {"allOf": scalars}

    def scalar(self, part, types):
        kind = "integer" if "integer" in types else next(iter(types))
        out = {"type": kind}
        for key in SCALARS:
            if key not in part:
                continue
            value = part[key]
            if key.startswith("exclusive"):
                if value is True:
                    bound = "minimum" if key == "exclusiveMinimum" else "maximum"
                    out.pop(bound, None)
                    out[key] = part[bound]
            elif key == "pattern":
                pattern = usable(value)
                if pattern is None:
                    self.drop(f"pattern {value}")
                else:
                    out[key] = pattern
            elif key == "format":
                if kind == "string" and value in FORMATS:
                    out[key] = value
                elif kind == "string":
                    self.drop(f"format {value}")
            else:
                out[key] = value
        if kind == "string" and "pattern" not in out and "format" not in out:
            most = max(LONGEST, out.get("minLength", 0))
            out["maxLength"] = min(out.get("maxLength", most), most)
        if kind == "integer":
            # What a JSON number can say exactly everywhere.
            bounds = (-(2**31), 2**31 - 1) if part.get("format") == "int32" else (-(2**53), 2**53)
            out["minimum"] = max(out.get("minimum", bounds[0]), bounds[0])
            out["maximum"] = min(out.get("maximum", bounds[1]), bounds[1])
        return out

    def array(self, parts, making):
        items = [part["items"] for part in parts if "items" in part]
        least = max((part.get("minItems", 0) for part in parts), default=0)
        most = min((part.get("maxItems", least + 2) for part in parts), default=2)
        out = {"type": "array", "minItems": least, "maxItems": max(least, min(most, least + 2))}
        if making.depth >= DEEPEST and least == 0:
            return {"type": "array", "maxItems": 0}
        out["items"] = self.convert(items, making) if items else FREE
        if making.full and least == 0 and most:
            out["minItems"] = 1
        return out

    def object(self, parts, making):
        members = {}
        for part in parts:
            for name, schema in part.get("properties", {}).items():
                members.setdefault(name, []).append(schema)
        required = {name for part in parts for name in part.get("required", []) if name in members}
        additional = next(
            (part["additionalProperties"] for part in parts if part.get("additionalProperties", False) is not False),
            None,
        )
        if not members:
            values = self.convert([additional], making) if isinstance(additional, dict) and additional else FREE
            most = min((part.get("maxProperties", 2) for part in parts), default=2)
            out = {
                "type": "object",
                "additionalProperties": values,
                "propertyNames": {"maxLength": 8},
                "maxProperties": min(most, 2),
            }
            if making.full:
                out["minProperties"] = 1
            return out
        properties = {}
        for name, sites in sorted(members.items()):
            # Without it there is no value of the type, whichever way that goes.
            guaranteed = any(site.get("x-guaranteed") for site in sites)
            other_way = "readOnly" if making.way == "sent" else "writeOnly"
            if making.way != "both" and not guaranteed and self.flagged(sites, other_way):
                required.discard(name)
                continue
            if guaranteed:
                required.add(name)
            is_required = name in required
            if making.depth >= 1 and not is_required and (making.depth > 1 or self.has_parts(sites)):
                continue
            if making.depth > DEEPEST and self.has_parts(sites):
                continue
            properties[name] = self.convert(sites, making)
        if making.full and making.depth <= 1:
            required = set(properties)
        out = {
            "type": "object",
            "properties": properties,
            "required": sorted(required & set(properties)),
            "additionalProperties": False,
        }
        if additional is not None and making.depth == 0:
            out["additionalProperties"] = (
                self.convert([additional], making) if isinstance(additional, dict) and additional else FREE
            )
            out["propertyNames"] = {"maxLength": 40}
            out["maxProperties"] = len(properties) + 2
        return out

    def flagged(self, sites, flag):
        parts = []
        for site in sites:
            self.flatten(site, parts, [])
        return any(part.get(flag) for part in parts)

    def has_parts(self, sites):
        """Whether values are made of others."""
        parts = []
        for site in sites:
            self.flatten(site, parts, [])
        inner = [part["items"] for part in parts if "items" in part]
        if any(key in part for part in parts for key in ("properties", "oneOf", "anyOf", "additionalProperties")):
            return True
        return any(part.get("type") == "object" for part in parts) or (bool(inner) and self.has_parts(inner))


class Making:
    """What is being made: which way it travels, whether everything has to be there, how deep it lies."""

    def __init__(self, way, full, depth, expanding):
        self.way, self.full, self.depth, self.expanding = way, full, depth, expanding

    def deeper(self, _names):
        return Making(self.way, self.full, self.depth + 1, ())

    def without(self, holder):
        return Making(self.way, self.full, self.depth, (*self.expanding, id(holder)))


def reference(name):
    return "#/components/schemas/" + name.replace("~", "~0").replace("/", "~1")


def component(ref):
    prefix = "#/components/schemas/"
    name = ref.removeprefix(prefix)
    if name == ref or "/" in name:
        return None
    return name.replace("~1", "/").replace("~0", "~")


def tagged(schema, tag, values):
    """A kind of object that says which it is."""
    if "anyOf" in schema and "properties" not in schema:
        return {"anyOf": [tagged(kind, tag, values) for kind in schema["anyOf"]]}
    if schema.get("type") != "object":
        return schema
    properties = {**schema.get("properties", {}), tag: {"enum": list(values)}}
    required = sorted({*schema.get("required", []), tag})
    return {**schema, "properties": properties, "required": required}


PATTERNS = {}


def usable(pattern):
    """The pattern for Python, if texts can be made of it."""
    if pattern not in PATTERNS:
        # Python's `$` also stands before a line break.
        ours = re.sub(r"(?<!\\)\$$", r"\\Z", pattern)
        try:
            quick = settings(max_examples=50, database=None, suppress_health_check=list(HealthCheck))
            find(st.from_regex(re.compile(ours)), lambda _: True, settings=quick)
        except (re.error, HypothesisException, NotImplementedError):
            ours = None
        PATTERNS[pattern] = ours
    return PATTERNS[pattern]


def draw(schema, count, start):
    """Different values of a schema; fewer where it has fewer."""
    found = {}
    strategy = from_schema(schema)
    for turn in range(4):
        before = len(found)

        @seed(start + turn)
        @settings(
            max_examples=count if turn == 0 else 2 * count,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(strategy)
        def collect(value):
            if len(found) < count:
                found.setdefault(canonical(value), value)

        collect()
        if len(found) >= count or len(found) == before:
            break
    return found


def paths(value, at, found):
    """Where members are."""
    if isinstance(value, dict):
        for name, member in value.items():
            found.add(f"{at}.{name}")
            paths(member, f"{at}.{name}", found)
    elif isinstance(value, list):
        for item in value:
            paths(item, f"{at}[]", found)


def members(schema, at, found):
    """Where members can be."""
    if schema is FREE:
        return
    for kind in schema.get("anyOf", []):
        members(kind, at, found)
    for name, member in schema.get("properties", {}).items():
        found.add(f"{at}.{name}")
        members(member, f"{at}.{name}", found)
    if isinstance(schema.get("items"), dict):
        members(schema["items"], f"{at}[]", found)


WAYS = {(True, True): "both", (True, False): "sent", (False, True): "received"}


def make(document, wanted):
    way = WAYS[wanted["sent"], wanted["received"]]
    place = wanted["place"]
    start = zlib.crc32(f"{place} {way}".encode()) % 2**31
    full = document.of_pointer(place, way, True)
    some = document.of_pointer(place, way, False)
    found = draw(full, FULL, start)
    for text, value in draw(some, WANTED - len(found) + 3, start + 100).items():
        if len(found) < WANTED:
            found.setdefault(text, value)
    there, possible = set(), set()
    for value in found.values():
        paths(value, "", there)
    members(full, "", possible)
    # One of many kinds may not have been among them.
    for turn in range(1, 6):
        if possible <= there:
            break
        for text, value in draw(full, 4 * FULL, start + 1000 * turn).items():
            new = set()
            paths(value, "", new)
            if (new & possible) - there:
                found.setdefault(text, value)
                there |= new
    values = list(found.values())
    line = {
        "place": place,
        "way": way,
        "fingerprint": wanted["fingerprint"],
        "instances": values,
    }
    if len(values) < 50:
        line["all"] = f"{len(values)} are all that were found"
    return line, len(possible), sorted(possible - there)


def make_unions(path, target):
    """Values of each type of each union, a line for each type."""
    with open(path, encoding="utf-8") as file:
        asked = json.load(file)
    document = Document(asked["document"])
    # These tell types of unions apart.
    FORMATS.update(["ipv4", "ipv6", "uuid"])
    with open(target, "w", encoding="utf-8") as out:
        for union in asked["unions"]:
            way = WAYS.get((union["sent"], union["received"]), "both")
            for variant in union["variants"]:
                line = {"union": union["name"], "variant": variant["name"], "values": []}
                start = zlib.crc32(f"{union['place']} {variant['place']}".encode()) % 2**31
                try:
                    found = {}
                    for turn, full in enumerate([True, False]):
                        schema = document.of_variant(union["place"], variant, way, full)
                        found.update(draw(schema, OF_VARIANT, start + 100 * turn))
                    line["values"] = list(found.values())
                except (HypothesisException, RecursionError, KeyError, re.error) as error:
                    line["why"] = f"{type(error).__name__}: {error}".splitlines()[0][:200]
                out.write(canonical(line) + "\n")


def main():
    if sys.argv[1] == "--unions":
        warnings.simplefilter("ignore")
        make_unions(sys.argv[3], sys.argv[2])
        return
    warnings.simplefilter("ignore")
    folder = sys.argv[1]
    os.makedirs(folder, exist_ok=True)
    print("document                schemas  values  members  missing  fewer than 50       bytes")
    for path in sys.argv[2:]:
        with open(path, encoding="utf-8") as file:
            asked = json.load(file)
        document = Document(asked["document"])
        lines, all_missing, possible, few = [], [], 0, 0
        for wanted in asked["schemas"]:
            line, members_of, missing = make(document, wanted)
            lines.append(line)
            possible += members_of
            all_missing += [f"{wanted['place']}: {path}" for path in missing]
            few += "all" in line
        header = {
            "document": asked["name"],
            "made_by": {name: version(name) for name in ("hypothesis", "hypothesis-jsonschema")},
            "wanted": WANTED,
            "not_carried": document.dropped,
        }
        text = "".join(canonical(line) + "\n" for line in [header, *lines])
        packed = gzip.compress(text.encode(), compresslevel=9, mtime=0)
        name = asked["name"].removesuffix(".yaml")
        with open(os.path.join(folder, name + ".jsonl.gz"), "wb") as file:
            file.write(packed)
        values = sum(len(line["instances"]) for line in lines)
        print(
            f"{asked['name']:22} {len(lines):8} {values:7} {possible:8} {len(all_missing):8} {few:14} "
            f"{len(text):9} -> {len(packed)}",
            flush=True,
        )
        for missing in all_missing:
            print(f"  in no value: {missing}")
        for what, times in sorted(document.dropped.items()):
            print(f"  not carried: {what} ({times} times)")


if __name__ == "__main__":
    main()
