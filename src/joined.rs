//! Lists as text. `join` of the standard library is 1 KB for texts, and as much again for strings.

/// The texts one after the other, with something between them.
pub(crate) fn joined(texts: &[impl AsRef<str>], between: &str) -> String {
    let mut text = String::new();
    for (at, one) in texts.iter().enumerate() {
        if at > 0 {
            text.push_str(between);
        }
        text.push_str(one.as_ref());
    }
    text
}
