use heck::{ToPascalCase as _, ToSnakeCase as _};

/// Whether OpenAPI allows the character in the name of a component.
pub fn is_legal_in_component(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-')
}

/// A name without case and punctuation: names that differ by these alone may become one
/// identifier.
pub fn folded(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The words of a name, each with a capital, without the characters that part them.
pub fn capitalised(name: &str, is_of_word: impl Fn(char) -> bool) -> String {
    let words = name.split(|c| !is_of_word(c)).filter(|word| !word.is_empty());
    words
        .flat_map(|word| {
            let mut characters = word.chars();
            let first = characters.next().map(|c| c.to_ascii_uppercase());
            first.into_iter().chain(characters)
        })
        .collect()
}

/// What the generator calls the type of this name.
pub fn type_name(name: &str) -> String {
    no_keyword(variant_name(name))
}

/// The name as that of a variant, which `Self` can't be.
pub fn variant_name(name: &str) -> String {
    identifier(name, |name| name.to_pascal_case(), 'X')
}

/// What the generator calls the field or the method of this name.
pub fn field_name(name: &str) -> String {
    identifier(name, |name| name.to_snake_case(), 'x')
}

/// What the generator calls the method of an operation of this id, and the id in its table.
pub fn method_name(id: &str) -> String {
    let name = parted(id).to_snake_case();
    let starts_well = name.starts_with(|c: char| c.is_alphabetic() || c == '_');
    let name = match starts_well {
        true => name,
        false if name.is_empty() => "x".to_owned(),
        false => format!("_{name}"),
    };
    if syn::parse_str::<syn::Ident>(&name).is_ok() && name != "gen" { name } else { name + "_" }
}

/// What the generator calls the builder of an operation of this id.
pub fn builder_name(id: &str) -> String {
    no_keyword(capital(id))
}

/// What the generator calls the helper that mocks an operation of this id.
pub fn mock_name(id: &str) -> String {
    capital(id) + "When"
}

fn capital(id: &str) -> String {
    let name = method_name(id).to_pascal_case();
    if name.starts_with(char::is_alphabetic) { name } else { format!("_{name}") }
}

/// The one keyword that begins with a capital.
fn no_keyword(name: String) -> String {
    if name == "Self" { "Self_".to_owned() } else { name }
}

fn parted(name: &str) -> String {
    name.replace('\'', "").replace(|c: char| !c.is_alphanumeric() && c != '_', "-")
}

fn identifier(name: &str, in_case: impl Fn(&str) -> String, prefix: char) -> String {
    let parted = parted(name);
    let name = match name {
        "+1" => "plus1".to_owned(),
        "-1" => "minus1".to_owned(),
        _ => in_case(&parted),
    };
    if name.starts_with(char::is_alphabetic) { name } else { format!("{prefix}{name}") }
}

#[cfg(test)]
mod tests {
    use super::{builder_name, capitalised, field_name, folded, method_name, type_name};

    #[test]
    fn words_keep_their_inner_capitals() {
        let pascal = |name| capitalised(name, |c| c.is_ascii_alphanumeric());
        assert_eq!(pascal("a_list of-URLs"), "AListOfURLs");
        assert_eq!(pascal("Größe"), "GrE");
    }

    #[test]
    fn case_and_punctuation_fold() {
        assert_eq!(folded("Override-Input"), folded("overrideInput"));
        assert_ne!(folded("A1"), folded("A2"));
    }

    #[test]
    fn identifiers_are_those_of_the_generator() {
        assert_eq!(type_name("S_status"), "SStatus");
        assert_eq!(type_name("1Foo"), "X1foo");
        assert_eq!(type_name("self"), "Self_");
        assert_eq!(field_name("_id"), "id");
        assert_eq!(field_name("userId"), "user_id");
        assert_eq!(field_name("日本"), "日本");
        assert_eq!(field_name("---"), "x");
        for (id, method, builder) in [
            ("get-a.b", "get_a_b", "GetAB"),
            ("match", "match_", "Match"),
            ("self", "self_", "Self_"),
            ("2fa", "_2fa", "_2fa"),
            ("it's", "its", "Its"),
        ] {
            assert_eq!((&*method_name(id), &*builder_name(id)), (method, builder));
        }
    }
}
