//! Headers in the one text in which they cross the border: names and values, each with a line feed at its end, which neither
//! may hold.

/// Few deliveries have more.
const MOST: usize = 32;

/// Names and values, in their order.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Headers(String);

impl Headers {
    /// Takes a text as `js/host.js` makes it.
    pub(crate) fn of(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// Nothing yet, and room for so many bytes.
    pub(crate) fn with_room(bytes: usize) -> Self {
        Self(String::with_capacity(bytes))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn push(&mut self, name: &str, value: &str) {
        for part in [name, "\n", value, "\n"] {
            self.0.push_str(part);
        }
    }

    pub(crate) fn extend(&mut self, more: &Self) {
        self.0.push_str(&more.0);
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        let mut lines = self.0.split_terminator('\n');
        std::iter::from_fn(move || Some((lines.next()?, lines.next()?)))
    }

    /// All of them, as the core takes them.
    pub(crate) fn pairs(&self) -> Vec<(&str, &str)> {
        let mut pairs = Vec::with_capacity(MOST);
        pairs.extend(self.iter());
        pairs
    }

    /// The value of a header that comes at most once, by its name in lower case.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.iter().find(|&(known, _)| known == name).map(|(_, value)| value)
    }
}

impl<'a> FromIterator<(&'a str, &'a str)> for Headers {
    fn from_iter<I: IntoIterator<Item = (&'a str, &'a str)>>(pairs: I) -> Self {
        let mut headers = Self::default();
        for (name, value) in pairs {
            headers.push(name, value);
        }
        headers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_in_comes_out() {
        let pairs = [("content-type", "application/json"), ("x-empty", ""), ("x-b", "2")];
        let headers: Headers = pairs.into_iter().collect();
        assert_eq!(headers.iter().collect::<Vec<_>>(), pairs);
        assert_eq!(Headers::of(headers.as_str()), headers);
        assert_eq!((headers.get("x-empty"), headers.get("x-c")), (Some(""), None));
        assert_eq!(Headers::of("").iter().count(), 0);
    }
}
