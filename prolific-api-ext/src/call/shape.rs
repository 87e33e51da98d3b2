//! How much a body of JSON may hold: what is made of it takes many times the room of the text, for
//! each value in it.

/// How many objects and lists a body may have.
const MOST_CONTAINERS: usize = 250_000;
/// How many members and elements a body may have.
const MOST_VALUES: usize = 2_000_000;
/// Up to which size a body can't hold more, in bytes: each object, list or value takes one at least.
/// Most pages of a list are smaller, and need no look.
const SMALL: usize = MOST_CONTAINERS;

/// Refuses a body that holds more than a sensible one does, without parsing it.
///
/// # Errors
///
/// Returns what there is too much of.
pub(crate) fn check(body: &[u8]) -> Result<(), String> {
    if body.len() <= SMALL {
        return Ok(());
    }
    let (mut containers, mut values) = (0_usize, 0_usize);
    let mut bytes = body.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => skip_text(&mut bytes),
            b'{' | b'[' => containers += 1,
            b',' => values += 1,
            _ => {}
        }
    }
    if containers > MOST_CONTAINERS {
        return Err(format!("the body has more than {MOST_CONTAINERS} objects and lists"));
    }
    if values > MOST_VALUES {
        return Err(format!("the body has more than {MOST_VALUES} values"));
    }
    Ok(())
}

/// Skips the rest of a text.
fn skip_text(bytes: &mut std::slice::Iter<'_, u8>) {
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => return,
            b'\\' => {
                bytes.next();
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST_CONTAINERS, MOST_VALUES, check};

    #[test]
    fn bodies_of_many_small_values_are_refused_and_texts_do_not_count() {
        let list = |value: &str, count| format!("[{}{value}]", format!("{value},").repeat(count));
        assert!(check(list("0", MOST_VALUES - 1).as_bytes()).is_ok());
        assert!(check(list("0", MOST_VALUES + 1).as_bytes()).unwrap_err().contains("values"));
        assert!(check(list("{}", MOST_CONTAINERS - 2).as_bytes()).is_ok());
        // The smallest that holds more than it may.
        assert!(check("[".repeat(MOST_CONTAINERS).as_bytes()).is_ok());
        assert!(check("[".repeat(MOST_CONTAINERS + 1).as_bytes()).is_err());
        let many = check(list("[]", MOST_CONTAINERS).as_bytes());
        assert!(many.unwrap_err().contains("objects and lists"));
        let text = format!(r#"["{}"]"#, r#",{[\""#.repeat(MOST_VALUES));
        assert!(check(text.as_bytes()).is_ok());
        assert!(check(br#""\"#.repeat(100_000).as_slice()).is_ok());
    }
}
