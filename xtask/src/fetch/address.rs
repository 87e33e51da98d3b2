use std::{fmt, net::IpAddr};

use reqwest::Url;

use super::Fault;

/// Where a page may be fetched from: https, or http from this machine itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address(Url);

impl Address {
    /// Reads a URL.
    ///
    /// # Errors
    ///
    /// Where it is none, where it is neither https nor of this machine, or where it carries a
    /// password, which would be committed with the manifest.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let url = Url::parse(text).map_err(|error| Fault::address(format!("no URL: {error}")))?;
        Self::allowed(url)
    }

    fn allowed(url: Url) -> Result<Self, Fault> {
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Fault::address("a URL must carry no user name and no password"));
        }
        let address = Self(url);
        match address.0.scheme() {
            "https" => Ok(address),
            "http" if address.is_loopback() => Ok(address),
            scheme => Err(Fault::address(format!(
                "{address} is {scheme}: only https will do, or http from this machine itself"
            ))),
        }
    }

    /// Where a redirect leads.
    ///
    /// # Errors
    ///
    /// Where it leads to another host or port, or from https to http.
    pub fn redirected(&self, location: &str) -> Result<Self, Fault> {
        let url = self.0.join(location);
        let url = url.map_err(|error| Fault::address(format!("a redirect to no URL: {error}")))?;
        let is_downgrade = self.0.scheme() == "https" && url.scheme() != "https";
        let is_upgrade = self.0.scheme() == "http" && url.scheme() == "https";
        let is_same_port = self.0.port_or_known_default() == url.port_or_known_default();
        if is_downgrade {
            return Err(Fault::address("a redirect from https to http is not followed"));
        }
        if self.0.host_str() != url.host_str() || !(is_same_port || is_upgrade) {
            let host = url.host_str().unwrap_or("nowhere");
            return Err(Fault::address(format!(
                "a redirect to another host, {host}, is not followed"
            )));
        }
        Self::allowed(url)
    }

    /// Whether it is this machine.
    pub fn is_loopback(&self) -> bool {
        let host = self.0.host_str().unwrap_or_default();
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        host == "localhost" || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
    }

    pub(super) fn url(&self) -> Url {
        self.0.clone()
    }
}

impl fmt::Display for Address {
    /// The URL without its query, which may hold what is not for a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut url = self.0.clone();
        url.set_query(None);
        url.set_fragment(None);
        write!(f, "{url}")
    }
}

#[cfg(test)]
mod tests {
    use super::Address;

    #[test]
    fn only_https_will_do_or_http_of_this_machine() {
        for good in
            ["https://a.example/x", "http://127.0.0.1:8080/x", "http://[::1]/", "http://localhost/"]
        {
            assert!(Address::parse(good).is_ok(), "{good}");
        }
        let bad = [
            ("http://a.example/x", "only https"),
            ("http://127.0.0.1.example/x", "only https"),
            ("http://10.0.0.1/", "only https"),
            ("ftp://a.example/", "only https"),
            ("file:///etc/passwd", "only https"),
            ("https://me:secret@a.example/", "no user name"),
            ("pages/x.md", "no URL"),
        ];
        for (url, said) in bad {
            let error = Address::parse(url).unwrap_err().to_string();
            assert!(error.contains(said) && !error.contains("secret"), "{url}: {error}");
        }
    }

    #[test]
    fn a_redirect_stays_with_its_host_and_with_https() {
        let from = Address::parse("https://a.example/docs/x").unwrap();
        for (location, to) in [
            ("y?z=1", "https://a.example/docs/y"),
            ("/y", "https://a.example/y"),
            ("https://a.example:443/y", "https://a.example/y"),
        ] {
            assert_eq!(from.redirected(location).unwrap().to_string(), to);
        }
        for (location, said) in [
            ("http://a.example/y", "from https to http"),
            ("https://b.example/y", "another host, b.example"),
            ("//b.example/y", "another host, b.example"),
            ("https://a.example:8443/y", "another host"),
            ("https://x:y@a.example/y", "no user name"),
            ("file:///etc/passwd", "from https"),
        ] {
            let error = from.redirected(location).unwrap_err().to_string();
            assert!(error.contains(said), "{location}: {error}");
        }
        let local = Address::parse("http://127.0.0.1:1/x").unwrap();
        assert!(local.redirected("https://127.0.0.1:2/x").is_ok(), "to https is better");
        assert!(local.redirected("http://127.0.0.1:2/x").is_err());
    }
}
