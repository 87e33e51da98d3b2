//! What a rule has to say of values that its own walk holds while it says so.

use crate::{
    document::{Kind, Node, Place, Pointer, walk_mut},
    rule::Context,
};

/// What is reported at the end of the walk.
#[derive(Debug, Default)]
pub struct Notes {
    changes: Vec<String>,
    warnings: Vec<Note>,
    refusals: Vec<Note>,
}

#[derive(Debug)]
struct Note {
    at: Pointer,
    place: Place,
    problem: String,
    remedy: String,
}

impl Notes {
    /// Notes a change.
    pub fn changed(&mut self, what: impl Into<String>) {
        self.changes.push(what.into());
    }

    /// Notes what [`Context::warn`] is to tell.
    pub fn warn(
        &mut self,
        at: &Pointer,
        place: Place,
        problem: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.warnings.push(Note::new(at, place, problem, remedy));
    }

    /// Notes what [`Context::refuse`] is to tell.
    pub fn refuse(
        &mut self,
        at: &Pointer,
        place: Place,
        problem: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.refusals.push(Note::new(at, place, problem, remedy));
    }

    /// Keeps a member as an extension, `x-…`, and notes it. Where the extension is there already
    /// with another value, the member stays and is refused.
    pub fn set_aside(&mut self, node: &mut Node, key: &str, at: &Pointer) {
        let Some(place) = node.get_key(key).map(|key| key.place) else {
            return;
        };
        let extension = format!("x-{key}");
        if node.get(&extension) == node.get(key) {
            node.remove(key);
        } else if !node.rename(key, &extension) {
            let problem = format!("the object has both `{key}` and `{extension}`");
            self.refuse(&at.join(key), place, problem, "keep one of them");
            return;
        }
        self.changed(format!("{extension} at {at}"));
    }

    /// Tells everything, in the order it was noted.
    pub fn tell(self, document: &Node, context: &mut Context<'_>) {
        self.changes.into_iter().for_each(|change| context.changed(change));
        for Note { at, place, problem, remedy } in self.warnings {
            context.warn(document, &at, place, problem, remedy);
        }
        for Note { at, place, problem, remedy } in self.refusals {
            context.refuse(document, &at, place, problem, remedy);
        }
    }
}

impl Note {
    fn new(
        at: &Pointer,
        place: Place,
        problem: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self { at: at.clone(), place, problem: problem.into(), remedy: remedy.into() }
    }
}

/// Repairs every object of a document, the children before their parent, and tells what was noted.
pub fn repair_each(
    document: &mut Node,
    context: &mut Context<'_>,
    mut repair: impl FnMut(&mut Node, Kind, &Pointer, &mut Notes),
) {
    let mut notes = Notes::default();
    walk_mut(document, &mut |node, kind, at| repair(node, kind, at, &mut notes));
    notes.tell(document, context);
}

/// Repairs every schema of a document, the inner ones first, and tells what was noted.
pub fn repair_schemas(
    document: &mut Node,
    context: &mut Context<'_>,
    mut repair: impl FnMut(&mut Node, &Pointer, &mut Notes),
) {
    repair_each(document, context, |node, kind, at, notes| {
        if kind == Kind::Schema {
            repair(node, at, notes);
        }
    });
}
