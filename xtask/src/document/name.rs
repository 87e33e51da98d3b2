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
    identifier(name, |name| name.to_pascal_case(), 'X')
}

/// What the generator calls the field or the method of this name.
pub fn field_name(name: &str) -> String {
    identifier(name, |name| name.to_snake_case(), 'x')
}

fn identifier(name: &str, in_case: impl Fn(&str) -> String, prefix: char) -> String {
    let parted = name.replace('\'', "").replace(|c: char| !c.is_alphanumeric() && c != '_', "-");
    let name = match name {
        "+1" => "plus1".to_owned(),
        "-1" => "minus1".to_owned(),
        _ => in_case(&parted),
    };
    if name.starts_with(char::is_alphabetic) { name } else { format!("{prefix}{name}") }
}

#[cfg(test)]
mod tests {
    use super::{capitalised, field_name, folded, type_name};

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
        assert_eq!(field_name("_id"), "id");
        assert_eq!(field_name("userId"), "user_id");
        assert_eq!(field_name("日本"), "日本");
        assert_eq!(field_name("---"), "x");
    }
}
