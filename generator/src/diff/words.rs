//! Sentences about changes: what users must do.

/// Returns the steps that a user must take when a fact changes.
pub(super) fn of_fact(name: &str) -> &'static str {
    match name {
        "host" => {
            "Requests and their credentials go to another host: allow it in firewalls, and check overridden servers."
        }
        "base URL" => "Requests of its operations go to another host: allow it in firewalls.",
        "path" | "method" => "The request changes: update mocks and recorded requests.",
        "credentials" => "Check that your credentials are among them.",
        "scopes" => "Check that your token has one of the scopes.",
        "default" => {
            "Set the value if you rely on the former default: the server uses another one."
        }
        "format" => "Check the format of the value: its type is the same.",
        "value unless set" => "Set the value if you rely on the former default.",
        "success statuses" | "error statuses" => "Check code that matches on the status.",
        "retried" => "Check whether your own retries are still correct.",
        "stream" => "Check code that reads the events of its response.",
        "pagination" => "Saved cursors may be invalid: start these lists again.",
        "wire name" => {
            "The name in JSON or in the request changes: update stored values, mocks and recorded requests."
        }
        "in requests" => "Check requests that set the value.",
        "sent in" | "written as" | "reserved characters" | "body" | "`Accept`" => {
            "The request changes: update mocks and recorded requests."
        }
        "filled in by the client" => {
            "Check whether the value that you set is still the one that is sent."
        }
        "checked before sending" => "Requests that were sent before may be rejected.",
        "told by" | "told apart by" | "tried in the order" => {
            "Values may be read as another variant: check the code that matches on it."
        }
        "constant parameters" => "The request changes: update mocks and recorded requests.",
        "constant members" => {
            "The member that types write themselves changes: update mocks and stored values."
        }
        "id of the response" => {
            "If checked, a response about another object than the requested one is an error."
        }
        "outcome returned by" => "Use this operation to find the outcome of a request.",
        "id of the request" => "The id of the request in errors and logs is in another header.",
        "`Debug`" => "Check logs that show the value.",
        "must be used" => "The compiler warns if the response is ignored: check it.",
        _ => "Check code that relies on it.",
    }
}
