use std::collections::HashMap;

use proc_macro2::{Group, Literal, TokenStream, TokenTree};

use super::mismatch::Mismatch;
use crate::plan::WireName;

/// The documented names, by the names that the generator got instead.
pub(super) struct WireNames<'a> {
    by_lowered: HashMap<&'a str, (&'a WireName, usize)>,
}

impl<'a> WireNames<'a> {
    pub(super) fn of(names: &'a [WireName]) -> Self {
        Self { by_lowered: names.iter().map(|name| (&*name.lowered, (name, 0))).collect() }
    }

    /// Puts the documented names back: what is sent and read.
    pub(super) fn restore(&mut self, tokens: TokenStream) -> TokenStream {
        tokens.into_iter().map(|tree| self.restore_tree(tree)).collect()
    }

    fn restore_tree(&mut self, tree: TokenTree) -> TokenTree {
        match tree {
            TokenTree::Group(group) => {
                let mut restored = Group::new(group.delimiter(), self.restore(group.stream()));
                restored.set_span(group.span());
                restored.into()
            }
            TokenTree::Literal(literal) => self.restore_literal(literal).into(),
            other => other,
        }
    }

    fn restore_literal(&mut self, literal: Literal) -> Literal {
        let text = syn::parse_str::<syn::LitStr>(&literal.to_string());
        let known = text.ok().and_then(|text| self.by_lowered.get_mut(&*text.value()));
        let Some((name, count)) = known else {
            return literal;
        };
        *count += 1;
        Literal::string(&name.documented)
    }

    /// The names that the generated code has nowhere.
    pub(super) fn missing(&self) -> Vec<Mismatch> {
        let never = self.by_lowered.values().filter(|(_, count)| *count == 0);
        let told = never.map(|(name, _)| {
            let problem = format!("the generated code has no attribute `{}`", name.documented);
            Mismatch::at(&name.schema, problem)
        });
        told.collect()
    }
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::WireNames;
    use crate::{document::Pointer, plan::WireName};

    fn names() -> [WireName; 1] {
        [WireName {
            schema: Pointer::to_schema("A"),
            lowered: "(underscore)id".to_owned(),
            documented: "_id".to_owned(),
        }]
    }

    #[test]
    fn a_name_in_an_attribute_is_restored_and_an_identifier_stays() {
        let names = names();
        let mut wire_names = WireNames::of(&names);
        let tokens =
            quote! { struct A { #[serde(rename = "(underscore)id")] underscore_id: String } };
        let expected = quote! { struct A { #[serde(rename = "_id")] underscore_id: String } };
        assert_eq!(wire_names.restore(tokens).to_string(), expected.to_string());
        assert!(wire_names.missing().is_empty());
    }

    #[test]
    fn a_generator_that_writes_the_name_otherwise_is_told_with_the_schema() {
        let names = names();
        let mut wire_names = WireNames::of(&names);
        wire_names.restore(quote! { struct A { #[serde(alias = "-underscore-id")] id: String } });
        let told = wire_names.missing();
        assert_eq!(told[0].at, Some(Pointer::to_schema("A")));
        assert!(told[0].problem.contains("`_id`"), "{told:?}");
    }
}
