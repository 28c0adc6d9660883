//! The body of a delivery, byte for byte and never more than allowed.

use js_sys::{ArrayBuffer, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{ReadableStreamDefaultReader, Request};

use crate::budget::Bytes;
use crate::js;

/// A body that says it is no longer is read in one piece, which the runtime does for less. A longer one is counted as it
/// comes: who only says that it is long must not get the room for it.
const ONE_PIECE_BYTES: usize = 256 * 1024;

/// How many pieces wait at most: who sends each byte alone must not get an object for each.
const MOST_WAITING: usize = 1024;

/// A body that has been read.
#[derive(Debug, Default)]
pub(crate) struct Body {
    pub(crate) bytes: Vec<u8>,
    /// The same on the other side of the border, where it is from there.
    raw: Option<Uint8Array>,
    /// What it takes of the isolate's budget.
    held: Bytes,
}

/// Why there is no body.
pub(crate) enum Unread {
    TooLarge,
    /// There is no room for it now.
    Overloaded,
    /// The sender has gone in the middle.
    CutShort,
    /// It says that it is gzip, and is not.
    NoGzip,
}

impl Body {
    /// What was kept of a body elsewhere; of such nothing is read here but by who signs it.
    pub(crate) fn kept(raw: Uint8Array, is_signed: bool) -> Self {
        let bytes = if is_signed { raw.to_vec() } else { Vec::new() };
        Self { bytes, raw: Some(raw), held: Bytes::default() }
    }

    /// The bytes for the runtime.
    pub(crate) fn raw(&self) -> Uint8Array {
        self.raw.clone().unwrap_or_else(|| Uint8Array::from(self.bytes.as_slice()))
    }

    /// Reads a body, counting: neither a wrong `Content-Length` nor its absence gets past the limit.
    pub(crate) async fn read(
        request: &Request,
        declared: Option<&str>,
        limit: usize,
    ) -> Result<Self, Unread> {
        let declared: Option<usize> = declared.and_then(|length| length.parse().ok());
        match declared {
            Some(length) if length > limit => Err(Unread::TooLarge),
            Some(length) if length <= ONE_PIECE_BYTES => Self::in_one_piece(request, limit).await,
            _ => Self::in_pieces(request, limit).await,
        }
    }

    async fn in_one_piece(request: &Request, limit: usize) -> Result<Self, Unread> {
        let read = request.array_buffer().map_err(|_| Unread::CutShort)?;
        let buffer: ArrayBuffer = js::wait(read).await.map_err(|_| Unread::CutShort)?.unchecked_into();
        let raw = Uint8Array::new(&buffer);
        let mut body = Self::default();
        body.take(0, raw.length() as usize, limit)?;
        body.bytes = raw.to_vec();
        body.raw = Some(raw);
        Ok(body)
    }

    async fn in_pieces(request: &Request, limit: usize) -> Result<Self, Unread> {
        let mut body = Self::default();
        let Some(stream) = request.body() else { return Ok(body) };
        let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
        // Outside of the WebAssembly, whose memory never shrinks, until it is known how much room they take.
        let mut waiting = Vec::new();
        let mut length = 0_usize;
        while let Some(chunk) = next(&reader).await.map_err(|_| Unread::CutShort)? {
            let more = chunk.length() as usize;
            body.take(length, more, limit)?;
            length += more;
            waiting.push(chunk);
            if waiting.len() == MOST_WAITING {
                body.copy(&mut waiting, length);
            }
        }
        body.copy(&mut waiting, length);
        Ok(body)
    }

    /// Adds a piece, counting.
    pub(crate) fn append(&mut self, chunk: Uint8Array, limit: usize) -> Result<(), Unread> {
        let more = chunk.length() as usize;
        self.take(self.bytes.len(), more, limit)?;
        self.bytes.reserve(more);
        self.copy(&mut vec![chunk], self.bytes.len() + more);
        Ok(())
    }

    fn copy(&mut self, chunks: &mut Vec<Uint8Array>, length: usize) {
        self.bytes.reserve_exact(length - self.bytes.len());
        for chunk in chunks.drain(..) {
            let from = self.bytes.len();
            self.bytes.resize(from + chunk.length() as usize, 0);
            chunk.copy_to(&mut self.bytes[from..]);
        }
    }

    fn take(&mut self, length: usize, more: usize, limit: usize) -> Result<(), Unread> {
        if length.saturating_add(more) > limit {
            return Err(Unread::TooLarge);
        }
        if self.held.take(more) { Ok(()) } else { Err(Unread::Overloaded) }
    }
}

async fn next(reader: &ReadableStreamDefaultReader) -> Result<Option<Uint8Array>, JsValue> {
    let read = js::wait(reader.read()).await?;
    if js::get(&read, "done").is_none_or(|done| done.is_truthy()) {
        return Ok(None);
    }
    Ok(js::get(&read, "value").map(JsCast::unchecked_into))
}
