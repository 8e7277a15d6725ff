//! Calls of generated crates on a raw socket, compared byte by byte. Compiled and run by `tests/generated.rs`.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use bodies::BodiesApi as _;
use calls::CallsApi as _;
use answers::AnswersApi as _;
use content::ContentApi as _;
use deep::DeepApi as _;
use dintero::{Client, ErrorKind};
use forms::FormsApi as _;
use json_schema::JsonSchemaApi as _;
use maps_and_null::MapsAndNullApi as _;
use methods::{Folder, MethodsApi as _};
use media_types::{DraftId, MediaTypesApi as _, SaveDraftOutput};
use parameters::ParametersApi as _;
use numbers::NumbersApi as _;
use paths::PathsApi as _;
use security::SecurityApi as _;
use servers::ServersApi as _;
use styles::StylesApi as _;
use swagger::SwaggerApi as _;
use unions::UnionsApi as _;

type Failure = Box<dyn std::error::Error>;

/// Answers every request with the same bytes and hands on what it was sent.
fn serve(answer: &'static str) -> Result<(String, Receiver<String>), Failure> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}", listener.local_addr()?);
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let mut request = Vec::new();
            let mut buffer = [0; 4096];
            while let Ok(count) = stream.read(&mut buffer) {
                request.extend_from_slice(&buffer[..count]);
                let text = String::from_utf8_lossy(&request).into_owned();
                let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
                let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
                if count == 0 || body.len() >= length.and_then(|length| length.parse().ok()).unwrap_or(0) {
                    let _ = stream.write_all(answer.as_bytes());
                    let _ = sender.send(text);
                    break;
                }
            }
        }
    });
    Ok((url, receiver))
}

const NO_CONTENT: &str = "HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n";
const LIST: &str = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n[]";
const OBJECT: &str = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}";

/// Compares a request: its first line, the headers that matter, its body.
fn compare(what: &str, sent: &str, line: &str, headers: &[(&str, Option<&str>)], body: &str) -> Result<(), Failure> {
    let (head, sent_body) = sent.split_once("\r\n\r\n").ok_or("no end of the headers")?;
    let sent_line = head.lines().next().unwrap_or_default();
    if sent_line != line {
        return Err(format!("{what}\n  sent     {sent_line}\n  expected {line}").into());
    }
    for (name, value) in headers {
        let found: Vec<&str> = head.lines().skip(1).filter_map(|line| line.split_once(": ")).filter(|(key, _)| key == name).map(|(_, value)| value).collect();
        let expected: Vec<&str> = value.iter().copied().collect();
        if found != expected {
            return Err(format!("{what}: header {name}: sent {found:?}, expected {expected:?}").into());
        }
    }
    // The order of members means nothing.
    let json = |text: &str| serde_json::from_str::<serde_json::Value>(text).ok();
    let is_same = json(body).is_some_and(|expected| json(sent_body) == Some(expected));
    if sent_body != body && (sent_body.len() != body.len() || !is_same) {
        return Err(format!("{what}\n  sent     {sent_body}\n  expected {body}").into());
    }
    println!("ok {what}");
    Ok(())
}

fn client(url: &str) -> dintero::ClientBuilder {
    Client::builder().base_url(url)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    parameter_styles().await?;
    content_parameters().await?;
    credentials().await?;
    request_bodies().await?;
    media_types_of_bodies().await?;
    methods_and_query_strings().await?;
    styles_of_values().await?;
    encodings_of_forms().await?;
    paths_in_the_document().await?;
    answers_without_bodies().await?;
    large_numbers().await?;
    other_versions().await?;
    base_urls().await?;
    keys().await?;
    redirects().await?;
    deep_types().await?;
    everything_can_be_stored();
    println!("all requests are as expected");
    Ok(())
}

/// OpenAPI 3.2.
async fn methods_and_query_strings() -> Result<(), Failure> {
    let (url, sent) = serve(LIST)?;
    let client = client(&url).bearer_token("t0ken").build()?;
    let found = client.files().search_files(Folder::new("a b")).text("x").send().await?;
    assert!(found.is_empty());
    let json = [("content-type", Some("application/json"))];
    compare("QUERY", &sent.recv()?, "QUERY /files/a%20b HTTP/1.1", &json, r#"{"text":"x"}"#)?;
    let changed = methods::ListFilesChanged::builder().after("2026-01-31".parse::<dintero::Date>()?).build();
    let call = client.files().list_files(Folder::new("a")).owner("me & you").sizes([1, 2]).names(["x", "y"]).changed(changed);
    call.session("a=b/c%20").theme(["dark", "large"]).send().await?;
    let line = "GET /files/a?changed=%7B%22after%22%3A%222026-01-31%22%7D&names=x,y&owner=me%20%26%20you&sizes=1&sizes=2 HTTP/1.1";
    let cookie = [("cookie", Some("session=a=b/c%20; theme=dark; theme=large"))];
    compare("a query string that is a form, and cookies as they are", &sent.recv()?, line, &cookie, "")?;
    let refused = client.files().list_files(Folder::new("a")).owner("me").session("a;b").send().await;
    assert!(matches!(refused, Err(error) if error.kind() == ErrorKind::InvalidRequest));
    let (url, sent) = serve(NO_CONTENT)?;
    let client = self::client(&url).bearer_token("t0ken").build()?;
    client.files().copy_files_folder(Folder::new("a")).destination("b").send().await?;
    compare("COPY", &sent.recv()?, "COPY /files/a HTTP/1.1", &[("destination", Some("b"))], "")?;
    client.shares().lock_files(Folder::new("a")).send().await?;
    compare("LOCK", &sent.recv()?, "LOCK /files/a HTTP/1.1", &[], "")?;
    // What a default of a discriminator means.
    let read = |text: &str| serde_json::from_str::<methods::Entry>(text);
    assert!(matches!(read(r#"{"kind":"picture","size":1}"#)?, methods::Entry::Picture(_)));
    assert!(matches!(read(r#"{"kind":"sound","width":1}"#)?, methods::Entry::Other(other) if other.kind.as_deref() == Some("sound")));
    Ok(())
}

/// A task may hold types that hold each other deeper than the compiler looks.
async fn deep_types() -> Result<(), Failure> {
    let (url, sent) = serve("HTTP/1.1 200 OK\r\ncontent-length: 51\r\nconnection: close\r\n\r\n{\"text\":\"a\",\"next\":{\"text\":\"b\",\"next\":[{\"odd\":1}]}}")?;
    let client = client(&url).build()?;
    let next = deep::S1::builder().text("y").next([deep::S2::builder().text("z").build()]).build();
    let task = tokio::spawn(async move { client.deep().send_deep().text("x").next(next).send().await });
    let answer = task.await??;
    compare("deep types", &sent.recv()?, "POST /deep HTTP/1.1", &[], r#"{"next":{"next":[{"text":"z"}],"text":"y"},"text":"x"}"#)?;
    let next = answer.next.as_ref().ok_or("no next")?;
    if (answer.text.as_deref(), next.text.as_deref(), next.next.len()) != (Some("a"), Some("b"), 1) {
        return Err(format!("deep types were read as {answer:?}").into());
    }
    Ok(())
}

async fn parameter_styles() -> Result<(), Failure> {
    let (url, sent) = serve(NO_CONTENT)?;
    let client = client(&url).build()?;
    let group = client.parameters();
    let shop = parameters::ShopId::new("S 1/2?");
    let order = parameters::OrderId::new("å");
    group.find_order(&shop, &order).trace(7).exact(true).send().await?;
    compare("only what is required", &sent.recv()?, "GET /shops/S%201%2F2%3F/orders/%C3%A5?exact=true HTTP/1.1", &[("trace", Some("7")), ("x-toggles", None), ("cookie", None)], "")?;
    group
        .find_order(&shop, &order)
        .trace(-1)
        .x_toggles([parameters::FindOrderXToggle::Fast, parameters::FindOrderXToggle::Exact])
        .status([parameters::FindOrderStatus::New, "a b&c".into()])
        .payout_id(["p,1", "p2"])
        .sizes([1, 2])
        .words(["a b", "c"])
        .created_at_gte("2026-01-02T03:04:05+01:00".parse::<dintero::Timestamp>()?)
        .start_time("t")
        .start_time_lt("<")
        .start_time_gt(">")
        .filter(parameters::FindOrderFilter::builder().color("r&d").size(3).build())
        .exact(false)
        .seen("yes")
        .send()
        .await?;
    compare(
        "every style",
        &sent.recv()?,
        "GET /shops/S%201%2F2%3F/orders/%C3%A5?status=new&status=a%20b%26c&payout_id=p%2C1,p2&sizes=1%7C2&words=a%20b%20c\
         &created_at.gte=2026-01-02T03%3A04%3A05%2B01%3A00&StartTime=t&StartTime%3C=%3C&StartTime%3E=%3E\
         &filter%5Bcolor%5D=r%26d&filter%5Bsize%5D=3&exact=false HTTP/1.1",
        &[("trace", Some("-1")), ("x-toggles", Some("fast,exact")), ("cookie", Some("seen=yes"))],
        "",
    )?;
    for bad in ["", ".", ".."] {
        let error = group.find_order(parameters::ShopId::new(bad), &order).trace(1).exact(true).send().await.err();
        let error = error.ok_or("a path parameter that changes the path was sent")?;
        if error.kind() != ErrorKind::InvalidRequest || error.may_have_been_sent() || !error.to_string().contains("shop_id") {
            return Err(format!("{bad:?}: {error}").into());
        }
    }
    println!("ok path parameters that would change the path are refused");
    Ok(())
}

#[allow(deprecated, reason = "the construct is deprecated to show how that looks")]
async fn content_parameters() -> Result<(), Failure> {
    let (url, sent) = serve(LIST)?;
    let client = client(&url).build()?;
    use content::Function::{Sum, Unit};
    client.content().list_figures().functions([Sum, Unit]).note("short").send().await?;
    compare("a parameter that is JSON", &sent.recv()?, "GET /figures?functions=%5B%22sum%22%2C%22unit%22%5D&note=short HTTP/1.1", &[], "")?;
    for (functions, note, says) in [(vec![], "", "functions"), (vec![Unit], "", "unit"), (vec![Sum], "too long", "note")] {
        let error = client.content().list_figures().functions(functions).note(note).send().await.err();
        let error = error.ok_or("a broken rule was sent")?;
        if error.kind() != ErrorKind::InvalidRequest || error.may_have_been_sent() || !error.to_string().contains(says) {
            return Err(format!("{says}: {error}").into());
        }
    }
    println!("ok broken rules are refused before anything is sent");
    Ok(())
}

async fn credentials() -> Result<(), Failure> {
    let (url, sent) = serve(NO_CONTENT)?;
    let all = client(&url).bearer_token("t0ken").api_key_for("key", "k3y").api_key_for("query", "in query").api_key_for("cookie", "c00kie").build()?;
    let group = all.security();
    group.inherited().send().await?;
    compare("a bearer token", &sent.recv()?, "GET /inherited HTTP/1.1", &[("authorization", Some("Bearer t0ken")), ("x-api-key", None)], "")?;
    group.none().send().await?;
    compare("no authentication", &sent.recv()?, "GET /none HTTP/1.1", &[("authorization", None), ("x-api-key", None)], "")?;
    group.optional().send().await?;
    compare("optional, and there", &sent.recv()?, "GET /optional HTTP/1.1", &[("authorization", None), ("x-api-key", Some("k3y"))], "")?;
    group.either().send().await?;
    compare("the first of two", &sent.recv()?, "GET /either HTTP/1.1", &[("authorization", None), ("x-api-key", Some("k3y"))], "")?;
    group.both().send().await?;
    compare("two together", &sent.recv()?, "GET /both?key=in+query HTTP/1.1", &[("authorization", None), ("x-api-key", Some("k3y"))], "")?;
    group.cookie().send().await?;
    compare("a key in a cookie", &sent.recv()?, "GET /cookie HTTP/1.1", &[("cookie", Some("sid=c00kie"))], "")?;
    group.oauth().send().await?;
    compare("OAuth 2", &sent.recv()?, "GET /oauth HTTP/1.1", &[("authorization", Some("Bearer t0ken"))], "")?;
    let token = client(&url).bearer_token("t0ken").build()?;
    token.security().either().send().await?;
    compare("the second of two", &sent.recv()?, "GET /either HTTP/1.1", &[("authorization", Some("Bearer t0ken")), ("x-api-key", None)], "")?;
    let error = token.security().basic().send().await.err().ok_or("sent without credentials")?;
    if error.kind() != ErrorKind::Credentials || error.may_have_been_sent() {
        return Err(error.into());
    }
    let basic = client(&url).account("T12345678".parse()?).client_credentials("id", "s:cret").build()?;
    basic.security().basic().send().await?;
    compare("basic", &sent.recv()?, "GET /basic HTTP/1.1", &[("authorization", Some("Basic aWQ6czpjcmV0"))], "")?;
    client(&url).build()?.security().optional().send().await?;
    compare("optional, and not there", &sent.recv()?, "GET /optional HTTP/1.1", &[("authorization", None), ("x-api-key", None)], "")?;
    Ok(())
}

/// A method for each media type of a body, which sends that one. Their responses are of the same type.
async fn media_types_of_bodies() -> Result<(), Failure> {
    let (url, sent) = serve(OBJECT)?;
    let client = client(&url).build()?;
    let group = client.media_types();
    let draft = |media_type: &'static str, body: &'static str| {
        compare(media_type, &sent.recv()?, "PUT /drafts/d HTTP/1.1", &[("content-type", Some(media_type)), ("accept", Some("application/json"))], body)
    };
    let id = || DraftId::new("d");
    let mut answers = vec![group.save_draft(id()).title("t").remarks(["a", "b"]).send().await?];
    draft("application/json", "{\"remarks\":[\"a\",\"b\"],\"title\":\"t\"}")?;
    answers.push(group.save_draft_as_merge_patch_json(id()).title_null().send().await?);
    draft("application/merge-patch+json", "{\"title\":null}")?;
    answers.push(group.save_draft_as_form(id()).title("t&u").remarks(["a", "b"]).send().await?);
    draft("application/x-www-form-urlencoded", "remarks=a&remarks=b&title=t%26u")?;
    answers.push(group.save_draft_as_text_2(id()).body("plain").send().await?);
    draft("text/plain", "plain")?;
    answers.push(group.save_draft_as_markdown(id()).body("# m").send().await?);
    draft("text/markdown", "# m")?;
    answers.push(group.save_draft_as_binary(id()).body("0").send().await?);
    draft("application/octet-stream", "0")?;
    answers.push(group.save_draft_as_png(id()).mode("keep").body("PNG").send().await?);
    compare("image/png", &sent.recv()?, "PUT /drafts/d?mode=keep HTTP/1.1", &[("content-type", Some("image/png"))], "PNG")?;
    if !answers.iter().all(|answer| matches!(answer, SaveDraftOutput::Ok(_))) {
        return Err("the response of a media type".into());
    }
    let cover = dintero::File::bytes("PNG").name("c.png");
    group.save_draft_as_multipart(id()).title("t").cover(cover).send().await?;
    let parts = sent.recv()?;
    let has = ["PUT /drafts/d HTTP/1.1", "content-type: multipart/form-data; boundary=", "name=\"cover\"; filename=\"c.png\"", "\r\n\r\nPNG\r\n"];
    if let Some(missing) = has.into_iter().find(|part| !parts.contains(part)) {
        return Err(format!("{missing} is not in {parts}").into());
    }
    println!("ok multipart/form-data");
    let done = serve(NO_CONTENT)?;
    let client = self::client(&done.0).build()?;
    client.media_types().save_draft_as_text(id()).title("t").token("k").send().await?;
    let title = |media_type, body| compare(media_type, &done.1.recv()?, "POST /drafts/d/title HTTP/1.1", &[("content-type", Some(media_type))], body);
    title("application/json", "{\"title\":\"t\",\"token\":\"k\"}")?;
    client.media_types().save_table(id()).body("a;b").send().await?;
    title("text/csv", "a;b")?;
    Ok(())
}

async fn request_bodies() -> Result<(), Failure> {
    let (url, sent) = serve(NO_CONTENT)?;
    let client = client(&url).build()?;
    let group = client.bodies();
    group.send_form().scope("a b&c").send().await?;
    compare("a form", &sent.recv()?, "POST /form HTTP/1.1", &[("content-type", Some("application/x-www-form-urlencoded"))], "grant_type=password&scope=a+b%26c")?;
    group.send_text().body("plain ø").send().await?;
    compare("text", &sent.recv()?, "PUT /text HTTP/1.1", &[("content-type", Some("text/plain"))], "plain ø")?;
    group.optional_body().reason("because").send().await?;
    compare("JSON", &sent.recv()?, "POST /optional HTTP/1.1", &[("content-type", Some("application/json"))], "{\"reason\":\"because\"}")?;
    group.optional_body().send().await?;
    compare("a body left out", &sent.recv()?, "POST /optional HTTP/1.1", &[("content-type", None)], "")?;
    group.optional_body_that_demands().amount(1).send().await?;
    compare("an optional body that needs values", &sent.recv()?, "POST /demanding HTTP/1.1", &[("content-type", Some("application/json"))], "{\"amount\":1}")?;
    group.optional_body_that_demands().without_body().send().await?;
    compare("no body, as was said", &sent.recv()?, "POST /demanding HTTP/1.1", &[("content-type", None)], "")?;
    group.optional_body_beside_a_parameter().since(1).amount(1).id("i").send().await?;
    compare("values that are always sent", &sent.recv()?, "POST /demanding-more?since=1 HTTP/1.1", &[], "{\"currency\":\"NOK\",\"amount\":1,\"id\":\"i\"}")?;
    group.optional_body_beside_a_parameter().without_body().since(1).send().await?;
    compare("no body beside a parameter", &sent.recv()?, "POST /demanding-more?since=1 HTTP/1.1", &[("content-type", None)], "")?;
    group.delete_with_list().body(["a", "b"]).send().await?;
    let any = |sent: String, media_type: &'static str, body: &'static str| compare("any media type", &sent, sent.lines().next().unwrap_or_default(), &[("content-type", Some(media_type))], body);
    compare("DELETE with a list", &sent.recv()?, "DELETE /list HTTP/1.1", &[("content-type", Some("application/json"))], "[\"a\",\"b\"]")?;
    group.send_any_text().body("plain ø").send().await?;
    any(sent.recv()?, "text/plain", "plain ø")?;
    group.send_any_bytes().body("bytes").send().await?;
    any(sent.recv()?, "application/octet-stream", "bytes")?;
    group.send_any_image().body("bytes").send().await?;
    any(sent.recv()?, "application/octet-stream", "bytes")?;
    let (object_url, sent_object) = serve(OBJECT)?;
    self::client(&object_url).build()?.bodies().send_any().note("n").send().await?;
    any(sent_object.recv()?, "application/json", "{\"note\":\"n\"}")?;
    let write = client.maps_and_null();
    write.write_only().name("n").cleared_null().send().await?;
    compare("null where it is required", &sent.recv()?, "POST /write HTTP/1.1", &[], "{\"name\":\"n\",\"cleared\":null}")?;
    write.write_only().name("n").cleared("c").note_null().send().await?;
    compare("null apart from absent", &sent.recv()?, "POST /write HTTP/1.1", &[], "{\"cleared\":\"c\",\"name\":\"n\",\"note\":null}")?;
    let (url, sent) = serve(OBJECT)?;
    let client = self::client(&url).build()?;
    client.unions().add_pet().body(unions::Cat::builder().lives(9).build()).send().await?;
    compare("a discriminator is filled in", &sent.recv()?, "POST /pets HTTP/1.1", &[], "{\"species\":\"house.cat\",\"lives\":9}")?;
    Ok(())
}

/// RFC 6570, appendix A.
async fn styles_of_values() -> Result<(), Failure> {
    let (url, sent) = serve(NO_CONTENT)?;
    let client = client(&url).build()?;
    let group = client.styles();
    let color = || styles::Color::builder().r(1).name("a b").build();
    group.simple(color(), color()).x_color(color()).x_mixed(color()).send().await?;
    compare(
        "simple",
        &sent.recv()?,
        "GET /simple/name=a%20b,r=1/name,a%20b,r,1 HTTP/1.1",
        &[("x-color", Some("name=a b,r=1")), ("x-mixed", Some("name,a b,r,1"))],
        "",
    )?;
    group.label(styles::LabelId::new("i"), ["a", "b"], ["c", "d"], color(), color()).send().await?;
    compare("label", &sent.recv()?, "GET /label/.i/.a,b/.c.d.name=a%20b.r=1.name,a%20b,r,1 HTTP/1.1", &[], "")?;
    group.matrix(7, ["a", "b"], ["c", "d"], color(), color()).send().await?;
    compare(
        "matrix",
        &sent.recv()?,
        "GET /matrix;id=7/;names=a,b/;tags=c;tags=d;name=a%20b;r=1;mixed=name,a%20b,r,1 HTTP/1.1",
        &[],
        "",
    )?;
    group
        .query()
        .q("http://x/?a=1&b")
        .hosts(["a:1", "b/c"])
        .created(styles::Range::builder().gt(5).build())
        .expand(["a", "b"])
        .color(color())
        .shade(color())
        .seen([1, 2])
        .kept([1, 2])
        .send()
        .await?;
    compare(
        "queries and cookies",
        &sent.recv()?,
        "GET /query?q=http://x/?a=1%26b&hosts=a:1,b/c&created%5Bgt%5D=5&expand%5B0%5D=a&expand%5B1%5D=b\
         &color=name,a%20b,r,1&name=a%20b&r=1 HTTP/1.1",
        &[("cookie", Some("seen=1; seen=2; kept=1,2"))],
        "",
    )
}

async fn encodings_of_forms() -> Result<(), Failure> {
    let (url, sent) = serve(NO_CONTENT)?;
    let client = client(&url).build()?;
    let item = |price: &str| forms::Item::builder().price(price).quantity(2).build();
    let card = forms::DeepBodyCard::builder().number("4").networks(["x", "y"]).build();
    client.forms().deep().expand(["a", "b"]).items([item("p"), item("q")]).card(card).metadata([("k", "v")]).currency("nok").send().await?;
    compare(
        "deep objects",
        &sent.recv()?.replace("%5B", "[").replace("%5D", "]"),
        "POST /deep HTTP/1.1",
        &[("content-type", Some("application/x-www-form-urlencoded"))],
        "card[networks][0]=x&card[networks][1]=y&card[number]=4&currency=nok&expand[0]=a&expand[1]=b\
         &items[0][price]=p&items[0][quantity]=2&items[1][price]=q&items[1][quantity]=2&metadata[k]=v",
    )?;
    let grant = forms::PasswordGrant::builder().username("ola").scopes(["a b", "c"]).build();
    client.forms().token().body(grant).send().await?;
    compare(
        "one of two forms",
        &sent.recv()?,
        "POST /token HTTP/1.1",
        &[("content-type", Some("application/x-www-form-urlencoded"))],
        "grant_type=password&scopes=a+b&scopes=c&username=ola",
    )?;
    let mut anything = forms::prelude::JsonObject::new();
    anything.insert("a".to_owned(), "b".into());
    client.forms().anything().body(anything).send().await?;
    compare(
        "a form of any members",
        &sent.recv()?,
        "POST /anything HTTP/1.1",
        &[("content-type", Some("application/x-www-form-urlencoded"))],
        "a=b",
    )?;
    client
        .forms()
        .each()
        .csv(["a", "b,"])
        .piped(["a", "b"])
        .spaced(["a", "b"])
        .repeated(["a", "b"])
        .as_json(["a"])
        .own(item("o"))
        .joined(item("j"))
        .plain(item("p"))
        .items([item("p"), item("q")])
        .callback("https://x/y?z")
        .note("a/b")
        .send()
        .await?;
    compare(
        "an encoding for each",
        &sent.recv()?,
        "POST /each HTTP/1.1",
        &[("content-type", Some("application/x-www-form-urlencoded; charset=utf-8"))],
        "as_json=%5B%22a%22%5D&callback=https://x/y?z&csv=a,b%2C\
         &items=%7B%22price%22%3A%22p%22%2C%22quantity%22%3A2%7D&items=%7B%22price%22%3A%22q%22%2C%22quantity%22%3A2%7D\
         &joined=price,j,quantity,2&note=a%2Fb&price=o&quantity=2&piped=a%7Cb\
         &plain=%7B%22price%22%3A%22p%22%2C%22quantity%22%3A2%7D&repeated=a&repeated=b&spaced=a+b",
    )
}

/// Fragments stay here, and a path that refers to another has its operations.
async fn paths_in_the_document() -> Result<(), Failure> {
    let (url, sent) = serve(NO_CONTENT)?;
    let client = client(&url).build()?;
    let group = client.paths();
    group.copy_file().send().await?;
    compare("a fragment", &sent.recv()?, "POST /files HTTP/1.1", &[], "")?;
    group.list_files().send().await?;
    compare("a query in the path", &sent.recv()?, "GET /files?action=list HTTP/1.1", &[], "")?;
    group.delete_v3_pets_id(paths::PetId::new("7")).x_trace("t").send().await?;
    compare("a path item elsewhere", &sent.recv()?, "DELETE /v3/pets/7 HTTP/1.1", &[("x-trace", Some("t"))], "")
}

/// Statuses with which HTTP has no body give none, and `default` alone says what failures are.
async fn answers_without_bodies() -> Result<(), Failure> {
    let (url, _sent) = serve(NO_CONTENT)?;
    let no_content = client(&url).build()?;
    let () = no_content.answers().bodies_that_http_does_not_have().send().await?;
    let (url, _sent) = serve("HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\ncontent-length: 13\r\nconnection: close\r\n\r\n{\"said\":\"no\"}")?;
    let failing = client(&url).build()?;
    let error = failing.answers().only_a_default().send().await.err().ok_or("400 is a success")?;
    let failure: Option<answers::OnlyADefaultResponse> = error.error_body::<answers::OnlyADefault>().transpose()?;
    if failure.and_then(|failure| failure.said).as_deref() != Some("no") {
        return Err(format!("{error:?}").into());
    }
    println!("ok a failure is typed by `default`");
    Ok(())
}

/// No digit is lost on the way in and out, and a number that is larger than documented does not cost the answer.
async fn large_numbers() -> Result<(), Failure> {
    let body = r#"{"by_format":18446744073709551615,"by_size":340282366920938463463374607431768211455123,"list":[-170141183460469231731687303715884105727123,"7"],"usual":18446744073709551615}"#;
    let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len());
    let (url, sent) = serve(Box::leak(answer.into_boxed_str()))?;
    let client = client(&url).build()?;
    let huge: dintero::rt::BigInteger = "340282366920938463463374607431768211455123".parse()?;
    let call = client.numbers().set_counters().since(u64::MAX).huge(huge.clone());
    let counters = call.by_format(u64::MAX).by_size(huge.clone()).list([huge.clone(), 7_i64.into()]).send().await?;
    compare(
        "large numbers",
        &sent.recv()?,
        "POST /counters?since=18446744073709551615&huge=340282366920938463463374607431768211455123 HTTP/1.1",
        &[],
        r#"{"by_format":18446744073709551615,"by_size":340282366920938463463374607431768211455123,"list":[340282366920938463463374607431768211455123,7]}"#,
    )?;
    if counters.by_format != Some(u64::MAX) || counters.by_size != Some(huge) || counters.usual.is_some() {
        return Err(format!("{counters:?}").into());
    }
    let again = format!("{:?}", counters.list);
    if again != "[-170141183460469231731687303715884105727123, 7]" || counters.extra.get("usual") != Some(&u64::MAX.into()) {
        return Err(format!("{again} {:?}", counters.extra).into());
    }
    println!("ok what is larger than documented is kept");
    Ok(())
}

/// Documents in Swagger 2.0 and OpenAPI 3.1.
async fn other_versions() -> Result<(), Failure> {
    let body = r#"[{"kind":"Dog","name":"Rex","breed":"boxer","nick":null},{"kind":"Cat"}]"#;
    let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len());
    let (url, sent) = serve(Box::leak(answer.into_boxed_str()))?;
    let client = client(&url).build()?;
    let call = client.pets().list_pets().limit(5).colour(["red", "white"]).kind(["a", "b"]).near([1.5, 2.5]);
    let pets = call.tail(["c", "d e"]).x_order(["name", "age"]).send().await?;
    let line = "GET /pets?colour=red,white&kind=a&kind=b&near=1.5%7C2.5&tail=c%09d%20e&limit=5 HTTP/1.1";
    compare("lists of Swagger 2.0", &sent.recv()?, line, &[("x-order", Some("name age"))], "")?;
    let [swagger::Pet::Dog(dog), swagger::Pet::Unrecognized(_)] = &pets[..] else {
        return Err(format!("{pets:?}").into());
    };
    if dog.breed.as_deref() != Some("boxer") || dog.nick.is_some() {
        return Err(format!("{dog:?}").into());
    }
    let (url, sent) = serve(NO_CONTENT)?;
    let client = self::client(&url).build()?;
    client.login().login().user("u").scope(["a", "b"]).area(["c", "d"]).send().await?;
    compare("a form of Swagger 2.0", &sent.recv()?, "POST /login HTTP/1.1", &[("content-type", Some("application/x-www-form-urlencoded"))], "area=c%09d&scope=a,b&user=u")?;
    client.pets().names(["1", "2"]).send().await?;
    compare("a list in a path of Swagger 2.0", &sent.recv()?, "GET /pets/1%7C2/names HTTP/1.1", &[], "")?;
    let pet = client.registry().add_pet().name("Rex").nick_null().at([1.5, 2.5]).weight("heavy".to_owned());
    pet.send().await?;
    compare("schemas of OpenAPI 3.1", &sent.recv()?, "POST /pets HTTP/1.1", &[], r#"{"kind":"pet","at":[1.5,2.5],"name":"Rex","weight":"heavy","nick":null}"#)?;
    Ok(())
}

async fn base_urls() -> Result<(), Failure> {
    let (document, at_document) = serve(NO_CONTENT)?;
    let (path, at_path) = serve(NO_CONTENT)?;
    let (operation, at_operation) = serve(NO_CONTENT)?;
    let client = Client::builder()
        .server("https://api.example.com/v1", format!("{document}/v1"))
        .server("https://eu.example.com", path)
        .server("https://north.example.com/v2", format!("{operation}/v2/"))
        .build()?;
    client.servers().at_the_document().send().await?;
    compare("the document's server", &at_document.recv()?, "GET /v1/a HTTP/1.1", &[], "")?;
    client.servers().at_the_path().send().await?;
    compare("the path's server", &at_path.recv()?, "GET /b HTTP/1.1", &[], "")?;
    client.servers().at_the_operation().send().await?;
    compare("the operation's server", &at_operation.recv()?, "POST /v2/b HTTP/1.1", &[], "")?;
    Ok(())
}

/// Each complete operation has a key of its own, unless the caller gives one.
async fn keys() -> Result<(), Failure> {
    let (url, sent) = serve(NO_CONTENT)?;
    let client = client(&url).build()?;
    let builder = client.calls().create_payment();
    let (first, second) = (builder.clone().amount(1).build(), builder.clone().amount(1).build());
    let key = first.idempotency_key.clone().ok_or("an operation has no key")?;
    if first.idempotency_key == second.idempotency_key || key.len() != 36 {
        return Err("two operations have one key".into());
    }
    client.send(first.clone()).await?;
    client.send(first).await?;
    for _ in 0..2 {
        compare("a key of its own", &sent.recv()?, "POST /terminals HTTP/1.1", &[("idempotency-key", Some(&key))], "{\"amount\":1}")?;
    }
    builder.amount(1).idempotency_key("mine").send().await?;
    compare("the caller's key", &sent.recv()?, "POST /terminals HTTP/1.1", &[("idempotency-key", Some("mine"))], "{\"amount\":1}")?;
    client.calls().key_too_short_for_a_uuid(calls::TerminalId::new("1")).send().await?;
    compare("no room for a key", &sent.recv()?, "POST /terminals/1/short HTTP/1.1", &[("idempotency-key", None)], "")
}

/// A redirect that the document names is an answer.
async fn redirects() -> Result<(), Failure> {
    let (url, _sent) = serve("HTTP/1.1 302 Found\r\nlocation: /shop\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")?;
    let client = client(&url).build()?;
    let redirect = client.calls().only_redirects().send().await?;
    if redirect.location() != Some("/shop") {
        return Err(format!("{redirect:?}").into());
    }
    match client.calls().redirects_or_nothing().send().await? {
        calls::RedirectsOrNothingOutput::Status3xx(redirect) if redirect.location() == Some("/shop") => {}
        other => return Err(format!("{other:?}").into()),
    }
    let error = client.calls().redirects_or_answers().send().await.err().ok_or("302 is not declared there")?;
    match (error.kind(), error.location()) {
        (ErrorKind::Redirect, Some("/shop")) => Ok(()),
        _ => Err(error.into()),
    }
}

/// What is sent, what is received and whole operations can be written and read without any feature.
fn everything_can_be_stored() {
    use dintero::insight::{CheckoutKpi, ReportSettings};
    use dintero::rt::serde::{Serialize, de::DeserializeOwned};
    fn stored<T: Serialize + DeserializeOwned>() {}
    stored::<CheckoutKpi>();
    stored::<ReportSettings>();
    stored::<calls::CreatePayment>();
    stored::<unions::Pet>();
}
