//! Responses written byte by byte, over connections that break.

use super::fault::Fault;
use crate::http::{exchange::ClientStream, payload::Payload};
use bytes::Bytes;
use http::{Response, StatusCode, header};
use std::{io, time::Duration};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    time::{sleep, timeout},
};

/// How a response is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WireFault {
    /// Cut at a point, and then ended.
    Cut(CutPoint, ConnectionEnd),
    /// Complete, with another framing than its length.
    Framed(Framing),
    SlowHead(Duration),
    SlowBody(Duration),
    /// This many bytes at a time.
    Slices(usize),
    /// This many bytes per second.
    Paced(u64),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CutPoint {
    BeforeHead,
    InHead,
    InBody,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ConnectionEnd {
    Reset,
    Close,
    /// Silence for this long, or until the client disconnects.
    Hold(Duration),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Framing {
    /// Chunks without the final, empty one.
    Unfinished,
    /// Delimited by the end of the connection.
    Delimited,
    /// The same, cut in half.
    DelimitedCut,
}

impl WireFault {
    /// What a network fault does; `None` for those applied elsewhere.
    pub(super) fn of(fault: &Fault) -> Option<Self> {
        let hold = ConnectionEnd::Hold(Duration::from_secs(fault.count("seconds")));
        let delay = Duration::from_millis(fault.count("delay"));
        let bytes = fault.count("bytes");
        Some(match fault.kind.name {
            "down" | "reset-before-head" => Self::Cut(CutPoint::BeforeHead, ConnectionEnd::Reset),
            "reset-in-head" => Self::Cut(CutPoint::InHead, ConnectionEnd::Reset),
            "reset-in-body" => Self::Cut(CutPoint::InBody, ConnectionEnd::Reset),
            "close-before-head" => Self::Cut(CutPoint::BeforeHead, ConnectionEnd::Close),
            "close-in-head" => Self::Cut(CutPoint::InHead, ConnectionEnd::Close),
            "close-in-body" => Self::Cut(CutPoint::InBody, ConnectionEnd::Close),
            "silence" => Self::Cut(CutPoint::BeforeHead, hold),
            "stalled-body" => Self::Cut(CutPoint::InBody, hold),
            "missing-last-chunk" => Self::Framed(Framing::Unfinished),
            "close-delimited" => Self::Framed(Framing::Delimited),
            "close-delimited-cut" => Self::Framed(Framing::DelimitedCut),
            "slow-head" => Self::SlowHead(delay),
            "slow-body" => Self::SlowBody(delay),
            "slices" => Self::Slices(usize::try_from(bytes).unwrap_or(usize::MAX)),
            "bandwidth" => Self::Paced(bytes),
            _ => return None,
        })
    }
}

/// A response to be written with a fault.
pub(super) struct WireResponse {
    pub(super) response: Response<Payload>,
    pub(super) wire: WireFault,
    /// Whether the request was HEAD.
    pub(super) is_head: bool,
}

/// Writes the head and the pieces of the body.
struct ResponseWriter {
    stream: ClientStream,
    payload: Payload,
    head: Vec<u8>,
    chunked: bool,
    is_head: bool,
}

impl WireResponse {
    /// Writes the response and ends the connection.
    pub(super) async fn write(self, stream: ClientStream) -> io::Result<()> {
        let (parts, mut payload) = self.response.into_parts();
        let delimited = matches!(
            self.wire,
            WireFault::Framed(Framing::Delimited | Framing::DelimitedCut)
        );
        let unfinished = self.wire == WireFault::Framed(Framing::Unfinished);
        let length = payload.length().filter(|_| !unfinished);
        let mut head = format!("HTTP/1.1 {}\r\n", parts.status).into_bytes();
        for (name, value) in &parts.headers {
            head.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
        }
        let bare = matches!(
            parts.status,
            StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED
        );
        let framing = match length {
            _ if delimited || bare => String::new(),
            Some(length) => format!("content-length: {length}\r\n"),
            None => "transfer-encoding: chunked\r\n".to_owned(),
        };
        if !parts.headers.contains_key(header::DATE) {
            let date = httpdate::fmt_http_date(std::time::SystemTime::now());
            head.extend(format!("date: {date}\r\n").into_bytes());
        }
        head.extend(format!("{framing}connection: close\r\n\r\n").into_bytes());
        if bare || self.is_head {
            payload = Payload::empty();
        }
        let writer = ResponseWriter {
            stream,
            payload,
            head,
            chunked: !delimited && length.is_none(),
            is_head: bare || self.is_head,
        };
        writer.write(self.wire).await
    }
}

impl ResponseWriter {
    async fn write(mut self, wire: WireFault) -> io::Result<()> {
        let head = std::mem::take(&mut self.head);
        match wire {
            WireFault::Cut(until, then) => {
                self.cut(&head, until).await?;
                return self.end(then).await;
            }
            WireFault::Framed(framing) => {
                self.stream.write_all(&head).await?;
                self.framed(framing).await?;
            }
            WireFault::SlowHead(delay) => {
                self.pieces(&head, 1, delay).await?;
                while let Some(piece) = self.piece() {
                    self.stream.write_all(&piece).await?;
                }
            }
            WireFault::SlowBody(delay) => {
                self.stream.write_all(&head).await?;
                self.body(1, delay).await?;
            }
            WireFault::Slices(bytes) => {
                self.pieces(&head, bytes, Duration::ZERO).await?;
                self.body(bytes, Duration::ZERO).await?;
            }
            WireFault::Paced(bytes) => {
                // Every tenth of a second, or less often for less than a byte.
                let piece = usize::try_from(bytes / 10).unwrap_or(usize::MAX).max(1);
                let pause = Duration::from_secs_f64(piece as f64 / bytes.max(1) as f64);
                self.pieces(&head, piece, pause).await?;
                self.body(piece, pause).await?;
            }
        }
        self.end(ConnectionEnd::Close).await
    }

    /// The next piece of the body as transferred; `None` at the end.
    fn piece(&mut self) -> Option<Bytes> {
        if !self.chunked || self.is_head {
            return self.payload.next_chunk();
        }
        match self.payload.next_chunk() {
            Some(bytes) => {
                let size = format!("{:x}\r\n", bytes.len());
                Some([size.as_bytes(), &bytes, b"\r\n"].concat().into())
            }
            None => {
                self.chunked = false;
                Some(Bytes::from_static(b"0\r\n\r\n"))
            }
        }
    }

    async fn cut(&mut self, head: &[u8], until: CutPoint) -> io::Result<()> {
        match until {
            CutPoint::BeforeHead => Ok(()),
            CutPoint::InHead => self.stream.write_all(half(head)).await,
            CutPoint::InBody => {
                let first = self.piece().unwrap_or_default();
                let sent = [head, half(&first)].concat();
                self.stream.write_all(&sent).await
            }
        }
    }

    async fn framed(&mut self, framing: Framing) -> io::Result<()> {
        if framing == Framing::DelimitedCut {
            let first = self.piece().unwrap_or_default();
            return self.stream.write_all(half(&first)).await;
        }
        while let Some(piece) = self.piece() {
            if framing == Framing::Unfinished && !self.chunked {
                break;
            }
            self.stream.write_all(&piece).await?;
        }
        Ok(())
    }

    async fn body(&mut self, bytes: usize, delay: Duration) -> io::Result<()> {
        while let Some(piece) = self.piece() {
            self.pieces(&piece, bytes, delay).await?;
        }
        Ok(())
    }

    async fn pieces(&mut self, all: &[u8], bytes: usize, delay: Duration) -> io::Result<()> {
        for piece in all.chunks(bytes.max(1)) {
            if delay.is_zero() {
                tokio::task::yield_now().await;
            } else {
                sleep(delay).await;
            }
            self.stream.write_all(piece).await?;
        }
        Ok(())
    }

    async fn end(mut self, then: ConnectionEnd) -> io::Result<()> {
        match then {
            ConnectionEnd::Reset => self.stream.get_ref().set_zero_linger(),
            ConnectionEnd::Close => self.stream.shutdown().await,
            ConnectionEnd::Hold(seconds) => {
                let mut byte = [0];
                let _ = timeout(seconds, self.stream.read(&mut byte)).await;
                self.stream.shutdown().await
            }
        }
    }
}

fn half(bytes: &[u8]) -> &[u8] {
    bytes.get(..bytes.len() / 2).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::faults::kinds::FaultGroup;

    #[test]
    fn every_fault_of_the_network_is_done() {
        let kinds = Fault::kinds().iter();
        let elsewhere: Vec<&str> = kinds
            .filter(|kind| kind.group == FaultGroup::Network)
            .filter(|kind| WireFault::of(&Fault::parse(kind.name).unwrap()).is_none())
            .map(|kind| kind.name)
            .collect();
        assert_eq!(elsewhere, ["refused", "latency"]);
    }
}
