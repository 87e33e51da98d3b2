/// Additions to the query of a request: filters, order, page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Query(Vec<(String, String)>);

impl Query {
    /// Sets a parameter, replacing one of the same name.
    pub(crate) fn set(&mut self, name: &str, value: String) {
        match self.0.iter_mut().find(|(known, _)| known == name) {
            Some((_, known)) => *known = value,
            None => self.0.push((name.to_owned(), value)),
        }
    }

    /// Sets the parameters of another query.
    pub(crate) fn set_all(&mut self, other: &Self) {
        other.0.iter().for_each(|(name, value)| self.set(name, value.clone()));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds the parameters to a URL, replacing those of the same names.
    pub(crate) fn put_into(&self, url: &mut reqwest::Url) {
        let is_kept = |name: &str| self.0.iter().all(|(known, _)| known != name);
        let kept: Vec<(String, String)> = url
            .query_pairs()
            .filter(|(name, _)| is_kept(name))
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        url.query_pairs_mut().clear().extend_pairs(kept.iter().chain(&self.0));
    }
}
