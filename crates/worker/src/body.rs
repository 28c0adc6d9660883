//! The body of a delivery, byte for byte and never more than allowed.

use futures_util::StreamExt;
use hookwarden::Code;
use worker::Request;

/// Reads a body, counting: neither a wrong `Content-Length` nor its absence gets past the limit.
pub(crate) async fn read(request: &mut Request, limit: usize) -> Result<Vec<u8>, Code> {
    let declared = request.headers().get("content-length").ok().flatten();
    let declared: Option<usize> = declared.and_then(|length| length.parse().ok());
    if declared.is_some_and(|length| length > limit) {
        return Err(Code::PayloadTooLarge);
    }
    if request.inner().body().is_none() {
        return Ok(Vec::new());
    }
    let mut body = Vec::with_capacity(declared.unwrap_or(0));
    let mut chunks = request.stream().map_err(|_| Code::PayloadNotJson)?;
    while let Some(chunk) = chunks.next().await {
        // The sender has gone in the middle; there is nobody left to answer.
        let chunk = chunk.map_err(|_| Code::PayloadNotJson)?;
        if body.len().saturating_add(chunk.len()) > limit {
            return Err(Code::PayloadTooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
