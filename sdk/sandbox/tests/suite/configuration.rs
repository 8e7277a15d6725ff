//! API keys, profiles and the configuration of the checkout through the crate `dintero`.

use dintero::checkout::*;
use dintero::*;
use dintero_sandbox::Sandbox;

use crate::support::checked;

type Result = std::result::Result<(), Box<dyn std::error::Error>>;

async fn sandbox() -> std::result::Result<Sandbox, dintero_sandbox::Error> {
    checked().start().await
}

fn with_key(
    sandbox: &Sandbox,
    key: &str,
) -> std::result::Result<Client, Box<dyn std::error::Error>> {
    let account = sandbox.account().parse::<AccountId>()?;
    let builder = Client::builder().base_url(sandbox.url()).account(account);
    Ok(builder.api_key(key).build()?)
}

#[tokio::test]
async fn api_keys_work_until_they_are_rotated_or_deleted() -> Result {
    let sandbox = sandbox().await?;
    let checkout = sandbox.client()?.checkout();
    let created = checkout.create_api_key().name("till").send().await?;
    let id = created.id.unwrap();
    let value = created.api_key.unwrap();
    assert!(value.starts_with(&sandbox.account()));

    let by_key = with_key(&sandbox, &value)?;
    assert_eq!(by_key.checkout().list_profiles().send().await?.len(), 1);
    let wrong = with_key(&sandbox, "T12345678.wrong")?;
    let error = wrong.checkout().list_profiles().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthorized);

    let rotated = checkout.rotate_api_key(&id).send().await?;
    let error = by_key.checkout().list_profiles().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthorized);
    let by_key = with_key(&sandbox, &rotated.api_key.unwrap())?;
    by_key.checkout().list_profiles().send().await?;

    let deleted = by_key.checkout().delete_api_key(&id).send().await?;
    assert_eq!(deleted.deleted_by.as_deref(), Some(id.as_str()));
    let error = by_key.checkout().list_profiles().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthorized);
    assert!(error.to_string().contains("deleted"), "{error}");
    assert!(checkout.list_api_keys().send().await?.is_empty());
    let all = checkout
        .list_api_keys()
        .include_deleted(true)
        .send()
        .await?;
    assert_eq!(all[0].id.as_ref(), Some(&id));
    let error = checkout.rotate_api_key(&id).send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    Ok(())
}

#[tokio::test]
async fn api_keys_have_a_value_of_their_own() -> Result {
    let sandbox = sandbox().await?;
    let checkout = sandbox.client()?.checkout();
    let own = checkout.create_api_key().name("a").api_key("T1.own");
    assert_eq!(own.send().await?.api_key.as_deref(), Some("T1.own"));
    by_key_works(&sandbox, "T1.own").await?;
    let same = checkout.create_api_key().name("b").api_key("T1.own");
    let error = same.send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BadRequest);
    Ok(())
}

async fn by_key_works(sandbox: &Sandbox, key: &str) -> Result {
    with_key(sandbox, key)?
        .checkout()
        .list_api_keys()
        .send()
        .await?;
    Ok(())
}

#[tokio::test]
async fn lists_have_pages() -> Result {
    let sandbox = sandbox().await?;
    let checkout = sandbox.client()?.checkout();
    for number in 0..7 {
        let name = format!("key {number}");
        checkout.create_api_key().name(name).send().await?;
    }
    let mut names = Vec::new();
    let mut keys = checkout.list_api_keys().limit(3).items();
    while let Some(key) = keys.try_next().await? {
        names.push(key.name.unwrap());
    }
    let expected: Vec<_> = (0..7).map(|number| format!("key {number}")).collect();
    assert_eq!(names, expected);
    let page = checkout.list_api_keys().limit(3).send().await?;
    assert_eq!(page.len(), 3);
    let error = checkout
        .list_api_keys()
        .starting_after("nobody")
        .send()
        .await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::BadRequest);
    Ok(())
}

#[tokio::test]
async fn profiles_are_found_by_the_id_that_was_chosen() -> Result {
    let sandbox = sandbox().await?;
    let checkout = sandbox.client()?.checkout();
    let default = checkout
        .get_profile(ProfileId::new("default"))
        .send()
        .await?;
    let payment = default.configuration.unwrap();
    assert_eq!(payment.vipps.unwrap().enabled, Some(true));

    let created = checkout
        .create_profile()
        .profile_id(ProfileId::new("invoices"))
        .configuration(AddressCountryLimits::builder().auto_capture(true).build())
        .description("Invoices alone")
        .send()
        .await?;
    assert_eq!(created.created_by, Some(sandbox.client_id()));
    let again = checkout
        .create_profile()
        .profile_id(ProfileId::new("invoices"))
        .configuration(AddressCountryLimits::builder().build())
        .description("Twice");
    assert_eq!(
        again.send().await.unwrap_err().kind(),
        ErrorKind::BadRequest
    );

    let changed = checkout
        .update_profile(ProfileId::new("invoices"))
        .configuration(AddressCountryLimits::builder().build())
        .description("Invoices, captured by hand")
        .send()
        .await?;
    assert_eq!(changed.profile_id, Some(ProfileId::new("invoices")));
    let id = ProfileId::new(created.id.unwrap().as_str());
    let read = checkout.get_profile(&id).send().await?;
    assert_eq!(
        read.description.as_deref(),
        Some("Invoices, captured by hand")
    );
    assert_eq!(read.configuration.unwrap().auto_capture, None);
    assert_eq!(read.created_at, created.created_at);

    let deleted = checkout.delete_profile(&id).send().await?;
    assert_eq!(deleted.deleted_by, Some(sandbox.client_id()));
    let error = checkout.get_profile(&id).send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    let default = checkout
        .delete_profile(ProfileId::new("default"))
        .send()
        .await;
    assert_eq!(default.unwrap_err().kind(), ErrorKind::BadRequest);
    Ok(())
}

#[tokio::test]
async fn the_checkout_is_configured() -> Result {
    let sandbox = sandbox().await?;
    let checkout = sandbox.client()?.checkout();
    let before = checkout.get_checkout_configuration().send().await?;
    let settings = before.configuration.unwrap();
    let kinds: Vec<_> = (settings.payment_options.iter())
        .filter_map(|option| Some(option.type_.as_ref()?.as_str()))
        .collect();
    assert!(kinds.contains(&"payex.creditcard"), "{kinds:?}");
    let mut settings = *settings;
    settings.merchant.as_mut().unwrap().name = Some("Chairs".to_owned());
    let update = checkout.update_checkout_configuration();
    let after = update.configuration(settings).send().await?;
    assert_eq!(after.id, before.id);
    let read = checkout.get_checkout_configuration().send().await?;
    let merchant = read.configuration.unwrap().merchant.unwrap();
    assert_eq!(merchant.name.as_deref(), Some("Chairs"));
    Ok(())
}
