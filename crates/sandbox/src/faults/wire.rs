//! Answers written byte by byte, by connections that break.

use super::Fault;
use crate::{connection::Down, payload::Payload};
use bytes::Bytes;
use http::{Response, StatusCode, header};
use std::{io, time::Duration};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::{sleep, timeout},
};

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wire {
    /// Up to somewhere, then as told.
    Cut(Until, Then),
    /// Everything, with another end than the length says.
    Framed(Framing),
    SlowHead(Duration),
    SlowBody(Duration),
    /// So many bytes at a time.
    Slices(usize),
    /// So many bytes a second.
    Paced(u64),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Until {
    BeforeHead,
    InHead,
    InBody,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Then {
    Reset,
    Close,
    /// Nothing for so long, or until the other side goes.
    Hold(Duration),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Framing {
    /// Chunks, without the empty one at the end.
    Unfinished,
    /// To the end of the connection.
    Delimited,
    /// The same, half of it.
    DelimitedCut,
}

impl Wire {
    /// What a fault of the network does; `None` for those that are done elsewhere.
    pub(super) fn of(fault: &Fault) -> Option<Self> {
        let hold = Then::Hold(Duration::from_secs(fault.count("seconds")));
        let delay = Duration::from_millis(fault.count("delay"));
        let bytes = fault.count("bytes");
        Some(match fault.kind.name {
            "down" | "reset-before-head" => Self::Cut(Until::BeforeHead, Then::Reset),
            "reset-in-head" => Self::Cut(Until::InHead, Then::Reset),
            "reset-in-body" => Self::Cut(Until::InBody, Then::Reset),
            "close-before-head" => Self::Cut(Until::BeforeHead, Then::Close),
            "close-in-head" => Self::Cut(Until::InHead, Then::Close),
            "close-in-body" => Self::Cut(Until::InBody, Then::Close),
            "silence" => Self::Cut(Until::BeforeHead, hold),
            "stalled-body" => Self::Cut(Until::InBody, hold),
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

/// An answer that is to be written in such a way.
pub(crate) struct Takeover {
    pub(crate) response: Response<Payload>,
    pub(crate) wire: Wire,
    /// The request was HEAD.
    pub(crate) head_only: bool,
    /// What becomes of the listener then.
    pub(crate) down: Option<Down>,
}

/// The head, and the body's pieces as they are written.
struct Writer {
    stream: TcpStream,
    payload: Payload,
    head: Vec<u8>,
    chunked: bool,
    head_only: bool,
}

impl Takeover {
    /// Writes the answer and ends the connection.
    pub(crate) async fn play(mut self, stream: TcpStream) -> io::Result<Option<Down>> {
        let down = self.down.take();
        let (parts, mut payload) = self.response.into_parts();
        let delimited = matches!(
            self.wire,
            Wire::Framed(Framing::Delimited | Framing::DelimitedCut)
        );
        let unfinished = self.wire == Wire::Framed(Framing::Unfinished);
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
        if bare || self.head_only {
            payload = Payload::empty();
        }
        let writer = Writer {
            stream,
            payload,
            head,
            chunked: !delimited && length.is_none(),
            head_only: bare || self.head_only,
        };
        writer.play(self.wire).await.map(|()| down)
    }
}

impl Writer {
    async fn play(mut self, wire: Wire) -> io::Result<()> {
        match wire {
            Wire::Cut(until, then) => {
                self.cut(until).await?;
                return self.end(then).await;
            }
            Wire::Framed(framing) => {
                let head = std::mem::take(&mut self.head);
                self.stream.write_all(&head).await?;
                self.framed(framing).await?;
            }
            Wire::SlowHead(delay) => {
                let head = std::mem::take(&mut self.head);
                self.pieces(&head, 1, delay).await?;
                while let Some(piece) = self.piece() {
                    self.stream.write_all(&piece).await?;
                }
            }
            Wire::SlowBody(delay) => {
                let head = std::mem::take(&mut self.head);
                self.stream.write_all(&head).await?;
                self.body(1, delay).await?;
            }
            Wire::Slices(bytes) => {
                let head = std::mem::take(&mut self.head);
                self.pieces(&head, bytes, Duration::ZERO).await?;
                self.body(bytes, Duration::ZERO).await?;
            }
            Wire::Paced(bytes) => {
                // As often as every tenth of a second, and not for less than a byte.
                let piece = usize::try_from(bytes / 10).unwrap_or(usize::MAX).max(1);
                let pause = Duration::from_secs_f64(piece as f64 / bytes.max(1) as f64);
                let head = std::mem::take(&mut self.head);
                self.pieces(&head, piece, pause).await?;
                self.body(piece, pause).await?;
            }
        }
        self.end(Then::Close).await
    }

    /// The next piece of the body as it goes over the wire; none at the end.
    fn piece(&mut self) -> Option<Bytes> {
        if !self.chunked || self.head_only {
            return self.payload.chunk();
        }
        match self.payload.chunk() {
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

    async fn cut(&mut self, until: Until) -> io::Result<()> {
        match until {
            Until::BeforeHead => Ok(()),
            Until::InHead => {
                let half = self.head.len() / 2;
                self.stream
                    .write_all(self.head.get(..half).unwrap_or_default())
                    .await
            }
            Until::InBody => {
                let first = self.piece().unwrap_or_default();
                let half = first.get(..first.len() / 2).unwrap_or_default();
                self.stream
                    .write_all(&[self.head.as_slice(), half].concat())
                    .await
            }
        }
    }

    async fn framed(&mut self, framing: Framing) -> io::Result<()> {
        if framing == Framing::DelimitedCut {
            let first = self.piece().unwrap_or_default();
            return self
                .stream
                .write_all(first.get(..first.len() / 2).unwrap_or_default())
                .await;
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

    async fn end(mut self, then: Then) -> io::Result<()> {
        match then {
            Then::Reset => self.stream.set_zero_linger(),
            Then::Close => self.stream.shutdown().await,
            Then::Hold(seconds) => {
                let mut byte = [0];
                let _ = timeout(seconds, self.stream.read(&mut byte)).await;
                self.stream.shutdown().await
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::faults::Group;

    #[test]
    fn every_fault_of_the_network_is_done() {
        let kinds = Fault::kinds().iter();
        let elsewhere: Vec<&str> = kinds
            .filter(|kind| kind.group == Group::Network)
            .filter(|kind| Wire::of(&Fault::parse(kind.name).unwrap()).is_none())
            .map(|kind| kind.name)
            .collect();
        assert_eq!(elsewhere, ["refused", "latency"]);
    }
}
