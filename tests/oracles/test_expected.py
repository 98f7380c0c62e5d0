#!/usr/bin/env python3
"""Tests expected.py, and digest.sh against it: python3 tests/oracles/test_expected.py"""

import json
import pathlib
import sqlite3
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
import expected  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent


def read(field, value, record):
    return expected.compile_value(value, expected.reader_of(field))(record)


class Text(unittest.TestCase):
    def test_scalars_become_text(self):
        for value, text in [
            (" a ", " a "),
            (12, "12"),
            (1.5, "1.5"),
            (True, "true"),
            (False, "false"),
            ("\x1f", "\x1f"),
        ]:
            self.assertEqual(read("email", "/a", {"a": value}), text)

    def test_other_values_are_absent(self):
        for value in [None, "", " \t\n\xa0\u3000", {}, {"b": 1}, [], ["b"]]:
            self.assertIsNone(read("email", "/a", {"a": value}))
        self.assertIsNone(read("email", "/a", {}))

    def test_authors(self):
        for value, author in [("User", "user"), ("BOT", "bot"), ("agent", "agent"), ("Op", "Op"), ("bots", "bots"), ("", None)]:
            self.assertEqual(read("author", "/a", {"a": value}), author)
            self.assertEqual(read("last_message_author", "/a", {"a": value}), author)

    def test_numbers_have_the_shortest_digits_that_parse_the_same(self):
        for text, written in [
            ("1.50", "1.5"),
            ("1.0", "1.0"),
            ("-0", "-0.0"),
            ("0.0", "0.0"),
            ("1e15", "1000000000000000.0"),
            ("1e16", "1e+16"),
            ("123456789012345680000", "1.2345678901234568e+20"),
            ("18446744073709551615", "18446744073709551615"),
            ("18446744073709551616", "1.8446744073709552e+19"),
            ("-9223372036854775809", "-9.223372036854776e+18"),
            ("0.00001", "0.00001"),
            ("0.000001234", "1.234e-6"),
            ("120.0625", "120.0625"),
        ]:
            self.assertEqual(expected.to_json(expected.parse_json(text)), written)


class Pointers(unittest.TestCase):
    def test_members_items_and_escapes(self):
        record = {"a": [{"b": 1}, 2], "x/y": 3, "~1": 4, "": 5, "01": 6}
        for pointer, found in [("/a/0/b", 1), ("/a/1", 2), ("/x~1y", 3), ("/~01", 4), ("/", 5), ("/01", 6), ("", record)]:
            self.assertEqual(expected.compile_pointer(pointer)(record), found)
        for pointer in ["/a/2", "/a/01", "/a/-", "/a/0/b/c", "/b"]:
            self.assertIsNone(expected.compile_pointer(pointer)(record))

    def test_invalid_pointers_are_refused(self):
        with self.assertRaises(expected.Faulty):
            expected.compile_pointer("a")


class Forms(unittest.TestCase):
    def test_first(self):
        value = {"first": ["/a", {"join": ["/b", "/c"], "with": " "}]}
        self.assertEqual(read("email", value, {"a": "x", "b": "y"}), "x")
        self.assertEqual(read("email", value, {"a": " ", "b": "y", "c": "z"}), "y z")
        self.assertIsNone(read("email", value, {"a": {}}))

    def test_join(self):
        value = {"join": ["/a", "/b"], "with": ", "}
        self.assertEqual(read("email", value, {"a": "x", "b": 1}), "x, 1")
        self.assertEqual(read("email", value, {"b": "y"}), "y")
        self.assertIsNone(read("email", value, {"a": ""}))

    def test_map(self):
        self.assertEqual(read("attributes", {"map": "/a"}, {"a": {"z": 1, "n": None, "b": [None]}}), {"z": 1, "b": [None]})
        for value in [None, {}, {"n": None}, [], "x"]:
            self.assertIsNone(read("attributes", {"map": "/a"}, {"a": value}))

    def test_pairs(self):
        value = {"pairs": "/a", "key": "/k", "value": "/v"}
        record = {"a": [{"k": "x", "v": 1}, {"k": "y", "v": None}, {"v": 2}, 3, {"k": 4, "v": {}}, {"k": "x", "v": 5}]}
        self.assertEqual(list(read("attributes", value, record).items()), [("x", 5), ("4", {})])
        self.assertIsNone(read("attributes", value, {"a": {}}))

    def test_phone(self):
        for text, number in [
            ("+1 (555) 01-00", "+15550100"),
            ("(+1) 555 0100", "+15550100"),
            ("001 555-0100", "+15550100"),
            ("0555 0100", "05550100"),
            ("1+555", "1555"),
            (15550100, "15550100"),
            ("none", None),
            ("00", None),
            ("\u0661", None),
            ("", None),
        ]:
            self.assertEqual(read("phone", {"phone": "/a"}, {"a": text}), number)

    def test_phone_in_two_parts(self):
        value = {"phone": {"prefix": "/p", "number": "/n"}}
        for prefix, text, number in [
            ("91", "555 0100", "+915550100"),
            ("+91", "5550100", "+915550100"),
            ("91", "+1 555 0100", "+15550100"),
            ("91", "001 555 0100", "+15550100"),
            (None, "5550100", "5550100"),
            (91, 5550100, "+915550100"),
            ("91", "", None),
            ("91", "unknown", None),
        ]:
            self.assertEqual(read("phone", value, {"p": prefix, "n": text}), number)

    def test_other_forms_are_refused(self):
        for value in [{}, {"last": []}, {"map": "/a", "with": ""}, {"join": ["/a"]}]:
            with self.assertRaises(expected.Faulty):
                read("email", value, {})
        with self.assertRaises(expected.Faulty):
            expected.compile_entity("contact", {"nickname": "/a"})


class Fields(unittest.TestCase):
    def test_times(self):
        for value, moment in [
            ("2019-01-23T13:32:30.163Z", "2019-01-23T13:32:30.163Z"),
            ("2019-01-23 13:32:30.163+0000", "2019-01-23T13:32:30.163Z"),
            ("2019-01-23T15:32:30+02:00", "2019-01-23T13:32:30.000Z"),
            ("2019-12-31T23:30:00.5-01:00", "2020-01-01T00:30:00.500Z"),
            ("2020-02-29T00:00:00.16399999999Z", "2020-02-29T00:00:00.163Z"),
            ("1969-12-31T23:59:59.9999Z", "1969-12-31T23:59:59.999Z"),
            ("1600-02-29T12:00:00Z", "1600-02-29T12:00:00.000Z"),
            ("2016-12-31T23:59:60.5Z", "2016-12-31T23:59:59.500Z"),
            (1548250350163, "2019-01-23T13:32:30.163Z"),
            (0, "1970-01-01T00:00:00.000Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
        ]:
            self.assertEqual(read("created_at", "/a", {"a": value}), moment)

    def test_invalid_times_are_absent(self):
        for value in [
            "", "yesterday", "2019-01-23", "2019-01-23T13:32:30", "2019-01-23T13:32:30.Z", "2019-13-01T00:00:00Z",
            "2019-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2019-01-23T24:00:00Z", "2019-01-23T13:32:61Z", "2019-01-23T13:32:30Z\n", "2019-01-23T13:32:30+2",
            1.5, True, None, {}, 2**63,
        ]:  # fmt: skip
            self.assertIsNone(read("sent_at", "/a", {"a": value}), value)

    def test_every_day_of_four_centuries(self):
        day = 0
        for year in range(1800, 2200):
            for month in range(1, 13):
                for number in range(1, expected.days_in(year, month) + 1):
                    text = "%04d-%02d-%02dT00:00:00.000Z" % (year, month, number)
                    day = day or expected.days_before(year, month, number)
                    self.assertEqual(expected.time_of(day * expected.DAY), text)
                    self.assertEqual(expected.time_of(text), text)
                    day += 1

    def test_banned_and_tags(self):
        self.assertIs(read("banned", "/a", {"a": False}), False)
        self.assertIsNone(read("banned", "/a", {"a": "true"}))
        self.assertEqual(read("tags", "/a", {"a": ["x", "", 2, None, {}, "x"]}), ["x", "2", "x"])
        self.assertIsNone(read("tags", "/a", {"a": [""]}))
        self.assertIsNone(read("tags", "/a", {"a": "x"}))


def spec(streams, schemas):
    """A platform with streams: (x-stream, items, component of the response)."""
    return {
        "x-platform": "parley",
        "paths": {
            "/%d" % number: {
                "get": {
                    "x-stream": word,
                    "x-pagination": {"items": items},
                    "responses": {
                        "200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/" + answer}}}},
                        "404": {},
                    },
                }
            }
            for number, (word, items, answer) in enumerate(streams)
        },
        "components": {"schemas": schemas},
    }


SPEC = spec(
    [
        ([{"name": "people", "key": "/no"}, {"name": "others", "key": "/no"}], "/people", "People"),
        ({"name": "talk", "parent": {"stream": "people", "bind": {"who": "/no"}}}, ["/talk", ""], "Talk"),
    ],
    {
        "People": {
            "type": "object",
            "properties": {"people": {"type": "array", "items": {"$ref": "#/components/schemas/Person"}}},
        },
        "Person": {
            "x-maps-to": {
                "contact": {"email": "/mail", "banned": "/out", "tags": "/tags", "attributes": {"map": "/more"}},
                "conversation": {"contact_id": "/no", "subject": "/about"},
            }
        },
        "Talk": {"x-maps-to": {"message": {"id": "/id", "text": "/say", "author": "/by"}}},
    },
)

DUMP = [
    ("people", {}, {"no": 7, "mail": "seven@example.com", "out": True, "tags": ["a|b", 1], "more": {"é": "\x00\n", "f": 0.5}, "about": "it"}),
    ("people", {}, {"no": 7, "mail": "7@example.com", "out": False}),
    ("people", {}, {"mail": "nobody@example.com"}),
    ("others", {}, {"no": 7}),
    ("talk", {"who": "7"}, {"id": "m", "say": "hello", "by": "USER"}),
    ("talk", {"who": "7"}, {"say": "twice"}),
    ("talk", {"who": "7"}, {"say": "twice"}),
]


class Rows(unittest.TestCase):
    def expected(self):
        made = expected.Expected({"parley": expected.streams_of(SPEC)})
        for stream, arguments, record in DUMP:
            made.add("parley", stream, arguments, record)
        return {table: rows for _, table, rows in made.tables()}

    def test_a_record_is_a_row_in_each_of_its_tables(self):
        rows = self.expected()
        self.assertEqual({table: len(lines) for table, lines in rows.items()}, {"contacts": 2, "conversations": 2, "messages": 3})
        hexadecimal = lambda text: text.encode().hex().upper()
        self.assertEqual(rows["conversations"][1].split("|")[:6], ["parley", "people", "37", "37", "-", "-"])
        self.assertTrue(rows["contacts"][1].startswith("parley|people|37|-|-|-|-|-|%s|-" % hexadecimal("7@example.com")))
        self.assertEqual(
            rows["messages"],
            ["parley|talk|-|37|37|-|%s|-" % hexadecimal("twice")] * 2
            + ["parley|talk|%s|37|37|%s|%s|-" % (hexadecimal("m"), hexadecimal("user"), hexadecimal("hello"))],
        )

    def test_tags_and_attributes_are_json(self):
        made = expected.Expected({"parley": expected.streams_of(SPEC)})
        made.add("parley", *DUMP[0])
        ((_, _, (row,)), _) = made.tables()
        values = dict(zip(["platform", "stream"] + expected.TABLES["contact"][1], row.split("|")))
        self.assertEqual(bytes.fromhex(values["tags"]).decode(), '["a|b","1"]')
        self.assertEqual(bytes.fromhex(values["attributes"]).decode(), '{"é":"\\u0000\\n","f":0.5}')
        self.assertEqual(bytes.fromhex(values["banned"]), b"1")

    def test_a_child_without_its_parent_is_refused(self):
        made = expected.Expected({"parley": expected.streams_of(SPEC)})
        with self.assertRaises(expected.Faulty):
            made.add("parley", "talk", {"who": "8"}, {"say": "hello"})
        with self.assertRaises(expected.Faulty):
            made.add("parley", "sessions", {}, {})


class Programs(unittest.TestCase):
    """expected.py and digest.sh, run as programs."""

    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = pathlib.Path(directory.name)
        specs = self.directory / "specs"
        specs.mkdir()
        (specs / "parley.json").write_text(json.dumps(SPEC), "utf-8")
        self.dump(DUMP)
        self.database = self.directory / "people.db"
        columns = "platform TEXT, account TEXT, stream TEXT, "
        with sqlite3.connect(self.database) as database:
            for table, fields in expected.TABLES.values():
                typed = ("%s %s" % (field, "INTEGER" if field == "banned" else "TEXT") for field in fields)
                database.execute("CREATE TABLE %s (%s)" % (table, columns + ", ".join(typed)))
        self.insert("contacts", stream="people", id="7", email="7@example.com", banned=0)
        self.insert("contacts", stream="others", id="7")
        self.insert("conversations", stream="people", id="7", contact_id="7")
        self.insert("conversations", stream="others", id="7", contact_id="7")
        self.insert("messages", stream="talk", id="m", conversation_id="7", contact_id="7", author="user", text="hello")
        for number in (1, 2):
            self.insert("messages", stream="talk", id="0123456789abcdef" * 2 + "-%d" % number, conversation_id="7", contact_id="7", text="twice")

    def dump(self, entries):
        lines = [
            json.dumps({"platform": "parley", "stream": stream, "arguments": arguments, "record": record}) + "\n"
            for stream, arguments, record in entries
        ]
        (self.directory / "dump.jsonl").write_text("".join(lines), "utf-8")

    def insert(self, table, **values):
        values = {"platform": "parley", "account": "mine", **values}
        self.sql("INSERT INTO %s (%s) VALUES (%s)" % (table, ", ".join(values), ", ".join("?" * len(values))), *values.values())

    def sql(self, statement, *values):
        with sqlite3.connect(self.database) as database:
            database.execute(statement, values)

    def run_program(self, name, *arguments):
        return subprocess.run([HERE / name, *arguments], capture_output=True, text=True)

    def outputs(self, *options):
        wanted = self.run_program("expected.py", *options, self.directory / "dump.jsonl", self.directory / "specs")
        found = self.run_program("digest.sh", *options, self.database)
        self.assertEqual((wanted.returncode, wanted.stderr), (0, ""))
        self.assertEqual((found.returncode, found.stderr), (0, ""))
        return wanted.stdout, found.stdout

    def test_equal_content_gives_equal_lines(self):
        for options in [(), ("--lines",)]:
            wanted, found = self.outputs(*options)
            self.assertEqual(wanted, found)
        self.assertRegex(self.outputs()[1], r"\Aparley contacts 2 [0-9a-f]{64}\nparley conversations 2 ")

    def test_children_may_come_before_their_parents(self):
        self.dump(reversed(DUMP[1:]))
        wanted, found = self.outputs()
        self.assertEqual(wanted, found)

    def test_every_form_of_value_is_the_same_in_the_database(self):
        self.dump(DUMP[:1])
        self.sql("DELETE FROM messages")
        self.sql("DELETE FROM contacts WHERE stream = 'others'")
        self.sql("DELETE FROM conversations WHERE stream = 'others'")
        self.sql("UPDATE conversations SET subject = 'it'")
        self.sql(
            "UPDATE contacts SET email = 'seven@example.com', banned = 1, tags = ?, attributes = ?",
            '["a|b","1"]',
            '{"é":"\\u0000\\n","f":0.5}',
        )
        wanted, found = self.outputs()
        self.assertEqual(wanted, found)

    def test_every_difference_changes_the_lines(self):
        for statement in [
            "UPDATE contacts SET email = 'x' WHERE stream = 'people'",
            "UPDATE contacts SET email = NULL",
            "UPDATE contacts SET last_message = '' WHERE stream = 'people'",
            "UPDATE contacts SET username = email, email = NULL WHERE stream = 'people'",
            "UPDATE contacts SET stream = 'people2' WHERE stream = 'people'",
            "UPDATE messages SET id = 'n' WHERE id = 'm'",
            "UPDATE messages SET id = 'x' || id WHERE id <> 'm'",
            "UPDATE messages SET contact_id = '8' WHERE id = 'm'",
            "DELETE FROM messages WHERE id LIKE '%-2'",
            "INSERT INTO conversations (platform, account, stream, id) VALUES ('parley', 'other', 'people', '7')",
        ]:
            before = self.database.read_bytes()
            self.sql(statement)
            wanted, found = self.outputs()
            self.assertNotEqual(wanted, found, statement)
            self.database.write_bytes(before)

    def test_errors_are_reported(self):
        self.dump([("talk", {"who": "8"}, {"say": "hello"})])
        wanted = self.run_program("expected.py", self.directory / "dump.jsonl", self.directory / "specs")
        self.assertEqual(wanted.returncode, 1)
        self.assertIn("dump.jsonl:1:", wanted.stderr)
        self.assertEqual(self.run_program("expected.py").returncode, 1)
        self.assertEqual(self.run_program("digest.sh", self.directory / "none.db").returncode, 2)


if __name__ == "__main__":
    unittest.main()
