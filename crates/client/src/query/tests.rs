use http::{HeaderMap, Method};
use serde_json::json;

use super::*;

/// A request whose query is `before` and then what a value gives.
fn sent(before: &str, style: ParameterStyle, value: &impl Serialize) -> Result<String, String> {
    let mut request = OutgoingRequest {
        method: Method::GET,
        url: url::Url::parse(&format!("https://api.example.com/x{before}")).unwrap(),
        headers: HeaderMap::new(),
        body: bytes::Bytes::new(),
    };
    let mut query = QueryString::default();
    query
        .add("the ids", style, value)
        .map_err(|error| error.to_string())?;
    query.append_to(&mut request);
    Ok(request.url.query().unwrap_or_default().to_owned())
}

fn written(style: ParameterStyle, value: &impl Serialize) -> String {
    sent("", style, value).unwrap()
}

#[derive(Serialize)]
struct Filter {
    // Not in the order of the alphabet.
    name: &'static str,
    age: Option<u8>,
    city: Inner,
    tags: [f64; 2],
}

#[derive(Serialize)]
struct Inner {
    zip: &'static str,
    is_near: bool,
}

const FILTER: Filter = Filter {
    name: "J. [x]&,ü",
    age: Some(3),
    city: Inner {
        zip: "0 1",
        is_near: true,
    },
    tags: [1.5, 1e30],
};

#[test]
fn lists_in_every_style() {
    let list = ["a,b", "c d", "é|&=[.]"];
    assert_eq!(
        written(ParameterStyle::Form, &list),
        "the%20ids=a%2Cb&the%20ids=c%20d&the%20ids=%C3%A9%7C%26%3D%5B.%5D"
    );
    assert_eq!(
        written(ParameterStyle::Comma, &list),
        "the%20ids=a%2Cb,c%20d,%C3%A9%7C%26%3D%5B.%5D"
    );
    assert_eq!(written(ParameterStyle::Space, &[1, -2]), "the%20ids=1%20-2");
    assert_eq!(
        written(ParameterStyle::Pipe, &["a b", "c"]),
        "the%20ids=a%20b%7Cc"
    );
}

#[test]
fn objects_in_every_style_in_their_order() {
    assert_eq!(
        written(ParameterStyle::Deep, &FILTER),
        "the%20ids%5Bname%5D=J.%20%5Bx%5D%26%2C%C3%BC&the%20ids%5Bage%5D=3\
             &the%20ids%5Bcity%5D%5Bzip%5D=0%201&the%20ids%5Bcity%5D%5Bis_near%5D=true\
             &the%20ids%5Btags%5D=1.5&the%20ids%5Btags%5D=1e%2B30"
    );
    assert_eq!(
        written(ParameterStyle::Dotted, &FILTER),
        "the%20ids.name=J.%20%5Bx%5D%26%2C%C3%BC&the%20ids.age=3\
             &the%20ids.city.zip=0%201&the%20ids.city.is_near=true\
             &the%20ids.tags=1.5&the%20ids.tags=1e%2B30"
    );
    let flat = json!({"b": 1, "a": ["x", "y"]});
    assert!(
        ["b=1&a=x&a=y", "a=x&a=y&b=1"].contains(&written(ParameterStyle::Form, &flat).as_str())
    );
    assert_eq!(
        written(ParameterStyle::Comma, &FILTER.city),
        "the%20ids=zip,0%201,is_near,true"
    );
}

#[test]
fn it_stands_behind_what_is_there() {
    assert_eq!(
        sent("?a=1", ParameterStyle::Form, &[2]).unwrap(),
        "a=1&the%20ids=2"
    );
    assert_eq!(sent("?a=1", ParameterStyle::Form, &[0; 0]).unwrap(), "a=1");
    assert_eq!(sent("", ParameterStyle::Deep, &json!({})).unwrap(), "");
    assert_eq!(sent("", ParameterStyle::Deep, &None::<u8>).unwrap(), "");
    assert_eq!(
        sent("", ParameterStyle::Form, &"one").unwrap(),
        "the%20ids=one"
    );
}

#[test]
fn what_a_query_cannot_say_is_refused_without_its_value() {
    for (style, value) in [
        (ParameterStyle::Deep, json!({"a": null})),
        (ParameterStyle::Comma, json!(["joe", null])),
        (ParameterStyle::Comma, json!([["joe"]])),
        (ParameterStyle::Form, json!({"a": {"b": "joe"}})),
        (ParameterStyle::Dotted, json!({"a": [{"b": "joe"}]})),
        (ParameterStyle::Pipe, json!(["joe|ann"])),
        (ParameterStyle::Space, json!(["joe ann"])),
    ] {
        let error = sent("", style, &value).unwrap_err();
        assert!(error.starts_with("`the ids` has "), "{error}");
        assert!(error.ends_with(": nothing was sent"), "{error}");
        assert!(!error.contains("joe"), "{error}");
    }
    let error = QueryString::default()
        .require("ids", ParameterStyle::Comma, &[0; 0])
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(error.to_string().contains("`ids` is empty"), "{error}");
}
