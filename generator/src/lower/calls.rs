//! Operations with their types named.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    graph::{Object, ObjectMember, Value, ValueKind},
    lock::{Holds, Lock},
    operations::{RawCase, RawOffer, RawOperation, RawParam, RawType, distinct_words, is_success},
    setters,
    types::{Types, paragraphs, settled},
    words,
};
use crate::{
    diagnostic::Diagnostic,
    load::Document,
    model::{
        Body, BodyEncoding, BodySet, Case, Header, Location, Offer, Operation, Param, Payload,
        PayloadEncoding, ResponseShape, Responses, RuntimeType, Scheme, Sent, Server, Setter,
        Status, Stream, Type, TypeKind, TypeRef, Usage,
    },
};

pub(super) struct Lowering<'a, 'g, 'd> {
    pub(super) document: &'d Document,
    pub(super) types: &'a Types<'g, 'd>,
    pub(super) old: &'a Lock,
    /// Identifiers of a person.
    pub(super) personal: &'a BTreeSet<String>,
    pub(super) ids: &'a mut BTreeMap<String, Type>,
    pub(super) taken: &'a mut BTreeSet<String>,
    pub(super) servers: Vec<Server>,
    pub(super) schemes: Vec<Scheme>,
    pub(super) errors: Vec<Diagnostic>,
}

impl Lowering<'_, '_, '_> {
    pub(super) fn operation(&mut self, raw: RawOperation, group: &str, file: &str) -> Operation {
        let server = self.server(&raw.servers);
        let security = self.security(&raw);
        let params = self.params(&raw);
        let body = raw.body.as_ref().map(|body| {
            let object = self.types.object(&body.value);
            // An optional body without required members, but with constants, is set as a
            // whole: otherwise it could not be left out.
            let is_flat = |object: &Object| {
                let needed = || object.members.iter().filter(|member| member.is_needed());
                let is_asked = |member: &ObjectMember| match body.value.kind {
                    ValueKind::Shape(id) => self.types.default_of(id, member).is_none(),
                    _ => true,
                };
                let mut constants = object.constants.iter();
                let has_constant = constants
                    .any(|constant| constant.is_needed && constant.sent != Sent::InResponses);
                object.additional.is_none()
                    && (body.required
                        || (needed().next().is_none() && !has_constant)
                        || needed().any(is_asked))
            };
            Body {
                encoding: body.encoding.clone(),
                ty: self.types.reference(&body.value),
                set: match body.encoding != BodyEncoding::Text && object.is_some_and(is_flat) {
                    true => BodySet::Members(Vec::new()),
                    false => BodySet::Whole(Setter::default()),
                },
                required: body.required,
                docs: body.docs.clone(),
                media_type: body.media_type.clone(),
                sample: body.sample.clone(),
            }
        });
        let has_success = raw.cases.iter().any(|case| is_success(case.status));
        // Alone, `default` describes every response, an error response too.
        let successes: Vec<&RawCase> = (raw.cases.iter())
            .filter(|case| {
                is_success(case.status) || (!has_success && case.status == Status::Default)
            })
            .collect();
        let failures: Vec<&RawCase> = (raw.cases.iter())
            .filter(|case| !is_success(case.status))
            .collect();
        let mut accept: Vec<&str> = Vec::new();
        for media_type in successes
            .iter()
            .filter_map(|case| case.media_type.as_deref())
        {
            if !accept.contains(&media_type) {
                accept.push(media_type);
            }
        }
        let offers = self.offers(&raw.offers, &successes);
        let header_names = words::all_distinct(
            raw.headers
                .iter()
                .map(|header| (&*header.wire, words::snake(&header.wire))),
            &[],
        );
        let locked_sets = raw
            .name
            .locked
            .as_ref()
            .and_then(|locked| locked.sets.as_ref());
        let locked: Vec<Option<String>> = (raw.headers.iter())
            .map(|header| locked_sets?.get(&format!(":{}", header.wire)))
            .map(|name| name.map(str::to_owned))
            .collect();
        let header_names = settled(header_names, &locked, |_| BTreeSet::new());
        let headers = (raw.headers.iter().zip(header_names))
            .map(|(header, name)| Header {
                wire: header.wire.clone(),
                name,
                ty: self.types.reference(&header.value),
                docs: header.docs.clone(),
            })
            .collect();
        Operation {
            full_name: format!("{group}.{}", raw.name.name),
            file: file.to_owned(),
            success: self.responses(&successes, &format!("{}Output", raw.family.type_name)),
            error: self.responses(&failures, &format!("{}ErrorResponse", raw.family.type_name)),
            accept: accept.join(", "),
            name: raw.name.name,
            formerly: (raw.name.formerly.iter())
                .map(|name| (name.clone(), words::type_name(name)))
                .collect(),
            type_name: raw.name.type_name,
            family: raw.family.type_name,
            summary: raw.summary,
            docs: raw.docs,
            unconfirmed: raw.unconfirmed,
            deprecated: raw.deprecated,
            method: raw.method,
            path: raw.path,
            server,
            security,
            scopes: raw.scopes,
            settled_by: None,
            may_answer_other: raw.may_answer_other,
            idempotent_by: None,
            pagination: None,
            offers,
            stream: raw.stream.map(|stream| Stream {
                media_type: stream.media_type,
                format: stream.format,
                item: self.nullable(&stream.item),
                is_text: stream.is_text,
                may_be_text: stream.may_be_text,
                end: stream.end,
            }),
            request_id_header: raw.request_id_header,
            params,
            constants: raw.constants,
            body,
            headers,
            place: raw.place,
        }
    }

    fn params(&mut self, raw: &RawOperation) -> Vec<Param> {
        let wanted = |param: &RawParam| match (&param.wanted, &param.client_value) {
            (Some(name), _) => words::snake(name),
            (None, Some(client_value)) => words::snake(client_value),
            (None, None) => words::snake(&param.wire),
        };
        // If parameters in several places share a name, the first keeps it and the others are named with their place.
        let names = raw.params.iter().enumerate().map(|(index, param)| {
            let name = wanted(param);
            let elsewhere =
                |other: &RawParam| other.location != param.location && wanted(other) == name;
            let name = match raw.params[..index].iter().any(elsewhere) {
                true => format!("{}_{name}", place_name(param.location)),
                false => name,
            };
            (&*param.wire, name)
        });
        let usual = words::all_distinct(names, &[]);
        let names = self.bound(raw, usual);
        (raw.params.iter().zip(names))
            .map(|(param, name)| {
                let ty = match &param.value {
                    RawType::Value(value) => self.types.reference(value),
                    RawType::Runtime(name) => TypeRef::Runtime(*name),
                    RawType::Id(name, place) => TypeRef::Named(self.id(name, place)),
                };
                let default = match &param.value {
                    RawType::Value(value) if param.required => self
                        .types
                        .only_value(value)
                        .or_else(|| self.types.literal(value, &was_constant(raw, param)?)),
                    _ => None,
                };
                let made_up = param.made_up && ty == TypeRef::String && default.is_none();
                let docs = match made_up {
                    true => paragraphs(&param.docs, "A new key unless it is set."),
                    false => param.docs.clone(),
                };
                Param {
                    wire: param.wire.clone(),
                    field: setters::field(&name),
                    name,
                    setter: None,
                    ty,
                    docs,
                    unconfirmed: param.unconfirmed.clone(),
                    location: param.location,
                    style: param.style,
                    reserved: param.reserved,
                    required: param.required && !made_up,
                    made_up,
                    argument: param.location == Location::Path
                        && param.client_value.is_none()
                        && default.is_none(),
                    client_value: param.client_value.clone(),
                    default,
                    rules: param.rules.clone(),
                    deprecated: param.deprecated.clone(),
                    sample: param.sample.clone(),
                    place: param.place.clone(),
                }
            })
            .collect()
    }

    /// The names of parameters: those of the lock stay, and no other takes that of a body's setter away.
    fn bound(&mut self, raw: &RawOperation, mut usual: Vec<String>) -> Vec<String> {
        let Some((entry, sets)) =
            (raw.name.locked.as_ref()).and_then(|locked| Some((locked, locked.sets.as_ref()?)))
        else {
            return usual;
        };
        let identities = setters::identities(
            raw.params
                .iter()
                .map(|param| (param.location, &*param.wire)),
        );
        let in_path = (raw.params.iter()).filter(|param| param.location == Location::Path);
        let is_same_path = in_path.count() == sets.count('/');
        let of_body: BTreeSet<String> = self.setters_of_body(raw, sets);
        let renamed = |before: &str| {
            let names = [&entry.name, &raw.name.name].map(|owner| format!("{owner}.{before}"));
            let mut names = names.iter();
            names
                .find_map(|name| self.old.renamed_members().get(name))
                .cloned()
        };
        let mut locked = Vec::new();
        let mut errors = Vec::new();
        for ((param, identity), usual) in raw.params.iter().zip(identities).zip(&mut usual) {
            let is_bound = param.location != Location::Path || is_same_path;
            let Some(before) = sets.get(&identity).filter(|_| is_bound) else {
                if of_body.contains(usual) && param.location != Location::Path {
                    *usual = format!("{}_{usual}", place_name(param.location));
                }
                locked.push(None);
                continue;
            };
            let decided = renamed(before).unwrap_or_else(|| before.to_owned());
            if !param.is_asked || decided == *usual {
                locked.push(Some(decided));
                continue;
            }
            if entry.version.is_some() {
                errors.push(self.document.error(
                    &param.place,
                    format!("`{before}` of `{}` would become `{usual}`", raw.name.name),
                    format!(
                        "it was released: {}. To keep the name, take this `x-rust-name` back; to rename it, add the line \
                         `renamed member {}.{before} {}.{usual}` to the lock",
                        self.old.operation_line(entry),
                        raw.name.name,
                        raw.name.name
                    ),
                ));
            }
            locked.push(None);
        }
        self.errors.extend(errors);
        settled(usual, &locked, |_| of_body.clone())
    }

    /// The names of the setters of a body's members in the lock.
    fn setters_of_body(&self, raw: &RawOperation, sets: &Holds) -> BTreeSet<String> {
        let body = raw.body.iter();
        let fields = body.flat_map(|body| self.types.fields(&body.value));
        let names = fields.filter_map(|(wire, name)| {
            Some(match sets.get(&format!(".{wire}"))? {
                "" => words::setter(name),
                own => own.to_owned(),
            })
        });
        names.collect()
    }

    /// The newtype of an identifier; a type of another kind that has the name keeps it.
    fn id(&mut self, wanted: &str, place: &str) -> String {
        if self.ids.contains_key(wanted) {
            return wanted.to_owned();
        }
        let mut name = wanted.to_owned();
        while self.taken.contains(&name) && !self.ids.contains_key(&name) {
            name.push_str(if name.ends_with("Id") { "Param" } else { "Id" });
        }
        if !self.ids.contains_key(&name) {
            self.taken.insert(name.clone());
            self.ids
                .insert(name.clone(), id_type(place, self.personal.contains(wanted)));
        }
        name
    }

    fn responses(&self, cases: &[&RawCase], name: &str) -> Responses {
        let variants = words::all_distinct(
            cases.iter().map(|case| ("", status_name(case.status))),
            &["Other"],
        );
        let cases: Vec<Case> = (cases.iter().zip(variants))
            .map(|(case, variant)| Case {
                status: case.status,
                variant,
                payload: if case.status.is_redirect() {
                    Some(Payload {
                        encoding: PayloadEncoding::Redirect,
                        ty: TypeRef::Runtime(RuntimeType::Redirect),
                    })
                } else {
                    case.payload.as_ref().map(|(encoding, value)| Payload {
                        encoding: *encoding,
                        ty: match encoding {
                            PayloadEncoding::Text => TypeRef::String,
                            PayloadEncoding::Bytes => TypeRef::Bytes,
                            _ => self.nullable(value),
                        },
                    })
                },
                docs: case.docs.clone(),
            })
            .collect();
        let mut payloads: Vec<&Payload> = Vec::new();
        for payload in cases.iter().filter_map(|case| case.payload.as_ref()) {
            if !payloads.contains(&payload) {
                payloads.push(payload);
            }
        }
        let optional = cases.iter().any(|case| case.payload.is_none());
        let shape = match payloads.as_slice() {
            [] => ResponseShape::Unit,
            // A missing body does not distinguish a redirect from other responses without one.
            [only] if !(optional && only.encoding == PayloadEncoding::Redirect) => {
                ResponseShape::Single {
                    payload: (*only).clone(),
                    optional,
                }
            }
            _ => ResponseShape::Enum(name.to_owned()),
        };
        Responses { cases, shape }
    }

    fn offers(&self, offers: &[RawOffer], successes: &[&RawCase]) -> Vec<Offer> {
        let media_types: Vec<&str> = offers.iter().map(|offer| &*offer.media_type).collect();
        let wanted = distinct_words(&media_types);
        let wanted = media_types.into_iter().zip(wanted);
        let names = words::all_distinct(wanted, &[]);
        let optional = successes.iter().any(|case| case.payload.is_none());
        let offers = offers.iter().zip(names);
        let offers = offers.map(|(offer, name)| {
            let (encoding, value) = &offer.payload;
            let ty = match encoding {
                PayloadEncoding::Text => TypeRef::String,
                PayloadEncoding::Bytes => TypeRef::Bytes,
                // A response with `String` is read as plain text.
                _ => match self.nullable(value) {
                    TypeRef::String => TypeRef::Json,
                    TypeRef::Nullable(inner) if *inner == TypeRef::String => TypeRef::Json,
                    ty => ty,
                },
            };
            Offer {
                media_type: offer.media_type.clone(),
                name,
                payload: Payload {
                    encoding: *encoding,
                    ty,
                },
                optional: optional && *encoding == PayloadEncoding::Json,
            }
        });
        offers.collect()
    }

    fn nullable(&self, value: &Value) -> TypeRef {
        let ty = self.types.reference(value);
        match value.nullable {
            true => TypeRef::Nullable(Box::new(ty)),
            false => ty,
        }
    }
}

pub(super) fn id_type(place: &str, personal: bool) -> Type {
    Type {
        docs: String::new(),
        unconfirmed: None,
        deprecated: None,
        must_use: None,
        kind: TypeKind::Id { personal },
        usage: Usage {
            sent: true,
            received: true,
        },
        origin: None,
        place: place.to_owned(),
    }
}

fn place_name(location: Location) -> &'static str {
    match location {
        Location::Path => "path",
        Location::Query => "query",
        Location::Header => "header",
        Location::Cookie => "cookie",
    }
}

/// How a document writes a status.
pub(super) fn status_key(status: Status) -> String {
    match status {
        Status::Code(code) => code.to_string(),
        Status::Class(class) => format!("{class}XX"),
        Status::Default => "default".to_owned(),
    }
}

fn status_name(status: Status) -> String {
    let name = match status {
        Status::Code(200) => "Ok",
        Status::Code(201) => "Created",
        Status::Code(202) => "Accepted",
        Status::Code(204) => "NoContent",
        Status::Code(301) => "MovedPermanently",
        Status::Code(302) => "Found",
        Status::Code(303) => "SeeOther",
        Status::Code(304) => "NotModified",
        Status::Code(307) => "TemporaryRedirect",
        Status::Code(308) => "PermanentRedirect",
        Status::Code(400) => "BadRequest",
        Status::Code(401) => "Unauthorized",
        Status::Code(403) => "Forbidden",
        Status::Code(404) => "NotFound",
        Status::Code(405) => "MethodNotAllowed",
        Status::Code(409) => "Conflict",
        Status::Code(410) => "Gone",
        Status::Code(412) => "PreconditionFailed",
        Status::Code(415) => "UnsupportedMediaType",
        Status::Code(422) => "UnprocessableEntity",
        Status::Code(429) => "TooManyRequests",
        Status::Code(500) => "InternalServerError",
        Status::Code(502) => "BadGateway",
        Status::Code(503) => "ServiceUnavailable",
        Status::Code(504) => "GatewayTimeout",
        Status::Default => "Default",
        Status::Code(code) => return format!("Status{code}"),
        Status::Class(class) => return format!("Status{class}xx"),
    };
    name.to_owned()
}

/// Returns the value of a parameter that was a constant in the lock.
fn was_constant(raw: &RawOperation, param: &RawParam) -> Option<String> {
    let sets = raw.name.locked.as_ref()?.sets.as_ref()?;
    let start = setters::constant_word(param.location, &param.wire, "");
    sets.constants()
        .find_map(|word| Some(word.strip_prefix(&start)?.to_owned()))
}
