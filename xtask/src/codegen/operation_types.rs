use std::collections::BTreeMap;

use quote::ToTokens as _;
use syn::{Fields, File, ImplItem, Item, ItemStruct, ReturnType, Type, TypePath};

use super::{
    items::{argument, implementer, module},
    mismatch::Mismatch,
};
use crate::plan::{AnswerKind, OperationPlan};

/// The Rust types of an operation, which the generator names.
pub(super) struct OperationTypes {
    /// Those of the parameters, in the order of the plan.
    pub(super) parameters: Vec<Type>,
    /// That of the body.
    pub(super) body: Option<Type>,
    /// The type of a success response.
    pub(super) answer: Type,
}

/// The types of every operation, in the order of the plans, as the generator's builders have them:
/// a builder for each operation, a field for each parameter and the body, and nothing else.
pub(super) fn read(
    client: &mut File,
    plans: &[OperationPlan],
) -> Result<Vec<OperationTypes>, Vec<Mismatch>> {
    let items = module(&mut client.items, "builder").map_or(&[][..], |items| items);
    let builders: BTreeMap<String, Builder<'_>> =
        items.iter().filter_map(Builder::of).map(|builder| (builder.name(), builder)).collect();
    let sends = items.iter().filter_map(send).collect::<BTreeMap<_, _>>();
    let mut types = Vec::new();
    let mut mismatches = Vec::new();
    for operation in plans {
        let builder = builders.get(&operation.builder);
        let read = builder.ok_or_else(|| format!("there is no builder `{}`", operation.builder));
        match read
            .and_then(|builder| builder.types(operation, sends.get(&operation.builder).copied()))
        {
            Ok(read) => types.push(read),
            Err(problem) => mismatches.push(Mismatch::at(&operation.pointer, problem)),
        }
    }
    let is_planned = |name: &&String| plans.iter().any(|plan| plan.builder == **name);
    mismatches.extend(builders.keys().filter(|name| !is_planned(name)).map(|name| Mismatch {
        at: None,
        problem: format!("there is a builder `{name}`, which is not planned"),
    }));
    if mismatches.is_empty() { Ok(types) } else { Err(mismatches) }
}

/// A builder of the generator's.
struct Builder<'a>(&'a ItemStruct);

impl<'a> Builder<'a> {
    fn of(item: &'a Item) -> Option<Self> {
        match item {
            Item::Struct(item) => Some(Self(item)),
            _ => None,
        }
    }

    fn name(&self) -> String {
        self.0.ident.to_string()
    }

    fn types(
        &self,
        operation: &OperationPlan,
        returned: Option<&Type>,
    ) -> Result<OperationTypes, String> {
        let mut fields = self.fields()?;
        let client = field_of_client(operation);
        fields.remove(&client).ok_or_else(|| format!("the builder has no field `{client}`"))?;
        let mut parameters = Vec::new();
        for parameter in &operation.parameters {
            let field =
                fields.remove(&parameter.setter).and_then(|field| argument(field, "Result"));
            let of_field = match parameter.is_required {
                true => field,
                false => field.and_then(|field| argument(field, "Option")),
            };
            let missing = || format!("the builder has no field for `{}`", parameter.wire_name);
            parameters.push(of_field.ok_or_else(missing)?.clone());
        }
        let mut body = None;
        if operation.body.is_some() {
            let field = fields.remove("body").and_then(|field| argument(field, "Result"));
            body = Some(of_builder(field.ok_or("the builder has no field for the body")?));
        }
        if let Some(name) = fields.keys().next() {
            return Err(format!("the builder has a field `{name}`, which is not planned"));
        }
        let answer = returned.ok_or("the builder has no `send` that returns a response")?.clone();
        let is_planned = match operation.answer_kind() {
            AnswerKind::Json | AnswerKind::OptionalJson => !is_empty(&answer) && !is_bytes(&answer),
            AnswerKind::Bytes => is_bytes(&answer),
            AnswerKind::Empty => is_empty(&answer),
        };
        match is_planned {
            true => Ok(OperationTypes { parameters, body, answer }),
            false => Err(format!(
                "`send` returns `{}`, but {:?} is planned",
                answer.to_token_stream(),
                operation.answer_kind()
            )),
        }
    }

    fn fields(&self) -> Result<BTreeMap<String, &'a Type>, String> {
        let Fields::Named(fields) = &self.0.fields else {
            return Err("the builder has no named fields".to_owned());
        };
        let named = |field: &'a syn::Field| Some((field.ident.as_ref()?.to_string(), &field.ty));
        Ok(fields.named.iter().filter_map(named).collect())
    }
}

/// The builder with a `send`, and the type of what it returns: `T` of
/// `Result<ResponseValue<T>, Error<()>>`.
fn send(item: &Item) -> Option<(String, &Type)> {
    let Item::Impl(item) = item else {
        return None;
    };
    let functions = item.items.iter().filter_map(|item| match item {
        ImplItem::Fn(function) if function.sig.ident == "send" => Some(&function.sig.output),
        _ => None,
    });
    let ReturnType::Type(_, returned) = functions.into_iter().next()? else {
        return None;
    };
    let value = argument(argument(returned, "Result")?, "ResponseValue")?;
    Some((implementer(item)?, value))
}

/// `types::Thing` of `types::builder::Thing`; other types as they are.
fn of_builder(of: &Type) -> Type {
    let mut of = of.clone();
    if let Type::Path(TypePath { path, .. }) = &mut of {
        let is_of_types = |index: usize| {
            index > 0 && path.segments.get(index - 1).is_some_and(|before| before.ident == "types")
        };
        let segments = path.segments.iter().enumerate();
        let kept = segments.filter(|(index, it)| !(it.ident == "builder" && is_of_types(*index)));
        path.segments = kept.map(|(_, segment)| segment.clone()).collect();
    }
    of
}

fn is_empty(of: &Type) -> bool {
    matches!(of, Type::Tuple(tuple) if tuple.elems.is_empty())
}

fn is_bytes(of: &Type) -> bool {
    matches!(of, Type::Path(path) if path.path.is_ident("ByteStream"))
}

/// The generator puts underscores before the name of the client where a parameter has it.
fn field_of_client(operation: &OperationPlan) -> String {
    let mut name = "client".to_owned();
    while operation.parameters.iter().any(|parameter| parameter.setter == name) {
        name.insert(0, '_');
    }
    name
}

#[cfg(test)]
mod tests {
    use quote::{ToTokens as _, quote};
    use syn::{File, parse_quote};

    use super::read;
    use crate::{manifest::Settings, plan::OperationPlan, rule::tests::node};

    fn plans() -> Vec<OperationPlan> {
        let document = node(
            "\
openapi: 3.0.3
paths:
  /a/{id}:
    put:
      operationId: put-a
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: limit, in: query, schema: {type: integer}}
      requestBody: {required: true, content: {application/json: {schema: {type: object}}}}
      responses: {'200': {description: d, content: {application/json: {schema: {type: object}}}}}
",
        );
        crate::lower::lower(document, &Settings::default()).0.operations
    }

    /// What the generator makes of it, in another shape perhaps.
    fn generated(fields: &proc_macro2::TokenStream, returned: &proc_macro2::TokenStream) -> File {
        parse_quote! {
            pub mod builder {
                pub struct PutA<'a> { client: &'a super::Client, #fields }
                impl<'a> PutA<'a> {
                    pub async fn send(self) -> #returned {}
                }
            }
        }
    }

    #[test]
    fn the_types_are_those_of_the_builder() {
        let plans = plans();
        let fields = quote! {
            body: Result<types::builder::PutABody, String>,
            id: Result<::std::string::String, String>,
            limit: Result<Option<i64>, String>,
        };
        let returned = quote!(Result<ResponseValue<types::PutAResponse>, Error<()>>);
        let types = read(&mut generated(&fields, &returned), &plans).unwrap();
        let text = |of: &syn::Type| of.to_token_stream().to_string();
        let parameters: Vec<String> = types[0].parameters.iter().map(text).collect();
        assert_eq!(parameters, [":: std :: string :: String", "i64"]);
        assert_eq!(types[0].body.as_ref().map(text).as_deref(), Some("types :: PutABody"));
        assert_eq!(text(&types[0].answer), "types :: PutAResponse");
    }

    #[test]
    fn code_of_another_shape_is_told_with_its_operation() {
        let plans = plans();
        let fields = |limit: proc_macro2::TokenStream| {
            quote! { body: Result<types::PutABody, String>, id: Result<String, String>, #limit }
        };
        let usual = fields(quote!(limit: Result<Option<i64>, String>));
        let returned = quote!(Result<ResponseValue<types::PutAResponse>, Error<()>>);
        let cases = [
            (fields(quote!(limit: Option<i64>)), returned.clone(), "no field for `limit`"),
            (fields(quote!(limit: Result<i64, String>)), returned.clone(), "no field for `limit`"),
            (fields(quote!()), returned.clone(), "no field for `limit`"),
            (
                fields(quote!(limit: Result<Option<i64>, String>, page: Result<i64, String>)),
                returned.clone(),
                "a field `page`, which is not planned",
            ),
            (usual.clone(), quote!(Result<types::PutAResponse, Error<()>>), "no `send`"),
            (usual.clone(), quote!(Result<ResponseValue<()>, Error<()>>), "returns `()`"),
        ];
        for (fields, returned, problem) in cases {
            let mut client = generated(&fields, &returned);
            let mismatches = read(&mut client, &plans).err().unwrap();
            assert_eq!(mismatches[0].at.as_ref(), Some(&plans[0].pointer));
            assert!(mismatches[0].problem.contains(problem), "{}", mismatches[0].problem);
        }
        let mut renamed: File = parse_quote!(
            pub mod builder {
                pub struct PutABuilder;
            }
        );
        let mismatches = read(&mut renamed, &plans).err().unwrap();
        assert!(mismatches[0].problem.contains("no builder `PutA`"));
        assert!(mismatches[1].problem.contains("`PutABuilder`, which is not planned"));
    }
}
