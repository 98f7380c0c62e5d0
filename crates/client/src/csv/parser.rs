//! An incremental CSV parser over the chunks of a response, around `csv-core`.

use bytes::Bytes;
use csv_core::{ReadRecordResult, Reader};
use futures_core::Stream;
use futures_util::{StreamExt as _, stream};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::Chunks;
use crate::{Error, ErrorKind, decode::Unreadable, operation::Operation};

/// Maximum size of a row in bytes, so that an unclosed quote cannot exhaust memory.
const MAX_ROW: usize = 1 << 20;

/// The state of an export that is being parsed.
pub(super) struct Parser {
    operation: &'static Operation,
    columns: &'static [(&'static str, &'static str)],
    body: Chunks,
    reader: Reader,
    /// Received bytes that have not been parsed.
    chunk: Bytes,
    ended: bool,
    /// Received bytes of a byte order mark; `None` once it is known whether there is one.
    mark: Option<usize>,
    /// The last received byte, which shows whether the last line is complete.
    last: Option<u8>,
    cells: Vec<u8>,
    ends: Vec<usize>,
    filled: usize,
    ended_cells: usize,
    names: Option<Vec<String>>,
    row: u64,
}

impl Parser {
    pub(super) fn new(
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
            names: None,
            row: 0,
        }
    }

    /// The decoded rows. An error of the export ends them; a row that does not match the spec does not.
    pub(super) fn rows<T: DeserializeOwned + Send + 'static>(
        self,
    ) -> impl Stream<Item = Result<T, Error>> + Send + 'static {
        stream::unfold(Some(self), |parser| async move {
            let mut parser = parser?;
            loop {
                return match parser.record().await {
                    Ok(None) => None,
                    Ok(Some(cells)) if parser.names.is_none() => {
                        parser.names = Some(parser.columns_of(&cells));
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

    /// The cells of the next row.
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
                            return Err(self.error(
                                "the last line has no line break: the export is truncated",
                            ));
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
                ReadRecordResult::OutputFull if self.cells.len() >= MAX_ROW => {
                    return Err(self.error("a row is longer than 1 MiB"));
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

    /// Removes a byte order mark, which may be split between chunks.
    fn without_mark(&mut self, mut chunk: Bytes) -> Bytes {
        const MARK: &[u8] = "\u{feff}".as_bytes();
        let Some(mut received) = self.mark else {
            return chunk;
        };
        while received < MARK.len() && !chunk.is_empty() {
            if chunk.first() != MARK.get(received) {
                // Not a byte order mark: restore the bytes that looked like its start.
                self.mark = None;
                return [MARK.get(..received).unwrap_or_default(), &chunk]
                    .concat()
                    .into();
            }
            chunk = chunk.slice(1..);
            received += 1;
        }
        self.mark = (received < MARK.len()).then_some(received);
        chunk
    }

    /// The cells of the row that the reader has completed.
    fn cut(&mut self) -> Result<Vec<String>, Error> {
        let mut start = 0;
        let mut cells = Vec::with_capacity(self.ended_cells);
        for end in self.ends.iter().take(self.ended_cells) {
            let bytes = self.cells.get(start..*end).unwrap_or_default();
            cells.push(String::from_utf8_lossy(bytes).into_owned());
            start = *end;
        }
        (self.filled, self.ended_cells) = (0, 0);
        match &self.names {
            Some(names) if names.len() != cells.len() => {
                Err(self.error("a row and the header have different numbers of cells"))
            }
            _ => Ok(cells),
        }
    }

    /// The names of the fields, from the header. Columns that are not in the spec keep their names.
    fn columns_of(&self, header: &[String]) -> Vec<String> {
        let name = |cell: &String| {
            let cell = cell.trim();
            let known = self.columns.iter().find(|(title, _)| *title == cell);
            known.map_or(cell, |(_, field)| field).to_owned()
        };
        header.iter().map(name).collect()
    }

    /// Decodes a row. Empty cells are absent fields: CSV does not distinguish them.
    fn decode<T: DeserializeOwned>(&self, cells: Vec<String>) -> Result<T, Error> {
        let names = self.names.iter().flatten().cloned();
        let fields: Map<String, Value> = names
            .zip(cells)
            .filter(|(_, cell)| !cell.is_empty())
            .map(|(name, cell)| (name, Value::String(cell)))
            .collect();
        serde_json::from_value(Value::Object(fields))
            .map_err(|error| self.error(&Unreadable::from(error).text))
    }

    fn error(&self, why: &str) -> Error {
        Error::new(
            ErrorKind::Decode,
            format!("CSV after row {}: {why}", self.row),
        )
        .with_operation(self.operation)
    }
}
