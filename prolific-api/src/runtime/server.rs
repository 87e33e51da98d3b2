use std::sync::OnceLock;

use reqwest::Url;

use super::path::plain;

/// The base URL of a client, parsed once: parsing it for each request would cost more than anything
/// else.
#[derive(Debug, Default)]
pub(super) struct Server(OnceLock<Option<Url>>);

/// A clone may be moved into a client with another base URL.
impl Clone for Server {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Server {
    /// Joins base URL and path, where the parser would certainly find the same.
    pub(super) fn join(&self, base: &str, path: &str) -> Option<Url> {
        const PLAIN: [bool; 256] = plain(b"/-_");
        let is_plain = |byte: u8| PLAIN[usize::from(byte)];
        if !path.starts_with('/') || !path.bytes().all(is_plain) {
            return None;
        }
        let mut joined = self.0.get_or_init(|| server(base)).clone()?;
        joined.set_path(path);
        Some(joined)
    }
}

/// A base URL of a server only, as the parser writes it.
fn server(base: &str) -> Option<Url> {
    let server = Url::parse(base).ok()?;
    (server.as_str().strip_suffix('/') == Some(base)).then_some(server)
}

#[cfg(test)]
mod tests {
    use reqwest::Url;

    use super::Server;

    const SERVERS: [&str; 5] = [
        "https://api.prolific.com",
        "http://127.0.0.1:8080",
        "http://[::1]:8080",
        "https://user:password@example.com",
        "https://xn--mnchen-3ya.example",
    ];

    #[test]
    fn what_is_joined_is_what_the_parser_finds() {
        for base in SERVERS {
            let server = Server::default();
            for path in ["/", "/a", "/api/v1/studies/", "//a", "/a//b", "/-/_/0199c5a4-7b5e"] {
                let url = format!("{base}{path}");
                assert_eq!(server.join(base, path), Url::parse(&url).ok(), "{url}");
                assert!(server.join(base, path).is_some(), "{url}");
            }
        }
    }

    #[test]
    fn what_is_not_plain_is_left_to_the_parser() {
        for base in SERVERS {
            for path in
                ["", "a", ":1", "@b", "/../a", "/a/./b", "/%2e%2E", "/a?b", "/a#b", "/\\", "/ü"]
            {
                assert_eq!(Server::default().join(base, path), None, "{path}");
            }
        }
        let others = [
            "",
            "api",
            "http://",
            "https:",
            "http:/example.com",
            "https://example.com/",
            "https://example.com/api",
            "https://EXAMPLE.com",
            "https://example.com:443",
            "https://münchen.example",
            "https://example.com?a",
            "https://example.com#a",
            "mailto:a@b",
            "custom://example.com",
            " https://example.com",
            "http://127.1",
        ];
        for base in others {
            assert_eq!(Server::default().join(base, "/a"), None, "{base}");
        }
    }

    #[test]
    fn a_clone_takes_the_base_url_of_its_own_client() {
        let server = Server::default();
        assert!(server.join("http://127.0.0.1", "/a").is_some());
        let other = server.clone().join("http://127.0.0.2", "/a");
        assert_eq!(other.as_ref().map(Url::as_str), Some("http://127.0.0.2/a"));
    }
}
