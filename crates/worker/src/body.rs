//! The body of a delivery, byte for byte and never more than allowed.

use js_sys::{ArrayBuffer, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{ReadableStreamDefaultReader, Request};

use crate::budget::Bytes;
use crate::js;

/// A body that says it is no longer is read in one piece, which the runtime does for less. A longer one is counted as it
/// comes: who only says that it is long must not get the room for it.
const ONE_PIECE_BYTES: usize = 256 * 1024;

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
        body.take(raw.length() as usize, limit)?;
        body.bytes = raw.to_vec();
        body.raw = Some(raw);
        Ok(body)
    }

    async fn in_pieces(request: &Request, limit: usize) -> Result<Self, Unread> {
        let mut body = Self::default();
        let Some(stream) = request.body() else { return Ok(body) };
        let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
        while let Some(chunk) = next(&reader).await.map_err(|_| Unread::CutShort)? {
            body.append(&chunk, limit)?;
        }
        Ok(body)
    }

    /// Adds a piece, counting.
    pub(crate) fn append(&mut self, chunk: &Uint8Array, limit: usize) -> Result<(), Unread> {
        self.take(chunk.length() as usize, limit)?;
        let from = self.bytes.len();
        self.bytes.resize(from + chunk.length() as usize, 0);
        chunk.copy_to(&mut self.bytes[from..]);
        Ok(())
    }

    fn take(&mut self, more: usize, limit: usize) -> Result<(), Unread> {
        if self.bytes.len().saturating_add(more) > limit {
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
