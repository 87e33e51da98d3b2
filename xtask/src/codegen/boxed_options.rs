use quote::{ToTokens as _, quote};
use syn::{
    Attribute, Field, File, Meta, Type, parse_quote,
    visit_mut::{VisitMut, visit_field_mut, visit_type_mut},
};

use super::items::argument;

/// Makes a box of an option an option of a box: where types hold each other, the generator boxes
/// whichever it comes to first. A box of none would be sent as null.
pub(super) fn turn_over(client: &mut File) {
    TurnOver.visit_file_mut(client);
}

struct TurnOver;

impl VisitMut for TurnOver {
    fn visit_type_mut(&mut self, of: &mut Type) {
        visit_type_mut(self, of);
        if let Some(inner) = in_boxed_option(of) {
            *of = parse_quote!(::std::option::Option<::std::boxed::Box<#inner>>);
        }
    }

    fn visit_field_mut(&mut self, field: &mut Field) {
        let is_turned = in_boxed_option(&field.ty).is_some();
        visit_field_mut(self, field);
        if is_turned {
            field.attrs.iter_mut().filter(|attribute| is_default(attribute)).for_each(leave_out);
        }
    }
}

fn in_boxed_option(of: &Type) -> Option<&Type> {
    argument(of, "Box").and_then(|boxed| argument(boxed, "Option"))
}

/// Whether an attribute says that a field may be missing, and nothing of when it is sent.
fn is_default(attribute: &Attribute) -> bool {
    let text = attribute.to_token_stream().to_string();
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
    attribute.path().is_ident("serde")
        && words.clone().any(|word| word == "default")
        && !words.clone().any(|word| word == "skip_serializing_if")
}

fn leave_out(attribute: &mut Attribute) {
    if let Meta::List(list) = &mut attribute.meta {
        let said = &list.tokens;
        list.tokens = quote!(#said, skip_serializing_if = "::std::option::Option::is_none");
    }
}

#[cfg(test)]
mod tests {
    use quote::ToTokens as _;
    use syn::{File, parse_quote};

    use super::turn_over;

    #[test]
    fn a_box_of_an_option_is_an_option_of_a_box_and_is_left_out_when_none() {
        let mut file: File = parse_quote! {
            struct Tree {
                #[serde(default)]
                parent: ::std::boxed::Box<::std::option::Option<Tree>>,
                #[serde(rename = "the-in", default)]
                the_in: ::std::boxed::Box<::std::option::Option<Tree>>,
                #[serde(default)]
                flag: bool,
                boxed: ::std::boxed::Box<Tree>,
            }
        };
        turn_over(&mut file);
        let expected: File = parse_quote! {
            struct Tree {
                #[serde(default, skip_serializing_if = "::std::option::Option::is_none")]
                parent: ::std::option::Option<::std::boxed::Box<Tree>>,
                #[serde(rename = "the-in", default, skip_serializing_if = "::std::option::Option::is_none")]
                the_in: ::std::option::Option<::std::boxed::Box<Tree>>,
                #[serde(default)]
                flag: bool,
                boxed: ::std::boxed::Box<Tree>,
            }
        };
        assert_eq!(file.to_token_stream().to_string(), expected.to_token_stream().to_string());
    }
}
