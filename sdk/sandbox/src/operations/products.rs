//! Catalogs with their products, product groups and tax groups.

use dintero::products::{
    Catalog, CatalogData, CreateCatalogBody, CreateTaxGroupBody, Group, GroupData, NewProduct,
    NewProductGroup, Product, ProductData, ProductWithGroups, TaxGroup, TaxGroupData,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::records::{key, merged, of_account, typed, unknown_cursor};
use super::{Handler, Outcome, records};
use crate::request::{Answer, Problem, Request};
use crate::state::State;
use crate::store::Record;

/// A record that is created, listed, changed and deleted under an id that the merchant may choose.
trait Listed: Record {
    /// The operation that creates it.
    type New: DeserializeOwned + serde::Serialize;
    /// The operation that changes it.
    type Data: DeserializeOwned + serde::Serialize;
    /// `catalog`
    const NAME: &'static str;
    /// The member and the parameter with its id.
    const ID: &'static str;
    /// The member of a list.
    const LIST: &'static str;
}

impl Record for Catalog {
    const TABLE: &'static str = "catalogs";
}

impl Listed for Catalog {
    type New = CreateCatalogBody;
    type Data = CatalogData;
    const NAME: &'static str = "catalog";
    const ID: &'static str = "catalog_id";
    const LIST: &'static str = "catalogs";
}

impl Record for Group {
    const TABLE: &'static str = "product-groups";
}

impl Listed for Group {
    type New = NewProductGroup;
    type Data = GroupData;
    const NAME: &'static str = "product group";
    const ID: &'static str = "group_id";
    const LIST: &'static str = "groups";
}

impl Record for TaxGroup {
    const TABLE: &'static str = "tax-groups";
}

impl Listed for TaxGroup {
    type New = CreateTaxGroupBody;
    type Data = TaxGroupData;
    const NAME: &'static str = "tax group";
    const ID: &'static str = "tax_id";
    const LIST: &'static str = "tax_groups";
}

/// A product, stored below its catalog.
impl Record for ProductWithGroups {
    const TABLE: &'static str = "products";
}

pub(super) fn handler(api: &str, operation: &str) -> Option<Handler> {
    if api != "products" {
        return None;
    }
    Some(Handler::Now(match operation {
        "list_catalogs" => list::<Catalog>,
        "create_catalog" => create::<Catalog>,
        "update_catalog" => update::<Catalog>,
        "delete_catalog" => delete_catalog,
        "list_groups" => list::<Group>,
        "create_group" => create::<Group>,
        "update_group" => update::<Group>,
        "delete_group" => delete::<Group>,
        "list_tax_groups" => list::<TaxGroup>,
        "create_tax_group" => create::<TaxGroup>,
        "update_tax_group" => update::<TaxGroup>,
        "delete_tax_group" => delete::<TaxGroup>,
        "list_products" => list_products,
        "create_product" => create_product,
        "update_product" => update_product,
        "delete_product" => delete_product,
        _ => return None,
    }))
}

fn as_value(record: &impl serde::Serialize) -> Value {
    serde_json::to_value(record).unwrap_or_default()
}

/// Members that requests can't set: those of a new record.
fn of_new(state: &mut State, request: &Request) -> Value {
    let now = state.timestamp();
    json!({
        "id": state.uuid(),
        "created_at": now,
        "created_by": request.caller.name,
        "updated_at": now,
        "deleted_at": null,
        "deleted_by": null,
    })
}

/// Members that requests can't set: those of a record that is changed.
fn of_changed(state: &State, before: &Value) -> Value {
    json!({
        "id": before["id"],
        "created_at": before["created_at"],
        "created_by": before["created_by"],
        "updated_at": state.timestamp(),
        "deleted_at": null,
        "deleted_by": null,
    })
}

/// Returns the chosen id, or a new one.
fn id_of(state: &mut State, body: &Value, member: &str) -> Result<String, Problem> {
    match body[member].as_str() {
        None => Ok(state.text(12)),
        Some(id) if id.is_empty() || id.trim() != id => {
            let message =
                format!("body.{member}: an id has no spaces at its ends, and is not empty");
            Err(Problem::bad_request("ValidationError", message))
        }
        Some(id) => Ok(id.to_owned()),
    }
}

fn taken(name: &str, member: &str, id: &str) -> Problem {
    let message = format!("body.{member}: there is a {name} `{id}` already");
    Problem::bad_request("ValidationError", message)
}

/// Returns a page of records, with its cursor.
fn page(request: &Request, mut all: Vec<Value>, (id, list): (&str, &str)) -> Outcome {
    if let Some(after) = request.query_value("starting_after") {
        let last = all.iter().position(|one| one[id] == after);
        let last = last.ok_or_else(|| unknown_cursor("starting_after", after))?;
        all.drain(..=last);
    }
    let (items, has_more) = records::first(request, all, 10);
    let mut answer = json!({});
    if let Some(last) = items.last().filter(|_| has_more) {
        answer["starting_after"] = last[id].clone();
    }
    answer[list] = items.into();
    Answer::json(&answer)
}

fn list<T: Listed>(state: &mut State, request: &Request) -> Outcome {
    let all = of_account::<T>(state, &request.caller.account);
    let mut all: Vec<Value> = all.iter().map(as_value).collect();
    if let Some(wanted) = request.query_value(T::ID) {
        all.retain(|one| one[T::ID] == wanted);
    }
    page(request, all, (T::ID, T::LIST))
}

fn create<T: Listed>(state: &mut State, request: &Request) -> Outcome {
    let body = as_value(&request.read::<T::New>()?);
    let id = id_of(state, &body, T::ID)?;
    let place = key(&request.caller.account, &id);
    if state.store.contains::<T>(&place) {
        return Err(taken(T::NAME, T::ID, &id));
    }
    let mut more = of_new(state, request);
    more[T::ID] = id.into();
    let created: T = merged(&body, more)?;
    state.store.put(&place, &created);
    Answer::json(&created)
}

fn known<T: Listed>(state: &State, request: &Request) -> Result<(String, T), Problem> {
    let id = request.id(T::ID);
    let place = key(&request.caller.account, id);
    let found = state.store.get::<T>(&place);
    Ok((place, found.ok_or_else(|| Problem::not_found(T::NAME, id))?))
}

fn update<T: Listed>(state: &mut State, request: &Request) -> Outcome {
    let (place, before) = known::<T>(state, request)?;
    let body = request.read::<T::Data>()?;
    let mut more = of_changed(state, &as_value(&before));
    more[T::ID] = request.id(T::ID).into();
    let after: T = merged(&body, more)?;
    state.store.put(&place, &after);
    Answer::json(&after)
}

fn delete<T: Listed>(state: &mut State, request: &Request) -> Outcome {
    let (place, found) = known::<T>(state, request)?;
    state.store.remove::<T>(&place);
    Answer::json(&deleted::<T>(state, request, &found)?)
}

fn deleted<T: DeserializeOwned>(
    state: &State,
    request: &Request,
    found: &impl serde::Serialize,
) -> Result<T, Problem> {
    let more = json!({ "deleted_at": state.timestamp(), "deleted_by": request.caller.name });
    merged(found, more)
}

/// The products of a catalog are deleted with it.
fn delete_catalog(state: &mut State, request: &Request) -> Outcome {
    known::<Catalog>(state, request)?;
    for product in products(state, request) {
        let id = product["product_id"].as_str().unwrap_or_default();
        state
            .store
            .remove::<ProductWithGroups>(&product_key(request, id));
    }
    delete::<Catalog>(state, request)
}

fn product_key(request: &Request, id: &str) -> String {
    let catalog = request.id("catalog_id");
    key(&request.caller.account, &format!("{catalog}/{id}"))
}

/// Returns the products of the catalog of a request.
fn products(state: &State, request: &Request) -> Vec<Value> {
    let below = product_key(request, "");
    let products = state.store.iter_below::<ProductWithGroups>(&below);
    let products = products.map(|(_, product)| as_value(&product));
    // A catalog with a slash in its id may be below another one.
    let catalog = request.id("catalog_id");
    products
        .filter(|product| product["catalog_id"] == catalog)
        .collect()
}

fn list_products(state: &mut State, request: &Request) -> Outcome {
    known::<Catalog>(state, request)?;
    let mut all = products(state, request);
    if let Some(wanted) = request.query_value("product_id") {
        all.retain(|one| one["product_id"] == wanted);
    }
    if let Some(wanted) = request.query_value("product_name").map(str::to_lowercase) {
        let name = |one: &Value| {
            one["product_name"]
                .as_str()
                .unwrap_or_default()
                .to_lowercase()
        };
        all.retain(|one| name(one).contains(&wanted));
    }
    page(request, all, ("product_id", "products"))
}

fn create_product(state: &mut State, request: &Request) -> Outcome {
    let (_, catalog) = known::<Catalog>(state, request)?;
    let mut body = as_value(&request.read::<NewProduct>()?);
    let id = id_of(state, &body, "product_id")?;
    let place = product_key(request, &id);
    if state.store.contains::<ProductWithGroups>(&place) {
        return Err(taken("product", "product_id", &id));
    }
    let groups = body["groups"].as_array().cloned().unwrap_or_default();
    let groups: Result<Vec<Value>, Problem> = (groups.into_iter())
        .map(|group| save_group(state, request, &group))
        .collect();
    add_location_ids(state, &mut body);
    let mut more = of_new(state, request);
    more["product_id"] = id.into();
    more["catalog_id"] = request.id("catalog_id").into();
    more["catalog_name"] = as_value(&catalog)["catalog_name"].clone();
    more["groups"] = groups?.into();
    let created: ProductWithGroups = merged(&body, more)?;
    state.store.put(&place, &created);
    Answer::json(&created)
}

/// Creates a group that a product names, or changes it. Returns its id and name.
fn save_group(state: &mut State, request: &Request, group: &Value) -> Result<Value, Problem> {
    let id = id_of(state, group, "group_id")?;
    let place = key(&request.caller.account, &id);
    let before = state.store.get::<Group>(&place);
    let mut more = match &before {
        Some(before) => of_changed(state, &as_value(before)),
        None => of_new(state, request),
    };
    more["group_id"] = id.clone().into();
    let named = match before {
        // Naming it by its id alone leaves its name.
        Some(before) if group["group_name"].is_null() => as_value(&before),
        _ => group.clone(),
    };
    let saved: Group = merged(&named, more)?;
    state.store.put(&place, &saved);
    let mut shown = json!({ "group_id": id });
    if let Some(name) = as_value(&saved).get("group_name") {
        shown["group_name"] = name.clone();
    }
    Ok(shown)
}

fn add_location_ids(state: &mut State, body: &mut Value) {
    for location in body["locations"].as_array_mut().into_iter().flatten() {
        if location["location_id"].is_null() {
            location["location_id"] = state.text(12).into();
        }
    }
}

fn known_product(state: &State, request: &Request) -> Result<(String, ProductWithGroups), Problem> {
    let id = request.id("product_id");
    let place = product_key(request, id);
    let found = state.store.get::<ProductWithGroups>(&place);
    Ok((
        place,
        found.ok_or_else(|| Problem::not_found("product", id))?,
    ))
}

fn update_product(state: &mut State, request: &Request) -> Outcome {
    let (place, before) = known_product(state, request)?;
    let before = as_value(&before);
    let mut body = as_value(&request.read::<ProductData>()?);
    add_location_ids(state, &mut body);
    let mut more = of_changed(state, &before);
    for member in ["product_id", "catalog_id", "catalog_name", "groups"] {
        more[member] = before[member].clone();
    }
    let after: ProductWithGroups = merged(&body, more)?;
    state.store.put(&place, &after);
    Answer::json(&without_groups(&after)?)
}

fn delete_product(state: &mut State, request: &Request) -> Outcome {
    let (place, found) = known_product(state, request)?;
    state.store.remove::<ProductWithGroups>(&place);
    let found: ProductWithGroups = deleted(state, request, &found)?;
    Answer::json(&without_groups(&found)?)
}

fn without_groups(product: &ProductWithGroups) -> Result<Product, Problem> {
    let mut product = as_value(product);
    if let Some(members) = product.as_object_mut() {
        members.remove("groups");
    }
    typed(product)
}
