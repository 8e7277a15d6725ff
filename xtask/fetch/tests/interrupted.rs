//! Runs that are killed, or start at the same time: what is under the name of a document is whole, and the next run
//! continues.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on says so and fails"
)]

mod support;

use std::io::Write as _;
use std::thread::sleep;
use std::time::{Duration, Instant};

use fetch::Outcome;
use support::{
    ETAG, SECONDS, Server, document, good, names, one, order, plain, ranged, resumed, start,
};

/// The folder after a run that was killed when the server had sent this many bytes.
fn killed(server: &Server, folder: &std::path::Path, sent: usize) {
    let mut child = start(&order(
        folder,
        SECONDS,
        &[("shop.yaml", server.url("/shop.yaml"))],
    ));
    let part = folder.join("shop.yaml.part");
    let begun = Instant::now();
    let kept = || {
        let bytes = std::fs::read(&part).unwrap_or_default();
        let head = bytes.iter().position(|byte| *byte == b'\n');
        head.map_or(0, |head| bytes.len() - head - 1)
    };
    while kept() < sent {
        assert!(
            begun.elapsed() < Duration::from_secs(SECONDS),
            "nothing comes"
        );
        sleep(Duration::from_millis(10));
    }
    // On Unix the signal that can't be caught.
    child.kill().unwrap();
    child.wait().unwrap();
}

/// A server that stops in the middle of the first response.
fn stopping(sent: usize) -> Server {
    Server::start(move |request, count, stream| {
        let body = document(1);
        if count > 0 {
            return ranged(request, &body, ETAG, body.len(), stream);
        }
        ranged(request, &body, ETAG, sent, stream)?;
        sleep(Duration::from_secs(SECONDS));
        Ok(())
    })
}

#[test]
fn a_killed_run_leaves_no_half_document_and_the_next_one_continues() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("shop.yaml");
    std::fs::write(&file, document(0)).unwrap();
    let server = stopping(150_000);
    killed(&server, folder.path(), 150_000);
    assert_eq!(
        std::fs::read(&file).unwrap(),
        document(0),
        "the old document is whole"
    );
    assert_eq!(names(folder.path()), ["shop.yaml", "shop.yaml.part"]);
    let outcome = one(folder.path(), SECONDS, server.url("/shop.yaml"));
    assert_eq!(resumed(&outcome), 150_000);
    assert_eq!(server.received()[1].from(), Some(150_000 - 4096));
    assert_eq!(std::fs::read(&file).unwrap(), document(1));
    assert_eq!(names(folder.path()), ["shop.yaml", "shop.yaml.facts"]);
}

#[test]
fn a_killed_run_of_a_document_that_changed_is_begun_anew() {
    let folder = tempfile::tempdir().unwrap();
    killed(&stopping(150_000), folder.path(), 150_000);
    // The part is of another address.
    let server = good();
    let outcome = one(folder.path(), SECONDS, server.url("/shop.yaml"));
    assert_eq!(resumed(&outcome), 0);
    assert_eq!(server.received()[0].from(), None);

    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(|request, count, stream| {
        let body = document(1 + count);
        let sent = if count == 0 { 150_000 } else { body.len() };
        ranged(request, &body, &format!("\"{count}\""), sent, stream)?;
        if count == 0 {
            sleep(Duration::from_secs(SECONDS));
        }
        Ok(())
    });
    killed(&server, folder.path(), 150_000);
    assert_eq!(
        resumed(&one(folder.path(), SECONDS, server.url("/shop.yaml"))),
        0
    );
    assert_eq!(
        std::fs::read(folder.path().join("shop.yaml")).unwrap(),
        document(2)
    );
}

#[test]
fn a_damaged_part_is_never_in_a_document() {
    // Zeros, as a power failure may leave them; a cut identification; a range that can't be had.
    type Damage = fn(&mut Vec<u8>);
    let damages: [Damage; 3] = [
        |part| {
            let length = part.len();
            part[length - 100..].fill(0);
        },
        |part| part.truncate(20),
        |part| part.extend(vec![b'x'; 400_000]),
    ];
    for damage in damages {
        let folder = tempfile::tempdir().unwrap();
        let server = Server::start(|request, count, stream| {
            let body = document(1);
            match count {
                0 => {
                    ranged(request, &body, ETAG, 150_000, stream)?;
                    sleep(Duration::from_secs(SECONDS));
                    Ok(())
                }
                _ if request.from().is_some_and(|from| from > body.len()) => {
                    plain(stream, "416 Range Not Satisfiable", "", b"")
                }
                _ => ranged(request, &body, ETAG, body.len(), stream),
            }
        });
        killed(&server, folder.path(), 150_000);
        let path = folder.path().join("shop.yaml.part");
        let mut part = std::fs::read(&path).unwrap();
        damage(&mut part);
        std::fs::write(&path, part).unwrap();
        let outcome = one(folder.path(), SECONDS, server.url("/shop.yaml"));
        assert_eq!(resumed(&outcome), 0);
        assert_eq!(
            std::fs::read(folder.path().join("shop.yaml")).unwrap(),
            document(1)
        );
        assert_eq!(names(folder.path()), ["shop.yaml", "shop.yaml.facts"]);
    }
}

#[test]
fn ranges_that_were_not_asked_for_begin_anew() {
    for range in ["bytes 0-9/10", "bytes */*", "nonsense"] {
        let folder = tempfile::tempdir().unwrap();
        let server = Server::start(move |request, count, stream| {
            let body = document(1);
            match count {
                0 => {
                    ranged(request, &body, ETAG, 150_000, stream)?;
                    sleep(Duration::from_secs(SECONDS));
                    Ok(())
                }
                1 => {
                    let headers = format!("content-range: {range}\r\netag: {ETAG}\r\n");
                    plain(stream, "206 Partial Content", &headers, b"openapi: 3")
                }
                _ => ranged(request, &body, ETAG, body.len(), stream),
            }
        });
        killed(&server, folder.path(), 150_000);
        assert_eq!(
            resumed(&one(folder.path(), SECONDS, server.url("/shop.yaml"))),
            0
        );
        assert_eq!(server.received().len(), 3);
        assert_eq!(
            std::fs::read(folder.path().join("shop.yaml")).unwrap(),
            document(1)
        );
    }
}

/// The system kills a program that writes more than it may: here in the middle of the new file.
#[cfg(unix)]
#[test]
fn a_run_that_is_killed_while_it_writes_leaves_the_old_document() {
    use std::os::unix::process::ExitStatusExt as _;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("shop.yaml");
    std::fs::write(&file, document(0)).unwrap();
    // Without a tag there is no part that would be too large before.
    let server = Server::start(|_, _, stream| plain(stream, "200 OK", "", &document(1)));
    let order = order(
        folder.path(),
        SECONDS,
        &[("shop.yaml", server.url("/shop.yaml"))],
    );
    let mut limited = std::process::Command::new("sh");
    limited.args([
        "-c",
        "ulimit -f 100; exec \"$0\"",
        env!("CARGO_BIN_EXE_fetch"),
    ]);
    let status = support::started(&mut limited, &order).wait().unwrap();
    assert!(status.signal().is_some(), "{status}");
    assert_eq!(std::fs::read(&file).unwrap(), document(0));
    // Another run repairs it.
    let outcome = one(folder.path(), SECONDS, server.url("/shop.yaml"));
    assert_eq!(resumed(&outcome), 0);
    assert_eq!(std::fs::read(&file).unwrap(), document(1));
}

#[test]
fn temporary_files_of_killed_runs_are_removed() {
    let folder = tempfile::tempdir().unwrap();
    let day = Duration::from_secs(24 * 3600);
    for (name, age) in [
        ("shop.yaml.7.new", day),
        ("shop.yaml.8.new", Duration::ZERO),
        ("other.yaml.7.new", day),
    ] {
        let file = std::fs::File::create(folder.path().join(name)).unwrap();
        file.set_modified(std::time::SystemTime::now() - age)
            .unwrap();
    }
    let server = good();
    resumed(&one(folder.path(), SECONDS, server.url("/shop.yaml")));
    // A young one may be of a run at the same time.
    let expected = [
        "other.yaml.7.new",
        "shop.yaml",
        "shop.yaml.8.new",
        "shop.yaml.facts",
    ];
    assert_eq!(names(folder.path()), expected);
}

#[test]
fn runs_at_the_same_time_end_with_a_whole_document() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(|request, _, stream| {
        let body = document(1);
        // Slowly, so that they overlap.
        let (first, _) = body.split_at(100_000);
        ranged(request, &body, ETAG, first.len(), stream)?;
        sleep(Duration::from_millis(300));
        let from = request
            .from()
            .filter(|_| request.header("if-range").is_some());
        let sent = from.unwrap_or(0) + first.len();
        stream.write_all(body.get(sent..).unwrap_or_default())
    });
    let order = order(
        folder.path(),
        SECONDS,
        &[("shop.yaml", server.url("/shop.yaml"))],
    );
    let children: Vec<_> = (0..4).map(|_| start(&order)).collect();
    for mut child in children {
        // A run whose files another one replaced may fail; it says so.
        child.wait().unwrap();
    }
    assert_eq!(
        std::fs::read(folder.path().join("shop.yaml")).unwrap(),
        document(1)
    );
    assert!(matches!(
        one(folder.path(), SECONDS, server.url("/shop.yaml")),
        Outcome::Unchanged { .. }
    ));
    assert_eq!(names(folder.path()), ["shop.yaml", "shop.yaml.facts"]);
}
