use std::{fmt, net::IpAddr};

use reqwest::Url;

use super::Fault;

/// The longest address that is taken from what a site says, in bytes.
const LONGEST: usize = 2000;

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
        let url =
            Url::parse(text).map_err(|error| Fault::address(format!("not a URL: {error}")))?;
        Self::allowed(url)
    }

    fn allowed(url: Url) -> Result<Self, Fault> {
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Fault::address("a URL must not contain a user name or password"));
        }
        let address = Self(url);
        match address.0.scheme() {
            "https" => Ok(address),
            "http" if address.is_loopback() => Ok(address),
            scheme => Err(Fault::address(format!(
                "{address} uses {scheme}: only https is allowed, or http on this machine"
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
        let url =
            url.map_err(|error| Fault::address(format!("the redirect has no valid URL: {error}")))?;
        if url.as_str().len() > LONGEST {
            return Err(Fault::address(format!(
                "the redirect's URL is longer than {LONGEST} bytes"
            )));
        }
        let is_downgrade = self.0.scheme() == "https" && url.scheme() != "https";
        let is_upgrade = self.0.scheme() == "http" && url.scheme() == "https";
        let is_same_port = self.0.port_or_known_default() == url.port_or_known_default();
        if is_downgrade {
            return Err(Fault::address("a redirect from https to http is not followed"));
        }
        if self.0.host_str() != url.host_str() || !(is_same_port || is_upgrade) {
            let host = url.host_str().unwrap_or("nowhere");
            let problem = format!("a redirect to another host, {host}, is not followed");
            return Err(Fault::moved(problem, Self::allowed(url).ok()));
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

    /// What a link on the page with this address leads to; none where that is on another host, or
    /// no address that may be fetched from.
    pub(super) fn link(&self, target: &str) -> Option<Self> {
        let mut url = self.0.join(target).ok()?;
        url.set_fragment(None);
        let is_ours = url.origin() == self.0.origin() && url.as_str().len() <= LONGEST;
        Self::allowed(url).ok().filter(|_| is_ours)
    }

    /// The address of a page's Markdown, with `.md` appended. `None` if the address already has a
    /// file extension.
    pub(super) fn markdown(&self) -> Option<Self> {
        let path = self.0.path().trim_end_matches('/');
        if path.is_empty() || extension(path).is_some() {
            return None;
        }
        let mut url = self.0.clone();
        url.set_path(&format!("{path}.md"));
        Some(Self(url))
    }

    /// The common part of the addresses of one thing: a page is the same with and without `.md`,
    /// and a document as YAML and as JSON.
    pub(super) fn identity(&self) -> String {
        let path = self.0.path().trim_end_matches('/');
        let path = match extension(path) {
            Some(ending) => &path[..path.len() - ending.len() - 1],
            None => path,
        };
        format!("{}{path}", self.0.origin().ascii_serialization())
    }

    /// The extension of the file that it names, if it is one of a page or a document.
    pub(super) fn extension(&self) -> Option<&'static str> {
        extension(self.0.path())
    }

    /// The last part of the path.
    pub(super) fn file_name(&self) -> &str {
        self.0.path().rsplit('/').next().unwrap_or_default()
    }

    /// Whether it is in the folder of another address, or below it.
    pub(super) fn is_below_folder_of(&self, other: &Self) -> bool {
        let folder = other.0.path().rsplit_once('/').map_or("", |(folder, _)| folder);
        let inside = self.0.path().strip_prefix(folder);
        self.0.origin() == other.0.origin() && inside.is_some_and(|rest| rest.starts_with('/'))
    }

    /// A file in each of the folders that this address is in, the nearest first.
    pub(super) fn beside(&self, name: &str) -> Vec<Self> {
        let mut folder = self.0.path();
        let mut found = Vec::new();
        while let Some((outer, _)) = folder.rsplit_once('/') {
            let mut url = self.0.clone();
            url.set_path(&format!("{outer}/{name}"));
            url.set_query(None);
            found.push(Self(url));
            folder = outer;
        }
        found
    }
}

/// The extensions of pages and documents. A page may have a name with a dot in it.
const EXTENSIONS: [&str; 7] = ["md", "mdx", "html", "txt", "yaml", "yml", "json"];

fn extension(path: &str) -> Option<&'static str> {
    let (_, ending) = path.rsplit('/').next()?.rsplit_once('.')?;
    EXTENSIONS.into_iter().find(|known| known.eq_ignore_ascii_case(ending))
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
            ("https://me:secret@a.example/", "a user name or password"),
            ("pages/x.md", "not a URL"),
        ];
        for (url, said) in bad {
            let error = Address::parse(url).unwrap_err().to_string();
            assert!(error.contains(said) && !error.contains("secret"), "{url}: {error}");
        }
    }

    #[test]
    fn a_page_has_its_markdown_behind_its_address() {
        for (page, markdown) in [
            ("https://a.example/docs/x", Some("https://a.example/docs/x.md")),
            ("https://a.example/docs/x/", Some("https://a.example/docs/x.md")),
            ("https://a.example/v1.2/x.y", Some("https://a.example/v1.2/x.y.md")),
            ("https://a.example/docs/x.md", None),
            ("https://a.example/openapi.yaml", None),
            ("https://a.example/", None),
        ] {
            let found = Address::parse(page).unwrap().markdown();
            assert_eq!(found.map(|address| address.to_string()).as_deref(), markdown, "{page}");
        }
        let query = Address::parse("https://a.example/x?v=2").unwrap().markdown().unwrap();
        assert_eq!(query.url().as_str(), "https://a.example/x.md?v=2");
    }

    #[test]
    fn addresses_of_one_thing_have_one_identity() {
        let identity = |text: &str| Address::parse(text).unwrap().identity();
        for same in
            ["https://a.example/x/y.md", "https://a.example/x/y/", "https://a.example/x/y?a=b#c"]
        {
            assert_eq!(identity(same), "https://a.example/x/y", "{same}");
        }
        assert_eq!(identity("https://a.example/o.yaml"), identity("https://a.example/o.json"));
        assert_ne!(identity("https://a.example/x"), identity("https://a.example:8443/x"));
    }

    #[test]
    fn a_link_stays_with_its_host() {
        let from = Address::parse("https://a.example/docs/llms.txt").unwrap();
        let link = |target: &str| from.link(target).map(|there| there.to_string());
        assert_eq!(link("x.md#part").as_deref(), Some("https://a.example/docs/x.md"));
        assert_eq!(link("/x").as_deref(), Some("https://a.example/x"));
        for other in [
            "https://b.example/x",
            "http://a.example/x",
            "mailto:a@a.example",
            "https://me:s@a.example/",
        ] {
            assert_eq!(link(other), None, "{other}");
        }
        assert_eq!(link(&"x".repeat(3000)), None);
    }

    #[test]
    fn the_folders_of_an_address_are_known() {
        let page = Address::parse("https://a.example/api/things/get?x=1").unwrap();
        let beside: Vec<String> = page.beside("o.yaml").iter().map(ToString::to_string).collect();
        assert_eq!(
            beside,
            [
                "https://a.example/api/things/o.yaml",
                "https://a.example/api/o.yaml",
                "https://a.example/o.yaml"
            ]
        );
        for (document, is_below) in [
            ("https://a.example/o.yaml", true),
            ("https://a.example/api/things/o.yaml", true),
            ("https://a.example/api/thing/o.yaml", false),
            ("https://b.example/o.yaml", false),
        ] {
            let document = Address::parse(document).unwrap();
            assert_eq!(page.is_below_folder_of(&document), is_below, "{document}");
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
            ("https://x:y@a.example/y", "a user name or password"),
            ("file:///etc/passwd", "from https"),
            (&format!("https://{}.example/", "b".repeat(3000)), "longer than 2000 bytes"),
        ] {
            let error = from.redirected(location).unwrap_err().to_string();
            assert!(error.contains(said), "{location}: {error}");
        }
        let local = Address::parse("http://127.0.0.1:1/x").unwrap();
        assert!(local.redirected("https://127.0.0.1:2/x").is_ok(), "to https is better");
        assert!(local.redirected("http://127.0.0.1:2/x").is_err());
    }
}
