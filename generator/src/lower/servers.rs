//! Base URLs and authentication.

use std::collections::BTreeSet;

use super::{
    calls::Lowering,
    operations::RawOperation,
    site::{self, Site},
    words,
};
use crate::{
    diagnostic::Diagnostic,
    model::{Member, Scheme, SchemeKind, Server, Template, Variable},
};

impl Lowering<'_, '_, '_> {
    /// All servers of a list are known by name, the first one is used; if it has no TLS, the same with TLS.
    pub(super) fn server(&mut self, servers: &[openapiv3::Server]) -> usize {
        let mut all: Vec<usize> = Vec::new();
        let fallback = openapiv3::Server {
            url: String::new(),
            ..Default::default()
        };
        let servers = if servers.is_empty() {
            std::slice::from_ref(&fallback)
        } else {
            servers
        };
        for server in servers {
            let mut url = server.url.clone();
            for (name, variable) in server.variables.iter().flatten() {
                url = url.replace(&format!("{{{name}}}"), &variable.default);
            }
            let url = url.trim_end_matches('/').to_owned();
            let index = match self.servers.iter().position(|known| known.url == url) {
                Some(index) => index,
                None => {
                    let names: BTreeSet<String> = self
                        .servers
                        .iter()
                        .map(|known| known.constant.clone())
                        .collect();
                    let given = server
                        .extensions
                        .get("x-rust-name")
                        .and_then(|name| name.as_str());
                    let wanted = given.map_or_else(|| server_name(&url), words::shouty);
                    // Of several stages or schemes on a host of the same name, too.
                    let mut types: BTreeSet<String> = (self.servers.iter())
                        .filter_map(|known| known.template.as_ref())
                        .flat_map(Template::type_names)
                        .map(str::to_owned)
                        .collect();
                    self.servers.push(Server {
                        constant: words::distinct(&wanted, &names),
                        url,
                        docs: server.description.clone().unwrap_or_default(),
                        template: template(server, &wanted, &mut types),
                    });
                    self.servers.len() - 1
                }
            };
            all.push(index);
        }
        let first = all.first().copied().unwrap_or_default();
        let url = |index: &usize| self.servers.get(*index).map(|server| server.url.as_str());
        let plain = url(&first).and_then(|url| url.strip_prefix("http://"));
        let secure = all.iter().find(|index| {
            plain.is_some() && url(index).and_then(|url| url.strip_prefix("https://")) == plain
        });
        secure.copied().unwrap_or(first)
    }

    pub(super) fn security(&mut self, raw: &RawOperation) -> Vec<Vec<usize>> {
        let mut alternatives = Vec::new();
        for names in &raw.security {
            let mut together = Vec::new();
            for name in names {
                match self.scheme(name) {
                    Ok(index) => together.push(index),
                    Err(error) => self.errors.push(*error),
                }
            }
            alternatives.push(together);
        }
        alternatives
    }

    fn scheme(&mut self, name: &str) -> Result<usize, Box<Diagnostic>> {
        if let Some(index) = self.schemes.iter().position(|known| known.name == name) {
            return Ok(index);
        }
        let at = format!("/components/securitySchemes/{}", site::escape(name));
        let Some(site) = Site::find(self.document, &at) else {
            let help = "describe it under components.securitySchemes";
            return Err(Box::new(self.document.error(
                "/components",
                format!("the security scheme `{name}` is used but not described"),
                help,
            )));
        };
        let site = site.target(self.document);
        let header = site.text("name").unwrap_or_default();
        let scheme = site.text("scheme").unwrap_or_default().to_ascii_lowercase();
        let kind = match (
            site.text("type").unwrap_or_default(),
            site.text("in").unwrap_or_default(),
        ) {
            ("apiKey", "header") if header.eq_ignore_ascii_case("authorization") => {
                SchemeKind::Bearer
            }
            ("apiKey", "header") => SchemeKind::HeaderKey(header.to_owned()),
            ("apiKey", "query") => SchemeKind::QueryKey(header.to_owned()),
            ("apiKey", "cookie") => SchemeKind::CookieKey(header.to_owned()),
            ("oauth2", _) => {
                let flow = site
                    .get("flows")
                    .and_then(|flows| flows.get("clientCredentials"));
                let token_url = flow.as_ref().and_then(|flow| flow.text("tokenUrl"));
                token_url.map_or(SchemeKind::Bearer, |url| {
                    SchemeKind::ClientCredentials(url.to_owned())
                })
            }
            ("openIdConnect", _) => SchemeKind::Bearer,
            ("http", _) if scheme == "bearer" => SchemeKind::Bearer,
            ("http", _) if scheme == "basic" => SchemeKind::Basic,
            ("http", _) if !scheme.is_empty() => SchemeKind::Authorization(scheme),
            _ => {
                let help = "describe it as http bearer or basic, apiKey, oauth2 or openIdConnect";
                let error = self
                    .document
                    .error(&at, "unsupported type of security scheme", help);
                return Err(Box::new(error));
            }
        };
        let names: BTreeSet<String> = self
            .schemes
            .iter()
            .map(|known| known.constant.clone())
            .collect();
        self.schemes.push(Scheme {
            constant: words::distinct(&words::shouty(name), &names),
            name: name.to_owned(),
            kind,
            docs: site.text("description").unwrap_or_default().to_owned(),
        });
        Ok(self.schemes.len() - 1)
    }
}

/// Returns the URL with variables, if it has some with a default; `constant` is the name of the URL without, `taken` are
/// names of types.
fn template(
    server: &openapiv3::Server,
    constant: &str,
    taken: &mut BTreeSet<String>,
) -> Option<Template> {
    let variables = server.variables.as_ref()?;
    let variables = variables.iter();
    let place = |name: &str| server.url.find(&format!("{{{name}}}"));
    let mut variables: Vec<_> = variables
        .filter(|(name, _)| place(name).is_some())
        .collect();
    variables.sort_by_key(|(name, _)| place(name));
    if variables.is_empty() {
        return None;
    }
    let owner = words::pascal(constant);
    let mut distinct = |name: String| {
        let name = words::distinct(&name, taken);
        taken.insert(name.clone());
        name
    };
    let type_name = distinct(format!("{owner}Url"));
    let names = variables
        .iter()
        .map(|(name, _)| (name.as_str(), words::snake(name)));
    let fields = words::all_distinct(names, &[]);
    let variables = variables.into_iter().zip(fields);
    let variables = variables.map(|((name, variable), field)| {
        let names = words::variants(&variable.enumeration);
        let members = variable.enumeration.iter().zip(names);
        let members: Vec<Member<String>> = members
            .map(|(wire, variant)| Member {
                wire: wire.clone(),
                variant,
                docs: String::new(),
            })
            .collect();
        let is_listed = members.iter().any(|member| member.wire == variable.default);
        let type_name = format!("{owner}{}", words::pascal(field.trim_start_matches("r#")));
        let values = is_listed.then(|| (distinct(type_name), members));
        Variable {
            wire: name.clone(),
            field,
            default: variable.default.clone(),
            docs: variable.description.clone().unwrap_or_default(),
            values,
        }
    });
    Some(Template {
        type_name,
        url: server.url.trim_end_matches('/').to_owned(),
        variables: variables.collect(),
    })
}

/// `CHECKOUT_V1` for `https://checkout.example.com/v1`.
fn server_name(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let host = host.split(['.', ':']).next().unwrap_or_default();
    let host = if host.is_empty() { "server" } else { host };
    words::shouty(&format!("{host} {path}"))
}
