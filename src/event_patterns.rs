//! What a configuration says of some event types and not of others.

/// Values by patterns of event types: an exact event type, or `call.*` for all that begin with `call.`.
/// The most specific pattern counts: an exact one before the others, a longer one before a shorter one.
///
/// Patterns are compared with the event type as a [`Verdict`](crate::Verdict) shows it, so anything but
/// visible ASCII is written as `%XX`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventPatterns<T> {
    /// The most specific first.
    rows: Vec<(Pattern, T)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Pattern {
    /// The event type, or what it must begin with.
    text: String,
    exact: bool,
}

impl Pattern {
    fn parse(pattern: &str) -> Result<Self, &'static str> {
        if !pattern.bytes().all(|byte| matches!(byte, b'!'..=b'~')) {
            return Err("write what is not visible ASCII as %XX, as the log does");
        }
        match pattern.split_once('*') {
            None => Ok(Self { text: pattern.to_owned(), exact: true }),
            Some((prefix, "")) => Ok(Self { text: prefix.to_owned(), exact: false }),
            Some(_) => Err("`*` may only end a pattern"),
        }
    }

    fn matches(&self, event_type: &str) -> bool {
        if self.exact { event_type == self.text } else { event_type.starts_with(&self.text) }
    }

    fn specificity(&self) -> (bool, usize) {
        (self.exact, self.text.len())
    }
}

impl<T> Default for EventPatterns<T> {
    fn default() -> Self {
        Self { rows: Vec::new() }
    }
}

impl<T> EventPatterns<T> {
    /// Adds a value. A pattern that is there already keeps its first value.
    ///
    /// # Errors
    /// Why the text is no pattern.
    pub fn insert(&mut self, pattern: &str, value: T) -> Result<(), &'static str> {
        let pattern = Pattern::parse(pattern)?;
        let at = self.rows.partition_point(|(other, _)| other.specificity() >= pattern.specificity());
        self.rows.insert(at, (pattern, value));
        Ok(())
    }

    /// The value for an event type. One that the payload does not name is the empty text, which only
    /// `*` matches.
    pub fn of(&self, event_type: &str) -> Option<&T> {
        self.rows.iter().find(|(pattern, _)| pattern.matches(event_type)).map(|(_, value)| value)
    }

    /// All values, those of the most specific patterns first.
    pub fn values(&self) -> impl Iterator<Item = &T> {
        self.rows.iter().map(|(_, value)| value)
    }

    /// Other values by the same patterns.
    pub fn map<U>(&self, other: impl Fn(&T) -> U) -> EventPatterns<U> {
        EventPatterns {
            rows: self.rows.iter().map(|(pattern, value)| (pattern.clone(), other(value))).collect(),
        }
    }

    /// What becomes of the values, by the same patterns.
    ///
    /// # Errors
    /// The first that there is.
    pub fn try_map<U, E>(self, other: impl Fn(T) -> Result<U, E>) -> Result<EventPatterns<U>, E> {
        let rows = self.rows.into_iter().map(|(pattern, value)| Ok((pattern, other(value)?)));
        Ok(EventPatterns { rows: rows.collect::<Result<_, _>>()? })
    }

    /// What all event types have in common that a pattern matches: itself, without the `*`.
    pub(crate) fn stems(&self) -> impl Iterator<Item = &str> {
        self.rows.iter().map(|(pattern, _)| pattern.text.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patterns(texts: &[&'static str]) -> EventPatterns<&'static str> {
        let mut patterns = EventPatterns::default();
        for text in texts {
            patterns.insert(text, *text).unwrap();
        }
        patterns
    }

    #[test]
    fn the_most_specific_pattern_counts_in_whatever_order_they_are_written() {
        for order in [
            ["*", "call.*", "call.ringing", "call.ring*", "call.ringing*"],
            ["call.ringing*", "call.ring*", "call.ringing", "call.*", "*"],
        ] {
            let patterns = patterns(&order);
            for (event_type, pattern) in [
                ("call.ringing", "call.ringing"),
                ("call.ringing.twice", "call.ringing*"),
                ("call.ring", "call.ring*"),
                ("call.completed", "call.*"),
                ("call", "*"),
                ("CALL.completed", "*"),
                ("", "*"),
            ] {
                assert_eq!(patterns.of(event_type), Some(&pattern), "{event_type}");
            }
        }
        assert_eq!(patterns(&["call.*", "x"]).of("recording.ready"), None);
        assert_eq!(patterns(&["call.*", "x"]).of(""), None);
    }

    #[test]
    fn what_is_no_pattern_is_refused() {
        let mut patterns = EventPatterns::default();
        for text in ["a*b", "**", "*a", "call completed", "\u{e9}*", "a\n"] {
            assert!(patterns.insert(text, ()).is_err(), "{text}");
        }
        assert_eq!(patterns, EventPatterns::default());
    }
}
