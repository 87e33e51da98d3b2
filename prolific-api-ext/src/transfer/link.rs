use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

use reqwest::Url;

use crate::{Error, Result, call::Policy};

/// The longest link that is followed, in bytes. Storage services sign a few kilobytes.
const LONGEST: usize = 16 << 10;

/// A presigned link. Its signature is in its query, which is never shown.
#[derive(Clone)]
pub(crate) struct Link(Url);

impl Link {
    /// Parses a link; `what` says what it is for.
    ///
    /// A link must not make this client send anything to addresses that only this machine can
    /// reach, unless the API is there as well.
    ///
    /// # Errors
    ///
    /// Returns [`UnexpectedAnswer`](crate::ErrorKind::UnexpectedAnswer) if it is not a URL, is
    /// too long, is neither https nor allowed plain http, contains a user name or password, or
    /// leads to a nearer network than the API's.
    pub(crate) fn new(text: &str, what: &str, policy: &Policy) -> Result<Self> {
        let refused = |why: &str| Err(Error::unexpected(format!("the link for {what} {why}")));
        if text.len() > LONGEST {
            return refused("is too long");
        }
        let Ok(url) = Url::parse(text) else {
            return refused("is not a URL");
        };
        if !url.username().is_empty() || url.password().is_some() {
            return refused("contains a user name or a password");
        }
        let (home, there) = (Network::of(&policy.home), Network::of(&url));
        match url.scheme() {
            "https" => {}
            "http" if policy.allows_plain_http => {}
            "http" if there == Network::Loopback && home == Network::Loopback => {}
            "http" => {
                return refused(&format!(
                    "is plain http to {}, which would expose the file: only https is used",
                    url.host_str().unwrap_or("no host")
                ));
            }
            scheme => return refused(&format!("is {scheme}: only https is used")),
        }
        let nearest = if policy.allows_plain_http { home.min(Network::Private) } else { home };
        if there < nearest {
            return refused(&format!(
                "points to {there}, which is not the API's host: it is not followed"
            ));
        }
        Ok(Self(url))
    }

    pub(crate) fn url(&self) -> Url {
        self.0.clone()
    }

    /// Where it leads, for a message.
    pub(crate) fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Link({}, redacted)", self.host())
    }
}

/// How near a host is, by its address, nearest first. What a name resolves to is not known here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Network {
    /// This machine.
    Loopback,
    /// The local link, on which clouds serve credentials.
    LinkLocal,
    Private,
    Public,
}

impl Network {
    fn of(url: &Url) -> Self {
        let host = url.host_str().unwrap_or_default();
        match host.trim_start_matches('[').trim_end_matches(']').parse() {
            Ok(IpAddr::V4(address)) => Self::of_v4(address),
            Ok(IpAddr::V6(address)) => Self::of_v6(address),
            Err(_) => {
                let name = host.trim_end_matches('.');
                let is_local = name == "localhost" || name.ends_with(".localhost");
                if is_local { Self::Loopback } else { Self::Public }
            }
        }
    }

    fn of_v4(address: Ipv4Addr) -> Self {
        let [first, second, ..] = address.octets();
        match address {
            _ if address.is_loopback() || first == 0 => Self::Loopback,
            _ if address.is_link_local() => Self::LinkLocal,
            _ if address.is_private() => Self::Private,
            // Addresses that carriers share.
            _ if first == 100 && (64..128).contains(&second) => Self::Private,
            _ => Self::Public,
        }
    }

    fn of_v6(address: Ipv6Addr) -> Self {
        if let Some(mapped) = embedded_v4(address) {
            return Self::of_v4(mapped);
        }
        match address {
            _ if address.is_loopback() || address.is_unspecified() => Self::Loopback,
            _ if address.is_unicast_link_local() => Self::LinkLocal,
            _ if address.is_unique_local() => Self::Private,
            _ => Self::Public,
        }
    }
}

/// The IPv4 address in an IPv6 address: mapped, or translated by a gateway (RFC 6052).
fn embedded_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let [0x64, 0xff9b, 0, 0, 0, 0, high, low] = address.segments() else {
        return address.to_ipv4_mapped();
    };
    Some(Ipv4Addr::from(u32::from(high) << 16 | u32::from(low)))
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Loopback => "this machine",
            Self::LinkLocal => "the local link",
            Self::Private => "a private network",
            Self::Public => "the internet",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Link, Network};
    use crate::{ErrorKind, call::Policy};

    fn policy(home: &str, allows_plain_http: bool) -> Policy {
        Policy { home: home.parse().unwrap(), allows_plain_http, ..Policy::for_tests() }
    }

    #[test]
    fn every_spelling_of_a_local_host_is_recognised() {
        for (host, network) in [
            ("localhost", Network::Loopback),
            ("LOCALHOST.", Network::Loopback),
            ("a.localhost", Network::Loopback),
            ("127.1", Network::Loopback),
            ("2130706433", Network::Loopback),
            ("0x7f.1", Network::Loopback),
            ("0177.0.0.1", Network::Loopback),
            ("0.0.0.0", Network::Loopback),
            ("[::]", Network::Loopback),
            ("[::1]", Network::Loopback),
            ("[::ffff:127.0.0.1]", Network::Loopback),
            ("[64:ff9b::7f00:1]", Network::Loopback),
            ("169.254.169.254", Network::LinkLocal),
            ("[::ffff:169.254.169.254]", Network::LinkLocal),
            ("[fe80::1]", Network::LinkLocal),
            ("10.0.0.1", Network::Private),
            ("100.100.100.200", Network::Private),
            ("[fd00:ec2::254]", Network::Private),
            ("127.0.0.1.example", Network::Public),
            ("localhost.example", Network::Public),
            ("8.8.8.8", Network::Public),
            ("[2606:4700::1]", Network::Public),
        ] {
            let url = format!("https://{host}/").parse().unwrap();
            assert_eq!(Network::of(&url), network, "{host}");
        }
    }

    #[test]
    fn a_link_leads_no_nearer_than_the_api_is() {
        let table = [
            ("https://api.example", false, "https://a.example/x?s=1", true),
            ("https://api.example", false, "http://a.example/x", false),
            ("https://api.example", false, "https://127.0.0.1/x", false),
            ("https://api.example", false, "https://10.0.0.1/x", false),
            ("https://api.example", false, "https://169.254.169.254/x", false),
            ("http://api.example", true, "http://a.example/x", true),
            ("http://api.example", true, "http://10.0.0.1/x", true),
            ("http://api.example", true, "http://169.254.169.254/x", false),
            ("http://api.example", true, "http://127.0.0.1/x", false),
            ("http://10.0.0.1", true, "http://10.0.0.2/x", true),
            ("http://10.0.0.1", true, "http://localhost/x", false),
            ("http://127.0.0.1:1", false, "http://127.0.0.1:9/x", true),
            ("http://127.0.0.1:1", false, "http://[::1]/x", true),
            ("http://127.0.0.1:1", false, "http://localhost/x", true),
            ("http://127.0.0.1:1", false, "http://a.example/x", false),
            ("http://127.0.0.1:1", false, "https://a.example/x", true),
            ("https://api.example", false, "https://me:pw@a.example/x", false),
            ("https://api.example", false, "https://me@a.example/x", false),
            ("https://api.example", false, "ftp://a.example/x", false),
            ("https://api.example", false, "file:///x", false),
            ("https://api.example", false, "x", false),
            ("https://api.example", false, "", false),
        ];
        for (home, allows, text, is_followed) in table {
            let made = Link::new(text, "a file", &policy(home, allows));
            assert_eq!(made.is_ok(), is_followed, "{home} {allows} {text}");
            if let Err(error) = made {
                assert_eq!(error.kind(), ErrorKind::UnexpectedAnswer);
            }
        }
    }

    #[test]
    fn what_is_secret_in_a_link_does_not_show() {
        let policy = policy("https://api.example", false);
        let link = Link::new("https://a.example/key?signature=secret", "a file", &policy).unwrap();
        assert_eq!(format!("{link:?}"), "Link(a.example, redacted)");
        for text in [
            "http://a.example/secret?s=secret",
            "https://secret:secret@a.example/",
            "https://127.0.0.1/secret",
            "ftp://a.example/secret",
            "secret",
        ] {
            let error = Link::new(text, "a file", &policy).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("secret"), "{error}");
        }
    }
}
