//! A server that answers every request with the page its path names.

use std::{
    io::{self, BufRead as _, BufReader, Write as _},
    net::{TcpListener, TcpStream},
};

use serde_json::{Value, json};

/// Prints its base URL, then answers until it is ended.
pub(crate) fn serve() -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("http://{}/api", listener.local_addr()?);
    let pages = [
        ("20", page(20, false)),
        ("100", page(100, false)),
        ("100-unknown", page(100, true)),
    ];
    for stream in listener.incoming() {
        answer(stream?, &pages)?;
    }
    Ok(())
}

fn answer(mut stream: TcpStream, pages: &[(&str, Vec<u8>)]) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    while let Some(request) = lines.next().transpose()? {
        while lines
            .next()
            .transpose()?
            .is_some_and(|line| !line.is_empty())
        {}
        let name = request.split('/').nth(3).unwrap_or_default();
        let page = pages
            .iter()
            .find(|(known, _)| *known == name)
            .map_or(&b"{}"[..], |(_, page)| page);
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            page.len()
        );
        stream.write_all(head.as_bytes())?;
        stream.write_all(page)?;
    }
    Ok(())
}

/// Users of about 445 bytes, as the documents show them.
fn page(users: usize, unknown: bool) -> Vec<u8> {
    let data: Vec<Value> = (0..users).map(|index| user(index, unknown)).collect();
    let page = json!({ "data": data, "error": null, "totalItems": 45_000, "pageSize": users, "currentPage": 1, "totalPages": 45_000 / users });
    page.to_string().into_bytes()
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
