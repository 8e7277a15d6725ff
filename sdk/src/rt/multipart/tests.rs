//! Multipart bodies byte by byte. The crate `tests` has them read by other parsers.

use super::*;
use crate::rt::{Content, Map, Request, Resolved};

fn resolve(request: Request) -> Result<Resolved, String> {
    let request = request
        .finish()
        .and_then(|request| request.resolve(&|_| None));
    request.map_err(|error| error.to_string())
}

fn files<const N: usize>(files: [(&str, File); N]) -> Map<File> {
    files
        .map(|(name, file)| (name.to_owned(), file))
        .into_iter()
        .collect()
}

/// The boundary, and the body with `B` in its place.
fn sent(request: Request) -> (String, String) {
    let resolved = resolve(request).unwrap();
    let media_type = resolved.headers[http::header::CONTENT_TYPE]
        .to_str()
        .unwrap();
    let (_, boundary) = media_type
        .split_once("multipart/form-data; boundary=")
        .unwrap();
    let Some(Content::Parts(parts)) = &resolved.body else {
        panic!("{resolved:?}");
    };
    let mut text = String::new();
    for piece in parts.pieces() {
        match piece {
            Piece::Bytes(bytes) => text.push_str(std::str::from_utf8(bytes).unwrap()),
            Piece::File(name, _) => text.push_str(&format!("<{name}>")),
        }
    }
    (boundary.to_owned(), text.replace(boundary, "B"))
}

#[test]
fn parts() {
    let body = files([
        ("a\"\r\nb", File::bytes("1").name("ü\".txt")),
        ("c", File::path("/tmp/d.png").media_type("image/png")),
    ]);
    let (_, text) = sent(Request::new("/").multipart(&body));
    assert_eq!(
        text,
        "--B\r\nContent-Disposition: form-data; name=\"a%22%0D%0Ab\"; filename=\"ü%22.txt\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n1\r\n\
         --B\r\nContent-Disposition: form-data; name=\"c\"; filename=\"d.png\"\r\n\
         Content-Type: image/png\r\n\r\n<c>\r\n--B--\r\n"
    );
    let (_, text) = sent(Request::new("/").multipart(&Map::<File>::from([])));
    assert_eq!(text, "--B--\r\n");
    let absent = resolve(Request::new("/").multipart(&None::<Map<File>>)).unwrap();
    assert!(absent.body.is_none() && absent.headers.is_empty());
}

/// A mock compares requests.
#[test]
fn equal_bodies_have_the_same_boundary() {
    let of = |content: &str| {
        let body = files([("a", File::bytes(content.to_owned()))]);
        sent(Request::new("/").multipart(&body)).0
    };
    assert_eq!(of("1"), of("1"));
    assert_ne!(of("1"), of("2"));
    assert_eq!(of("1").len(), 32);
}

#[test]
fn what_can_not_be_sent() {
    let of = |media_type: &str| {
        let body = files([("a", File::bytes("1").media_type(media_type))]);
        resolve(Request::new("/").multipart(&body)).unwrap_err()
    };
    for media_type in ["png", "image/png\r\nx: y"] {
        let error = of(media_type);
        assert!(
            error.contains("`a`: ") && error.contains("is not a media type"),
            "{error}"
        );
    }
    let body = files([("a", File::bytes("1"))]);
    for style in [PartStyle::Deep, PartStyle::Repeat, PartStyle::Joined(",")] {
        let error =
            resolve(Request::new("/").multipart_of(FORM_DATA, &body, style, &[])).unwrap_err();
        assert!(
            error.contains("`a`: a file is not supported here"),
            "{error}"
        );
    }
    let error = resolve(Request::new("/").multipart_of(FORM_DATA, &body, PartStyle::Json, &[]))
        .unwrap_err();
    assert!(
        error.contains("`a`: a file can't be sent as JSON"),
        "{error}"
    );
    let error = resolve(Request::new("/").json("application/json", &body)).unwrap_err();
    assert!(
        error.contains("a file can only be sent in a multipart body"),
        "{error}"
    );
    let error = resolve(Request::new("/").multipart(&crate::rt::List::from(["a".to_owned()])));
    assert!(
        error
            .unwrap_err()
            .contains("must be an object for a multipart body")
    );
}

/// The separators of all `collectionFormat`s, which are not percent-encoded in a part.
#[test]
fn joined_lists_are_one_part() {
    let list = crate::rt::List::from(["a b", "c,d"].map(str::to_owned));
    let body: Map<_> = [("l".to_owned(), list)].into_iter().collect();
    for (separator, text) in [
        (",", "a b,c,d"),
        ("%20", "a b c,d"),
        ("%09", "a b\tc,d"),
        ("%7C", "a b|c,d"),
    ] {
        let part = FormPart {
            name: "l",
            style: PartStyle::Joined(separator),
            media_type: "",
        };
        let request = Request::new("/").multipart_of(FORM_DATA, &body, PartStyle::Plain, &[part]);
        assert_eq!(
            sent(request).1,
            format!("--B\r\nContent-Disposition: form-data; name=\"l\"\r\n\r\n{text}\r\n--B--\r\n")
        );
    }
}

/// Parts are in the described order, others after them. RFC 2387 wants the media type of the first part.
#[test]
fn other_multipart_types() {
    let part = |name| FormPart {
        name,
        style: PartStyle::Plain,
        media_type: "",
    };
    let body = files([
        ("a", File::bytes("x").media_type("text/csv")),
        ("b", File::bytes("y").media_type("image/png")),
        ("c", File::bytes("z").media_type("text/html")),
    ]);
    let of = |media_type| {
        let described = [part("c"), part("absent"), part("b")];
        let request =
            Request::new("/").multipart_of(media_type, &body, PartStyle::Plain, &described);
        let resolved = resolve(request).unwrap();
        let header = resolved.headers[http::header::CONTENT_TYPE].to_str();
        let (head, rest) = header.unwrap().split_once("; boundary=").unwrap();
        let end = rest.split_once(';').map_or("", |(_, end)| end);
        let Some(Content::Parts(parts)) = &resolved.body else {
            panic!("{resolved:?}");
        };
        let mut names = String::new();
        for piece in parts.pieces() {
            if let Piece::Bytes(bytes) = piece
                && let Some((_, rest)) = std::str::from_utf8(bytes).unwrap().split_once("; name=\"")
            {
                names.extend(rest.chars().next());
            }
        }
        format!("{head};{end} {names}")
    };
    assert_eq!(of(FORM_DATA), "multipart/form-data; abc");
    assert_eq!(of("multipart/mixed"), "multipart/mixed; cba");
    assert_eq!(
        of("multipart/related"),
        "multipart/related; type=\"text/html\" cba"
    );
}

#[test]
fn nothing_personal_is_shown() {
    let file = File::bytes("secret").name("Kari.pdf");
    assert_eq!(format!("{file:?}"), "File { bytes: 6, .. }");
    assert_eq!(
        format!("{:?}", File::path("Kari.pdf")),
        "File { path: …, .. }"
    );
    let resolved = resolve(Request::new("/").multipart(&files([("a", file)]))).unwrap();
    let shown = format!("{resolved:?}");
    assert!(
        !shown.contains("secret") && !shown.contains("Kari"),
        "{shown}"
    );
}
