//! The extensions of operations.

use crate::lint::{
    grammar::{
        Word,
        WordShape::{
            Any, Blank, Duration, Either, List, Map, NonEmpty, Number, Object, Pointer, Text,
            Truth, Whole, Words,
        },
        WordTable,
    },
    vocabulary::{COUNT, EVIDENCE, POINTERS, TEXTS},
};

pub(super) static RATE_LIMIT: WordTable = words! {
    "requests": Whole(1, u32::MAX as i64), required: "write the number of allowed requests";
    "per": Duration, required: "write the period, such as `60s`";
};

pub(super) static PAGINATION: WordTable = words! {
    "style": Words(&["page", "offset", "cursor", "single"]),
        required: "write page, offset, cursor or single";
    "at": Object(&words! {
        "in": Words(&["query", "body"]), required: "write query or body";
        "name": Text, required: "write the name of the parameter or property";
    });
    "size": Text;
    "first": COUNT;
    "items": Either(&[Pointer, NonEmpty(&Pointer)]),
        required: "write the pointer to the records, such as `/data`";
    "key": Pointer;
    "next": Object(&words! {
        "pointer": Pointer;
        "last-item": Pointer;
    });
    "end": Either(&[Words(&["empty"]), Object(&words! {
        "total-pages": Pointer;
        "total": Pointer;
    })]);
    "echo": Object(&words! {
        "size": Pointer;
        "position": Pointer;
        "count": Pointer;
    });
    "order": Words(&["newest-first"]);
};

pub(super) static ENVELOPE: WordTable = words! {
    "data": Pointer;
    "unwrap": Words(&["first"]);
    "message": POINTERS;
    "code": POINTERS;
    "fail-when": List(&Object(&words! {
        "at": Pointer, required: "write the pointer to the value";
        "is": Either(&[Words(&["present"]), Truth]);
        "min": Whole(i64::MIN, i64::MAX);
        "not": Blank;
    }));
};

pub(super) static ERROR: WordTable = words! {
    "status": Whole(100, 599), required: "write the HTTP status of the error";
    "code": Either(&[Whole(i64::MIN, i64::MAX), Text]), required: "write the code";
    "name": Text, required: "write the platform's name for the error";
    "summary": Text, required: "describe the error";
    "find": Words(&["anywhere"]);
    "x-evidence": EVIDENCE;
};

pub(super) static CSV: WordTable = words! {
    "row": Text, required: "write the name of the row component";
    "columns": Map(&Text), required: "write the column headings";
};

pub(super) static RULE: WordTable = words! {
    "any-of": NonEmpty(&Pointer);
    "less": NonEmpty(&Text);
};

pub(super) static STREAM: WordTable = words! {
    "name": Text, required: "write the stream name in kebab-case";
    "key": Pointer;
    "updated": Pointer;
    "with": Map(&Either(&[Blank, Truth, Number, List(&Any)]));
    "seeds": TEXTS;
    "parent": Object(&words! {
        "stream": Text, required: "write the name of the parent stream";
        "bind": Map(&Pointer),
            required: "write the parameters and the pointers into the parent record";
    });
    "incremental": Words(&["full"]), required: "write `incremental: full`";
};

pub(super) static EFFECT: WordTable = words! {
    "create": Text;
    "merge": Text;
    "add": Text;
    "remove": Text;
    "replace": Text;
    "set": Text;
    "at": Pointer;
};
