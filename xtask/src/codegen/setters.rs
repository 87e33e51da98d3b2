use syn::{
    Block, File, GenericParam, ImplItem, ImplItemFn, Item, Path, Type, TypeParamBound,
    WherePredicate, parse_quote,
};

use super::items::{argument, argument_of_path, module};

/// Has the setters of the builders of types take what people write: by the traits of this module in
/// the place of `TryInto`, which an optional field has for its own type and the `Option` of it alone.
/// Gives how many setters there are.
///
/// # Errors
///
/// The name of a function that takes a type and is no setter as the generator writes them.
pub(super) fn by(client: &mut File, traits: &Path) -> Result<usize, String> {
    let builders = module(&mut client.items, "types").and_then(|items| module(items, "builder"));
    let items = builders.into_iter().flatten().filter_map(|item| match item {
        Item::Impl(item) if item.trait_.is_none() => Some(item),
        _ => None,
    });
    let functions = items.flat_map(|item| &mut item.items).filter_map(|item| match item {
        ImplItem::Fn(function) => Some(function),
        _ => None,
    });
    let setters = functions.filter(|function| !function.sig.generics.params.is_empty());
    let widened = setters.map(|setter| {
        let name = setter.sig.ident.to_string();
        widen(setter, traits).ok_or_else(|| format!("the setter `{name}` of a builder is another"))
    });
    Ok(widened.collect::<Result<Vec<()>, String>>()?.len())
}

fn widen(setter: &mut ImplItemFn, traits: &Path) -> Option<()> {
    let taken = taken(setter)?;
    let field = setter.sig.ident.clone();
    let (bound, read): (TypeParamBound, syn::Ident) = match argument(&taken, "Option") {
        Some(inner) => {
            (parse_quote!(#traits::IntoOptional<#inner, How>), parse_quote!(into_optional))
        }
        None => (parse_quote!(#traits::IntoValue<#taken, How>), parse_quote!(into_value)),
    };
    setter.sig.generics = parse_quote!(<T, How>);
    setter.sig.generics.where_clause = Some(parse_quote!(where T: #bound));
    let message = format!("{}: {{e}}", field.to_string().trim_start_matches("r#"));
    let body: Block = parse_quote!({
        self.#field = value.#read().map_err(|e| format!(#message));
        self
    });
    setter.block = body;
    Some(())
}

/// The type that a setter takes, if a function is one.
fn taken(function: &ImplItemFn) -> Option<Type> {
    let generics = &function.sig.generics;
    let parameters: Vec<&GenericParam> = generics.params.iter().collect();
    let [GenericParam::Type(_)] = parameters[..] else {
        return None;
    };
    generics.where_clause.as_ref()?.predicates.iter().find_map(|predicate| {
        let WherePredicate::Type(predicate) = predicate else {
            return None;
        };
        let Some(TypeParamBound::Trait(bound)) = predicate.bounds.first() else {
            return None;
        };
        argument_of_path(&bound.path, "TryInto").cloned()
    })
}

#[cfg(test)]
mod tests {
    use quote::ToTokens as _;
    use syn::{File, parse_quote};

    use super::by;

    #[test]
    fn setters_of_fields_take_what_the_traits_do_and_other_functions_stay() {
        let mut file: File = parse_quote! {
            pub mod types {
                pub mod builder {
                    impl Study {
                        pub fn name<T>(mut self, value: T) -> Self
                        where
                            T: ::std::convert::TryInto<::std::string::String>,
                            T::Error: ::std::fmt::Display,
                        {
                            self.name = value.try_into().map_err(|e| format!("error converting: {e}"));
                            self
                        }
                        pub fn r#type<T>(mut self, value: T) -> Self
                        where
                            T: ::std::convert::TryInto<::std::option::Option<i64>>,
                            T::Error: ::std::fmt::Display,
                        {
                            self.r#type = value.try_into().map_err(|e| format!("error converting: {e}"));
                            self
                        }
                        pub fn other(self) {}
                    }
                }
            }
        };
        assert_eq!(by(&mut file, &parse_quote!(crate)), Ok(2));
        let expected: File = parse_quote! {
            pub mod types {
                pub mod builder {
                    impl Study {
                        pub fn name<T, How>(mut self, value: T) -> Self
                        where
                            T: crate::IntoValue<::std::string::String, How>
                        {
                            self.name = value.into_value().map_err(|e| format!("name: {e}"));
                            self
                        }
                        pub fn r#type<T, How>(mut self, value: T) -> Self
                        where
                            T: crate::IntoOptional<i64, How>
                        {
                            self.r#type = value.into_optional().map_err(|e| format!("type: {e}"));
                            self
                        }
                        pub fn other(self) {}
                    }
                }
            }
        };
        assert_eq!(file.to_token_stream().to_string(), expected.to_token_stream().to_string());
    }

    #[test]
    fn a_setter_of_another_form_is_told() {
        let mut file: File = parse_quote! {
            pub mod types {
                pub mod builder {
                    impl Study {
                        pub fn name<T: Into<String>>(mut self, value: T) -> Self { self }
                    }
                }
            }
        };
        let told = by(&mut file, &parse_quote!(crate)).unwrap_err();
        assert_eq!(told, "the setter `name` of a builder is another");
    }
}
