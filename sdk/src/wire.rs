//! Every request passes here: what is watched, and by whom, is decided in one place.

use std::sync::Arc;

use crate::error::request_id;
use crate::interceptor::{About, Interceptor, Watch};
use crate::transport::{Carrier, Outgoing, Received};
use crate::{Error, ErrorKind, trace};

/// Connections, and those who watch them.
#[derive(Clone)]
pub(crate) struct Wire {
    pub(crate) http: Arc<Carrier>,
    pub(crate) interceptors: Arc<[Arc<dyn Interceptor>]>,
}

impl Wire {
    /// Sends a request and reads its response. `is_answer` tells statuses that are no failure.
    pub(crate) async fn exchange(
        &self,
        about: &About<'_>,
        outgoing: &mut Outgoing<'_>,
        is_answer: impl Fn(http::StatusCode) -> bool,
    ) -> Result<Received, Error> {
        // Behind a pointer: few have interceptors, and all calls would be larger by it.
        let watch = Watch::begin(&self.interceptors, about, outgoing)?.map(Box::new);
        let span = trace::Attempt::begin(about, outgoing);
        let outcome = span.within(self.http.exchange(outgoing)).await;
        let (response, status, kind) = match &outcome {
            Ok(received) => {
                let status = received.raw.status;
                let failed = (!is_answer(status)).then(|| ErrorKind::of_status(status));
                (Some(&received.raw), Some(status), failed)
            }
            Err(error) => (error.head(), error.status(), Some(error.kind())),
        };
        let is_watched = watch.is_some() || cfg!(feature = "tracing");
        let response = response.filter(|_| is_watched);
        let id = response.and_then(|response| request_id(response, about.request_id_header));
        span.end(about, status, kind, id);
        if let Some(watch) = watch {
            watch.end(status, kind, id);
        }
        outcome
    }
}
