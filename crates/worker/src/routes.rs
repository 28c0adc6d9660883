//! Which paths there are.

use hookwarden::is_name;

use crate::assets;

/// Names that no source may have: our own paths, and `relay`, whose secret is `RELAY_SECRET`.
const RESERVED: [&str; 3] = ["healthz", "hookwarden", "relay"];

/// Where a path leads.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Route<'p> {
    /// `GET /healthz`
    Health,
    /// The page, and whatever it consists of
    Page,
    /// `POST {prefix}/{source}`, if there is a source of this name
    Source(&'p str),
    Nowhere,
}

pub(crate) fn find<'p>(prefix: &str, path: &'p str) -> Route<'p> {
    if path == "/healthz" {
        return Route::Health;
    }
    if path.strip_prefix(assets::FOLDER).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')) {
        return Route::Page;
    }
    match path.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('/')) {
        Some(name) if !name.is_empty() && !name.contains('/') => Route::Source(name),
        _ => Route::Nowhere,
    }
}

/// What is wrong with the name of a source.
pub(crate) fn check_source_name(name: &str) -> Result<(), String> {
    if !is_name(name) {
        Err("the name of a source is made of a-z, 0-9 and `-`, 1 to 63 of them, and begins with no `-`"
            .into())
    } else if RESERVED.contains(&name) {
        Err(format!("the name is reserved, as are all of {}", RESERVED.join(", ")))
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_exact_paths_lead_somewhere() {
        assert_eq!(find("", "/audian"), Route::Source("audian"));
        assert_eq!(find("/hooks", "/hooks/audian"), Route::Source("audian"));
        assert_eq!(find("/hooks", "/healthz"), Route::Health);
        for path in ["/_hookwarden", "/_hookwarden/", "/_hookwarden/assets/a.js"] {
            assert_eq!(find("/hooks", path), Route::Page, "{path}");
        }
        assert_eq!(find("", "/_hookwardens"), Route::Source("_hookwardens"));
        for path in ["", "/", "//audian", "/audian/", "/a/b"] {
            assert_eq!(find("", path), Route::Nowhere, "{path}");
        }
        for path in ["/hooksaudian", "/audian", "/hooks", "/hooks/"] {
            assert_eq!(find("/hooks", path), Route::Nowhere, "{path}");
        }
    }

    #[test]
    fn a_source_has_a_plain_name_of_its_own() {
        assert!(check_source_name("meeting-baas").is_ok());
        for name in ["", "Audian", "my_audian", "-a", "healthz", "hookwarden", "relay", "__proto__"] {
            assert!(check_source_name(name).is_err(), "{name}");
        }
    }
}
