//! Which paths there are.

use hookwarden::is_name;

/// Names that no source may have: our own paths, and `relay`, whose secret is `RELAY_SECRET`.
const RESERVED: [&str; 3] = ["healthz", "hookwarden", "relay"];

/// Where a path leads.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Route<'p> {
    /// `GET /healthz`
    Health,
    /// `POST {prefix}/{source}`
    Source(&'p str),
    Nowhere,
}

pub(crate) fn find<'p>(prefix: &str, path: &'p str) -> Route<'p> {
    if path == "/healthz" {
        return Route::Health;
    }
    match path.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('/')) {
        Some(name) if is_source_name(name) => Route::Source(name),
        _ => Route::Nowhere,
    }
}

pub(crate) fn is_source_name(name: &str) -> bool {
    is_name(name) && !RESERVED.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_exact_paths_lead_somewhere() {
        assert_eq!(find("", "/audian"), Route::Source("audian"));
        assert_eq!(find("/hooks", "/hooks/audian"), Route::Source("audian"));
        assert_eq!(find("/hooks", "/healthz"), Route::Health);
        for path in ["", "/", "//audian", "/audian/", "/a/b", "/Audian", "/%61udian", "/__proto__", "/relay"]
        {
            assert_eq!(find("", path), Route::Nowhere, "{path}");
        }
        assert_eq!(find("/hooks", "/hooksaudian"), Route::Nowhere);
        assert_eq!(find("/hooks", "/audian"), Route::Nowhere);
    }
}
