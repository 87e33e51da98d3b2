//! The names that documented schemas get.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    copies::{Copies, unite},
    difference::{DifferenceKind as Told, Differences},
    form::Form,
    pass::{Pass, Shape, Votes},
};
use crate::document::{Node, Place};

/// What is decided of names so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Names {
    /// Source and documented name -> the name that the facts give to most of its places.
    placed: BTreeMap<(usize, String), String>,
    /// A name, and a documented schema that can't share it -> the name that this one gets.
    apart: BTreeMap<(String, usize), String>,
}

impl Names {
    /// The name of a documented schema where the facts have no place for it.
    pub(super) fn of_documented(
        &self,
        source: usize,
        name: &str,
        is_fact: impl Fn(&str) -> bool,
    ) -> String {
        match self.placed.get(&(source, name.to_owned())) {
            Some(placed) => placed.clone(),
            // The facts call something else by this name.
            None if is_fact(name) => format!("Documented{name}"),
            None => name.to_owned(),
        }
    }

    /// The name of a documented schema that can't share one with the others.
    pub(super) fn apart(&self, name: &str, identity: usize) -> Option<&str> {
        self.apart.get(&(name.to_owned(), identity)).map(String::as_str)
    }

    /// What a pass has shown.
    pub(super) fn after(pass: &Pass<'_>) -> Self {
        let placed = pass.votes.iter().filter_map(|(documented, votes)| {
            let most = votes.iter().max_by_key(|(_, count)| **count)?;
            // The first of those that are named equally often.
            let name = votes.iter().find(|(_, count)| *count == most.1)?.0;
            Some((documented.clone(), name.clone()))
        });
        let mut names = Self { placed: placed.collect(), apart: BTreeMap::new() };
        let mut taken: BTreeSet<String> = pass.components.keys().cloned().collect();
        for (name, component) in &pass.components {
            let copies = component.copies.values();
            let copies = copies.filter_map(|(shape, node)| Some((*shape, node.as_ref()?)));
            let fact = pass.fact(name).map(|fact| Form::seen(pass.facts, fact));
            let agrees = |node: &Node| fact.is_none_or(|fact| Form::of(node).agrees_with(fact));
            for (identity, apart) in set_apart(name, copies, agrees, &mut taken) {
                names.apart.insert((name.clone(), identity), apart);
            }
        }
        names
    }
}

/// The documented schemas of a name that no one type can say, with names for all but the largest
/// group of those that agree with the facts.
fn set_apart<'a>(
    name: &str,
    copies: impl Iterator<Item = (Shape<'a>, &'a Node)>,
    agrees: impl Fn(&Node) -> bool,
    taken: &mut BTreeSet<String>,
) -> Vec<(usize, String)> {
    let mut groups: Vec<(Node, Vec<Shape<'a>>)> = Vec::new();
    for (shape, node) in copies {
        let united = groups
            .iter()
            .position(|(whole, _)| unite(whole, node, "", &mut Copies::default()).is_some());
        match united {
            None => groups.push((node.clone(), vec![shape])),
            Some(at) => {
                let (whole, shapes) = &mut groups[at];
                let both = unite(whole, node, "", &mut Copies::default());
                *whole = both.unwrap_or_else(|| whole.clone());
                shapes.push(shape);
            }
        }
    }
    let weight = |(node, shapes): &(Node, Vec<Shape<'a>>)| (agrees(node), shapes.len());
    let heaviest = groups.iter().map(weight).max();
    let keeps = groups.iter().position(|group| Some(weight(group)) == heaviest);
    let others = groups.into_iter().enumerate().filter(|(at, _)| Some(*at) != keeps);
    others
        .flat_map(|(_, (_, shapes))| {
            let own = shapes.iter().find_map(|shape| shape.name).unwrap_or(name);
            let called = free(own, taken);
            taken.insert(called.clone());
            shapes.into_iter().map(move |shape| (shape.identity(), called.clone()))
        })
        .collect()
}

fn free(name: &str, taken: &BTreeSet<String>) -> String {
    let numbered = (2..).map(|number| format!("{name}{number}"));
    std::iter::once(name.to_owned())
        .chain(numbered)
        .find(|name| !taken.contains(name))
        .unwrap_or_else(|| name.to_owned())
}

/// Reports documented schemas that are used where the facts have several.
pub(super) fn tell_of_several(
    votes: &Votes,
    place_of: impl Fn(usize, &str) -> Place,
    told: &mut Differences,
) {
    for ((source, name), by_name) in votes.iter().filter(|(_, by_name)| by_name.len() > 1) {
        let names: Vec<&str> = by_name.keys().map(String::as_str).collect();
        let problem = format!("is used where the facts have {}", names.join(" and "));
        told.tell(Told::Names, name, problem, place_of(*source, name), None);
    }
}
