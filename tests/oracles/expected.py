#!/usr/bin/env python3
"""Computes what a database must contain after a sync, without any code of the project.

    expected.py [--lines] DUMP.jsonl SPECS_DIR

DUMP.jsonl is the output of `botroster sandbox --dump`: a JSON object a line, {"platform", "stream", "arguments", "record"}.
SPECS_DIR contains the specs as JSON, as documents.py writes them; their x-maps-to words define the rows of a record.
Prints a line for each platform and table that has rows,

    <platform> <table> <rows> <sha256>

and digest.sh prints the same lines from the database. If they are equal, every mapped field of every record arrived.
--lines prints the rows themselves, to find a difference.

The digest is the SHA-256 of the sorted rows, each with a line feed at its end. A row is

    <platform>|<stream>|<field>|<field>|...

with the fields in the order of TABLES. An absent field is `-`; any other is its UTF-8 bytes in upper-case hexadecimal, so
that no value needs escaping. banned is `1` or `0`; tags are a JSON array and attributes a JSON object, both as compact JSON
in the order of the record. A repeated attribute has its last value at its first position.

Records of a stream with the same id are one row, the last one. The sync makes an id for a message without one: here its id
is `-`, and each of its occurrences is a row. A message or conversation without a contact id belongs to the contact whose
list it is in.
"""

import functools
import hashlib
import json
import os
import re
import sys

TABLES = {
    "contact": (
        "contacts",
        "id external_id display_name first_name last_name username email phone avatar_url language timezone gender"
        " country region city source banned tags attributes created_at updated_at last_seen_at last_message",
    ),
    "conversation": (
        "conversations",
        "id contact_id status subject agent_id started_at updated_at last_message_at last_message last_message_author",
    ),
    "message": ("messages", "id conversation_id contact_id author text sent_at"),
}
TABLES = {entity: (table, fields.split()) for entity, (table, fields) in TABLES.items()}

# The Unicode property White_Space; str.isspace() also accepts four control characters.
WHITE_SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"

DAY = 86_400_000


class Faulty(Exception):
    """The dump or a spec is invalid."""


class Orphan(Faulty):
    """The record whose list contains this one has not been read yet."""


# ---- JSON, read and written as in the sync: 64-bit integers, every other number a double


def parse_int(text):
    number = int(text)
    if text == "-0" or not -(2**63) <= number < 2**64:
        return float(text)
    return number


parse_json = json.JSONDecoder(parse_int=parse_int).decode


def float_text(number):
    """The shortest digits that parse to the same number, with an exponent below 1e-5 and from 1e16 on."""
    mantissa, _, exponent = ("%r" % abs(number)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    zeros = len(whole + fraction) - len(digits)
    point = len(whole) - zeros + int(exponent or 0)
    digits = digits.rstrip("0") or "0"
    if digits == "0":
        text = "0.0"
    elif len(digits) <= point <= 16:
        text = digits.ljust(point, "0") + ".0"
    elif 0 < point <= 16:
        text = digits[:point] + "." + digits[point:]
    elif -5 < point <= 0:
        text = "0." + "0" * -point + digits
    else:
        text = digits[0] + ("." + digits[1:] if digits[1:] else "") + "e%+d" % (point - 1)
    return "-" + text if str(number).startswith("-") else text


def to_json(value):
    if isinstance(value, dict):
        return "{" + ",".join(to_json(key) + ":" + to_json(member) for key, member in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(to_json, value)) + "]"
    if isinstance(value, str):
        return json.encoder.encode_basestring(value)
    if isinstance(value, float):
        return float_text(value)
    return json.dumps(value)


# ---- scalars


def text_of(value):
    if isinstance(value, str):
        return value if value.strip(WHITE_SPACE) else None
    if isinstance(value, (bool, int, float)):
        return to_json(value)
    return None


def author_of(value):
    text = text_of(value)
    return text.lower() if text is not None and re.fullmatch("user|bot|agent", text, re.I | re.A) else text


MOMENT = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):?(\d\d))", re.A
)


@functools.lru_cache(maxsize=None)
def days_before(year, month, day):
    """Days since 1970-01-01 in the Gregorian calendar. The calculation begins a year in March."""
    year -= month <= 2
    in_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return 365 * year + year // 4 - year // 100 + year // 400 + in_year - 719468


@functools.lru_cache(maxsize=None)
def date_of(days):
    # The estimate is at most one year off.
    year = 1970 + days * 400 // 146097
    year += (days >= days_before(year + 1, 1, 1)) - (days < days_before(year, 1, 1))
    month = 1
    while month < 12 and days >= days_before(year, month + 1, 1):
        month += 1
    return "%04d-%02d-%02d" % (year, month, days - days_before(year, month, 1) + 1)


def days_in(year, month):
    return days_before(year + month // 12, month % 12 + 1, 1) - days_before(year, month, 1)


def millis_of(text):
    found = MOMENT.fullmatch(text)
    if not found:
        return None
    year, month, day, hour, minute, second = map(int, found.groups()[:6])
    fraction, sign, offset_hours, offset_minutes = found.groups()[6:]
    if not (1 <= month <= 12 and 1 <= day <= days_in(year, month) and hour < 24 and minute < 60 and second <= 60):
        return None
    second = min(second, 59)  # A leap second.
    offset = (int(offset_hours or 0) * 60 + int(offset_minutes or 0)) * 60_000
    if int(offset_hours or 0) > 23 or int(offset_minutes or 0) > 59:
        return None
    millis = days_before(year, month, day) * DAY + ((hour * 60 + minute) * 60 + second) * 1000
    millis += int((fraction or "")[:3].ljust(3, "0"))
    return millis + offset if sign == "-" else millis - offset


def time_of(value):
    if isinstance(value, str):
        millis = millis_of(value)
    else:
        millis = value if isinstance(value, int) and not isinstance(value, bool) else None
    if millis is None or not days_before(0, 1, 1) * DAY <= millis < days_before(10000, 1, 1) * DAY:
        return None
    days, rest = divmod(millis, DAY)
    clock = (rest // 3_600_000, rest // 60_000 % 60, rest // 1000 % 60, rest % 1000)
    return "%sT%02d:%02d:%02d.%03dZ" % (date_of(days), *clock)


def flag_of(value):
    return value if isinstance(value, bool) else None


def tags_of(value):
    if not isinstance(value, list):
        return None
    return [text for text in map(text_of, value) if text is not None] or None


# ---- telephone numbers


def digits_of(text):
    return re.sub("[^0-9]", "", text)


def phone_of(text):
    kept = re.sub("[^0-9+]", "", text)
    plus = kept.startswith("+")
    if not plus and kept.startswith("00"):
        plus, kept = True, kept[2:]
    digits = digits_of(kept)
    return ("+" if plus else "") + digits if digits else None


def prefixed_phone_of(prefix, text):
    number = phone_of(text)
    prefix = digits_of(prefix or "")
    if number is None or number.startswith("+") or not prefix:
        return number
    return "+" + prefix + number


# ---- x-maps-to, compiled to functions of a record


def compile_pointer(pointer):
    if pointer == "":
        return lambda record: record
    if not isinstance(pointer, str) or not pointer.startswith("/"):
        raise Faulty("%r is not a JSON Pointer" % (pointer,))
    steps = [step.replace("~1", "/").replace("~0", "~") for step in pointer[1:].split("/")]

    def find(record):
        for step in steps:
            if isinstance(record, dict):
                record = record.get(step)
            elif isinstance(record, list) and re.fullmatch("0|[1-9][0-9]*", step) and int(step) < len(record):
                record = record[int(step)]
            else:
                return None
        return record

    return find


def compile_value(value, read):
    """`read` converts the JSON value at a pointer to the value of a field."""
    if isinstance(value, str):
        find = compile_pointer(value)
        return lambda record: read(find(record))
    forms = set(value)
    if forms == {"first"}:
        parts = [compile_value(part, read) for part in value["first"]]
        return lambda record: next((found for part in parts if (found := part(record)) is not None), None)
    if forms == {"join", "with"}:
        parts = [compile_value(part, read) for part in value["join"]]
        between = value["with"]
        return lambda record: between.join(found for part in parts if (found := part(record)) is not None) or None
    if forms == {"map"}:
        find = compile_pointer(value["map"])
        return lambda record: map_of(find(record))
    if forms == {"pairs", "key", "value"}:
        find, key, member = (compile_pointer(value[form]) for form in ("pairs", "key", "value"))
        return lambda record: pairs_of(find(record), key, member)
    if forms == {"phone"}:
        return compile_phone(value["phone"])
    raise Faulty("%s is not a known form of value" % json.dumps(value))


def compile_phone(value):
    if isinstance(value, str):
        find = compile_pointer(value)
        return lambda record: None if (text := text_of(find(record))) is None else phone_of(text)
    prefix, number = compile_pointer(value["prefix"]), compile_pointer(value["number"])

    def read(record):
        text = text_of(number(record))
        return None if text is None else prefixed_phone_of(text_of(prefix(record)), text)

    return read


def map_of(value):
    if not isinstance(value, dict):
        return None
    return {key: member for key, member in value.items() if member is not None} or None


def pairs_of(value, key, member):
    pairs = {}
    for item in value if isinstance(value, list) else []:
        name, found = text_of(key(item)), member(item)
        if name is not None and found is not None:
            pairs[name] = found
    return pairs or None


def reader_of(field):
    if field.endswith("_at"):
        return time_of
    readers = {"banned": flag_of, "tags": tags_of, "author": author_of, "last_message_author": author_of}
    return readers.get(field, text_of)


def compile_entity(entity, mapping):
    _, fields = TABLES[entity]
    unknown = set(mapping) - set(fields)
    if unknown:
        raise Faulty("%s has no field %s" % (entity, ", ".join(sorted(unknown))))
    return {field: compile_value(value, reader_of(field)) for field, value in mapping.items()}


# ---- the specs


class Stream:
    def __init__(self, word, mapping):
        self.name = word["name"]
        self.key = compile_pointer(word["key"]) if "key" in word else None
        self.entities = {entity: compile_entity(entity, fields) for entity, fields in mapping.items()}
        self.parent = word.get("parent")
        # Streams with a list for each record of this one: their names, and the pointers to the arguments of a list.
        self.children = []


def resolve(spec, schema):
    """Resolves the references of a schema, also in an allOf of one."""
    while True:
        if "allOf" in schema and len(schema["allOf"]) == 1:
            schema = schema["allOf"][0]
        if "$ref" not in schema:
            return schema
        schema = spec["components"]["schemas"][schema["$ref"].rpartition("/")[2]]


def mapping_at(spec, operation):
    """The x-maps-to of the records an operation lists."""
    (answer,) = (answer for status, answer in operation["responses"].items() if status.startswith("2"))
    answer = resolve(spec, answer["content"]["application/json"]["schema"])
    items = operation["x-pagination"]["items"]
    for pointer in [items] if isinstance(items, str) else items:
        schema = answer
        for step in pointer.split("/")[1:]:
            schema = schema.get("properties", {}).get(step)
            if schema is None:
                break
            schema = resolve(spec, schema)
        if schema is not None and schema.get("type") == "array":
            record = resolve(spec, schema["items"])
            if "x-maps-to" in record:
                return record["x-maps-to"]
    # A response without a documented form carries the mapping of its records itself.
    return answer.get("x-maps-to")


def streams_of(spec):
    streams = {}
    for operations in spec["paths"].values():
        for operation in operations.values():
            words = operation.get("x-stream", [])
            for word in [words] if isinstance(words, dict) else words:
                mapping = mapping_at(spec, operation)
                if not mapping:
                    raise Faulty("%s: stream %s has no x-maps-to" % (spec["x-platform"], word["name"]))
                streams[word["name"]] = Stream(word, mapping)
    for stream in streams.values():
        if stream.parent:
            bind = {name: compile_pointer(pointer) for name, pointer in stream.parent["bind"].items()}
            streams[stream.parent["stream"]].children.append((stream.name, bind))
    return streams


def read_specs(directory):
    platforms = {}
    for name in sorted(os.listdir(directory)):
        if name.endswith(".json"):
            with open(os.path.join(directory, name), encoding="utf-8") as file:
                spec = parse_json(file.read())
            platforms[spec["x-platform"]] = streams_of(spec)
    return platforms


# ---- records to rows


def field_text(value):
    if value is None:
        return "-"
    if isinstance(value, bool):
        value = "1" if value else "0"
    elif isinstance(value, (dict, list)):
        value = to_json(value)
    return value.encode().hex().upper()


class Expected:
    def __init__(self, platforms):
        self.platforms = platforms
        self.rows = {}
        self.anonymous = {}
        self.owners = {}

    def add(self, platform, stream_name, arguments, record):
        stream = self.platforms.get(platform, {}).get(stream_name)
        if stream is None:
            raise Faulty("the specs have no stream %s of %s" % (stream_name, platform))
        contact, conversation = self.owner(platform, stream, arguments) if stream.parent else (None, None)
        made = {
            entity: {field: read(record) for field, read in fields.items()}
            for entity, fields in stream.entities.items()
        }
        key = text_of(stream.key(record)) if stream.key else None
        ids = (made[entity].get("id") for entity in TABLES if entity in made)
        key = key or next((own for own in ids if own is not None), None)
        if key is None and "message" not in made:
            return  # Without an id there is no row.
        for entity, values in made.items():
            values["id"] = values.get("id") or key
            values["contact_id"] = values.get("contact_id") or contact
            if entity == "message":
                values["conversation_id"] = values.get("conversation_id") or conversation
            self.keep(platform, stream_name, entity, values)
        talk, message = made.get("conversation", {}), made.get("message", {})
        person = made.get("contact", {}).get("id") or talk.get("contact_id") or message.get("contact_id")
        owner = person, talk.get("id") or message.get("conversation_id")
        for child, bind in stream.children:
            bound = {name: text_of(find(record)) or key for name, find in bind.items()}
            self.owners.setdefault((platform, child, frozenset(bound.items())), owner)

    def owner(self, platform, stream, arguments):
        bound = frozenset((name, arguments.get(name)) for name in stream.parent["bind"])
        try:
            return self.owners[platform, stream.name, bound]
        except KeyError:
            raise Orphan("%s: a record of %s without a parent" % (platform, stream.name)) from None

    def keep(self, platform, stream_name, entity, values):
        table, fields = TABLES[entity]
        row = "|".join([platform, stream_name] + [field_text(values.get(field)) for field in fields])
        if values["id"] is None:
            self.anonymous.setdefault((platform, table), []).append(row)
        else:
            self.rows.setdefault((platform, table), {})[stream_name, values["id"]] = row

    def tables(self):
        for group in sorted(set(self.rows) | set(self.anonymous)):
            rows = list(self.rows.get(group, {}).values()) + self.anonymous.get(group, [])
            yield *group, sorted(rows)


def read_dump(path, platforms):
    expected = Expected(platforms)
    waiting = []

    def add(number, line, orphans):
        try:
            entry = parse_json(line)
            expected.add(entry["platform"], entry["stream"], entry["arguments"], entry["record"])
        except Orphan if orphans is not None else ():
            orphans.append((number, line))
        except (ValueError, KeyError, TypeError, Faulty) as error:
            raise Faulty("%s:%d: %s: %s" % (path, number, type(error).__name__, error)) from error

    with open(path, encoding="utf-8", newline="\n") as dump:
        for number, line in enumerate(dump, 1):
            add(number, line, waiting)
    for number, line in waiting:
        add(number, line, None)
    return expected


def main(arguments):
    lines = "--lines" in arguments
    arguments = [argument for argument in arguments if argument != "--lines"]
    if len(arguments) != 2:
        sys.exit("Usage: expected.py [--lines] DUMP.jsonl SPECS_DIR")
    try:
        expected = read_dump(arguments[0], read_specs(arguments[1]))
    except (Faulty, OSError) as error:
        sys.exit("expected.py: %s" % error)
    for platform, table, rows in expected.tables():
        if lines:
            sys.stdout.writelines("%s %s\n" % (table, row) for row in rows)
        else:
            digest = hashlib.sha256("".join(row + "\n" for row in rows).encode("ascii"))
            print(platform, table, len(rows), digest.hexdigest())


if __name__ == "__main__":
    main(sys.argv[1:])
