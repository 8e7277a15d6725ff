//! Spans and events for `tracing`, with the field names of OpenTelemetry's HTTP clients. They hold no ids but that of
//! the request, no queries and nothing secret. Without the feature `tracing` they do nothing.

#[cfg(feature = "tracing")]
pub(crate) use on::{Attempt, Call, interceptor_panicked, retrying, unread};

#[cfg(not(feature = "tracing"))]
pub(crate) use off::{Attempt, Call, interceptor_panicked, retrying, unread};

#[cfg(feature = "tracing")]
mod on {
    use std::future::Future;
    use std::time::Duration;

    use http::StatusCode;
    use tracing::field::Empty;
    use tracing::{Instrument as _, Span};

    use crate::error;
    use crate::interceptor::About;
    use crate::rt::{Info, Unread};
    use crate::transport::Outgoing;
    use crate::{Error, ErrorKind};

    /// The span of a whole call, the parent of its attempts and token requests.
    pub(crate) struct Call(Span);

    impl Call {
        pub(crate) fn begin(call: &Info) -> Self {
            Self(tracing::info_span!(
                "dintero.call",
                "otel.name" = call.name,
                "otel.kind" = "internal",
                "otel.status_code" = Empty,
                "dintero.operation" = call.name,
                "dintero.attempts" = Empty,
                "http.request.method" = call.method.as_str(),
                "url.template" = call.path,
                "http.response.status_code" = Empty,
                "dintero.request_id" = Empty,
                "error.type" = Empty,
            ))
        }

        pub(crate) fn within<F: Future>(&self, work: F) -> impl Future<Output = F::Output> {
            work.instrument(self.0.clone())
        }

        /// Runs a step of the call.
        #[cfg(any(feature = "download", feature = "event-stream"))]
        pub(crate) fn polling<T>(&self, step: impl FnOnce() -> T) -> T {
            self.0.in_scope(step)
        }

        pub(crate) fn end(&self, error: Option<&Error>) {
            let Some(error) = error else { return };
            self.0.record("dintero.attempts", error.attempts());
            if let Some(status) = error.status() {
                let status = status.as_u16();
                self.0.record("http.response.status_code", status);
            }
            if let Some(id) = error.request_id() {
                self.0.record("dintero.request_id", id);
            }
            failed(&self.0, error.status(), error.kind());
            self.0.in_scope(|| {
                tracing::warn!(
                    operation = error.operation(),
                    attempts = error.attempts(),
                    status = error.status().map(|status| status.as_u16()),
                    request_id = error.request_id(),
                    error = error.kind().label(),
                    cause = error.cause_kind().label(),
                    may_have_been_sent = error.may_have_been_sent(),
                    "the request failed"
                );
            });
        }
    }

    /// Records that the request is retried after a delay.
    pub(crate) fn retrying(call: &Info, error: &Error, wait: Duration) {
        // The error does not yet have the request id header of its operation.
        let head = error.head();
        let id = head.and_then(|head| error::request_id(head, call.request_id_header));
        tracing::warn!(
            operation = call.name,
            status = error.status().map(|status| status.as_u16()),
            request_id = id.or_else(|| error.request_id()),
            error = error.cause_kind().label(),
            wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX),
            "the request failed and is retried"
        );
    }

    /// A panic in a user's code.
    pub(crate) fn interceptor_panicked(operation: &'static str) {
        tracing::error!(
            operation,
            "an interceptor panicked in `after`; the request goes on"
        );
    }

    /// Records where a response does not match its documentation, without values.
    pub(crate) fn unread(places: &[Unread]) {
        for place in places {
            tracing::warn!(
                path = place.logged_path(),
                expected = place.reason(),
                "a value in the response is not as documented; it is kept in `extra`"
            );
        }
    }

    /// The span of one request.
    pub(crate) struct Attempt(Span);

    impl Attempt {
        pub(crate) fn begin(about: &About<'_>, outgoing: &Outgoing<'_>) -> Self {
            let method = outgoing.method.as_str();
            let span = tracing::info_span!(
                "dintero.request",
                "otel.name" = Empty,
                "otel.kind" = "client",
                "otel.status_code" = Empty,
                "dintero.operation" = about.info.name,
                "http.request.method" = method,
                "http.request.resend_count" = Empty,
                "url.scheme" = outgoing.url.scheme(),
                "url.template" = about.info.path,
                "server.address" = outgoing.url.host_str().unwrap_or_default(),
                "server.port" = Empty,
                "http.response.status_code" = Empty,
                "dintero.request_id" = Empty,
                "error.type" = Empty,
            );
            if !span.is_disabled() {
                span.record("otel.name", format!("{method} {}", about.info.path));
                if let Some(port) = outgoing.url.port_or_known_default() {
                    span.record("server.port", port);
                }
                if about.number > 1 {
                    span.record("http.request.resend_count", about.number - 1);
                }
            }
            Self(span)
        }

        pub(crate) fn within<F: Future>(&self, work: F) -> impl Future<Output = F::Output> {
            work.instrument(self.0.clone())
        }

        pub(crate) fn end(
            &self,
            about: &About<'_>,
            status: Option<StatusCode>,
            kind: Option<ErrorKind>,
            request_id: Option<&str>,
        ) {
            if let Some(status) = status {
                self.0.record("http.response.status_code", status.as_u16());
            }
            if let Some(id) = request_id {
                self.0.record("dintero.request_id", id);
            }
            let status_code = status.map(|status| status.as_u16());
            let operation = about.info.name;
            self.0.in_scope(|| match kind {
                None => {
                    tracing::debug!(
                        operation,
                        status = status_code,
                        request_id,
                        "response received"
                    );
                }
                // A failed renewal does not fail a call yet, so nothing else would record it.
                Some(kind) if about.is_token_request => {
                    let error = kind.label();
                    tracing::warn!(
                        operation,
                        status = status_code,
                        request_id,
                        error,
                        "no access token could be fetched"
                    );
                }
                Some(kind) => {
                    let error = kind.label();
                    tracing::debug!(
                        operation,
                        status = status_code,
                        request_id,
                        error,
                        "attempt failed"
                    );
                }
            });
            if let Some(kind) = kind {
                failed(&self.0, status, kind);
            }
        }
    }

    fn failed(span: &Span, status: Option<StatusCode>, kind: ErrorKind) {
        span.record("otel.status_code", "ERROR");
        // By convention the status of an error response, else a word.
        match status.filter(|_| kind.is_status()) {
            Some(status) => span.record("error.type", status.as_str()),
            None => span.record("error.type", kind.label()),
        };
    }
}

#[cfg(not(feature = "tracing"))]
mod off {
    use std::future::Future;
    use std::time::Duration;

    use http::StatusCode;

    use crate::interceptor::About;
    use crate::rt::{Info, Unread};
    use crate::transport::Outgoing;
    use crate::{Error, ErrorKind};

    pub(crate) fn unread(_: &[Unread]) {}

    pub(crate) fn retrying(_: &Info, _: &Error, _: Duration) {}

    pub(crate) fn interceptor_panicked(_: &'static str) {}

    pub(crate) struct Call;

    impl Call {
        pub(crate) fn begin(_: &Info) -> Self {
            Self
        }

        pub(crate) fn within<F: Future>(&self, work: F) -> F {
            work
        }

        #[cfg(any(feature = "download", feature = "event-stream"))]
        pub(crate) fn polling<T>(&self, step: impl FnOnce() -> T) -> T {
            step()
        }

        pub(crate) fn end(&self, _: Option<&Error>) {}
    }

    pub(crate) struct Attempt;

    impl Attempt {
        pub(crate) fn begin(_: &About<'_>, _: &Outgoing<'_>) -> Self {
            Self
        }

        pub(crate) fn within<F: Future>(&self, work: F) -> F {
            work
        }

        pub(crate) fn end(
            &self,
            _: &About<'_>,
            _: Option<StatusCode>,
            _: Option<ErrorKind>,
            _: Option<&str>,
        ) {
        }
    }
}
