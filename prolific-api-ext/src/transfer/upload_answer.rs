use reqwest::Url;

use crate::error::{StorageRefusal, excerpt, masked};

/// Codes of storages for an expired link, in addition to 403.
const EXPIRED: &[&str] = &["ExpiredToken", "RequestExpired", "TokenRefreshRequired"];

/// Codes of storages for a file that was sent too slowly, in addition to 408.
const SLOW: &[&str] = &["RequestTimeout"];

/// Reads what the storage says of a refusal: the code and the message of its XML, and the id that it
/// gave the request. Nothing else of it is kept, and of these not what the link signs.
pub(super) fn read(body: &[u8], request_id: Option<&str>, link: &Url) -> StorageRefusal {
    let secrets = secrets(link);
    let text = String::from_utf8_lossy(body);
    let code = element(&text, "Code").filter(|code| is_code(code)).map(str::to_owned);
    let code = code.filter(|code| *code == masked(code, &secrets));
    let message = element(&text, "Message").map(unescaped);
    let message = message.map(|said| excerpt(&masked(&said, &secrets)));
    let message = message.filter(|message| !message.is_empty());
    let request_id = request_id.map(|id| masked(id, &secrets).into_owned());
    StorageRefusal { code, message, request_id }
}

/// Whether another link may do.
pub(super) fn is_expired(refusal: &StorageRefusal) -> bool {
    refusal.code.as_deref().is_some_and(|code| EXPIRED.contains(&code))
}

/// Whether the storage waited for more of the file in vain.
pub(super) fn is_slow(refusal: &StorageRefusal) -> bool {
    refusal.code.as_deref().is_some_and(|code| SLOW.contains(&code))
}

fn element<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    let (_, after) = xml.split_once(&format!("<{name}>"))?;
    let (content, _) = after.split_once(&format!("</{name}>"))?;
    Some(content.trim())
}

fn is_code(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn unescaped(text: &str) -> String {
    let entities =
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")];
    entities
        .iter()
        .fold(text.to_owned(), |text, (entity, character)| text.replace(entity, character))
}

/// What a link signs: the values of its query, and the parts of a credential.
fn secrets(link: &Url) -> Vec<String> {
    let written = link.query().unwrap_or_default().split(['&', '=']).map(str::to_owned);
    let meant = link.query_pairs().map(|(_, value)| value.into_owned());
    let values = written.chain(meant).collect::<Vec<_>>();
    let parts = values.iter().flat_map(|value| value.split('/')).map(str::to_owned);
    let is_name = |value: &String| value.to_ascii_lowercase().starts_with("x-amz-");
    values.iter().cloned().chain(parts).filter(|value| !is_name(value)).collect()
}

#[cfg(test)]
mod tests {
    use super::{is_expired, is_slow, read};

    fn link() -> reqwest::Url {
        "https://a.example/k?X-Amz-Credential=AKIASECRET%2F20261124%2Feu&X-Amz-Signature=0badcafe99"
            .parse()
            .unwrap()
    }

    #[test]
    fn code_and_message_are_read_and_nothing_else() {
        let body = br#"<?xml version="1.0"?>
            <Error><Code>SignatureDoesNotMatch</Code>
            <Message>The signature &amp; the request don&apos;t
            match.</Message><AWSAccessKeyId>AKIASECRET</AWSAccessKeyId>
            <SignatureProvided>0badcafe99</SignatureProvided></Error>"#;
        let refusal = read(body, None, &link());
        assert_eq!(refusal.code.as_deref(), Some("SignatureDoesNotMatch"));
        assert_eq!(refusal.message.as_deref(), Some("The signature & the request don't match."));
        let shown = format!("{refusal:?}");
        assert!(!shown.contains("AKIA") && !shown.contains("0badcafe"), "{shown}");
    }

    #[test]
    fn what_the_link_signs_is_not_repeated() {
        for secret in
            ["0badcafe99", "AKIASECRET/20261124/eu", "AKIASECRET", "AKIASECRET%2F20261124"]
        {
            let body = format!("<Error><Code>Bad</Code><Message>of {secret}!</Message></Error>");
            let refusal = read(body.as_bytes(), Some(&format!("r-{secret}")), &link());
            assert_eq!(refusal.code.as_deref(), Some("Bad"), "{secret}");
            let shown = format!("{refusal:?}");
            assert!(shown.contains("of [redacted]") && !shown.contains(secret), "{shown}");
            assert!(!shown.contains("AKIA") && !shown.contains("0badcafe"), "{shown}");
        }
    }

    #[test]
    fn a_body_of_another_form_says_nothing() {
        for body in
            [&b""[..], b"<html>0badcafe99</html>", b"\xff<Code>", b"<Code>a b</Code>", b"{}"]
        {
            assert_eq!(read(body, None, &link()), Default::default());
        }
    }

    #[test]
    fn codes_tell_a_link_that_expired_and_a_file_that_came_too_slowly() {
        let code = |code| read(format!("<Code>{code}</Code>").as_bytes(), None, &link());
        assert!(is_expired(&code("ExpiredToken")) && !is_expired(&code("NoSuchBucket")));
        assert!(is_slow(&code("RequestTimeout")) && !is_slow(&code("ExpiredToken")));
    }
}
