//! The names of the methods of builders, and the order of the type parameters for required values.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    agreed::Agreed,
    lock::{self, Holds, Kind, Lock, LockedOperation},
    words,
};
use crate::model::{
    Api, BodySet, Field, FormerSetter, Location, Operation, Row, Setter, State, Struct, TypeKind,
    TypeRef,
};

/// Names that a complete operation uses itself; a parameter of that name is stored under another.
const OWN_FIELDS: &[&str] = &["body", "operation"];

/// Methods that builders of lists have besides.
const OF_LISTS: &[&str] = &["pages", "items"];

/// The start of the methods that builders have for other media types of the response.
const OF_OFFERS: &str = "send_as_";

/// The method that builders of streams have besides.
const OF_STREAMS: &str = "events";

/// The field that keeps a parameter of this name.
pub(super) fn field(name: &str) -> String {
    match OWN_FIELDS.contains(&name) {
        true => format!("{name}_value"),
        false => name.to_owned(),
    }
}

/// The names of parameters in the lock: by their places and names, and in the path by their order.
pub(super) fn identities<'p>(
    params: impl Iterator<Item = (Location, &'p str)>,
) -> impl Iterator<Item = String> {
    let mut position = 0;
    params.map(move |(location, wire)| match location {
        Location::Path => {
            position += 1;
            format!("/{position}")
        }
        Location::Query => format!("?{wire}"),
        Location::Header => format!("^{wire}"),
        Location::Cookie => format!("~{wire}"),
    })
}

/// A constant among the parameters in the lock: `?format=json`.
pub(super) fn constant_word(location: Location, wire: &str, value: &str) -> String {
    let sign = match location {
        Location::Path => '/',
        Location::Query => '?',
        Location::Header => '^',
        Location::Cookie => '~',
    };
    format!("{sign}{wire}={value}")
}

/// Decides the setters of all builders, and writes those of operations into the lock. `locked`: the lock's entries of
/// operations, by their names.
pub(super) fn settle(
    api: &mut Api,
    locked: &BTreeMap<String, LockedOperation>,
    agreed: &Agreed,
    old: &Lock,
    new: &mut Lock,
) {
    let nothing = BTreeMap::new();
    for (name, ty) in &mut api.types {
        let TypeKind::Struct(object) = &mut ty.kind else {
            continue;
        };
        let renamed = match &ty.origin {
            Some(module) => agreed.renamed.get(module).unwrap_or(&nothing),
            None => old.renamed_members(),
        };
        let mut owners = lock::former(old.renamed_types(), name);
        owners.push(name.clone());
        of_struct(object, |field| {
            lock::former_members(renamed, &owners, field)
        });
    }
    let Api { types, groups, .. } = api;
    let mut of_all = BTreeMap::new();
    for operation in groups.iter_mut().flat_map(|group| &mut group.operations) {
        let object = operation.body.as_ref().and_then(|body| {
            let TypeRef::Named(name) = &body.ty else {
                return None;
            };
            match &types.get(name)?.kind {
                TypeKind::Struct(object) => Some(object),
                _ => None,
            }
        });
        let sets = locked
            .get(&operation.name)
            .and_then(|locked| locked.sets.as_ref());
        of_operation(operation, object, sets, old.renamed_members());
        of_all.insert(operation.name.clone(), to_lock(operation, object));
    }
    new.set_sets(of_all);
}

/// Setters of the builder of a type.
fn of_struct(object: &mut Struct, formerly: impl Fn(&str) -> Vec<String>) {
    let is_set = |field: &&mut Field| field.row != Row::ReadOnly;
    let mut taken = BTreeSet::new();
    let mut fields: Vec<&mut Field> = object.fields.iter_mut().filter(is_set).collect();
    for field in &mut fields {
        let setter = words::setter(&field.name);
        let name = words::distinct(&setter, &taken);
        taken.insert(name.clone());
        field.setter = Some(Setter {
            name,
            ..Setter::default()
        });
    }
    let demanded = fields.iter().filter(|field| field.is_demanded());
    let positions = positions(demanded.map(|field| field.wire.clone()));
    for field in fields {
        let (nullable, former) = (field.nullable, formerly(&field.name));
        let position = positions.get(&field.wire).filter(|_| field.is_demanded());
        if let Some(setter) = &mut field.setter {
            complete(setter, nullable, position.copied(), &mut taken);
            add_former(setter, former, &mut taken);
        }
    }
}

fn of_operation(
    operation: &mut Operation,
    object: Option<&Struct>,
    locked: Option<&Holds>,
    renamed: &BTreeMap<String, String>,
) {
    let mut owners: Vec<String> = (operation.formerly.iter())
        .map(|(name, _)| name.clone())
        .collect();
    owners.push(operation.name.clone());
    let (is_list, is_stream) = (operation.pagination.is_some(), operation.stream.is_some());
    let has_offers = !operation.offers.is_empty();
    let make_way = |name: String| {
        let is_taken = (is_list && OF_LISTS.contains(&name.as_str()))
            || (is_stream && name == OF_STREAMS)
            || (has_offers && name.starts_with(OF_OFFERS));
        match is_taken {
            true => format!("{name}_value"),
            false => name,
        }
    };
    let mut taken: BTreeSet<String> = (operation.params.iter())
        .map(|param| param.name.clone())
        .collect();
    let mut own = BTreeSet::new();
    for param in operation.params.iter_mut().filter(|param| !param.argument) {
        let name = words::distinct(&make_way(words::setter(&param.name)), &own);
        own.insert(name.clone());
        taken.insert(name.clone());
        param.setter = Some(Setter {
            name,
            ..Setter::default()
        });
    }
    let mut needed: Vec<String> = Vec::new();
    let of_params = operation.params.iter();
    let of_params: Vec<String> =
        identities(of_params.map(|param| (param.location, &*param.wire))).collect();
    for (param, identity) in operation.params.iter().zip(&of_params) {
        if param.is_needed() {
            needed.push(identity.clone());
        }
    }
    if let Some(body) = &mut operation.body {
        let is_members = matches!(body.set, BodySet::Members(_));
        // An optional body without required members, but with constants, is set as a whole: otherwise it could not be
        // left out.
        let object =
            object.filter(|object| is_members && (body.required || can_be_left_out(object)));
        body.set = match object {
            Some(object) => BodySet::Members(of_body(object, locked, &mut taken, make_way)),
            None => {
                let name = match taken.contains("body") {
                    true => "request_body",
                    false => "body",
                };
                taken.insert(name.to_owned());
                BodySet::Whole(Setter {
                    name: name.to_owned(),
                    ..Setter::default()
                })
            }
        };
        match object {
            Some(object) => {
                let demanded = object.fields.iter().filter(|field| field.is_demanded());
                needed.extend(demanded.map(|field| format!("|{}", field.wire)));
            }
            None if body.required => needed.push("|".to_owned()),
            None => {}
        }
    }
    let positions = positions(needed.into_iter());
    for (param, identity) in operation.params.iter_mut().zip(&of_params) {
        if let Some(setter) = &mut param.setter {
            complete(setter, false, positions.get(identity).copied(), &mut taken);
        }
    }
    match operation.body.as_mut().map(|body| &mut body.set) {
        Some(BodySet::Members(setters)) => {
            let fields = object.into_iter().flat_map(|object| &object.fields);
            for (setter, field) in setters.iter_mut().zip(fields) {
                let position = positions.get(&format!("|{}", field.wire)).copied();
                if let Some(setter) = setter {
                    complete(setter, field.nullable, position, &mut taken);
                }
            }
        }
        Some(BodySet::Whole(setter)) => {
            complete(setter, false, positions.get("|").copied(), &mut taken);
        }
        None => {}
    }
    // Earlier names of setters give way to all current names.
    let body = operation
        .body
        .iter_mut()
        .flat_map(|body| match &mut body.set {
            BodySet::Whole(setter) => vec![(setter, Vec::new())],
            BodySet::Members(setters) => {
                let fields = object.into_iter().flat_map(|object| &object.fields);
                let all = setters.iter_mut().zip(fields);
                let all = all.filter_map(|(setter, field)| {
                    let of_type = field.setter.iter().flat_map(|own| &own.formerly);
                    let of_type = of_type.map(|former| former.name.clone()).collect();
                    Some((setter.as_mut()?, of_type))
                });
                all.collect()
            }
        });
    let params = operation.params.iter_mut();
    let params = params.filter_map(|param| Some((param.setter.as_mut()?, Vec::new())));
    for (setter, mut former) in params.chain(body) {
        former.extend(lock::former_members(renamed, &owners, &setter.name));
        add_former(setter, former, &mut taken);
    }
}

/// Whether a request may leave out the struct: it has no required members and no constants, or it is required.
fn can_be_left_out(object: &Struct) -> bool {
    let is_demanding = object.fields.iter().any(Field::is_demanded);
    is_demanding || object.fields.iter().all(|field| field.default.is_none())
}

/// Setters for the members of a body, next to those in use.
fn of_body(
    object: &Struct,
    locked: Option<&Holds>,
    taken: &mut BTreeSet<String>,
    make_way: impl Fn(String) -> String,
) -> Vec<Option<Setter>> {
    let own = |field: &Field| field.setter.as_ref().map(|setter| setter.name.clone());
    let bound = |field: &Field| {
        let name = locked?.get(&format!(".{}", field.wire))?;
        match name {
            "" => own(field),
            name => Some(name.to_owned()),
        }
    };
    let all_bound: BTreeSet<String> = object.fields.iter().filter_map(bound).collect();
    let arguments = taken.clone();
    taken.extend(all_bound);
    let setters = object.fields.iter().map(|field| {
        let own = own(field)?;
        let name = bound(field).unwrap_or_else(|| {
            let name = match arguments.contains(&own) {
                true => format!("body_{}", own.trim_start_matches("r#")),
                false => own,
            };
            words::distinct(&make_way(name), taken)
        });
        taken.insert(name.clone());
        Some(Setter {
            name,
            ..Setter::default()
        })
    });
    setters.collect()
}

/// The order of type parameters: by the names of the values in the document.
fn positions(needed: impl Iterator<Item = String>) -> BTreeMap<String, usize> {
    let needed: BTreeSet<String> = needed.collect();
    let positions = needed.into_iter().enumerate();
    positions
        .map(|(position, identity)| (identity, position))
        .collect()
}

fn complete(
    setter: &mut Setter,
    nullable: bool,
    position: Option<usize>,
    taken: &mut BTreeSet<String>,
) {
    if nullable {
        let mut name = words::null_setter(&setter.name);
        while !taken.insert(name.clone()) {
            name.push_str("_value");
        }
        setter.null = Some(name);
    }
    setter.state = position.map(|position| State {
        position,
        marker: words::marker(&setter.name),
    });
}

fn add_former(setter: &mut Setter, former: Vec<String>, taken: &mut BTreeSet<String>) {
    for name in former.iter().map(|name| words::setter(name)) {
        if !taken.insert(name.clone()) {
            continue;
        }
        let null = setter.null.as_ref().map(|_| words::null_setter(&name));
        let null = null.filter(|null| taken.insert(null.clone()));
        setter.formerly.push(FormerSetter { name, null });
    }
}

/// Returns the operation's entry in the lock.
fn to_lock(operation: &Operation, object: Option<&Struct>) -> Holds {
    let mut sets = Holds::new(Kind::Sets);
    let params = operation.params.iter();
    let identities = identities(params.map(|param| (param.location, &*param.wire)));
    for (param, identity) in operation.params.iter().zip(identities) {
        sets.add(&identity, &param.name);
    }
    for constant in &operation.constants {
        sets.add_constant(&constant_word(
            constant.location,
            &constant.wire,
            &constant.value.to_string(),
        ));
    }
    for header in &operation.headers {
        sets.add(&format!(":{}", header.wire), &header.name);
    }
    if let Some(BodySet::Members(setters)) = operation.body.as_ref().map(|body| &body.set) {
        let fields = object.into_iter().flat_map(|object| &object.fields);
        for (setter, field) in setters.iter().zip(fields) {
            if let Some(setter) = setter {
                let own = field.setter.as_ref().map(|own| own.name.as_str());
                let name = match own == Some(&*setter.name) {
                    true => "",
                    false => &setter.name,
                };
                sets.add(&format!(".{}", field.wire), name);
            }
        }
    }
    sets
}
