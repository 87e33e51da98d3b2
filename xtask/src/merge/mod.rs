//! Many sources, one document.
//!
//! The documentation takes precedence, in the order of the manifest; the facts annotate it, name
//! it, and fill in what no documented source has. Disagreements between documentation and facts are
//! reported.

mod copies;
mod definitions;
mod difference;
mod form;
mod names;
mod operations;
mod pass;
mod properties;
mod removals;
mod servers;
mod shape;
#[cfg(test)]
mod tests;
mod view;
mod vocabulary;

pub use definitions::{GENERATED, merge as unite};
pub use difference::{Difference, DifferenceKind};

use self::{
    names::Names,
    operations::Selected,
    pass::{DocumentedSource, Pass},
    vocabulary::Vocabulary,
};
use crate::{
    document::{Document, Node, Pointer, push_down},
    finding::Finding,
    lower::Reach,
    manifest::{Manifest, Role},
    read::Sources,
    report::Report,
};

/// A source, repaired.
#[derive(Clone, Debug)]
pub struct Input {
    /// Its document.
    pub document: Node,
    /// What it is to the merge.
    pub role: Role,
    /// Whether it documents the whole API, so that what it lacks is no more.
    pub is_complete: bool,
}

/// What comes of a merge.
#[derive(Debug)]
pub struct Merged {
    /// The one document.
    pub document: Node,
    /// What was changed on the way.
    pub report: Report,
    /// Why it can't be one.
    pub findings: Vec<Finding>,
    /// Where documentation and facts disagree.
    pub differences: Vec<Difference>,
}

/// Unites repaired documents under one info object. Paths, components and tags come out in
/// alphabetical order.
pub fn merge(info: Node, mut inputs: Vec<Input>, manifest: &Manifest, sources: &Sources) -> Merged {
    let mut report = Report::default();
    let (documented, facts): (Vec<Input>, Vec<Input>) = {
        inputs.iter_mut().for_each(|input| drop(input.document.remove(GENERATED)));
        inputs.into_iter().partition(|input| input.role == Role::Documented)
    };
    let is_one_of_equals = facts.is_empty() && !documented.iter().any(|input| input.is_complete);
    let facts: Vec<Node> = facts.into_iter().map(|input| input.document).collect();
    let (facts, findings) = match facts.is_empty() {
        true => (None, Vec::new()),
        false => {
            let (facts, dropped, findings) = definitions::merge(info.clone(), facts, sources);
            report.extend(dropped);
            (Some(facts), findings)
        }
    };
    let vocabulary = Vocabulary::of(facts.as_ref(), manifest);
    let mut set_aside = Vec::new();
    let documented: Vec<DocumentedSource> = documented
        .into_iter()
        .map(|Input { mut document, is_complete, .. }| {
            set_aside.extend(vocabulary.set_aside(&mut document));
            DocumentedSource { document, is_complete }
        })
        .collect();
    report.add("merge", "documented-extensions", set_aside);

    if is_one_of_equals {
        let documents = documented.into_iter().map(|documented| documented.document).collect();
        let (document, dropped, findings) = definitions::merge(info, documents, sources);
        report.extend(dropped);
        return Merged { document, report, findings, differences: Vec::new() };
    }
    let facts = facts.unwrap_or_else(|| Node::object(info.place, []));
    let place = info.place;
    match follow(info, documented, &facts) {
        Some((document, differences)) => Merged { document, report, findings, differences },
        None => {
            let problem = "the names of the documented schemas can't be determined";
            let remedy =
                "name the schemas that contain each other in the facts, or report this as a bug";
            let findings = vec![Finding::about_source(place, problem, remedy)];
            Merged { document: facts, report, findings, differences: Vec::new() }
        }
    }
}

/// The documented shapes with the facts' names and annotations; none where their names don't settle.
fn follow(
    info: Node,
    mut documented: Vec<DocumentedSource>,
    facts: &Node,
) -> Option<(Node, Vec<Difference>)> {
    for DocumentedSource { document, .. } in &mut documented {
        servers::fold(document, facts);
        let whole = document.clone();
        let items = document.get_mut("paths").into_iter().flat_map(Node::members_mut);
        items.for_each(|(_, item)| push_down(item, &whole));
    }
    let documents: Vec<&Node> = documented.iter().map(|documented| &documented.document).collect();
    let selected = Selected::of(&documents, facts);
    let reach = Reach::of(facts);
    let names = settled(&documented, facts, &selected, &reach)?;
    let mut pass = Pass::new(&documented, facts, &names, &reach, "the facts");
    let paths = pass.paths(&selected);
    pass.follow();
    pass.compare_covered(&selected);
    names::tell_of_several(
        &pass.votes,
        |source, name| {
            let schema = documented[source].document.at(&Pointer::to_schema(name));
            schema.map_or(facts.place, |schema| schema.place)
        },
        &mut pass.told,
    );
    servers::compare(&documents, facts, &mut pass.told);
    let (components, told) = pass.into_components();
    let of_all = |key: &str| {
        let documents = std::iter::once(facts).chain(documents.iter().copied());
        documents.filter_map(|document| document.get(key)).next().cloned()
    };
    let members = [
        ("openapi", of_all("openapi")),
        ("info", Some(info)),
        ("servers", of_all("servers")),
        ("paths", Some(paths)),
        ("components", Some(components)),
        ("tags", of_all("tags")),
    ];
    let members = members.into_iter().filter_map(|(key, node)| Some((key, node?)));
    let mut document = Node::object(facts.place, members);
    definitions::sort(&mut document);
    Some((document, told.into_all()))
}

/// The names that stay as they are after a pass. A schema that can't share a name takes those along
/// that hold it, one level a pass.
fn settled<'a>(
    documented: &'a [DocumentedSource],
    facts: &'a Node,
    selected: &Selected<'a>,
    reach: &Reach,
) -> Option<Names> {
    let schemas = documented.iter().map(|it| Document(&it.document).schemas().count());
    let most = 2 + schemas.sum::<usize>();
    let mut names = Names::default();
    for _ in 0..most {
        let mut pass = Pass::new(documented, facts, &names, reach, "the facts");
        pass.paths(selected);
        pass.follow();
        let next = Names::after(&pass);
        if next == names {
            return Some(names);
        }
        names = next;
    }
    None
}
