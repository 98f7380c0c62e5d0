//! Lists and objects in a query.

use std::fmt;

use serde::{
    Deserialize, Serialize,
    de::{self, Deserializer, MapAccess, SeqAccess, Visitor},
};

use crate::{Error, ErrorKind, Outgoing, segment::encode};

/// How OpenAPI writes a value into a query, and one way that it has no word for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueryStyle {
    /// `form` with `explode`: a pair for each item, `ids=1&ids=2`; a pair for each property, under its own name.
    Form,
    /// `form` without `explode`: `ids=1,2`; an object as names and values in turn.
    Comma,
    /// `spaceDelimited`: `ids=1%202`.
    Space,
    /// `pipeDelimited`: `ids=1%7C2`.
    Pipe,
    /// `deepObject`: `filter%5Bname%5D=x`.
    Deep,
    /// `filter.name=x`.
    Dotted,
}

/// The part of a query that progenitor's layer does not write. Everything but delimiters is percent-encoded down to RFC 3986's unreserved characters.
#[derive(Default)]
pub struct Query(String);

impl Query {
    /// Adds a value. What is absent, an empty list and an empty object add nothing.
    ///
    /// # Errors
    /// The value holds something that a query cannot say. The text names the parameter and not the value.
    pub fn add(
        &mut self,
        name: &str,
        style: QueryStyle,
        value: &impl Serialize,
    ) -> Result<(), Error> {
        let node = node(value).ok_or_else(|| refused(name, "is no value that can be written"))?;
        if matches!(node, Node::Null) {
            return Ok(());
        }
        let delimiter = match style {
            QueryStyle::Comma => ",",
            QueryStyle::Space => " ",
            QueryStyle::Pipe => "|",
            QueryStyle::Form | QueryStyle::Deep | QueryStyle::Dotted => {
                return self
                    .pairs(Path::Name(name), style, &node)
                    .map_err(|why| refused(name, why));
            }
        };
        let parts = parts(&node, delimiter).map_err(|why| refused(name, why))?;
        if !parts.is_empty() {
            let between = if delimiter == "," {
                ","
            } else {
                &encode(delimiter)
            };
            self.push(&encode(name), &parts.join(between));
        }
        Ok(())
    }

    /// Adds a value that must be there.
    ///
    /// # Errors
    /// As of [`add`](Self::add), or nothing was added.
    pub fn require(
        &mut self,
        name: &str,
        style: QueryStyle,
        value: &impl Serialize,
    ) -> Result<(), Error> {
        let before = self.0.len();
        self.add(name, style, value)?;
        if self.0.len() == before {
            return Err(refused(name, "is empty, which a query cannot say"));
        }
        Ok(())
    }

    /// Puts it behind what the query has already.
    pub fn append_to(self, request: &mut Outgoing) {
        if self.0.is_empty() {
            return;
        }
        let query = match request.url.query() {
            Some(before) if !before.is_empty() => format!("{before}&{}", self.0),
            _ => self.0,
        };
        request.url.set_query(Some(&query));
    }

    fn push(&mut self, name: &str, value: &str) {
        if !self.0.is_empty() {
            self.0.push('&');
        }
        self.0.push_str(name);
        self.0.push('=');
        self.0.push_str(value);
    }

    fn pairs(&mut self, at: Path<'_>, style: QueryStyle, node: &Node) -> Result<(), &'static str> {
        match node {
            Node::Null => Err("has a property that is null, which a query cannot say"),
            Node::Scalar(text) => {
                self.push(&encode(&at.written(style)), &encode(text));
                Ok(())
            }
            Node::List(items) => items.iter().try_for_each(|item| match item {
                Node::Scalar(_) => self.pairs(at, style, item),
                _ => Err(NO_SCALAR),
            }),
            Node::Object(_) if style == QueryStyle::Form && matches!(at, Path::Below(..)) => {
                Err("has an object in it, which its style cannot write")
            }
            Node::Object(properties) => properties
                .iter()
                .try_for_each(|(key, value)| self.pairs(Path::Below(&at, key), style, value)),
        }
    }
}

const NO_SCALAR: &str = "has a list of something else than single values, which a query cannot say";

fn refused(name: &str, why: &str) -> Error {
    Error::new(
        ErrorKind::InvalidInput,
        format!("`{name}` {why}: nothing was sent"),
    )
}

/// The pieces of a value that is written as one, encoded.
fn parts(node: &Node, delimiter: &str) -> Result<Vec<String>, &'static str> {
    let piece = |node: &Node| match node {
        Node::Scalar(text) if delimiter != "," && text.contains(delimiter) => {
            Err("has an item with the delimiter in it, which its style cannot tell apart")
        }
        Node::Scalar(text) => Ok(encode(text)),
        Node::Null => Err("has a null in it, which a query cannot say"),
        _ => Err(NO_SCALAR),
    };
    match node {
        Node::List(items) => items.iter().map(piece).collect(),
        Node::Object(properties) => {
            let mut parts = Vec::new();
            for (key, value) in properties {
                parts.push(encode(key));
                parts.push(piece(value)?);
            }
            Ok(parts)
        }
        scalar => Ok(vec![piece(scalar)?]),
    }
}

/// Where a value stands below its parameter.
#[derive(Clone, Copy)]
enum Path<'p> {
    Name(&'p str),
    Below(&'p Path<'p>, &'p str),
}

impl Path<'_> {
    fn written(&self, style: QueryStyle) -> String {
        match self {
            Self::Name(name) => (*name).to_owned(),
            Self::Below(above, key) => match style {
                QueryStyle::Deep => format!("{}[{key}]", above.written(style)),
                QueryStyle::Dotted => format!("{}.{key}", above.written(style)),
                QueryStyle::Form | QueryStyle::Comma | QueryStyle::Space | QueryStyle::Pipe => {
                    (*key).to_owned()
                }
            },
        }
    }
}

/// JSON with its properties in the order in which they were written.
enum Node {
    Null,
    Scalar(String),
    List(Vec<Node>),
    Object(Vec<(String, Node)>),
}

fn node(value: &impl Serialize) -> Option<Node> {
    serde_json::from_slice(&serde_json::to_vec(value).ok()?).ok()
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Node;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("JSON")
            }
            fn visit_unit<E>(self) -> Result<Node, E> {
                Ok(Node::Null)
            }
            fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
                Ok(Node::Scalar(value.to_string()))
            }
            fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
                Ok(Node::Scalar(value.to_string()))
            }
            fn visit_u64<E>(self, value: u64) -> Result<Node, E> {
                Ok(Node::Scalar(value.to_string()))
            }
            fn visit_f64<E: de::Error>(self, value: f64) -> Result<Node, E> {
                serde_json::Number::from_f64(value)
                    .map(|number| Node::Scalar(number.to_string()))
                    .ok_or_else(|| E::custom("no number"))
            }
            fn visit_str<E>(self, text: &str) -> Result<Node, E> {
                Ok(Node::Scalar(text.to_owned()))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Node, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = seq.next_element()? {
                    items.push(item);
                }
                Ok(Node::List(items))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
                let mut properties = Vec::new();
                while let Some(property) = map.next_entry()? {
                    properties.push(property);
                }
                Ok(Node::Object(properties))
            }
        }
        deserializer.deserialize_any(Any)
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, Method};
    use serde_json::json;

    use super::*;

    /// A request whose query is `before` and then what a value gives.
    fn sent(before: &str, style: QueryStyle, value: &impl Serialize) -> Result<String, String> {
        let mut request = Outgoing {
            method: Method::GET,
            url: url::Url::parse(&format!("https://api.example.com/x{before}")).unwrap(),
            headers: HeaderMap::new(),
            body: bytes::Bytes::new(),
        };
        let mut query = Query::default();
        query
            .add("the ids", style, value)
            .map_err(|error| error.to_string())?;
        query.append_to(&mut request);
        Ok(request.url.query().unwrap_or_default().to_owned())
    }

    fn written(style: QueryStyle, value: &impl Serialize) -> String {
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
            written(QueryStyle::Form, &list),
            "the%20ids=a%2Cb&the%20ids=c%20d&the%20ids=%C3%A9%7C%26%3D%5B.%5D"
        );
        assert_eq!(
            written(QueryStyle::Comma, &list),
            "the%20ids=a%2Cb,c%20d,%C3%A9%7C%26%3D%5B.%5D"
        );
        assert_eq!(written(QueryStyle::Space, &[1, -2]), "the%20ids=1%20-2");
        assert_eq!(
            written(QueryStyle::Pipe, &["a b", "c"]),
            "the%20ids=a%20b%7Cc"
        );
    }

    #[test]
    fn objects_in_every_style_in_their_order() {
        assert_eq!(
            written(QueryStyle::Deep, &FILTER),
            "the%20ids%5Bname%5D=J.%20%5Bx%5D%26%2C%C3%BC&the%20ids%5Bage%5D=3\
             &the%20ids%5Bcity%5D%5Bzip%5D=0%201&the%20ids%5Bcity%5D%5Bis_near%5D=true\
             &the%20ids%5Btags%5D=1.5&the%20ids%5Btags%5D=1e%2B30"
        );
        assert_eq!(
            written(QueryStyle::Dotted, &FILTER),
            "the%20ids.name=J.%20%5Bx%5D%26%2C%C3%BC&the%20ids.age=3\
             &the%20ids.city.zip=0%201&the%20ids.city.is_near=true\
             &the%20ids.tags=1.5&the%20ids.tags=1e%2B30"
        );
        let flat = json!({"b": 1, "a": ["x", "y"]});
        assert!(
            ["b=1&a=x&a=y", "a=x&a=y&b=1"].contains(&written(QueryStyle::Form, &flat).as_str())
        );
        assert_eq!(
            written(QueryStyle::Comma, &FILTER.city),
            "the%20ids=zip,0%201,is_near,true"
        );
    }

    #[test]
    fn it_stands_behind_what_is_there() {
        assert_eq!(
            sent("?a=1", QueryStyle::Form, &[2]).unwrap(),
            "a=1&the%20ids=2"
        );
        assert_eq!(sent("?a=1", QueryStyle::Form, &[0; 0]).unwrap(), "a=1");
        assert_eq!(sent("", QueryStyle::Deep, &json!({})).unwrap(), "");
        assert_eq!(sent("", QueryStyle::Deep, &None::<u8>).unwrap(), "");
        assert_eq!(sent("", QueryStyle::Form, &"one").unwrap(), "the%20ids=one");
    }

    #[test]
    fn what_a_query_cannot_say_is_refused_without_its_value() {
        for (style, value) in [
            (QueryStyle::Deep, json!({"a": null})),
            (QueryStyle::Comma, json!(["joe", null])),
            (QueryStyle::Comma, json!([["joe"]])),
            (QueryStyle::Form, json!({"a": {"b": "joe"}})),
            (QueryStyle::Dotted, json!({"a": [{"b": "joe"}]})),
            (QueryStyle::Pipe, json!(["joe|ann"])),
            (QueryStyle::Space, json!(["joe ann"])),
        ] {
            let error = sent("", style, &value).unwrap_err();
            assert!(error.starts_with("`the ids` has "), "{error}");
            assert!(error.ends_with(": nothing was sent"), "{error}");
            assert!(!error.contains("joe"), "{error}");
        }
        let error = Query::default()
            .require("ids", QueryStyle::Comma, &[0; 0])
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.to_string().contains("`ids` is empty"), "{error}");
    }
}
