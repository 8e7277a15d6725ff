//! Multipart bodies of a generated crate, read by parsers that nobody here wrote: see `counterparts/parts.mjs`. Compiled
//! and run by `tests/generated.rs`, with the address of that server.

use std::collections::VecDeque;
use std::error::Error as _;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::pin::Pin;
use std::task::{Context, Poll};

use dintero::mock::Mock;
use dintero::rt::{Json, JsonObject};
use dintero::{Client, Error, ErrorKind, File};
use futures_core::Stream;
use serde_json::json;
use uploads::{AlbumFilter, AlbumMarker, CreateAlbum, Owner, UploadFile, UploadsApi as _};

type Failure = Box<dyn std::error::Error>;

/// A stream of these pieces.
struct Pieces(VecDeque<Result<Vec<u8>, Failed>>);

#[derive(Debug)]
struct Failed;

impl std::fmt::Display for Failed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the disk is gone")
    }
}

impl std::error::Error for Failed {}

impl Stream for Pieces {
    type Item = Result<Vec<u8>, Failed>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.pop_front())
    }
}

fn stream(pieces: &[&str]) -> File {
    File::stream(Pieces(pieces.iter().map(|piece| Ok(piece.as_bytes().to_vec())).collect()))
}

fn same(what: &str, found: &Json, expected: &Json) -> Result<(), Failure> {
    match found == expected {
        true => Ok(()),
        false => Err(format!("{what}:\n found {found}\n expected {expected}").into()),
    }
}

/// Compares what both parsers have read. The one of Node.js has no media types of texts.
fn parts(what: &str, response: &JsonObject, expected: &Json) -> Result<(), Failure> {
    same(what, &response["defects"], &json!([]))?;
    same(what, &response["parts"], expected)?;
    let mut form = expected.clone();
    for part in form.as_array_mut().into_iter().flatten().filter_map(Json::as_object_mut) {
        if part["file"].is_null() {
            part.remove("file");
            part.remove("type");
            // Text is UTF-8.
            let bytes: Vec<u8> = part["text"].as_str().unwrap_or_default().chars().map(|letter| letter as u8).collect();
            part.insert("text".to_owned(), String::from_utf8(bytes)?.into());
        } else if let Some(name) = part["file"].as_str() {
            // Escaped as browsers do, which only the parser of a browser undoes.
            part.insert("file".to_owned(), name.replace("%22", "\"").into());
        }
    }
    same(what, &response["form"], &form)
}

fn text(name: &str, text: &str) -> Json {
    json!({ "name": name, "file": null, "type": null, "text": text })
}

fn typed(name: &str, media_type: &str, text: &str) -> Json {
    json!({ "name": name, "file": null, "type": media_type, "text": text })
}

fn file(name: &str, file: &str, media_type: &str, text: &str) -> Json {
    json!({ "name": name, "file": file, "type": media_type, "text": text })
}

fn invalid(result: Result<JsonObject, Error>, says: &str) -> Result<(), Failure> {
    let error = match result {
        Ok(_) => return Err(format!("sent, instead of: {says}").into()),
        Err(error) => error,
    };
    if error.kind() != ErrorKind::InvalidRequest || error.may_have_been_sent() || !error.to_string().contains(says) {
        return Err(format!("{:?}: {error}, instead of: {says}", error.kind()).into());
    }
    Ok(())
}

/// The number of requests that the server was sent.
fn count(url: &str) -> Result<u64, Failure> {
    let host = url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(host)?;
    write!(stream, "GET /count HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n")?;
    let mut text = String::new();
    stream.read_to_string(&mut text)?;
    let json = text.split("\r\n").find(|line| line.starts_with('{')).ok_or("no count")?;
    let json: Json = serde_json::from_str(json)?;
    Ok(json["count"].as_u64().ok_or("no count")?)
}

fn owner(name: &str) -> Owner {
    Owner::builder().name(name).age(7).build()
}

/// Texts, JSON, lists and a file; nothing has an encoding.
async fn defaults(client: &Client) -> Result<(), Failure> {
    let call = client.uploads().upload_file().file(File::bytes("a\r\n--b\u{e9}")).purpose("tests, \u{e5}\r\n");
    let call = call.pages(3).is_public(true).tags(["one", "two"]).owner(owner("Kari"));
    let response = call.owners([owner("Ola"), owner("\"Liv\"")]).send().await?;
    let latin = |text: &str| text.bytes().map(char::from).collect::<String>();
    let expected = json!([
        file("file", "file", "application/octet-stream", &latin("a\r\n--b\u{e9}")),
        text("is_public", "true"),
        typed("owner", "application/json", r#"{"age":7,"name":"Kari"}"#),
        typed("owners", "application/json", r#"{"age":7,"name":"Ola"}"#),
        typed("owners", "application/json", r#"{"age":7,"name":"\"Liv\""}"#),
        text("pages", "3"),
        text("purpose", &latin("tests, \u{e5}\r\n")),
        text("tags", "one"),
        text("tags", "two"),
    ]);
    parts("defaults", &response, &expected)?;
    same("its length is known", &response["coding"], &Json::Null)?;
    same("its length is right", &response["length"], &response["size"].to_string().into())
}

/// The encoding of the document: media types, JSON, `deepObject`, joined lists.
async fn described(client: &Client, path: &Path) -> Result<(), Failure> {
    let photos = [File::path(path), File::bytes("2").name("t\"wo.jpg").media_type("image/jpeg")];
    let call = client.uploads().create_album().photos(photos).cover(b"png".to_vec());
    let call = call.marker(AlbumMarker::builder().name("m").build()).labels(["a", "b"]).sizes([1, 2]);
    let filter = AlbumFilter::builder().place("Oslo").year(2026);
    let response = call.filter(filter.build()).notes("a;b").extra("more", json!({ "a": [1] })).send().await?;
    let expected = json!([
        file("cover", "cover", "image/png", "png"),
        text("filter[place]", "Oslo"),
        text("filter[year]", "2026"),
        typed("labels", "application/json", r#"["a","b"]"#),
        typed("marker", "application/json", r#"{"name":"m"}"#),
        typed("notes", "text/csv", "a;b"),
        file("photos[]", "photo.bin", "image/png", "from a file"),
        file("photos[]", "t%22wo.jpg", "image/jpeg", "2"),
        text("sizes", "1,2"),
        typed("more", "application/json", r#"{"a":[1]}"#),
    ]);
    parts("described", &response, &expected)?;

    let response = client.uploads().replace_album().photos([path]).labels(["a"]).send().await?;
    let expected = json!([text("labels", "a"), file("photos[]", "photo.bin", "application/octet-stream", "from a file")]);
    parts("the same schema without an encoding", &response, &expected)?;
    let response = client.uploads().create_extract().body([("x", File::bytes("1")), ("y", File::bytes("2"))]).send().await?;
    let expected = json!([
        file("x", "x", "application/octet-stream", "1"),
        file("y", "y", "application/octet-stream", "2"),
    ]);
    parts("a map of files", &response, &expected)?;
    let response = client.uploads().edit_image().image([File::bytes("1")]).send().await?;
    parts("one file or many", &response, &json!([file("image", "image", "application/octet-stream", "1")]))?;
    let response = client.uploads().send_note().text("x").count(1).send().await?;
    parts("no files", &response, &json!([text("count", "1"), text("text", "x")]))?;
    let large = vec![b'x'; 3_000_000];
    std::fs::write(path, &large)?;
    let response = client.uploads().edit_image().image([path]).send().await?;
    let sent = response["parts"][0]["text"].as_str().map(str::len);
    same("a large file", &json!(sent), &json!(large.len()))
}

/// A stream is sent once, with or without a length, and never retried.
async fn streams(client: &Client, url: &str) -> Result<(), Failure> {
    let sent = |content: &str| json!([file("file", "s", "application/octet-stream", content), text("purpose", "x")]);
    let call = |file: File| client.uploads().upload_file().file(file.name("s")).purpose("x");
    let response = call(stream(&["ab", "", "cd"])).send().await?;
    parts("a stream", &response, &sent("abcd"))?;
    same("its length is unknown", &response["coding"], &json!("chunked"))?;
    let response = call(stream(&["ab", "cd"]).length(4)).send().await?;
    parts("a stream with a length", &response, &sent("abcd"))?;
    same("its length is known", &response["coding"], &Json::Null)?;

    let operation: UploadFile = call(stream(&["ab"])).build();
    client.send(operation.clone()).await?;
    let before = count(url)?;
    invalid(client.send(operation).await, "`file`: its stream was sent before")?;
    // Nothing is sent, and the stream is kept, if another file can't be read.
    let kept = stream(&["ab"]).name("s");
    let both = client.uploads().edit_image().image([kept.clone(), File::path("/no/such.file")]);
    invalid(both.send().await, "`image`: can't read the file /no/such.file")?;
    same("nothing was sent", &json!(count(url)?), &json!(before))?;
    parts("it is kept", &call(kept).send().await?, &sent("ab"))?;

    for (length, says) in [(1, "longer"), (9, "shorter")] {
        let error = call(stream(&["ab", "cd"]).length(length)).send().await.err().ok_or("sent")?;
        let why = causes(&error);
        if error.kind() != ErrorKind::Transport || !why.contains(says) {
            return Err(format!("{says}: {:?}: {why}", error.kind()).into());
        }
    }
    let failing = File::stream(Pieces([Ok(b"ab".to_vec()), Err(Failed)].into()));
    let error = call(failing).send().await.err().ok_or("sent")?;
    if !causes(&error).contains("the disk is gone") {
        return Err(format!("{}", causes(&error)).into());
    }
    Ok(())
}

fn causes(error: &Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

/// A server that is busy at first is asked again, unless the body is a stream.
async fn retries(client: &Client, url: &str, path: &Path) -> Result<(), Failure> {
    let call = |file: File| client.uploads().upload_file().file(file).purpose("429 once").send();
    let busy = Some(ErrorKind::RateLimited);
    for (file, sent, fails) in [(File::bytes("x"), 2, None), (File::path(path), 2, None), (stream(&["x"]), 1, busy)] {
        let before = count(url)?;
        let kind = call(file).await.err().map(|error| error.kind());
        same("retries", &json!(count(url)? - before), &json!(sent))?;
        if kind != fails {
            return Err(format!("{kind:?} instead of {fails:?}").into());
        }
    }
    // Clears the memory of the server.
    drop(call(File::bytes("x")).await);
    Ok(())
}

/// Operations with files are stored, unless one is a stream.
fn stored(client: &Client) -> Result<(), Failure> {
    let photos = [File::bytes("a").name("a.png"), File::path("b.png").media_type("image/png")];
    let operation = client.uploads().create_album().photos(photos).build();
    let json = serde_json::to_value(&operation)?;
    let files = json!([{ "bytes": "YQ==", "name": "a.png" }, { "path": "b.png", "media_type": "image/png" }]);
    same("stored", &json["body"]["photos[]"], &files)?;
    let read: CreateAlbum = serde_json::from_value(json)?;
    if read != operation {
        return Err("a stored operation is another one".into());
    }
    let operation = client.uploads().create_album().photos([stream(&["x"])]).build();
    match serde_json::to_value(&operation) {
        Ok(json) => Err(format!("a stream was stored as {json}").into()),
        Err(error) if error.to_string().contains("a file from a stream can't be stored") => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// A mock reads the whole body, and compares operations.
async fn mocked(path: &Path) -> Result<(), Failure> {
    let mock = Mock::new();
    let client = mock.client();
    let operation = || client.uploads().upload_file().file(path).purpose("x").build();
    mock.expect(operation()).value(JsonObject::new());
    client.send(operation()).await?;
    let requests = mock.requests();
    let body = requests.last().map(|request| String::from_utf8_lossy(request.body()).into_owned()).unwrap_or_default();
    match body.contains("filename=\"photo.bin\"\r\nContent-Type: application/octet-stream\r\n\r\nfrom a file\r\n--") {
        true => Ok(()),
        false => Err(body.into()),
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let url = std::env::args().nth(1).ok_or("the address of the server is missing")?;
    let client = Client::builder().base_url(&*url).build()?;
    let folder = std::env::temp_dir().join(format!("uploads-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let path = folder.join("photo.bin");
    std::fs::write(&path, "from a file")?;
    defaults(&client).await?;
    described(&client, &path).await?;
    std::fs::write(&path, "from a file")?;
    streams(&client, &url).await?;
    retries(&client, &url, &path).await?;
    stored(&client)?;
    mocked(&path).await?;
    std::fs::remove_dir_all(folder)?;
    println!("multipart bodies are read by Node.js and Python as they were meant");
    Ok(())
}
