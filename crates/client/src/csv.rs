//! Exports as CSV, row by row as they come.

use bytes::Bytes;
use csv_core::{ReadRecordResult, Reader};
use futures_core::Stream;
use futures_util::{
    StreamExt as _,
    future::select,
    stream::{self, BoxStream},
};
use http::{HeaderMap, header::CONTENT_TYPE};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::{
    Error, ErrorKind, Items, SendError, call::Call, operation::Operation, transport::Answer,
};

/// Cells longer than this are refused: one never-closed quote must not fill the memory.
const MOST_BYTES_A_ROW: usize = 1 << 20;

type Chunks = BoxStream<'static, Result<Bytes, Error>>;

/// Rows of an export.
pub type Rows<T> = Items<T>;

/// Sends, and gives the bytes of the export as they come.
///
/// # Errors
/// Those of the call until the head of the answer; a connection that breaks later is an error in the stream.
pub async fn open_bytes<C: Call>(
    call: C,
) -> Result<impl Stream<Item = Result<Bytes, Error>> + Send + 'static, Error> {
    open(&call).await
}

/// Sends, and decodes the rows of the export as they come.
pub fn open_rows<C: Call, T: DeserializeOwned + Send + 'static>(
    call: C,
    columns: &'static [(&'static str, &'static str)],
) -> Rows<T> {
    let opened = async move {
        match open(&call).await {
            Ok(body) => Parser::new(call.operation(), columns, body).rows().boxed(),
            Err(error) => stream::iter([Err(error)]).boxed(),
        }
    };
    Items::boxed(Box::pin(stream::once(opened).flatten()))
}

/// The bytes of a success. One whose end is not marked ends in an error, unless the options allow it: a cut export
/// could not be told from a whole one.
async fn open<C: Call>(call: &C) -> Result<Chunks, Error> {
    let operation = call.operation();
    let opened = call
        .core()
        .transport()
        .open(operation, call.build()?)
        .await?;
    let incoming = opened.incoming;
    let other = incoming.status.is_success() && is_document(&incoming.headers);
    if incoming.status.is_success() && !other {
        let chunks = incoming
            .body
            .map(move |chunk| chunk.map_err(|error| broken(operation, error)));
        if incoming.delimited || call.core().transport().options.undelimited_exports {
            return Ok(chunks.boxed());
        }
        let text = "all rows that came are delivered, but the end of the export is not marked (no length, not chunked): it may have been cut; allow such exports if you know better";
        let unverified = Error::new(ErrorKind::Unverified, text).with_operation(operation);
        return Ok(chunks.chain(stream::iter([Err(unverified)])).boxed());
    }
    let (status, headers, mut rest, mut body) =
        (incoming.status, incoming.headers, incoming.body, Vec::new());
    let reading = async {
        while let Some(Ok(chunk)) = rest.next().await {
            body.extend_from_slice(&chunk);
            if body.len() > MOST_BYTES_A_ROW {
                break;
            }
        }
    };
    // What has come by then tells enough.
    let transport = call.core().transport();
    let limit = transport.runtime.sleep(transport.options.attempt_timeout);
    select(Box::pin(reading), limit).await;
    let answer = Answer {
        status,
        headers,
        body: body.into(),
        attempts: opened.attempts,
        elapsed: std::time::Duration::ZERO,
    };
    if !other || crate::call::says_no(operation, &answer) {
        return Err(crate::call::refuse(operation, answer));
    }
    let text = "expected CSV, got another kind of document: is the base URL the API's?";
    Err(Error::new(ErrorKind::Decode, text)
        .with_operation(operation)
        .with_answer(answer.status, answer.headers, answer.body)
        .with_attempts(answer.attempts))
}

/// A page or a JSON document, which some servers send with a status of success. Any other type may be CSV: platforms do not document
/// under which they send it.
fn is_document(headers: &HeaderMap) -> bool {
    let text = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let media_type = text
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    media_type == "text/html" || media_type.ends_with("json") || media_type.ends_with("xml")
}

fn broken(operation: &'static Operation, error: SendError) -> Error {
    let kind = if error == SendError::Timeout {
        ErrorKind::Timeout
    } else {
        ErrorKind::Connection
    };
    Error::new(kind, format!("{error} before the export was complete")).with_operation(operation)
}

struct Parser {
    operation: &'static Operation,
    columns: &'static [(&'static str, &'static str)],
    body: Chunks,
    reader: Reader,
    /// Bytes that came and are not read yet.
    chunk: Bytes,
    ended: bool,
    /// Bytes of a byte order mark that came at the very beginning; `None` when it is known whether there is one.
    mark: Option<usize>,
    /// The last byte that came, to see whether the last line is whole.
    last: Option<u8>,
    cells: Vec<u8>,
    ends: Vec<usize>,
    filled: usize,
    ended_cells: usize,
    headers: Option<Vec<String>>,
    row: u64,
}

impl Parser {
    fn new(
        operation: &'static Operation,
        columns: &'static [(&'static str, &'static str)],
        body: Chunks,
    ) -> Self {
        Self {
            operation,
            columns,
            body,
            reader: Reader::new(),
            chunk: Bytes::new(),
            ended: false,
            mark: Some(0),
            last: None,
            cells: vec![0; 8 << 10],
            ends: vec![0; 64],
            filled: 0,
            ended_cells: 0,
            headers: None,
            row: 0,
        }
    }

    fn rows<T: DeserializeOwned + Send + 'static>(
        self,
    ) -> impl Stream<Item = Result<T, Error>> + Send + 'static {
        stream::unfold(Some(self), |parser| async move {
            let mut parser = parser?;
            loop {
                return match parser.record().await {
                    Ok(None) => None,
                    Ok(Some(cells)) if parser.headers.is_none() => {
                        parser.headers = Some(parser.columns_of(&cells));
                        continue;
                    }
                    Ok(Some(cells)) => {
                        let row = parser.decode(cells);
                        Some((row, Some(parser)))
                    }
                    Err(error) => Some((Err(error), None)),
                };
            }
        })
    }

    /// The next record's cells.
    async fn record(&mut self) -> Result<Option<Vec<String>>, Error> {
        loop {
            if self.chunk.is_empty() && !self.ended {
                match self.body.next().await {
                    Some(Ok(chunk)) => {
                        self.last = chunk.last().copied().or(self.last);
                        self.chunk = self.without_mark(chunk);
                        if self.chunk.is_empty() {
                            continue;
                        }
                    }
                    Some(Err(error)) => return Err(error),
                    None => {
                        self.ended = true;
                        if self.last.is_some_and(|byte| byte != b'\n') {
                            return Err(self.refuse("the last line has no end: the export was cut"));
                        }
                    }
                }
            }
            let (free_cells, free_ends) = (
                self.cells.get_mut(self.filled..).unwrap_or_default(),
                self.ends.get_mut(self.ended_cells..).unwrap_or_default(),
            );
            let (result, read, wrote, ended) =
                self.reader.read_record(&self.chunk, free_cells, free_ends);
            self.chunk = self.chunk.slice(read..);
            self.filled += wrote;
            self.ended_cells += ended;
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull if self.cells.len() >= MOST_BYTES_A_ROW => {
                    return Err(self.refuse("a row is longer than 1 MiB"));
                }
                ReadRecordResult::OutputFull => self.cells.resize(self.cells.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                ReadRecordResult::End => return Ok(None),
                ReadRecordResult::Record => {
                    let cells = self.cut();
                    self.row += 1;
                    return cells.map(Some);
                }
            }
        }
    }

    /// A byte order mark belongs to no cell. It may come in pieces.
    fn without_mark(&mut self, mut chunk: Bytes) -> Bytes {
        const MARK: &[u8] = "\u{feff}".as_bytes();
        let Some(mut came) = self.mark else {
            return chunk;
        };
        while came < MARK.len() && !chunk.is_empty() {
            if chunk.first() != MARK.get(came) {
                // No mark after all: what looked like its beginning goes back.
                self.mark = None;
                return [MARK.get(..came).unwrap_or_default(), &chunk]
                    .concat()
                    .into();
            }
            chunk = chunk.slice(1..);
            came += 1;
        }
        self.mark = (came < MARK.len()).then_some(came);
        chunk
    }

    /// The cells that the reader has just completed.
    fn cut(&mut self) -> Result<Vec<String>, Error> {
        let mut start = 0;
        let mut cells = Vec::with_capacity(self.ended_cells);
        for end in self.ends.iter().take(self.ended_cells) {
            let bytes = self.cells.get(start..*end).unwrap_or_default();
            cells.push(String::from_utf8_lossy(bytes).into_owned());
            start = *end;
        }
        (self.filled, self.ended_cells) = (0, 0);
        match &self.headers {
            Some(headers) if headers.len() != cells.len() => {
                Err(self.refuse("a row has another number of cells than the headline"))
            }
            _ => Ok(cells),
        }
    }

    /// The fields' names, from the headline. Headlines that the spec does not know name themselves.
    fn columns_of(&self, headline: &[String]) -> Vec<String> {
        let name = |cell: &String| {
            let cell = cell.trim();
            let known = self.columns.iter().find(|(title, _)| *title == cell);
            known.map_or(cell, |(_, field)| field).to_owned()
        };
        headline.iter().map(name).collect()
    }

    /// Empty cells are absent fields: CSV cannot tell them apart.
    fn decode<T: DeserializeOwned>(&self, cells: Vec<String>) -> Result<T, Error> {
        let names = self.headers.iter().flatten().cloned();
        let fields: Map<String, Value> = names
            .zip(cells)
            .filter(|(_, cell)| !cell.is_empty())
            .map(|(name, cell)| (name, Value::String(cell)))
            .collect();
        serde_json::from_value(Value::Object(fields))
            .map_err(|error| self.refuse(&crate::decode::Unreadable::from(error).text))
    }

    fn refuse(&self, why: &str) -> Error {
        Error::new(
            ErrorKind::Decode,
            format!("CSV after row {}: {why}", self.row),
        )
        .with_operation(self.operation)
    }
}
