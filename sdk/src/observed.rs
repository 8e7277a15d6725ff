//! The single place where interceptors and spans observe requests.

use std::sync::Arc;

use crate::error::request_id;
use crate::interceptor::{About, Interceptor, Watch};
use crate::transport::{Backend, Outgoing, Received};
use crate::{Error, ErrorKind, trace};

/// The backend, and the interceptors that observe it.
#[derive(Clone)]
pub(crate) struct Observed {
    pub(crate) backend: Arc<Backend>,
    pub(crate) interceptors: Arc<[Arc<dyn Interceptor>]>,
}

impl Observed {
    /// Sends a request and reads its response. `is_success` returns whether a status is a success of the operation.
    pub(crate) async fn exchange(
        &self,
        about: &About<'_>,
        outgoing: &mut Outgoing<'_>,
        is_success: impl Fn(http::StatusCode) -> bool,
    ) -> Result<Received, Error> {
        // Boxed, because few clients have interceptors and every call future would be larger.
        let watch = Watch::begin(&self.interceptors, about, outgoing)?.map(Box::new);
        let span = trace::Attempt::begin(about, outgoing);
        let outcome = span.within(self.backend.exchange(outgoing)).await;
        let (response, status, kind) = match &outcome {
            Ok(received) => {
                let status = received.raw.status;
                let failed = (!is_success(status)).then(|| ErrorKind::of_status(status));
                (Some(&received.raw), Some(status), failed)
            }
            Err(error) => (error.head(), error.status(), Some(error.kind())),
        };
        let is_watched = watch.is_some() || cfg!(feature = "tracing");
        let response = response.filter(|_| is_watched);
        let id = response.and_then(|response| request_id(response, about.info.request_id_header));
        span.end(about, status, kind, id);
        if let Some(watch) = watch {
            watch.end(status, kind, id);
        }
        outcome
    }
}
