//! Spans for `tracing`, with the field names of OpenTelemetry's HTTP clients. They hold no ids, no queries and nothing
//! secret. Without the feature `tracing` nothing is done.

#[cfg(feature = "tracing")]
pub(crate) use on::{Attempt, Call, unread};

#[cfg(not(feature = "tracing"))]
pub(crate) use off::{Attempt, Call, unread};

#[cfg(feature = "tracing")]
mod on {
    use std::future::Future;

    use http::StatusCode;
    use tracing::field::Empty;
    use tracing::{Instrument as _, Span};

    use crate::error;
    use crate::interceptor::About;
    use crate::rt::Unread;
    use crate::transport::Outgoing;
    use crate::{Error, ErrorKind};

    /// The span of a whole call: its attempts and their tokens are below it.
    pub(crate) struct Call(Span);

    impl Call {
        pub(crate) fn begin(call: &error::Call) -> Self {
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
                "error.type" = Empty,
            ))
        }

        pub(crate) fn within<F: Future>(&self, work: F) -> impl Future<Output = F::Output> {
            work.instrument(self.0.clone())
        }

        pub(crate) fn end(&self, error: Option<&Error>) {
            let Some(error) = error else { return };
            self.0.record("dintero.attempts", error.attempts());
            if let Some(status) = error.status() {
                let status = status.as_u16();
                self.0.record("http.response.status_code", status);
            }
            failed(&self.0, error.status(), error.kind());
        }
    }

    /// Places of a response that are not as documented: where, and never what.
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
        pub(crate) fn begin(about: &About<'_>, outgoing: &Outgoing) -> Self {
            let method = outgoing.method.as_str();
            let span = tracing::info_span!(
                "dintero.request",
                "otel.name" = Empty,
                "otel.kind" = "client",
                "otel.status_code" = Empty,
                "dintero.operation" = about.operation,
                "http.request.method" = method,
                "http.request.resend_count" = Empty,
                "url.scheme" = outgoing.url.scheme(),
                "url.template" = about.path,
                "server.address" = outgoing.url.host_str().unwrap_or_default(),
                "server.port" = Empty,
                "http.response.status_code" = Empty,
                "error.type" = Empty,
            );
            if !span.is_disabled() {
                span.record("otel.name", format!("{method} {}", about.path));
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

        pub(crate) fn end(&self, status: Option<StatusCode>, kind: Option<ErrorKind>) {
            if let Some(status) = status {
                self.0.record("http.response.status_code", status.as_u16());
            }
            if let Some(kind) = kind {
                failed(&self.0, status, kind);
            }
        }
    }

    fn failed(span: &Span, status: Option<StatusCode>, kind: ErrorKind) {
        span.record("otel.status_code", "ERROR");
        // The convention: the status where the response says that it failed, else a word.
        match status.filter(|_| kind.is_status()) {
            Some(status) => span.record("error.type", status.as_str()),
            None => span.record("error.type", kind.label()),
        };
    }
}

#[cfg(not(feature = "tracing"))]
mod off {
    use std::future::Future;

    use http::StatusCode;

    use crate::error;
    use crate::interceptor::About;
    use crate::rt::Unread;
    use crate::transport::Outgoing;
    use crate::{Error, ErrorKind};

    pub(crate) fn unread(_: &[Unread]) {}

    pub(crate) struct Call;

    impl Call {
        pub(crate) fn begin(_: &error::Call) -> Self {
            Self
        }

        pub(crate) fn within<F: Future>(&self, work: F) -> F {
            work
        }

        pub(crate) fn end(&self, _: Option<&Error>) {}
    }

    pub(crate) struct Attempt;

    impl Attempt {
        pub(crate) fn begin(_: &About<'_>, _: &Outgoing) -> Self {
            Self
        }

        pub(crate) fn within<F: Future>(&self, work: F) -> F {
            work
        }

        pub(crate) fn end(&self, _: Option<StatusCode>, _: Option<ErrorKind>) {}
    }
}
