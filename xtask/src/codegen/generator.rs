use std::{
    cell::Cell,
    fmt::Display,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Once,
};

use progenitor_impl::{GenerationSettings, Generator, InterfaceStyle, TagStyle, TypeImpl};
use quote::ToTokens;

use super::client_settings::ClientSettings;
use crate::{
    document::Node,
    lower::{SECRET, TIMESTAMP},
    plan::EnumPlan,
};

/// What progenitor makes of a document.
pub(super) struct Tokens<T> {
    pub(super) client: T,
    pub(super) httpmock: T,
}

/// Runs progenitor. Of its client the types are kept, and what its builders say of the types of
/// operations is read.
pub(super) fn run(
    document: &Node,
    mocked: &Node,
    enums: &[EnumPlan],
    settings: &ClientSettings,
) -> Result<Tokens<impl ToTokens + use<>>, String> {
    let document = as_read_by_generator(document)?;
    let mocked = as_read_by_generator(mocked)?;
    let mut generation = generation_settings(settings)?;
    let module = &settings.module;
    for name in enums.iter().map(|plan| &plan.type_name) {
        let path = format!("{module}::types::{name}");
        let implemented = [TypeImpl::Display, TypeImpl::FromStr];
        generation.with_replacement(name, path, implemented.into_iter());
    }
    let client = catching_panics(|| Generator::new(&generation).generate_tokens(&document))?;
    let httpmock = catching_panics(|| Generator::new(&generation).httpmock(&mocked, module))?;
    Ok(Tokens { client, httpmock })
}

fn as_read_by_generator(document: &Node) -> Result<openapiv3::OpenAPI, String> {
    let json = serde_json::to_string(document).map_err(|error| error.to_string())?;
    serde_json::from_str(&json)
        .map_err(|error| format!("the generator can't read the document: {error}"))
}

fn generation_settings(settings: &ClientSettings) -> Result<GenerationSettings, String> {
    let mut generation = GenerationSettings::new();
    generation.with_interface(InterfaceStyle::Builder).with_tag(TagStyle::Merged);
    if let Some(timestamp) = &settings.timestamp {
        let implemented = [TypeImpl::Display, TypeImpl::FromStr];
        generation.with_replacement(TIMESTAMP, timestamp, implemented.into_iter());
    }
    for (name, path) in [("integer", &settings.integer), ("number", &settings.number)] {
        let Some(path) = path else {
            continue;
        };
        let schema = serde_json::from_value(serde_json::json!({ "type": name }));
        let schema = schema.map_err(|error| error.to_string())?;
        let implemented = [TypeImpl::Display, TypeImpl::FromStr];
        generation.with_conversion(schema, path, implemented.into_iter());
    }
    if let Some(secret) = &settings.secret {
        generation.with_replacement(SECRET, secret, [TypeImpl::FromStr].into_iter());
    }
    Ok(generation)
}

thread_local! {
    /// Whether a panic of this thread is caught and reported as an error.
    static IS_SILENT: Cell<bool> = const { Cell::new(false) };
}

/// Silences the message of panics that are caught. Panics of other threads are still printed.
fn silence_caught_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let hook = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if !IS_SILENT.get() {
                hook(panic);
            }
        }));
    });
}

/// The generator asserts and panics where it meets what it can't express.
fn catching_panics<T, E: Display>(generate: impl FnOnce() -> Result<T, E>) -> Result<T, String> {
    silence_caught_panics();
    IS_SILENT.set(true);
    let outcome = catch_unwind(AssertUnwindSafe(generate));
    IS_SILENT.set(false);
    match outcome {
        Ok(Ok(tokens)) => Ok(tokens),
        Ok(Err(error)) => Err(format!("the generator refuses the document: {error}")),
        Err(panic) => {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
            Err(format!("the generator panicked: {}", shortened(text.unwrap_or("no message"))))
        }
    }
}

/// How much of a panic's message is worth telling: some hold all of a schema.
const SHOWN: usize = 160;

fn shortened(message: &str) -> String {
    let words = message.split_whitespace().collect::<Vec<_>>().join(" ");
    match words.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &words[..end]),
        None => words,
    }
}

#[cfg(test)]
mod tests {
    use super::catching_panics;

    #[test]
    #[allow(clippy::panic, reason = "the panic is what is tested")]
    fn a_panic_is_a_message_of_one_line() {
        let refused = catching_panics::<(), String>(|| panic!("no\n  {}", "way ".repeat(99)));
        let message = refused.unwrap_err();
        assert!(message.starts_with("the generator panicked: no way way"), "{message}");
        assert!(message.len() < 200 && message.lines().count() == 1, "{message}");
    }
}
