//! The body of a delivery, byte for byte and never more than allowed.

use futures_util::StreamExt;
use web_sys::Request;
use worker::ByteStream;

use crate::budget::Bytes;

/// How much room is made on the word of a `Content-Length` alone.
const RESERVED_BYTES: usize = 16 * 1024;

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

/// Reads a body, counting: neither a wrong `Content-Length` nor its absence gets past the limit.
pub(crate) async fn read(request: &Request, limit: usize) -> Result<(Vec<u8>, Bytes), Unread> {
    let declared = request.headers().get("content-length").ok().flatten();
    let declared: Option<usize> = declared.and_then(|length| length.parse().ok());
    if declared.is_some_and(|length| length > limit) {
        return Err(Unread::TooLarge);
    }
    let mut bytes = Bytes::default();
    let Some(stream) = request.body() else { return Ok((Vec::new(), bytes)) };
    let mut body = Vec::with_capacity(declared.unwrap_or(0).min(RESERVED_BYTES));
    let mut chunks = ByteStream::from(stream);
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| Unread::CutShort)?;
        if body.len().saturating_add(chunk.len()) > limit {
            return Err(Unread::TooLarge);
        }
        if !bytes.take(chunk.len()) {
            return Err(Unread::Overloaded);
        }
        body.extend_from_slice(&chunk);
    }
    Ok((body, bytes))
}
