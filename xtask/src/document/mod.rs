//! The document that every stage works on: an order-preserving tree that remembers where each
//! node was written, and the grammar of OpenAPI to walk it by.

mod assertion;
mod composition;
mod grammar;
mod media_type;
mod name;
mod node;
mod operation;
mod path_item;
mod place;
mod pointer;
mod reference;
mod view;
mod walk;

pub use assertion::{ASSERTIONS, TYPES, asserts_of, is_assertion, is_of_type, type_of};
pub use composition::{ALTERNATIVES, COMPOSED, branches, is_composed, is_structured, is_union};
pub use grammar::{Field, Kind, METHODS, Shape};
pub use media_type::{JSON, essence, is_json};
pub use name::{
    builder_name, capitalised, field_name, folded, is_legal_in_component, method_name, mock_name,
    type_name, variant_name,
};
pub use node::{Key, Node, Object, Value, insert_at};
pub use operation::{Operation, identity, operation_at, operations};
pub use path_item::push_down;
pub use place::{Place, SourceId};
pub use pointer::Pointer;
pub use reference::{Renames, is_mapped_to};
pub use view::Document;
pub use walk::{walk, walk_mut, walk_part, walk_part_mut};
