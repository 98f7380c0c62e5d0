use serde_json::{Value, json};

use super::*;
use crate::ErrorKind;

fn broken(limits: &ValueLimits, value: &Value) -> String {
    match check("x", value, limits) {
        Ok(()) => String::new(),
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
            error.to_string().replace(": nothing was sent", "")
        }
    }
}

const fn whole(at: i64, exclusive: bool) -> Option<NumberBound> {
    Some(NumberBound {
        at: NumberValue::Whole(at),
        exclusive,
    })
}

const fn fraction(at: f64, exclusive: bool) -> Option<NumberBound> {
    Some(NumberBound {
        at: NumberValue::Fraction(at),
        exclusive,
    })
}

#[test]
fn numbers() {
    let limits = ValueLimits::number(Some(1), Some(40));
    for value in [json!(1), json!(40), json!(1.0), json!("joe"), json!(null)] {
        assert_eq!(broken(&limits, &value), "");
    }
    for value in [
        json!(0),
        json!(41),
        json!(0.999),
        json!(40.5),
        json!(u64::MAX),
    ] {
        assert_eq!(broken(&limits, &value), "`x` must be from 1 to 40");
    }
    let open = ValueLimits {
        least: fraction(0.5, true),
        most: whole(1, true),
        ..ValueLimits::NONE
    };
    assert_eq!(broken(&open, &json!(0.75)), "");
    for value in [json!(0.5), json!(1), json!(-3)] {
        assert_eq!(
            broken(&open, &value),
            "`x` must be more than 0.5 and less than 1"
        );
    }
    let least = ValueLimits::number(Some(9_007_199_254_740_993), None);
    assert_eq!(broken(&least, &json!(9_007_199_254_740_993_i64)), "");
    assert_eq!(
        broken(&least, &json!(9_007_199_254_740_992_i64)),
        "`x` must be at least 9007199254740993"
    );
    let most = ValueLimits::number(None, Some(-1));
    assert_eq!(broken(&most, &json!(0)), "`x` must be at most -1");
}

#[test]
fn counts() {
    let limits = ValueLimits {
        length: (Some(2), Some(3)),
        items: (None, Some(1)),
        properties: (Some(1), None),
        unique: true,
        ..ValueLimits::NONE
    };
    // Characters, not bytes.
    for value in [json!("üü"), json!("日本語"), json!([1]), json!({"a": 1})] {
        assert_eq!(broken(&limits, &value), "");
    }
    for value in ["ü", "abcd", ""] {
        assert_eq!(
            broken(&limits, &json!(value)),
            "`x` must have from 2 to 3 characters"
        );
    }
    assert_eq!(
        broken(&limits, &json!([1, 2])),
        "`x` must have at most 1 item"
    );
    assert_eq!(
        broken(&limits, &json!({})),
        "`x` must have at least 1 property"
    );
    let unique = ValueLimits {
        unique: true,
        ..ValueLimits::NONE
    };
    assert_eq!(broken(&unique, &json!([1, "1", {"a": 1}])), "");
    assert_eq!(
        broken(&unique, &json!(["joe", "joe"])),
        "`x` must not contain duplicate items"
    );
    let exactly = ValueLimits::length(Some(2), Some(2));
    assert_eq!(broken(&exactly, &json!("a")), "`x` must have 2 characters");
}

static SHORT: ValueLimits = ValueLimits::length(None, Some(3));
static TREE: ValueLimits = ValueLimits {
    known: &[("name", &SHORT), ("a/b~", &SHORT), ("below", &TREES)],
    others: Some(&SHORT),
    ..ValueLimits::NONE
};
static TREES: ValueLimits = ValueLimits {
    each: Some(&TREE),
    ..ValueLimits::items(None, Some(2))
};

#[test]
fn places() {
    let at = |value: &Value| match check_body(value, &TREE) {
        Ok(()) => String::new(),
        Err(error) => error.to_string(),
    };
    assert_eq!(
        at(&json!({"name": "abc", "below": [{"name": "a"}, {}]})),
        ""
    );
    assert_eq!(
        at(&json!({"name": "abc", "below": [{}, {"below": [{"name": "abcd"}]}]})),
        "`/below/1/below/0/name` must have at most 3 characters: nothing was sent"
    );
    assert_eq!(
        at(&json!({"a/b~": "abcd"})),
        "`/a~1b~0` must have at most 3 characters: nothing was sent"
    );
    assert_eq!(
        at(&json!({"below": [{}, {}, {}]})),
        "`/below` must have at most 2 items: nothing was sent"
    );
    // Names that the caller made up are not repeated.
    assert_eq!(
        at(&json!({"joe@example.com": "abcd"})),
        "`/*` must have at most 3 characters: nothing was sent"
    );
    let error = check_body(&json!([1, 2, 3]), &TREES).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the body must have at most 2 items: nothing was sent"
    );
    let error = check("ids", &json!([{"name": "abcd"}]), &TREES).unwrap_err();
    assert!(
        error.to_string().starts_with("`ids/0/name` must"),
        "{error}"
    );
}

#[test]
fn the_form_that_a_value_has_decides() {
    static ONE: ValueLimits = ValueLimits {
        known: &[("both", &SHORT)],
        ..ValueLimits::NONE
    };
    static FORMS: ValueLimits = ValueLimits {
        variants: &[
            VariantLimits {
                required: &["ids"],
                names: &["ids", "both"],
                limits: &ValueLimits::NONE,
            },
            VariantLimits {
                required: &[],
                names: &["text", "both"],
                limits: &ONE,
            },
        ],
        ..ValueLimits::NONE
    };
    for value in [
        json!({"ids": [], "both": "abcd"}),
        json!({"text": "abcd", "both": "abc"}),
    ] {
        assert_eq!(broken(&FORMS, &value), "");
    }
    for value in [
        json!({"text": "", "both": "abcd"}),
        json!({"both": "abcd"}),
        json!({"unknown": 1, "both": "abcd"}),
    ] {
        assert_eq!(
            broken(&FORMS, &value),
            "`x/both` must have at most 3 characters"
        );
    }
}
