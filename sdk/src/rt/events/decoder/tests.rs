use super::*;

/// Decodes chunks. The last item may be one that the end cut off.
fn decode_as(format: StreamFormat, chunks: &[&[u8]]) -> (Vec<Frame>, Option<Frame>) {
    let mut decoder = Decoder::new(format, 1 << 20);
    let mut frames = Vec::new();
    for chunk in chunks {
        let mut chunk = Bytes::copy_from_slice(chunk);
        while let Some(frame) = decoder.next(&mut chunk).unwrap() {
            frames.push(frame);
        }
        assert!(chunk.is_empty());
    }
    (frames, decoder.rest())
}

/// Decodes events as a whole, byte by byte, and cut in two everywhere; the result must be the same.
fn decode(stream: &[u8]) -> Vec<Frame> {
    let whole = decode_as(StreamFormat::Events, &[stream]);
    let bytes: Vec<&[u8]> = stream.chunks(1).collect();
    assert_eq!(decode_as(StreamFormat::Events, &bytes), whole);
    for middle in 0..stream.len() {
        let (first, second) = stream.split_at(middle);
        assert_eq!(decode_as(StreamFormat::Events, &[first, second]), whole);
    }
    whole.0
}

fn texts(stream: &str) -> Vec<String> {
    let frames = decode(stream.as_bytes());
    frames.into_iter().map(|frame| frame.text).collect()
}

/// The examples of the HTML standard, section "Interpreting an event stream".
#[test]
fn examples_of_the_standard() {
    assert_eq!(
        texts("data: YHOO\ndata: +2\ndata: 10\n\n"),
        ["YHOO\n+2\n10"]
    );

    let frames = decode(
        b": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n",
    );
    let seen: Vec<_> = frames
        .iter()
        .map(|frame| (frame.text.as_str(), frame.id.as_deref()))
        .collect();
    assert_eq!(
        seen,
        [
            ("first event", Some("1")),
            ("second event", None),
            (" third event", None)
        ]
    );

    assert_eq!(texts("data\n\ndata\ndata\n\ndata:"), ["", "\n"]);
    assert_eq!(texts("data:test\n\ndata: test\n\n"), ["test", "test"]);
}

#[test]
fn ends_of_lines() {
    assert_eq!(texts("data: a\r\n\r\ndata: b\r\n\r\n"), ["a", "b"]);
    assert_eq!(texts("data: a\r\rdata: b\r\r"), ["a", "b"]);
    assert_eq!(texts("data: a\n\rdata: b\r\n\n"), ["a", "b"]);
    assert_eq!(
        texts("data: a\r\ndata: b\rdata: c\ndata: d\r\r\n"),
        ["a\nb\nc\nd"]
    );
    // No other character ends a line.
    assert_eq!(
        texts("data: a\u{2028}b\u{b}c\u{85}\n\n"),
        ["a\u{2028}b\u{b}c\u{85}"]
    );
}

/// An event is complete with the CR of its empty line, although a LF may follow.
#[test]
fn an_event_does_not_wait_for_the_next_chunk() {
    let mut decoder = Decoder::new(StreamFormat::Events, 100);
    let mut chunk = Bytes::from_static(b"data: a\r\n\r");
    assert_eq!(decoder.next(&mut chunk).unwrap().unwrap().text, "a");
    let mut chunk = Bytes::from_static(b"\ndata: b\n\n");
    assert_eq!(decoder.next(&mut chunk).unwrap().unwrap().text, "b");
}

#[test]
fn byte_order_marks() {
    assert_eq!(texts("\u{feff}data: a\n\n"), ["a"]);
    // Only one, at the start.
    assert_eq!(texts("\u{feff}\u{feff}data: a\n\ndata: b\n\n"), ["b"]);
    assert_eq!(
        texts("data: a\n\n\u{feff}data: b\n\ndata: c\n\n"),
        ["a", "c"]
    );
    assert_eq!(texts("\u{feff}\ndata: a\n\n"), ["a"]);
}

#[test]
fn characters_of_several_bytes() {
    assert_eq!(texts("data: æøå €\u{1F600}\n\n"), ["æøå €\u{1F600}"]);
    let frames = decode(b"data: \xFF\xC3\n\n");
    assert_eq!(frames[0].text, "\u{FFFD}\u{FFFD}");
    assert_eq!(texts("data: a\0b\n\n"), ["a\0b"]);
}

#[test]
fn fields() {
    // Names are exact; unknown fields and comments are ignored.
    assert_eq!(
        texts("Data: a\n data: b\ndata : c\nother: d\n: data: e\ndata: f\n\n"),
        ["f"]
    );
    // Only one space is removed, and no tab.
    assert_eq!(texts("data:\ta\ndata:  b\ndata:c:d\n\n"), ["\ta\n b\nc:d"]);
    // Without data there is no event, and its name is forgotten.
    let frames =
        decode(b"event: a\nid: 7\nretry: 5\n\ndata: x\n\nevent: b\ndata\n\nevent:\ndata\n\n");
    let seen: Vec<_> = frames
        .iter()
        .map(|frame| {
            (
                frame.event.as_deref(),
                frame.id.as_deref(),
                frame.retry.map(|retry| retry.as_millis()),
            )
        })
        .collect();
    let (id, retry) = (Some("7"), Some(5));
    assert_eq!(
        seen,
        [(None, id, retry), (Some("b"), id, retry), (None, id, retry)]
    );
}

#[test]
fn ids_and_times() {
    let id = |stream: &str| {
        let frames = decode(stream.as_bytes());
        frames.last().and_then(|frame| frame.id.clone())
    };
    assert_eq!(id("id: 1\ndata\n\ndata\n\n"), Some("1".to_owned()));
    assert_eq!(id("id: 1\ndata\n\nid\ndata\n\n"), None);
    assert_eq!(id("id: 1\ndata\n\nid: 2\0\ndata\n\n"), Some("1".to_owned()));
    let retry = |stream: &str| {
        let frames = decode(stream.as_bytes());
        frames.last().and_then(|frame| frame.retry)
    };
    assert_eq!(
        retry("retry: 0300\ndata\n\n"),
        Some(Duration::from_millis(300))
    );
    for wrong in ["", "5s", "-5", "5.0", "99999999999999999999"] {
        let stream = format!("retry: 7\nretry: {wrong}\ndata\n\n");
        assert_eq!(retry(&stream), Some(Duration::from_millis(7)), "{wrong:?}");
    }
}

#[test]
fn what_the_end_cuts_off() {
    let cut = |stream: &[u8]| {
        let (frames, rest) = decode_as(StreamFormat::Events, &[stream]);
        assert!(frames.is_empty());
        rest.map(|frame| frame.text)
    };
    assert_eq!(cut(b""), None);
    assert_eq!(cut(b"\xEF\xBB"), None);
    assert_eq!(cut(b": comment"), None);
    assert_eq!(cut(b"event: a\n"), None);
    assert_eq!(cut(b"data: a"), Some("a".to_owned()));
    assert_eq!(cut(b"data: a\ndata: b\r"), Some("a\nb".to_owned()));
}

#[test]
fn sizes() {
    let fits = |chunks: &[&'static [u8]]| {
        let mut decoder = Decoder::new(StreamFormat::Events, 10);
        chunks.iter().all(|chunk| {
            let mut chunk = Bytes::from_static(chunk);
            loop {
                match decoder.next(&mut chunk) {
                    Ok(Some(_)) => {}
                    Ok(None) => return true,
                    Err(Large) => return false,
                }
            }
        })
    };
    assert!(fits(&[b"data: 6789\n\n"]));
    assert!(!fits(&[b"data: 6789a\n\n"]));
    assert!(!fits(&[b"data: 678", b"9a"]));
    // A comment without an end, and many short lines.
    assert!(!fits(&[b": 3456789abcdef"]));
    assert!(!fits(&[
        b"data\n", b"data\n", b"data\n", b"data\n", b"data\n", b"data\n", b"data\n", b"data\n"
    ]));
    // Each event counts for itself.
    assert!(fits(&[
        b"data: 1\n\ndata: 2\n\ndata: 3\n\n",
        b"data: 4\n\n"
    ]));
}

#[test]
fn lines() {
    let decode = |chunks: &[&[u8]]| {
        let (frames, rest) = decode_as(StreamFormat::Lines, chunks);
        let texts = frames.into_iter().chain(rest).map(|frame| frame.text);
        texts.collect::<Vec<_>>()
    };
    assert_eq!(
        decode(&[b"\xEF\xBB\xBF{\"a\":1}\r\n\n  [2]\n", b"\"3", b"\"\n\n"]),
        ["{\"a\":1}", "[2]", "\"3\""]
    );
    assert_eq!(decode(&[b"1\n2"]), ["1", "2"]);
    // A carriage return within a line is white space of JSON.
    assert_eq!(decode(&[b"[1,\r2]\n"]), ["[1,\r2]"]);
    assert_eq!(decode(&["\"æ\u{2028}\"\n".as_bytes()]), ["\"æ\u{2028}\""]);
}

/// The same however the stream is cut. A value is complete with its line break: it does not wait for the next one.
#[test]
fn sequences() {
    let texts = |stream: &str| {
        let whole = decode_as(StreamFormat::Sequence, &[stream.as_bytes()]);
        let bytes: Vec<&[u8]> = stream.as_bytes().chunks(1).collect();
        assert_eq!(decode_as(StreamFormat::Sequence, &bytes), whole);
        let text = |frame: Frame| frame.text;
        let texts: Vec<String> = whole.0.into_iter().map(text).collect();
        (texts, whole.1.map(text))
    };
    let complete = |stream: &str| {
        let (texts, rest) = texts(stream);
        assert_eq!(rest, None, "{stream:?}");
        texts
    };
    assert_eq!(
        complete("\u{1E}{\"a\":1}\n\u{1E}[2]\r\n\u{1E}\"3\"\n\u{1E}4\n"),
        ["{\"a\":1}", "[2]", "\"3\"", "4"]
    );
    // Line breaks and brackets within a value, and quotes within a text.
    assert_eq!(
        complete("\u{1E}{\n  \"a\": [\n\"}\\\"]\\\\\"]\n}\n\u{1E}1\n"),
        ["{\n  \"a\": [\n\"}\\\"]\\\\\"]\n}", "1"]
    );
    // A value that was cut off costs no other. Some servers leave out the separators, or the line breaks.
    assert_eq!(
        complete("\u{1E}{\"a\":\"\\\u{1E}{\"b\":2}\n"),
        ["{\"a\":\"\\", "{\"b\":2}"]
    );
    assert_eq!(complete("{}\n[]\n"), ["{}", "[]"]);
    assert_eq!(
        texts("\u{1E}{}\u{1E}\u{1E}\n[]"),
        (vec!["{}".to_owned()], Some("[]".to_owned()))
    );
}
