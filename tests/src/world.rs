//! Prism and everything around it.

#![allow(
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on says so and fails"
)]

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use dintero::{Client, ErrorKind, SendFuture};

use crate::bundle;
use crate::prism::{self, Prism};
use crate::recorder::{Recorded, Recorder};
use crate::strict::{Document, Place};

/// How many were started in this process.
static STARTED: AtomicUsize = AtomicUsize::new(0);

/// Prism with a document, a proxy in front of it, and the document for checks of our own.
#[derive(Debug)]
pub struct World {
    /// The mock server.
    pub prism: Prism,
    /// What goes to it and comes from it.
    pub recorder: Recorder,
    /// What both are held to.
    pub document: Document,
    /// Goes after Prism, which watches it as long as it runs and dies when it is gone at the wrong moment.
    _copy: Copy,
}

/// A file that is removed at the end.
#[derive(Debug)]
struct Copy(PathBuf);

impl Drop for Copy {
    fn drop(&mut self) {
        // Nobody needs it any more; if it stays, it stays in the folder for such files.
        let _ = std::fs::remove_file(&self.0);
    }
}

impl World {
    /// Starts Prism with a document of `spec/`. Nothing where Prism is not installed.
    #[must_use]
    pub fn start(document: &str) -> Option<Self> {
        let Some(command) = prism::command() else {
            println!("not run: Prism is not installed; `cargo xtask test` installs it");
            return None;
        };
        let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../spec")).join(document);
        let bundle = bundle::read(&path).unwrap();
        // A file for each: another test must not write it while this Prism reads.
        let number = STARTED.fetch_add(1, Ordering::Relaxed);
        let name = format!("prism-{}-{number}-{document}", std::process::id());
        let copy = Copy(std::env::temp_dir().join(name));
        std::fs::write(&copy.0, bundle.to_string()).unwrap();
        let prism = Prism::start(&command, &copy.0).unwrap();
        let recorder = Recorder::start(prism.address()).unwrap();
        let document = Document::of(bundle);
        Some(Self {
            prism,
            recorder,
            document,
            _copy: copy,
        })
    }

    /// A client of the proxy.
    #[must_use]
    pub fn client(&self) -> Client {
        // The number of a partner: one path takes no other, the others don't mind.
        let client = Client::builder()
            .account("T12300000".parse().unwrap())
            .bearer_token("token")
            .api_key("key");
        // The first answer of an operation takes Prism long, on a busy machine very long.
        let limit = std::time::Duration::from_secs(300);
        let policy = dintero::RetryPolicy::none().deadline(limit);
        let client = client.timeout(limit).retry(policy);
        client.base_url(self.recorder.url()).build().unwrap()
    }

    /// The one request since the last call.
    #[must_use]
    pub fn sent(&self) -> Recorded {
        let mut sent = self.recorder.take();
        assert_eq!(sent.len(), 1, "{sent:?}");
        sent.remove(0)
    }

    /// Sends, and gives the answer and what was sent.
    pub async fn passes<T: Clone + Debug + 'static>(
        &mut self,
        call: SendFuture<T>,
    ) -> (T, Recorded) {
        let answer = match call.await {
            // An example of the document, which is about whatever object it likes.
            Err(error) if error.kind() == ErrorKind::Mismatch => {
                error.value::<T>().cloned().ok_or(error)
            }
            answer => answer,
        };
        self.prism.alive().unwrap();
        let answer = answer.unwrap_or_else(|error| {
            panic!("{error:?}\n{:?}\n{:?}", error.body(), self.recorder.take())
        });
        let sent = self.sent();
        assert_eq!(self.document.check(&sent), [""; 0]);
        (answer, sent)
    }
}

/// Keeps account of the operations that were tried.
#[derive(Debug, Default)]
pub struct Seen(BTreeSet<(String, String)>);

impl Seen {
    /// Notes the operation of a request.
    pub fn add(&mut self, document: &Document, sent: &Recorded) {
        let Place { method, path } = document.place(sent).unwrap();
        self.0.insert((method, path));
    }

    /// Fails when an operation of the document was not tried.
    pub fn is_all_of(&self, document: &Document) {
        let all = document
            .operations()
            .into_iter()
            .map(|place| (place.method, place.path))
            .collect();
        assert_eq!(self.0, all);
    }
}
