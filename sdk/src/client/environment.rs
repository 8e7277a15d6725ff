//! Settings from environment variables.

use std::ffi::OsString;

use super::ClientBuilder;
use crate::Error;

const ACCOUNT_ID: &str = "DINTERO_ACCOUNT_ID";
const CLIENT_ID: &str = "DINTERO_CLIENT_ID";
const CLIENT_SECRET: &str = "DINTERO_CLIENT_SECRET";
const BASE_URL: &str = "DINTERO_BASE_URL";
const ALLOW_PLAIN_HTTP: &str = "DINTERO_ALLOW_PLAIN_HTTP";

impl ClientBuilder {
    /// Returns a builder with the settings of the environment: `DINTERO_ACCOUNT_ID`, `DINTERO_CLIENT_ID`,
    /// `DINTERO_CLIENT_SECRET` and, if they are set, `DINTERO_BASE_URL` and `DINTERO_ALLOW_PLAIN_HTTP`, the
    /// comma-separated hosts of [`allow_plain_http`](Self::allow_plain_http).
    ///
    /// # Errors
    /// One of the first three is not set, or a value is invalid. The error names the variable, not the value.
    pub fn from_env() -> Result<Self, Error> {
        Self::from_variables(&|name| std::env::var_os(name))
    }

    fn from_variables(variable: &dyn Fn(&str) -> Option<OsString>) -> Result<Self, Error> {
        let optional = |name: &str| {
            let value = variable(name).filter(|value| !value.is_empty());
            let text = value.map(OsString::into_string).transpose();
            text.map_err(|_| Error::configuration(name, "is not UTF-8"))
        };
        let required =
            |name: &str| optional(name)?.ok_or_else(|| Error::configuration(name, "is not set"));
        let account = required(ACCOUNT_ID)?.parse();
        let account = account.map_err(|error| Error::configuration(ACCOUNT_ID, error))?;
        let builder = Self::default()
            .account(account)
            .client_credentials(required(CLIENT_ID)?, required(CLIENT_SECRET)?);
        let builder = match optional(BASE_URL)? {
            Some(url) => builder.base_url(url),
            None => builder,
        };
        let hosts = optional(ALLOW_PLAIN_HTTP)?.unwrap_or_default();
        let hosts = hosts.split(',').map(str::trim);
        Ok(hosts
            .filter(|host| !host.is_empty())
            .fold(builder, Self::allow_plain_http))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<ClientBuilder, String> {
        let builder = ClientBuilder::from_variables(&|name| {
            let found = variables.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| OsString::from(value))
        });
        builder.map_err(|error| error.to_string())
    }

    #[test]
    fn all_of_them() {
        let variables = [
            (ACCOUNT_ID, "T12345678"),
            (CLIENT_ID, "id"),
            (CLIENT_SECRET, "hunter2"),
            (BASE_URL, "http://127.0.0.1:1"),
        ];
        let builder = read(&variables).unwrap();
        let shown = format!("{builder:?}");
        assert!(
            shown.contains("T12345678") && shown.contains("127.0.0.1:1"),
            "{shown}"
        );
        assert!(!shown.contains("hunter2"), "{shown}");
        builder.build().unwrap();
        read(&variables[..3]).unwrap().build().unwrap();
    }

    #[test]
    fn hosts_without_tls() {
        let with = |account, url| {
            let builder = read(&[
                (ACCOUNT_ID, account),
                (CLIENT_ID, "id"),
                (CLIENT_SECRET, "hunter2"),
                (BASE_URL, url),
                (ALLOW_PLAIN_HTTP, "other, dintero-fake"),
            ]);
            builder.unwrap().build().map_err(|error| error.to_string())
        };
        with("T12345678", "http://dintero-fake:4010").unwrap();
        with("T12345678", "http://other:4010").unwrap();
        let error = with("T12345678", "http://dintero-fakes:4010").unwrap_err();
        assert!(error.contains("base_url: is plain http"), "{error}");
        let error = with("P12345678", "http://dintero-fake:4010").unwrap_err();
        assert!(error.contains("rejects a production account"), "{error}");
    }

    #[test]
    fn the_missing_one_is_named() {
        let variables = [
            (ACCOUNT_ID, "T12345678"),
            (CLIENT_ID, "id"),
            (CLIENT_SECRET, ""),
        ];
        for (given, missing) in [
            (0, ACCOUNT_ID),
            (1, CLIENT_ID),
            (2, CLIENT_SECRET),
            (3, CLIENT_SECRET),
        ] {
            let error = read(&variables[..given]).unwrap_err();
            assert_eq!(error, format!("configuration: {missing}: is not set"));
        }
        let error = read(&[(ACCOUNT_ID, "hunter2")]).unwrap_err();
        assert!(
            error.starts_with("configuration: DINTERO_ACCOUNT_ID: an account id is"),
            "{error}"
        );
        assert!(!error.contains("hunter2"), "{error}");
    }
}
