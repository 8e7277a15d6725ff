//! Catalogs, products, groups and tax groups, through the crate `dintero`.

use dintero::products::*;
use dintero::{Amount, Currency, ErrorKind};
use dintero_sandbox::Sandbox;

use crate::support::checked;

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

async fn sandbox() -> Result<Sandbox> {
    Ok(checked().start().await?)
}

#[tokio::test]
async fn catalogs_are_listed_changed_and_deleted() -> Result {
    let sandbox = sandbox().await?;
    let products = sandbox.client()?.products();
    let mut ids = Vec::new();
    for number in 0..5 {
        let create = products.create_catalog();
        let created = create
            .catalog_name(format!("Season {number}"))
            .send()
            .await?;
        ids.push(created.catalog_id.ok_or("no id")?);
    }
    let mut listed = Vec::new();
    let mut catalogs = products.list_catalogs().limit(2).items();
    while let Some(catalog) = catalogs.try_next().await? {
        listed.push(catalog.catalog_id.ok_or("no id")?);
    }
    assert_eq!(listed, ids);
    let own = products.create_catalog().catalog_id(CatalogId::new("S23"));
    own.send().await?;
    for wrong in ["S23", " S24"] {
        let create = products.create_catalog().catalog_id(CatalogId::new(wrong));
        assert_eq!(
            create.send().await.unwrap_err().kind(),
            ErrorKind::BadRequest
        );
    }
    let changed = products
        .update_catalog(CatalogId::new("S23"))
        .catalog_name("Summer");
    assert_eq!(
        changed.send().await?.catalog_id,
        Some(CatalogId::new("S23"))
    );

    let product = products.create_product(CatalogId::new("S23"));
    let product = product.product_id(ProductId::new("chair")).send().await?;
    assert_eq!(product.catalog_name.as_deref(), Some("Summer"));
    let deleted = products
        .delete_catalog(CatalogId::new("S23"))
        .send()
        .await?;
    assert_eq!(deleted.deleted_by, Some(sandbox.client_id()));
    let gone = products.list_products(CatalogId::new("S23")).send().await;
    assert_eq!(gone.unwrap_err().kind(), ErrorKind::NotFound);
    // Its products are gone with it.
    products
        .create_catalog()
        .catalog_id(CatalogId::new("S23"))
        .send()
        .await?;
    let products = products.list_products(CatalogId::new("S23")).send().await?;
    assert!(products.products.is_empty());
    Ok(())
}

#[tokio::test]
async fn products_create_and_change_their_groups() -> Result {
    let sandbox = sandbox().await?;
    let products = sandbox.client()?.products();
    let catalog = CatalogId::new("S23");
    products
        .create_catalog()
        .catalog_id(&catalog)
        .send()
        .await?;
    let group = |id: &str, name: Option<&str>| {
        let group = NewProductGroup::builder().group_id(GroupId::new(id));
        match name {
            Some(name) => group.group_name(name).build(),
            None => group.build(),
        }
    };
    let create = |id: &str, groups: Vec<NewProductGroup>| {
        (products
            .create_product(&catalog)
            .product_id(ProductId::new(id)))
        .product_name(format!("The {id}"))
        .unit_gross_price(Amount::minor(10_900))
        .currency(Currency::NOK)
        .locations([StockLocation::builder().location_name("Oslo").build()])
        .groups(groups)
        .send()
    };
    let chair = create("chair", vec![group("f", Some("Furniture"))]).await?;
    assert!(chair.locations[0].location_id.is_some());
    create("table", vec![group("f", None), group("w", Some("Wood"))]).await?;
    let groups = products.list_groups().send().await?.groups;
    let names: Vec<_> = groups
        .iter()
        .filter_map(|group| group.group_name.as_deref())
        .collect();
    assert_eq!(names, ["Furniture", "Wood"]);
    products.delete_group(GroupId::new("f")).send().await?;
    create("stool", vec![group("f", Some("Seats"))]).await?;
    let found = products
        .list_groups()
        .group_id(GroupId::new("f"))
        .send()
        .await?;
    assert_eq!(found.groups[0].group_name.as_deref(), Some("Seats"));

    let update = products.update_product(&catalog, ProductId::new("chair"));
    let changed = update.product_name("A better chair").send().await?;
    assert_eq!(
        (changed.created_at, changed.product_id),
        (chair.created_at, chair.product_id)
    );
    let found = products
        .list_products(&catalog)
        .product_name("BETTER")
        .send()
        .await?;
    assert_eq!(found.products.len(), 1);
    assert_eq!(found.products[0].groups.len(), 1);
    let page = products.list_products(&catalog).limit(2).send().await?;
    assert!(page.products.len() == 2 && page.starting_after.is_some());
    products
        .delete_product(&catalog, ProductId::new("chair"))
        .send()
        .await?;
    let gone = products
        .delete_product(&catalog, ProductId::new("chair"))
        .send()
        .await;
    assert_eq!(gone.unwrap_err().kind(), ErrorKind::NotFound);
    Ok(())
}

#[tokio::test]
async fn taxes_have_groups() -> Result {
    let sandbox = sandbox().await?;
    let products = sandbox.client()?.products();
    let food = products.create_tax_group().tax_group("Food").percentage(12);
    let id = food.send().await?.tax_id.ok_or("no id")?;
    let changed = products
        .update_tax_group(&id)
        .tax_group("Food")
        .percentage(15);
    assert_eq!(changed.send().await?.percentage, Some(15.into()));
    assert_eq!(products.list_tax_groups().send().await?.tax_groups.len(), 1);
    products.delete_tax_group(&id).send().await?;
    assert!(
        products
            .list_tax_groups()
            .send()
            .await?
            .tax_groups
            .is_empty()
    );
    Ok(())
}
