//! A server that answers every request with the page its path names.

use std::{
    borrow::Cow,
    io::{self, BufRead as _, BufReader, Write as _},
    net::{TcpListener, TcpStream},
    sync::LazyLock,
    thread,
    time::Duration,
};

use serde_json::{Value, json};

/// Starts it on a thread of this process, which answers each request after `delay`, and returns its base URL.
///
/// # Errors
/// No socket can be bound.
pub fn start(delay: Duration) -> io::Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}/api", listener.local_addr()?);
    thread::spawn(move || accept(&listener, delay));
    Ok(url)
}

fn accept(listener: &TcpListener, delay: Duration) {
    for stream in listener.incoming().map_while(Result::ok) {
        thread::spawn(move || answer(stream, delay));
    }
}

fn answer(mut stream: TcpStream, delay: Duration) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    while let Some(request) = lines.next().transpose()? {
        while lines
            .next()
            .transpose()?
            .is_some_and(|line| !line.is_empty())
        {}
        thread::sleep(delay);
        let page = page_of(&request);
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            page.len()
        );
        stream.write_all(head.as_bytes())?;
        stream.write_all(page.as_bytes())?;
    }
    Ok(())
}

/// The chatbot's id says what to answer: `20`, `100` or `100-unknown` users, always the same ones, or `list-N`: page by page of a list
/// of N pages with 20 users each.
fn page_of(request: &str) -> Cow<'static, str> {
    static FIXED: LazyLock<[(&str, String); 3]> = LazyLock::new(|| {
        [
            ("20", page(0, 20, 2250, false)),
            ("100", page(0, 100, 450, false)),
            ("100-unknown", page(0, 100, 450, true)),
        ]
    });
    let name = request.split('/').nth(3).unwrap_or_default();
    if let Some(pages) = name
        .strip_prefix("list-")
        .and_then(|pages| pages.parse().ok())
    {
        let number = request
            .split(['?', '&', ' '])
            .find_map(|part| part.strip_prefix("page="));
        let number: usize = number.and_then(|number| number.parse().ok()).unwrap_or(1);
        return page(number.saturating_sub(1) * 20, 20, pages, false).into();
    }
    let fixed = FIXED.iter().find(|(known, _)| *known == name);
    fixed.map_or("{}", |(_, page)| page.as_str()).into()
}

/// Users of about 445 bytes, as the documents show them.
fn page(first: usize, users: usize, pages: usize, unknown: bool) -> String {
    let data: Vec<Value> = (first..first + users)
        .map(|index| user(index, unknown))
        .collect();
    json!({ "data": data, "error": null, "totalItems": pages * users, "pageSize": users, "currentPage": first / users + 1, "totalPages": pages }).to_string()
}

fn user(index: usize, unknown: bool) -> Value {
    let mut user = json!({
        "id": format!("6612a1b2c3d4e5f6a7b8{index:04}"),
        "chatbotId": "6612a1b2c3d4e5f6a7b80000",
        "firstName": "Amara",
        "lastName": "Lindqvist",
        "email": format!("amara.lindqvist.{index}@example.com"),
        "phoneNumber": "+15550100123",
        "username": "amara.lindqvist",
        "source": "Web",
        "dataDictionary": { "city": "Utrecht", "plan": "basic" },
        "messageTimestamp": "2025-04-08T12:00:00Z",
        "lastReceivedText": "Hello, is the shop open on Sunday?",
        "createdAt": "2025-04-01T10:00:00Z",
        "updatedAt": "2025-04-08T12:00:00Z",
    });
    if let (true, Some(fields)) = (unknown, user.as_object_mut()) {
        for (name, value) in [
            ("locale", json!("nl-NL")),
            ("score", json!(12)),
            ("isTest", json!(false)),
            ("channel", json!("web-widget")),
        ] {
            fields.insert(name.to_owned(), value);
        }
    }
    user
}
