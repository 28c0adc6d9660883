//! Where deliveries are relayed to, and which events go elsewhere.

use hookwarden::EventPatterns;

/// The place that takes verified deliveries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Origin {
    Url {
        url: String,
        site: Site,
    },
    /// Another Worker, through a service binding: a fetch to the same zone would fail or loop.
    Service {
        binding: String,
        url: String,
    },
}

/// A host with a port, where it is not the scheme's own. A Worker answers http and https alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Site {
    host: String,
    port: Option<u16>,
}

/// What becomes of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    Relay(Origin),
    /// Answered 202 and not relayed.
    Drop,
}

impl Origin {
    /// Reads `https://host/path` or `service:BINDING/path`. Other schemes and ports only where
    /// `insecure` allows them.
    pub(crate) fn parse(text: &str, insecure: bool) -> Result<Self, String> {
        if let Some(service) = text.strip_prefix("service:") {
            let (binding, path) = service.split_once('/').unwrap_or((service, ""));
            if binding.is_empty() {
                return Err("origin: `service:` must be followed by the name of a service binding".into());
            }
            // A service binding never resolves the host, but a URL must have one.
            let url = format!("https://service.invalid/{path}");
            return Ok(Self::Service { binding: binding.to_owned(), url });
        }
        let url = normal(text)?;
        let (scheme, user, host, port) = parts(&url).ok_or("origin: must be a URL with a host")?;
        if user.is_some() {
            return Err("origin: user name and password do not belong into a URL".into());
        }
        let secure = scheme == "https" && port.is_none();
        match scheme {
            "https" | "http" if secure || insecure => {
                Ok(Self::Url { site: Site { host: host.to_ascii_lowercase(), port }, url })
            }
            "https" | "http" => {
                Err("origin: must be https on port 443; `insecure_origin = true` allows others".into())
            }
            scheme => Err(format!("origin: `{scheme}:` is not supported")),
        }
    }

    /// Whether relaying there would come straight back.
    pub(crate) fn is_at(&self, own: &str) -> bool {
        match (self, parts(own)) {
            (Self::Url { site, .. }, Some((_, _, host, port))) => {
                site.host.eq_ignore_ascii_case(host) && site.port == port
            }
            _ => false,
        }
    }
}

/// Scheme, user, host and port of a URL as a parser has written it.
fn parts(url: &str) -> Option<(&str, Option<&str>, &str, Option<u16>)> {
    let (scheme, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let (user, site) = match authority.rsplit_once('@') {
        Some((user, site)) => (Some(user), site),
        None => (None, authority),
    };
    // The colons of an IPv6 address are in brackets.
    let (host, port) = match site.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port.parse().ok()?)),
        _ => (site, None),
    };
    let own = match scheme {
        "https" => 443,
        "http" => 80,
        _ => 0,
    };
    // A host is the same with the dot of the root at its end.
    let host = host.strip_suffix('.').unwrap_or(host);
    let port = port.filter(|&port| port != own);
    (!host.is_empty()).then_some((scheme, user, host, port))
}

/// A URL as the runtime's parser, which is the standard's, writes it.
#[cfg(target_arch = "wasm32")]
fn normal(url: &str) -> Result<String, String> {
    let url = web_sys::Url::new(url).map_err(|_| "origin: not a URL")?;
    Ok(url.href())
}

/// Where there is no such runtime, URLs are taken as they are written.
#[cfg(not(target_arch = "wasm32"))]
#[expect(clippy::unnecessary_wraps)]
fn normal(url: &str) -> Result<String, String> {
    Ok(url.to_owned())
}

/// The targets of a source: one for all, and others for event types that a pattern names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Targets {
    default: Target,
    routes: EventPatterns<Target>,
}

impl Targets {
    pub(crate) fn new(origin: &str, routes: EventPatterns<String>, insecure: bool) -> Result<Self, String> {
        let routes = routes.try_map(|pattern, target| match target.as_str() {
            "drop" => Ok(Target::Drop),
            origin => match Origin::parse(origin, insecure) {
                Ok(origin) => Ok(Target::Relay(origin)),
                Err(error) => Err(format!("routes.{pattern:?}: {error}")),
            },
        })?;
        Ok(Self { default: Target::Relay(Origin::parse(origin, insecure)?), routes })
    }

    /// The service bindings that must be there.
    pub(crate) fn services(&self) -> impl Iterator<Item = &str> {
        self.routes.values().chain([&self.default]).filter_map(|target| match target {
            Target::Relay(Origin::Service { binding, .. }) => Some(binding.as_str()),
            _ => None,
        })
    }

    pub(crate) fn of(&self, event_type: Option<&str>) -> &Target {
        self.routes.of(event_type.unwrap_or_default()).unwrap_or(&self.default)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_https_on_443_unless_allowed_otherwise() {
        assert!(Origin::parse("https://example.com/hooks", false).is_ok());
        assert!(Origin::parse("https://example.com:443/hooks", false).is_ok());
        for text in ["http://example.com", "https://example.com:8443"] {
            assert!(Origin::parse(text, false).is_err(), "{text}");
            assert!(Origin::parse(text, true).is_ok(), "{text}");
        }
        for text in [
            "",
            "example.com",
            "ftp://example.com",
            "https://u@example.com",
            "https://u:p@example.com",
            "https://example.com:65536",
            "https://example.com:x",
            "https://",
            "/in",
            "service:",
        ] {
            assert!(Origin::parse(text, true).is_err(), "{text}");
        }
    }

    #[test]
    fn a_service_is_named_by_its_binding() {
        let origin = Origin::parse("service:ORDERS/in/webhooks", false).unwrap();
        let url = "https://service.invalid/in/webhooks".into();
        assert_eq!(origin, Origin::Service { binding: "ORDERS".into(), url });
    }

    #[test]
    fn the_own_host_is_recognised() {
        let origin = Origin::parse("https://hooks.example.com/x", false).unwrap();
        assert!(origin.is_at("https://hooks.example.com/audian"));
        assert!(origin.is_at("http://hooks.example.com/audian"));
        assert!(origin.is_at("https://hooks.example.com./audian"));
        assert!(origin.is_at("https://HOOKS.example.com:443/audian"));
        assert!(!origin.is_at("https://hooks.example.com:444/audian"));
        assert!(!origin.is_at("https://example.com/audian"));
        let six = Origin::parse("http://[::1]:3000/x?y", true).unwrap();
        assert!(six.is_at("http://[::1]:3000/audian"));
        assert!(!six.is_at("http://[::1]/audian"));
        let local = Origin::parse("http://127.0.0.1:3000", true).unwrap();
        assert!(!local.is_at("http://127.0.0.1:8787/audian"));
    }

    #[test]
    fn the_most_specific_pattern_wins() {
        let mut routes = EventPatterns::default();
        for (pattern, target) in
            [("*", "drop"), ("call.*", "https://calls.example.com"), ("call.ringing", "drop")]
        {
            routes.insert(pattern, target.to_owned()).unwrap();
        }
        let targets = Targets::new("https://example.com", routes, false).unwrap();
        let calls = Target::Relay(Origin::parse("https://calls.example.com", false).unwrap());
        assert_eq!(*targets.of(Some("call.completed")), calls);
        assert_eq!(*targets.of(Some("call.ringing")), Target::Drop);
        assert_eq!(*targets.of(Some("recording.completed")), Target::Drop);
    }
}
