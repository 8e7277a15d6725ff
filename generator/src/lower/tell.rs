//! Decides how to distinguish the types of a union: by the tag, members with one text, kinds of values, required members.
//! Also finds the types that only the number of known members distinguishes, and those that no value can have.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use super::graph::{Graph, ShapeId, ShapeKind, Union, UnionVariant, Value, ValueKind};
use crate::model::{Constant, ConstantValue, JsonKind, Mark, TextForm, TypeRef};

/// Maximum nesting of unions in unions and lists in lists: deeper ones are treated as any value.
const DEPTH: usize = 8;

/// Maximum depth to which members of two types are compared.
const COVER_DEPTH: usize = 3;

/// Types of a union that can't be distinguished reliably.
#[derive(Clone, Debug)]
pub(super) struct Doubt {
    pub(super) union: ShapeId,
    /// Types that may have the same values as far as known; each list by itself.
    pub(super) alike: Vec<Vec<String>>,
    /// Every value of the second type is read as the first one.
    pub(super) dead: Vec<(String, String)>,
    /// The tag, and two types that it does not distinguish although it should.
    pub(super) undecided: Option<(String, String, String)>,
}

/// Facts about the values of a type.
#[derive(Clone, Debug, Default)]
struct Profile {
    kinds: BTreeSet<JsonKind>,
    /// Its objects can have any member.
    is_free: bool,
    members: BTreeMap<String, Known>,
}

impl Profile {
    /// Whether a member is always there.
    fn needs(&self, name: &str) -> bool {
        self.members.get(name).is_some_and(|known| known.is_needed)
    }
}

/// Facts about a member.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Known {
    is_needed: bool,
    /// Its possible values, as text; empty: anything.
    texts: Vec<String>,
    form: Option<TextForm>,
    kinds: BTreeSet<JsonKind>,
    /// Its facts, if it is only an object.
    object: Option<ShapeId>,
}

/// Sets how each union distinguishes its types.
pub(super) fn tell(graph: &mut Graph<'_>) -> Vec<Doubt> {
    let mut doubts = Vec::new();
    for id in 0..graph.shapes.len() {
        let Some(ShapeKind::Union(union)) = graph.shapes.get(id).map(|shape| &shape.kind) else {
            continue;
        };
        let mut union = union.clone();
        let profiles: Vec<Profile> = (union.variants.iter())
            .map(|variant| profile(graph, &variant.value, DEPTH))
            .collect();
        let items: Vec<Profile> = (union.variants.iter())
            .map(|variant| profile_of_items(graph, &variant.value))
            .collect();
        let inner = inner_marks(graph, &profiles);
        let inner_of_items = inner_marks(graph, &items);
        let tags: Vec<Vec<String>> = (union.variants.iter())
            .map(|variant| variant.tags.clone())
            .collect();
        for (index, variant) in union.variants.iter_mut().enumerate() {
            variant.kinds = profiles[index].kinds.iter().copied().collect();
            variant.marks = match &union.tag {
                Some(tag) if !variant.tags.is_empty() => {
                    let mut others = tags.iter().enumerate().filter(|(other, _)| *other != index);
                    let is_told =
                        others.all(|(_, tags)| !tags.iter().any(|tag| variant.tags.contains(tag)));
                    let mut marks = match is_told {
                        true => Vec::new(),
                        // The tag alone is not sufficient.
                        false => with(marks(&profiles, index), &inner, index),
                    };
                    marks.retain(|mark| mark.wire != *tag || !mark.within.is_empty());
                    marks.insert(
                        0,
                        Mark {
                            within: Vec::new(),
                            wire: tag.clone(),
                            is_needed: profiles[index].needs(tag),
                            texts: variant.tags.clone(),
                            form: None,
                        },
                    );
                    marks
                }
                _ if !items[index].kinds.is_empty() => {
                    with(marks_of_items(&items, index), &inner_of_items, index)
                }
                _ => with(marks(&profiles, index), &inner, index),
            };
        }
        let mut tried: Vec<usize> = (0..union.variants.len()).collect();
        let places = graph.shapes.get(id).map_or(&[][..], |shape| &shape.places);
        // A value without a tag that has no more than the parent's members is the parent.
        let rank = |index: &usize| {
            let variant = &union.variants[*index];
            let is_parent = places.contains(&variant.place);
            let marks = Reverse(variant.marks.len());
            (rank(graph, &variant.value), !is_parent, marks)
        };
        tried.sort_by_key(rank);
        doubts.extend(doubt(graph, id, (&union, &tried), &profiles));
        union.tried = tried;
        graph.shapes[id].kind = ShapeKind::Union(union);
    }
    doubts
}

/// Compares each type with each that is tried later.
fn doubt(
    graph: &Graph<'_>,
    id: ShapeId,
    (union, tried): (&Union, &[usize]),
    profiles: &[Profile],
) -> Option<Doubt> {
    let mut doubt = Doubt {
        union: id,
        alike: Vec::new(),
        dead: Vec::new(),
        undecided: None,
    };
    // The first of the types that each type may be confused with.
    let mut first_of: Vec<usize> = (0..union.variants.len()).collect();
    for (place, &first) in tried.iter().enumerate() {
        for &second in &tried[place + 1..] {
            let (one, other) = (&union.variants[first], &union.variants[second]);
            if is_decided(union, (one, &profiles[first]), (other, &profiles[second])) {
                continue;
            }
            let is_dead = takes_all(graph, one, other);
            if !is_dead
                && !are_alike(
                    graph,
                    union.tag.as_deref().unwrap_or_default(),
                    (one, &profiles[first]),
                    (other, &profiles[second]),
                )
            {
                continue;
            }
            let names = || (one.name.clone(), other.name.clone());
            if is_dead {
                doubt.dead.push(names());
            }
            let tag = union.tag.as_ref();
            let same = one.tags.iter().any(|tag| other.tags.contains(tag));
            if let Some(tag) = tag.filter(|_| same) {
                let (first, second) = names();
                (doubt.undecided).get_or_insert((tag.clone(), first, second));
            }
            let (stays, goes) = (first_of[first], first_of[second]);
            if stays != goes {
                let same = first_of.iter_mut().filter(|known| **known == goes);
                same.for_each(|known| *known = stays);
            }
        }
    }
    for &first in tried {
        let same = tried.iter().filter(|other| first_of[**other] == first);
        let names: Vec<String> = same
            .map(|index| union.variants[*index].name.clone())
            .collect();
        if names.len() > 1 {
            doubt.alike.push(names);
        }
    }
    (!doubt.alike.is_empty()).then_some(doubt)
}

/// Returns whether the tag has a value for one type, and the other is the default.
fn is_decided(
    union: &Union,
    (one, first): (&UnionVariant, &Profile),
    (other, second): (&UnionVariant, &Profile),
) -> bool {
    let tag = union.tag.as_deref().filter(|_| union.has_default);
    let tagged = match (one.tags.is_empty(), other.tags.is_empty()) {
        (false, true) => first,
        (true, false) => second,
        _ => return false,
    };
    tag.is_some_and(|tag| tagged.needs(tag))
}

fn profile(graph: &Graph<'_>, value: &Value, depth: usize) -> Profile {
    let of = |kind: JsonKind| Profile {
        kinds: BTreeSet::from([kind]),
        is_free: matches!(kind, JsonKind::Object | JsonKind::Any),
        members: BTreeMap::new(),
    };
    let Some(depth) = depth.checked_sub(1) else {
        return of(JsonKind::Any);
    };
    let id = match &value.kind {
        ValueKind::Simple(simple) => return of(of_simple(simple)),
        ValueKind::Map(_) => return of(JsonKind::Object),
        ValueKind::List(_) => return of(JsonKind::Array),
        ValueKind::Shape(id) => *id,
    };
    match graph.shapes.get(id).map(|shape| &shape.kind) {
        Some(ShapeKind::StringEnum(_)) => of(JsonKind::String),
        Some(ShapeKind::IntegerEnum(_)) => of(JsonKind::Integer),
        Some(ShapeKind::Union(union)) => {
            let each = union.variants.iter();
            let each = each.map(|variant| profile(graph, &variant.value, depth));
            each.reduce(either).unwrap_or_else(|| of(JsonKind::Any))
        }
        Some(ShapeKind::Object(object)) => {
            let mut members = BTreeMap::new();
            for member in &object.members {
                let known = Known {
                    is_needed: member.required && !member.write_only,
                    texts: member.allowed.clone(),
                    form: member.form,
                    kinds: match member.value.nullable {
                        true => BTreeSet::new(),
                        false => kinds(graph, &member.value, depth),
                    },
                    object: match member.value {
                        Value {
                            kind: ValueKind::Shape(id),
                            nullable: false,
                        } => Some(id),
                        _ => None,
                    },
                };
                members.insert(member.wire.clone(), known);
            }
            for constant in &object.constants {
                let known = Known {
                    is_needed: constant.is_needed,
                    texts: match constant.value {
                        ConstantValue::Null => Vec::new(),
                        _ => vec![constant.value.to_string()],
                    },
                    form: None,
                    kinds: match constant.value {
                        ConstantValue::Null => BTreeSet::new(),
                        ConstantValue::Text(_) => BTreeSet::from([JsonKind::String]),
                        ConstantValue::Integer(_) => BTreeSet::from([JsonKind::Integer]),
                        ConstantValue::Bool(_) => BTreeSet::from([JsonKind::Bool]),
                    },
                    object: None,
                };
                members.insert(constant.wire.clone(), known);
            }
            Profile {
                kinds: BTreeSet::from([JsonKind::Object]),
                is_free: object.additional.is_some(),
                members,
            }
        }
        _ => of(JsonKind::Any),
    }
}

/// Returns the facts about the items of a list of objects; none for other values.
fn profile_of_items(graph: &Graph<'_>, value: &Value) -> Profile {
    let profile = match &value.kind {
        ValueKind::List(item) => profile(graph, item, DEPTH),
        _ => Profile::default(),
    };
    match profile.kinds.iter().all(|kind| *kind == JsonKind::Object) {
        true => profile,
        false => Profile::default(),
    }
}

/// Returns the facts about values.
fn kinds(graph: &Graph<'_>, value: &Value, depth: usize) -> BTreeSet<JsonKind> {
    let id = match (&value.kind, depth.checked_sub(1)) {
        (ValueKind::Shape(id), Some(depth)) => (*id, depth),
        _ => return profile(graph, value, depth).kinds,
    };
    match graph.shapes.get(id.0).map(|shape| &shape.kind) {
        Some(ShapeKind::Object(_)) => BTreeSet::from([JsonKind::Object]),
        Some(ShapeKind::Union(union)) => (union.variants.iter())
            .flat_map(|variant| kinds(graph, &variant.value, id.1))
            .collect(),
        _ => profile(graph, value, depth).kinds,
    }
}

/// Returns the facts about values that have one type or another.
fn either(one: Profile, other: Profile) -> Profile {
    let is_object = |profile: &Profile| profile.kinds.contains(&JsonKind::Object);
    let (first, second) = (is_object(&one), is_object(&other));
    let kinds = &one.kinds | &other.kinds;
    let mut members = match (first, second) {
        (true, _) => one.members,
        (false, _) => other.members.clone(),
    };
    if first && second {
        members.retain(|name, known| {
            let Some(same) = other.members.get(name) else {
                return false;
            };
            known.is_needed &= same.is_needed;
            match known.texts.is_empty() || same.texts.is_empty() {
                true => known.texts.clear(),
                false => {
                    let new = same.texts.iter().filter(|text| !known.texts.contains(text));
                    let new: Vec<String> = new.cloned().collect();
                    known.texts.extend(new);
                }
            }
            known.form = known.form.filter(|form| same.form == Some(*form));
            known.kinds.extend(same.kinds.iter().copied());
            known.object = known.object.filter(|_| known.object == same.object);
            true
        });
    }
    Profile {
        kinds,
        is_free: one.is_free || other.is_free || (first && second),
        members,
    }
}

fn of_simple(simple: &TypeRef) -> JsonKind {
    match simple {
        TypeRef::Bool => JsonKind::Bool,
        TypeRef::Integer | TypeRef::Unsigned | TypeRef::Big => JsonKind::Integer,
        TypeRef::Number | TypeRef::Float => JsonKind::Number,
        TypeRef::String
        | TypeRef::Timestamp
        | TypeRef::Date
        | TypeRef::Bytes
        | TypeRef::File
        | TypeRef::Named(_) => JsonKind::String,
        TypeRef::Runtime(runtime) => of_simple(&super::facts::plain(*runtime)),
        TypeRef::JsonObject | TypeRef::Map(_) => JsonKind::Object,
        TypeRef::List(_) | TypeRef::OneOrList(_) => JsonKind::Array,
        TypeRef::Json | TypeRef::Nullable(_) | TypeRef::Boxed(_) | TypeRef::Deep(_) => {
            JsonKind::Any
        }
    }
}

/// The type with fewer values comes first.
fn rank(graph: &Graph<'_>, value: &Value) -> u8 {
    match &value.kind {
        ValueKind::Simple(TypeRef::Json) => 9,
        ValueKind::Simple(TypeRef::JsonObject) => 4,
        ValueKind::Map(_)
        | ValueKind::Simple(TypeRef::String | TypeRef::Number | TypeRef::Float) => 3,
        ValueKind::Simple(TypeRef::Timestamp | TypeRef::Date | TypeRef::Bool) => 0,
        ValueKind::Simple(_) => 2,
        ValueKind::List(inner) => rank(graph, inner),
        ValueKind::Shape(id) => match graph.shapes.get(*id).map(|shape| &shape.kind) {
            Some(ShapeKind::Object(_)) => 0,
            _ => 1,
        },
    }
}

/// Returns the members that distinguish one of these types.
fn marks(profiles: &[Profile], index: usize) -> Vec<Mark> {
    let Some(profile) = profiles.get(index) else {
        return Vec::new();
    };
    // A text, a number or a list has no members.
    if profile.kinds.iter().any(|kind| *kind != JsonKind::Object) {
        return Vec::new();
    }
    let others = || {
        let others = profiles.iter().enumerate();
        others.filter(move |(other, profile)| {
            *other != index && profile.kinds.contains(&JsonKind::Object)
        })
    };
    let tells = |name: &str, texts: &[String]| {
        others().any(|(_, other)| match other.members.get(name) {
            Some(same) if !same.texts.is_empty() => !is_same(&same.texts, texts),
            // Lists of texts grow; a constant does not.
            _ => texts.len() == 1,
        })
    };
    let marks = profile.members.iter().map(|(name, known)| Mark {
        within: Vec::new(),
        wire: name.clone(),
        is_needed: known.is_needed,
        texts: match !known.texts.is_empty() && tells(name, &known.texts) {
            true => known.texts.clone(),
            false => Vec::new(),
        },
        // Several types have texts of a form there, each of another.
        form: known.form.filter(|form| {
            known.is_needed
                && others().any(|(_, other)| {
                    let other = other.members.get(name).and_then(|same| same.form);
                    other.is_some_and(|other| other != *form)
                })
        }),
    });
    marks
        .filter(|mark| mark.is_needed || !mark.texts.is_empty() || mark.form.is_some())
        .collect()
}

/// Returns the members of items that distinguish one of these lists: constants, and required members that items of
/// another list don't have. Others may be missing, as in every response.
fn marks_of_items(items: &[Profile], index: usize) -> Vec<Mark> {
    let others = || {
        let others = items.iter().enumerate();
        others.filter(move |(other, profile)| *other != index && !profile.kinds.is_empty())
    };
    let mut marks = marks(items, index);
    marks.retain(|mark| {
        !mark.texts.is_empty()
            || mark.form.is_some()
            || others().any(|(_, other)| !other.members.contains_key(&mark.wire))
    });
    marks
}

fn with(mut marks: Vec<Mark>, inner: &[Vec<Mark>], index: usize) -> Vec<Mark> {
    marks.extend(inner.get(index).into_iter().flatten().cloned());
    marks
}

/// Returns the constants in members of each type that distinguish it from those that its own members don't distinguish it
/// from, such as `data.type`.
fn inner_marks(graph: &Graph<'_>, profiles: &[Profile]) -> Vec<Vec<Mark>> {
    let is_object = |profile: &Profile| profile.kinds.contains(&JsonKind::Object);
    let objects = || {
        profiles
            .iter()
            .enumerate()
            .filter(|(_, profile)| is_object(profile))
    };
    let open: BTreeSet<usize> = objects()
        .filter(|(index, profile)| {
            objects().any(|(other, second)| {
                other != *index && objects_are_alike(graph, profile, second, 0)
            })
        })
        .map(|(index, _)| index)
        .collect();
    marks_within(graph, profiles, &open, COVER_DEPTH)
}

/// The same for the types in `open`, up to a depth.
fn marks_within(
    graph: &Graph<'_>,
    profiles: &[Profile],
    open: &BTreeSet<usize>,
    depth: usize,
) -> Vec<Vec<Mark>> {
    let mut found = vec![Vec::new(); profiles.len()];
    let Some(depth) = depth.checked_sub(1) else {
        return found;
    };
    let names: BTreeSet<&String> = (open.iter().filter_map(|index| profiles.get(*index)))
        .flat_map(|profile| &profile.members)
        .filter(|(_, known)| known.object.is_some())
        .map(|(name, _)| name)
        .collect();
    for name in names {
        let known = |profile: &Profile| profile.members.get(name).and_then(|known| known.object);
        let objects: Vec<Option<ShapeId>> = profiles.iter().map(known).collect();
        let distinct: BTreeSet<&ShapeId> = objects.iter().flatten().collect();
        if distinct.len() < 2 {
            continue;
        }
        let of = |object: &Option<ShapeId>| {
            object.map_or_else(Profile::default, |id| {
                profile(graph, &Value::shape(id), DEPTH)
            })
        };
        let nested: Vec<Profile> = objects.iter().map(of).collect();
        let deeper = marks_within(graph, &nested, open, depth);
        // Lists of texts grow; a constant does not.
        let mut constants: BTreeMap<&String, BTreeSet<&String>> = BTreeMap::new();
        for (inner, known) in nested.iter().flat_map(|profile| &profile.members) {
            if let [only] = known.texts.as_slice() {
                constants.entry(inner).or_default().insert(only);
            }
        }
        constants.retain(|_, texts| texts.len() > 1);
        for &index in open {
            let Some(outer) = profiles[index].members.get(name) else {
                continue;
            };
            let own = constants.keys().filter_map(|inner| {
                let known = nested[index].members.get(*inner)?;
                (known.texts.len() == 1).then(|| Mark {
                    within: Vec::new(),
                    wire: (*inner).clone(),
                    is_needed: known.is_needed,
                    texts: known.texts.clone(),
                    form: None,
                })
            });
            for mut mark in own.chain(deeper[index].iter().cloned()) {
                mark.within.insert(0, name.clone());
                mark.is_needed &= outer.is_needed;
                found[index].push(mark);
            }
        }
    }
    found
}

fn is_same(one: &[String], other: &[String]) -> bool {
    let set = |texts: &[String]| texts.iter().cloned().collect::<BTreeSet<String>>();
    set(one) == set(other)
}

/// Returns whether a value can have either of two types as far as known.
fn are_alike(
    graph: &Graph<'_>,
    tag: &str,
    (one, first): (&UnionVariant, &Profile),
    (other, second): (&UnionVariant, &Profile),
) -> bool {
    if !one.tags.is_empty()
        && !other.tags.is_empty()
        && !one.tags.iter().any(|tag| other.tags.contains(tag))
        && (first.needs(tag) || second.needs(tag))
    {
        return false;
    }
    match (&one.value.kind, &other.value.kind) {
        (ValueKind::List(first), ValueKind::List(second)) => {
            first == second || lists_are_alike(graph, first, second)
        }
        _ => {
            let is_object = |profile: &Profile| profile.kinds.contains(&JsonKind::Object);
            is_object(first)
                && is_object(second)
                && objects_are_alike(graph, first, second, COVER_DEPTH)
        }
    }
}

/// Returns whether lists of two objects may be confused.
fn lists_are_alike(graph: &Graph<'_>, first: &Value, second: &Value) -> bool {
    let of = |value: &Value| {
        let profile = profile(graph, value, DEPTH);
        let is_object = profile.kinds.iter().all(|kind| *kind == JsonKind::Object);
        is_object.then_some(profile)
    };
    match (of(first), of(second)) {
        (Some(first), Some(second)) => objects_are_alike(graph, &first, &second, COVER_DEPTH),
        _ => false,
    }
}

fn objects_are_alike(graph: &Graph<'_>, first: &Profile, second: &Profile, depth: usize) -> bool {
    let excludes = |name: &String, known: &Known| {
        let Some(same) = second.members.get(name).filter(|same| same.is_needed) else {
            return false;
        };
        let differ = !known.texts.is_empty()
            && !same.texts.is_empty()
            && known.texts.iter().all(|text| !same.texts.contains(text));
        let differ =
            differ || matches!((known.form, same.form), (Some(one), Some(other)) if one != other);
        let of_other_kind = !known.kinds.is_empty()
            && !same.kinds.is_empty()
            && known.kinds.iter().all(|kind| !meets(*kind, &same.kinds));
        differ || of_other_kind || are_other_objects(graph, known, same, depth)
    };
    let needed = first.members.iter().filter(|(_, known)| known.is_needed);
    if needed
        .into_iter()
        .any(|(name, known)| excludes(name, known))
    {
        return false;
    }
    let needs_more = |one: &Profile, other: &Profile| {
        let mut needed = one.members.iter().filter(|(_, known)| known.is_needed);
        !other.is_free && needed.any(|(name, _)| !other.members.contains_key(name))
    };
    !needs_more(first, second) && !needs_more(second, first)
}

/// Returns whether no object can have both types.
fn are_other_objects(graph: &Graph<'_>, one: &Known, other: &Known, depth: usize) -> bool {
    let (Some(one), Some(other), Some(depth)) = (one.object, other.object, depth.checked_sub(1))
    else {
        return false;
    };
    let is_object = |id: ShapeId| {
        let shape = graph.shapes.get(id).map(|shape| &shape.kind);
        matches!(shape, Some(ShapeKind::Object(_)))
    };
    if one == other || !is_object(one) || !is_object(other) {
        return false;
    }
    let of = |id| profile(graph, &Value::shape(id), DEPTH);
    !objects_are_alike(graph, &of(one), &of(other), depth)
}

fn meets(kind: JsonKind, kinds: &BTreeSet<JsonKind>) -> bool {
    kinds.iter().any(|other| {
        let are = |one, two| (kind, *other) == (one, two) || (*other, kind) == (one, two);
        kind == *other
            || kind == JsonKind::Any
            || *other == JsonKind::Any
            || are(JsonKind::Integer, JsonKind::Number)
    })
}

/// Returns whether every value of the second type is also valid for the first, which is tried before.
fn takes_all(graph: &Graph<'_>, first: &UnionVariant, second: &UnionVariant) -> bool {
    if !first.tags.is_empty() || !second.tags.is_empty() {
        let mut tags = second.tags.iter();
        return !second.tags.is_empty()
            && tags.all(|tag| first.tags.contains(tag))
            && covers(graph, &first.value, &second.value, COVER_DEPTH);
    }
    let mut marks = first.marks.iter();
    let marks = marks.all(|mark| {
        second.marks.iter().any(|other| {
            let texts = mark.texts.is_empty()
                || (!other.texts.is_empty()
                    && other.texts.iter().all(|text| mark.texts.contains(text)));
            let form = mark.form.is_none() || mark.form == other.form;
            (&other.within, &other.wire) == (&mark.within, &mark.wire)
                && texts
                && form
                && (!mark.is_needed || other.is_needed)
        })
    });
    marks && covers(graph, &first.value, &second.value, COVER_DEPTH)
}

fn covers(graph: &Graph<'_>, first: &Value, second: &Value, depth: usize) -> bool {
    if first.kind == second.kind {
        return true;
    }
    let Some(depth) = depth.checked_sub(1) else {
        return false;
    };
    let shape = |id: &ShapeId| graph.shapes.get(*id).map(|shape| &shape.kind);
    match (&first.kind, &second.kind) {
        (ValueKind::Simple(TypeRef::Json), _) => true,
        (ValueKind::Simple(first), ValueKind::Simple(second)) => {
            let any_text = |ty: &TypeRef| matches!(ty, TypeRef::String | TypeRef::Named(_));
            let number = |ty: &TypeRef| matches!(ty, TypeRef::Number | TypeRef::Float);
            (any_text(first) && of_simple(second) == JsonKind::String)
                || (number(first) && (number(second) || of_simple(second) == JsonKind::Integer))
        }
        (ValueKind::Simple(TypeRef::String), ValueKind::Shape(id)) => {
            matches!(shape(id), Some(ShapeKind::StringEnum(_)))
        }
        (ValueKind::List(first), ValueKind::List(second))
        | (ValueKind::Map(first), ValueKind::Map(second)) => covers(graph, first, second, depth),
        (ValueKind::Shape(first), ValueKind::Shape(second)) => {
            match (shape(first), shape(second)) {
                (Some(ShapeKind::StringEnum(first)), Some(ShapeKind::StringEnum(second))) => second
                    .iter()
                    .all(|member| first.iter().any(|known| known.wire == member.wire)),
                (Some(ShapeKind::Object(first)), Some(ShapeKind::Object(second))) => {
                    let has_constant = |constant: &Constant| {
                        let mut constants = first.constants.iter();
                        constants.any(|known| {
                            known.wire == constant.wire && known.value == constant.value
                        })
                    };
                    second.additional.is_none()
                        && second.constants.iter().all(has_constant)
                        && second.members.iter().all(|member| {
                            first.members.iter().any(|known| {
                                known.wire == member.wire
                                    && covers(graph, &known.value, &member.value, depth)
                            })
                        })
                }
                _ => false,
            }
        }
        _ => false,
    }
}
