//! What hostile servers send.

use std::io;

use prolific_api_ext::ErrorKind::{
    self, BadRequest, BodyTooLarge, Connection, Incomplete, NotFound, RateLimited, Server, Timeout,
    UnexpectedAnswer, UnreadableRow,
};

use crate::server::{Exchange, Serve};

/// What is called.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Call {
    Me,
    List,
    Create,
    Download,
    Upload,
}

/// How it is to end.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Ends {
    /// With this many rows, or with this value.
    With(usize),
    As(&'static [ErrorKind]),
    /// Well, or as one of these.
    Either(&'static [ErrorKind]),
}

pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) call: Call,
    pub(crate) serve: Serve,
    pub(crate) ends: Ends,
    pub(crate) most_requests: usize,
}

const fn me(name: &'static str, ends: Ends, serve: Serve) -> Case {
    Case { name, call: Call::Me, serve, ends, most_requests: 5 }
}

const fn list(name: &'static str, ends: Ends, serve: Serve) -> Case {
    // A list that shifts is looked for again, a few times.
    Case { name, call: Call::List, serve, ends, most_requests: 40 }
}

const fn of(call: Call, name: &'static str, ends: Ends, serve: Serve) -> Case {
    Case { name, call, serve, ends, most_requests: 10 }
}

/// A connection that broke, was cut or stood still.
const BROKEN: Ends = Ends::As(&[Connection, Timeout, UnexpectedAnswer]);
/// A success whose form is not the documented one.
const OTHER: Ends = Ends::As(&[UnexpectedAnswer]);
const LARGE: Ends = Ends::As(&[BodyTooLarge]);
const STOPPED: Ends = Ends::As(&[BodyTooLarge, Timeout, Connection, UnexpectedAnswer]);
const OK: &str = r#"{"id":"u1"}"#;
const HEAD: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";

fn ok(exchange: &mut Exchange<'_>) -> io::Result<()> {
    exchange.json("200 OK", "", OK)
}

/// Closes behind it, as what follows would be read as the next response.
fn raw(exchange: &mut Exchange<'_>, response: &str) -> io::Result<()> {
    exchange.send(response)?;
    exchange.close()
}

/// A page of two rows, with these additional members.
fn page(exchange: &mut Exchange<'_>, beside: &str) -> io::Result<()> {
    let nth = exchange.nth;
    let rows = format!(r#"{{"results":[{{"id":"a{nth}"}},{{"id":"b{nth}"}}]{beside}}}"#);
    exchange.json("200 OK", "", rows)
}

/// Always the same page.
fn same_page(exchange: &mut Exchange<'_>, beside: &str) -> io::Result<()> {
    exchange.json("200 OK", "", format!(r#"{{"results":[{{"id":"a"}}]{beside}}}"#))
}

/// Refuses with a hint.
fn busy(exchange: &mut Exchange<'_>, headers: &str) -> io::Result<()> {
    exchange.json("429 x", &format!("{headers}\r\n"), r#"{"detail":"busy"}"#)
}

pub(crate) const CASES: &[Case] = &[
    // Heads.
    me("headers without end", BROKEN, |it| it.endless("HTTP/1.1 200 OK\r\n", "x-a: b\r\n")),
    me("a header without end", BROKEN, |it| it.endless("HTTP/1.1 200 OK\r\nx-a: ", "yyyyyyyy")),
    me("95 headers of 3 kB", Ends::Either(&[Connection]), |it| {
        let headers: String =
            (0..95).map(|number| format!("x-{number}: {}\r\n", "z".repeat(3_000))).collect();
        it.json("200 OK", &headers, OK)
    }),
    me("a head that drips", BROKEN, |it| it.drip("HTTP/1.1 200 OK\r\nx: ", b'y')),
    me("informational responses without end", BROKEN, |it| {
        it.endless("", "HTTP/1.1 100 Continue\r\n\r\n")
    }),
    me("early hints without end", BROKEN, |it| {
        it.endless("", "HTTP/1.1 103 Early Hints\r\nlink: <x>\r\n\r\n")
    }),
    me("a status line without end", BROKEN, |it| it.endless("HTTP/1.1 200 ", "OK")),
    me("another protocol is switched to", BROKEN, |it| {
        raw(it, "HTTP/1.1 101 x\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n{\"id\":\"u1\"}")
    }),
    me("status 999", OTHER, |it| it.json("999 x", "", OK)),
    me("status 000", BROKEN, |it| it.json("000 x", "", OK)),
    me("status 304", OTHER, |it| raw(it, "HTTP/1.1 304 x\r\n\r\n")),
    me("HTTP/1.0", Ends::With(1), |it| raw(it, "HTTP/1.0 200 OK\r\n\r\n{\"id\":\"u1\"}")),
    me("HTTP/0.9", BROKEN, |it| raw(it, OK)),
    me("HTTP/2 unasked", BROKEN, |it| raw(it, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")),
    me("TLS unasked", BROKEN, |it| raw(it, "\x16\x03\x01\0\x05hello")),
    me("two lengths", BROKEN, |it| it.json("200 OK", "content-length: 5\r\n", OK)),
    me("a negative length", BROKEN, |it| {
        raw(it, "HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n{}")
    }),
    me("a length beyond 64 bits", BROKEN, |it| {
        raw(it, "HTTP/1.1 200 OK\r\ncontent-length: 99999999999999999999999\r\n\r\n{}")
    }),
    me("a NUL in a header", BROKEN, |it| it.json("200 OK", "x-a: b\0c\r\n", OK)),
    me("cookies", Ends::With(1), |it| {
        let has_cookie = it.head.to_ascii_lowercase().contains("\r\ncookie:");
        if has_cookie { it.close() } else { it.json("200 OK", "set-cookie: a=b; Path=/\r\n", OK) }
    }),
    me("an escape in the id of the request", Ends::As(&[BadRequest, Connection]), |it| {
        let id = format!("x-request-id: \x1b[31m{}\r\n", "r".repeat(5_000));
        it.json("400 x", &id, r#"{"detail":"no\u001b[2J\u202e\nforged line"}"#)
    }),
    // Bodies.
    me("a body without end", STOPPED, |it| it.endless(format!("{HEAD}\r\n"), " ")),
    me("chunks without end", STOPPED, |it| {
        let chunk = format!("1000\r\n{}\r\n", " ".repeat(4_096));
        it.endless(format!("{HEAD}transfer-encoding: chunked\r\n\r\n"), &chunk)
    }),
    me("chunks of a byte without end", STOPPED, |it| {
        it.endless(format!("{HEAD}transfer-encoding: chunked\r\n\r\n"), "1;a=b\r\n \r\n")
    }),
    me("an extension of a chunk without end", STOPPED, |it| {
        it.endless(format!("{HEAD}transfer-encoding: chunked\r\n\r\n5;"), "a=b;")
    }),
    me("trailers without end", STOPPED, |it| {
        let body = format!("{HEAD}transfer-encoding: chunked\r\n\r\nb\r\n{OK}\r\n0\r\n");
        it.endless(body, "x-a: b\r\n")
    }),
    me("a length of 16 exabytes", STOPPED, |it| {
        it.endless(format!("{HEAD}content-length: 18446744073709551614\r\n\r\n"), " ")
    }),
    me("a body that drips", Ends::As(&[Timeout]), |it| {
        it.drip(&format!("{HEAD}content-length: 1000\r\n\r\n"), b' ')
    }),
    me("a refusal without end", Ends::As(&[BadRequest, Timeout]), |it| {
        it.endless("HTTP/1.1 400 x\r\n\r\n", " ")
    }),
    me("gzip unasked", OTHER, |it| {
        it.json("200 OK", "content-encoding: gzip\r\n", b"\x1f\x8b\x08\0\0\0\0\0")
    }),
    me("a bomb of gzip", OTHER, |it| {
        it.json("200 OK", "content-encoding: gzip, gzip, br\r\n", [0x1f; 4_096])
    }),
    me("HTML", OTHER, |it| {
        raw(it, "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n<html>READY</html>")
    }),
    me("bytes that are no UTF-8", Ends::Either(&[UnexpectedAnswer]), |it| {
        it.json("200 OK", "", b"{\"id\":\"u1\",\"name\":\"\xff\xfe\xc0\"}")
    }),
    me("a byte order mark", Ends::Either(&[UnexpectedAnswer]), |it| {
        it.json("200 OK", "", format!("\u{feff}{OK}"))
    }),
    me("a key that comes twice", Ends::Either(&[UnexpectedAnswer]), |it| {
        it.json("200 OK", "", r#"{"id":"u1","id":"u2"}"#)
    }),
    me("NaN", Ends::Either(&[UnexpectedAnswer]), |it| {
        it.json("200 OK", "", r#"{"id":"u1","balance":NaN,"x":Infinity}"#)
    }),
    me("half a surrogate", Ends::With(1), |it| {
        it.json("200 OK", "", r#"{"id":"u1","name":"nice \ud83d"}"#)
    }),
    me("lists in lists, 100,000 deep", Ends::Either(&[UnexpectedAnswer]), |it| {
        let deep = format!(r#"{{"id":"u1","x":{}{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
        it.json("200 OK", "", deep)
    }),
    me("an object instead of the id, 100,000 deep", OTHER, |it| {
        let deep = format!("{{\"id\":{}1{}}}", "{\"a\":".repeat(100_000), "}".repeat(100_000));
        it.json("200 OK", "", deep)
    }),
    me("a number of 6 MB", Ends::Either(&[UnexpectedAnswer, BodyTooLarge]), |it| {
        it.big("200 OK", [r#"{"id":"u1","x":"#, "9", "}"], 6)
    }),
    me("a text of 6 MB of escapes", Ends::Either(&[UnexpectedAnswer, BodyTooLarge]), |it| {
        it.big("200 OK", [r#"{"id":"u1","x":""#, "\\u0041", "\"}"], 6)
    }),
    me("6 MB of keys", Ends::Either(&[UnexpectedAnswer, BodyTooLarge]), |it| {
        it.big("200 OK", ["{", "\"a\":1,", r#""id":"u1"}"#], 6)
    }),
    me("100 MB where a user is expected", LARGE, |it| {
        it.big("200 OK", ["{\"x\":\"", "A", "\"}"], 100)
    }),
    me("two responses in one", Ends::Either(&[Connection, UnexpectedAnswer]), |it| {
        ok(it)?;
        it.json("200 OK", "", r#"{"id":"forged"}"#)
    }),
    // Hints.
    me("a hint of years", Ends::As(&[RateLimited]), |it| busy(it, "retry-after: 999999999")),
    me("a hint beyond every number", Ends::As(&[RateLimited]), |it| {
        busy(it, "retry-after: 99999999999999999999999999999999999")
    }),
    me("a hint of 400 digits", Ends::As(&[RateLimited]), |it| {
        busy(it, &format!("retry-after-ms: 1{}", "0".repeat(400)))
    }),
    me("a hint of the year 9999", Ends::As(&[RateLimited]), |it| {
        busy(it, "retry-after: Fri, 31 Dec 9999 23:59:59 GMT")
    }),
    me("a hint before 1970", Ends::As(&[RateLimited]), |it| {
        busy(it, "retry-after: Mon, 01 Jan 0001 00:00:00 GMT")
    }),
    me("a hint and a date at the ends of time", Ends::As(&[RateLimited]), |it| {
        busy(
            it,
            "date: Fri, 31 Dec 9999 23:59:59 GMT\r\nretry-after: Thu, 01 Jan 1970 00:00:00 GMT",
        )
    }),
    me("hints that are none", Ends::As(&[RateLimited]), |it| {
        let hint = ["-5", "NaN", "inf", "1e9", "...", "0x10", "1,5"][it.nth % 7];
        busy(it, &format!("retry-after: {hint}"))
    }),
    // Redirects.
    me("a redirect to another host", OTHER, |it| {
        let to = format!("location: http://{}/api/v1/users/me/\r\n", it.elsewhere);
        it.json("307 x", &to, "")
    }),
    me("a redirect to a file", OTHER, |it| {
        it.json("302 x", "location: file:///etc/passwd\r\n", "")
    }),
    me("a redirect to itself", OTHER, |it| {
        let to = format!("location: http://{}/api/v1/users/me/\r\n", it.own);
        it.json("302 x", &to, "")
    }),
    of(Call::Create, "a redirect of what acts", OTHER, |it| {
        let to = format!("location: http://{}/\r\n", it.elsewhere);
        it.json("308 x", &to, "")
    }),
    // Lists.
    list("a count below nothing", Ends::Either(&[Incomplete, UnexpectedAnswer]), |it| {
        same_page(it, r#","meta":{"count":-5}"#)
    }),
    list("a count of 64 bits", Ends::As(&[Incomplete]), |it| {
        same_page(it, r#","meta":{"count":9223372036854775807}"#)
    }),
    list("a count of 1e300", Ends::Either(&[Incomplete, UnexpectedAnswer]), |it| {
        same_page(it, r#","meta":{"count":1e300}"#)
    }),
    list("a count that is an object", Ends::Either(&[Incomplete, UnexpectedAnswer]), |it| {
        same_page(it, r#","meta":{"count":{"a":1}}"#)
    }),
    list("a next page at another host", Ends::As(&[Incomplete]), |it| {
        let next = format!(
            r#","_links":{{"next":{{"href":"http://{}/x?page=2"}}}},"meta":{{"count":9}}"#,
            it.elsewhere
        );
        same_page(it, &next)
    }),
    list("a next page in a file", Ends::Either(&[Incomplete]), |it| {
        same_page(it, r#","_links":{"next":{"href":"file:///etc/passwd?page=2"}}"#)
    }),
    list("pages without end", Ends::As(&[Timeout, Incomplete]), |it| {
        if it.nth > 30 {
            // The client would keep reading; this is enough.
            return it.drip("HTTP/1.1 200 OK\r\n", b'x');
        }
        page(it, r#","meta":{"count":1000000000000000000}"#)
    }),
    list("rows that are empty objects", Ends::As(&[BodyTooLarge, UnreadableRow]), |it| {
        it.big("200 OK", [r#"{"results":["#, "{},", "{}]}"], 6)
    }),
    list("100 MB of rows", LARGE, |it| {
        it.big(
            "200 OK",
            [r#"{"results":["#, r#"{"id":"a","status":"APPROVED"},"#, r#"{"id":"z"}]}"#],
            100,
        )
    }),
    list(
        "a list that is not found behind its first page",
        Ends::As(&[Incomplete, NotFound]),
        |it| {
            if it.nth == 0 {
                page(it, r#","meta":{"count":9}"#)
            } else {
                it.json("404 x", "", "{}")
            }
        },
    ),
    list("a list that fails behind its first page", Ends::As(&[Server]), |it| {
        if it.nth == 0 { page(it, r#","meta":{"count":9}"#) } else { it.json("500 x", "", "{}") }
    }),
    // Files.
    of(Call::Download, "a link to a file of this machine", OTHER, |it| {
        it.link("file:///etc/passwd")
    }),
    of(Call::Download, "a link of another scheme", OTHER, |it| it.link("gopher://127.0.0.1/x")),
    of(Call::Download, "a link with a password", OTHER, |it| {
        let to = format!("http://u:0badcafe@{}/file", it.own);
        it.link(&to)
    }),
    of(Call::Download, "a link of 100,000 characters", OTHER, |it| {
        let to = format!("http://{}/file?X-Amz-Signature=0badcafe{}", it.own, "x".repeat(100_000));
        if it.is_for_storage() { it.close() } else { it.link(&to) }
    }),
    of(Call::Download, "a file that does not say where it ends", OTHER, |it| {
        if it.is_for_storage() {
            it.endless("HTTP/1.1 200 OK\r\n\r\n", "0,1\n")
        } else {
            let to = format!("http://{}/file", it.own);
            it.link(&to)
        }
    }),
    of(Call::Download, "a file without end", Ends::As(&[BodyTooLarge, Timeout]), |it| {
        if it.is_for_storage() {
            let chunk = format!("1000\r\n{}\r\n", "0,1\n".repeat(1_024));
            it.endless("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", &chunk)
        } else {
            let to = format!("http://{}/file", it.own);
            it.link(&to)
        }
    }),
    of(Call::Download, "a file that drips", Ends::As(&[Timeout, Connection]), |it| {
        if it.is_for_storage() {
            it.drip("HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n", b'x')
        } else {
            let to = format!("http://{}/file", it.own);
            it.link(&to)
        }
    }),
    of(Call::Download, "a storage that redirects", Ends::As(&[UnexpectedAnswer]), |it| {
        let to = format!("http://{}/file", it.own);
        let away = format!("location: http://{}/\r\n", it.elsewhere);
        if it.is_for_storage() { it.json("302 x", &away, "") } else { it.link(&to) }
    }),
    of(Call::Upload, "an upload to a file of this machine", OTHER, |it| it.link("file:///tmp/x")),
    of(
        Call::Upload,
        "a storage that refuses without end",
        Ends::As(&[ErrorKind::Forbidden, UnexpectedAnswer, Timeout, Connection, BadRequest]),
        |it| {
            if it.is_for_storage() {
                it.endless(
                    "HTTP/1.1 400 x\r\ncontent-type: application/xml\r\n\r\n<Error>",
                    "<Code>x</Code>",
                )
            } else {
                let to = format!("http://{}/file", it.own);
                it.link(&to)
            }
        },
    ),
];
