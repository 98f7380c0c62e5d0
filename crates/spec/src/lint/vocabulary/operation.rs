//! The extensions of operations.

use crate::lint::{
    shape::{
        Object,
        Shape::{
            self, Blank, Duration, Either, List, Map, Number, Pointer, Some as Filled, Text, Truth,
            Whole, Words,
        },
        Word,
    },
    vocabulary::{COUNT, EVIDENCE, POINTERS, TEXTS},
};

pub(super) static RATE_LIMIT: Object = words![
    must!(
        "requests",
        Whole(1, u32::MAX as i64),
        "write the number of allowed requests"
    ),
    must!("per", Duration, "write the period, such as `60s`"),
];

pub(super) static PAGINATION: Object = words![
    must!(
        "style",
        Words(&["page", "offset", "cursor", "single"]),
        "write page, offset, cursor or single"
    ),
    may!(
        "at",
        Shape::Object(&words![
            must!("in", Words(&["query", "body"]), "write query or body"),
            must!("name", Text, "write the name of the parameter or property"),
        ])
    ),
    may!("size", Text),
    may!("first", COUNT),
    must!(
        "items",
        Either(&[Pointer, Filled(&Pointer)]),
        "write the pointer to the records, such as `/data`"
    ),
    may!("key", Pointer),
    may!(
        "next",
        Shape::Object(&words![
            may!("pointer", Pointer),
            may!("last-item", Pointer)
        ])
    ),
    may!(
        "end",
        Either(&[
            Words(&["empty"]),
            Shape::Object(&words![
                may!("total-pages", Pointer),
                may!("total", Pointer)
            ]),
        ])
    ),
    may!(
        "echo",
        Shape::Object(&words![
            may!("size", Pointer),
            may!("position", Pointer),
            may!("count", Pointer)
        ])
    ),
    may!("order", Words(&["newest-first"])),
];

pub(super) static ENVELOPE: Object = words![
    may!("data", Pointer),
    may!("unwrap", Words(&["first"])),
    may!("message", POINTERS),
    may!("code", POINTERS),
    may!(
        "fail-when",
        List(&Shape::Object(&words![
            must!("at", Pointer, "write the pointer to the value"),
            may!("is", Either(&[Words(&["present"]), Truth])),
            may!("min", Whole(i64::MIN, i64::MAX)),
            may!("not", Blank),
        ]))
    ),
];

pub(super) static ERROR: Object = words![
    must!(
        "status",
        Whole(100, 599),
        "write the HTTP status of the error"
    ),
    must!(
        "code",
        Either(&[Whole(i64::MIN, i64::MAX), Text]),
        "write the code"
    ),
    must!("name", Text, "write the platform's name for the error"),
    must!("summary", Text, "describe the error"),
    may!("find", Words(&["anywhere"])),
    evidence!(),
];

pub(super) static CSV: Object = words![
    must!("row", Text, "write the name of the row component"),
    must!("columns", Map(&Text), "write the column headings"),
];

pub(super) static RULE: Object = words![
    may!("any-of", Filled(&Pointer)),
    may!("less", Filled(&Text)),
];

pub(super) static STREAM: Object = words![
    must!("name", Text, "write the stream name in kebab-case"),
    may!("key", Pointer),
    may!("updated", Pointer),
    may!(
        "with",
        Map(&Either(&[Blank, Truth, Number, List(&Shape::Any)]))
    ),
    may!("seeds", TEXTS),
    may!(
        "parent",
        Shape::Object(&words![
            must!("stream", Text, "write the name of the parent stream"),
            must!(
                "bind",
                Map(&Pointer),
                "write the parameters and the pointers into the parent record"
            ),
        ])
    ),
    must!("incremental", Words(&["full"]), "write `incremental: full`"),
];

pub(super) static EFFECT: Object = words![
    may!("create", Text),
    may!("merge", Text),
    may!("add", Text),
    may!("remove", Text),
    may!("replace", Text),
    may!("set", Text),
    may!("at", Pointer),
];
