//! What a configuration says of some event types and not of others.

/// Values by patterns of event types: an exact event type, or `call.*` for all that begin with `call.`.
/// The most specific pattern counts: an exact one before the others, a longer one before a shorter one.
///
/// Patterns are compared with the event type as a [`Verdict`](crate::Verdict) shows it, so anything but
/// visible ASCII is written as `%XX`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventPatterns<T> {
    patterns: Patterns,
    /// One for each pattern.
    values: Vec<T>,
}

/// Apart from the values, so that there is one code for all types of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Patterns(Vec<Pattern>);

/// As it is written: the `*`, if there is one, is at the end.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Pattern(String);

impl Pattern {
    fn parse(pattern: &str) -> Result<Self, &'static str> {
        if pattern.is_empty() {
            return Err("no event type is empty; `*` is for all");
        }
        if !pattern.bytes().all(|byte| matches!(byte, b'!'..=b'~')) {
            return Err("write what is not visible ASCII as %XX, as the log does");
        }
        match pattern.split_once('*') {
            None | Some((_, "")) => Ok(Self(pattern.to_owned())),
            Some(_) => Err("`*` may only end a pattern"),
        }
    }

    fn prefix(&self) -> Option<&str> {
        self.0.strip_suffix('*')
    }

    /// How specific the pattern is, if it matches.
    fn rank(&self, event_type: &str) -> Option<usize> {
        match self.prefix() {
            None => (self.0 == event_type).then_some(usize::MAX),
            Some(prefix) => event_type.starts_with(prefix).then_some(prefix.len()),
        }
    }
}

impl Patterns {
    fn add(&mut self, pattern: &str) -> Result<(), &'static str> {
        self.0.push(Pattern::parse(pattern)?);
        Ok(())
    }

    /// The place of the most specific that matches.
    fn find(&self, event_type: &str) -> Option<usize> {
        let mut best = None;
        for (at, pattern) in self.0.iter().enumerate() {
            if let Some(rank) = pattern.rank(event_type)
                && best.is_none_or(|(highest, _)| rank >= highest)
            {
                best = Some((rank, at));
            }
        }
        best.map(|(_, at)| at)
    }
}

impl<T> Default for EventPatterns<T> {
    fn default() -> Self {
        Self { patterns: Patterns::default(), values: Vec::new() }
    }
}

impl<T> EventPatterns<T> {
    /// Adds a value; where the pattern is there already, it takes the place of the earlier one.
    ///
    /// # Errors
    /// Why the text is no pattern.
    pub fn insert(&mut self, pattern: &str, value: T) -> Result<(), &'static str> {
        self.patterns.add(pattern)?;
        self.values.push(value);
        Ok(())
    }

    /// The value for an event type. One that the payload does not name is the empty text, which only
    /// `*` matches.
    pub fn of(&self, event_type: &str) -> Option<&T> {
        self.values.get(self.patterns.find(event_type)?)
    }

    /// All values.
    pub fn values(&self) -> impl Iterator<Item = &T> {
        self.values.iter()
    }

    /// Other values by the same patterns.
    pub fn map<U>(&self, other: impl FnMut(&T) -> U) -> EventPatterns<U> {
        EventPatterns { patterns: self.patterns.clone(), values: self.values.iter().map(other).collect() }
    }

    /// What becomes of the values, by the same patterns, which are given as they are written.
    ///
    /// # Errors
    /// The first that there is.
    pub fn try_map<U, E>(self, other: impl Fn(&str, T) -> Result<U, E>) -> Result<EventPatterns<U>, E> {
        let mut values = Vec::with_capacity(self.values.len());
        for (pattern, value) in self.patterns.0.iter().zip(self.values) {
            values.push(other(&pattern.0, value)?);
        }
        Ok(EventPatterns { patterns: self.patterns, values })
    }

    /// What all event types have in common that a pattern matches: itself, without the `*`.
    pub(crate) fn stems(&self) -> impl Iterator<Item = &str> {
        self.patterns.0.iter().map(|pattern| pattern.prefix().unwrap_or(&pattern.0))
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
        let mut twice = patterns(&["call.*"]);
        twice.insert("call.*", "later").unwrap();
        assert_eq!(twice.of("call.completed"), Some(&"later"));
        assert_eq!(patterns(&["call.*", "x"]).of("recording.ready"), None);
        assert_eq!(patterns(&["call.*", "x"]).of(""), None);
    }

    #[test]
    fn what_is_no_pattern_is_refused() {
        let mut patterns = EventPatterns::default();
        for text in ["", "a*b", "**", "*a", "call completed", "\u{e9}*", "a\n"] {
            assert!(patterns.insert(text, ()).is_err(), "{text}");
        }
        assert_eq!(patterns, EventPatterns::default());
    }
}
