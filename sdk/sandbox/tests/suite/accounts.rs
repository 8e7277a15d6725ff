//! Partners, their merchants, clients and grants, through the crate `dintero`.

use dintero::management::*;
use dintero::payments::Address;
use dintero::*;
use dintero_sandbox::Sandbox;

use crate::support::checked;

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

async fn sandbox() -> Result<Sandbox> {
    Ok(checked().start().await?)
}

fn address() -> Address {
    (Address::builder().address_line("Storgata 1"))
        .postal_place("Oslo")
        .country("NO")
        .build()
}

fn company(name: &str) -> AccountCompany {
    (AccountCompany::builder().business_name(name))
        .address(address())
        .build()
}

async fn merchant(partner: &Client, name: &str) -> Result<AccountId> {
    let agreement = AccountApplicantAgreement::builder().build();
    let applicant = (AccountApplicant::builder().email("kari@example.com"))
        .agreement(agreement)
        .build();
    let billing = (AccountBilling::builder().business_name(name))
        .address(address())
        .build();
    let created = (partner.management().create_account())
        .applicant(applicant)
        .company(company(name))
        .billing(billing)
        .send()
        .await?;
    Ok(created.account_id.ok_or("no id")?)
}

#[tokio::test]
async fn a_partner_acts_for_its_merchants() -> Result {
    let sandbox = sandbox().await?;
    let partner = sandbox.partner_client_builder().build()?;
    let id = merchant(&partner, "Chairs").await?;
    assert_eq!(id.as_str()[..4], sandbox.partner()[..4]);

    let chairs = partner.for_merchant(id.clone())?;
    let profiles = chairs.checkout().list_profiles().send().await?;
    assert_eq!(profiles[0].created_by, Some(sandbox.partner_client_id()));
    // The other audience that Dintero documents.
    let builder = sandbox.partner_client_builder();
    let builder = builder.merchant_audience("https://api.dintero.com/v1/accounts/{partner}");
    let chairs = builder.build()?.for_merchant(id)?;
    chairs.checkout().list_profiles().send().await?;

    // Other languages get its client from the control API.
    let about = reqwest::get(format!("{}/sandbox/api", sandbox.url())).await?;
    let about: serde_json::Value = serde_json::from_slice(&about.bytes().await?)?;
    assert_eq!(about["partner"], sandbox.partner());
    let secret = sandbox.partner_client_secret();
    assert_eq!(about["partner_client_secret"], secret);

    // The first account is nobody's merchant.
    let other = partner.for_merchant(sandbox.account().parse()?)?;
    let error = other.checkout().list_profiles().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Token);
    // Nor can a client name another account than its own.
    let clients = sandbox.client()?.management().list_clients();
    let error = clients.account(sandbox.partner().parse()?).send().await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::Forbidden);
    // A merchant is no partner.
    let accounts = sandbox.client()?.management().list_accounts().send().await;
    assert_eq!(accounts.unwrap_err().kind(), ErrorKind::Forbidden);
    Ok(())
}

#[tokio::test]
async fn accounts_are_listed_read_and_changed() -> Result {
    let sandbox = sandbox().await?;
    let partner = sandbox.partner_client_builder().build()?;
    let mut ids = Vec::new();
    for number in 0..5 {
        ids.push(merchant(&partner, &format!("Shop {number}")).await?);
    }
    let mut listed = Vec::new();
    let mut accounts = partner.management().list_accounts().limit(2).items();
    while let Some(account) = accounts.try_next().await? {
        listed.push(account.account_id.ok_or("no id")?);
    }
    assert_eq!(listed, ids);
    let found = partner.management().list_accounts().search(ids[3].as_str());
    assert_eq!(found.send().await?.len(), 1);

    let before = partner
        .management()
        .get_account(ids[0].clone())
        .send()
        .await?;
    let after = (partner.management().update_account(ids[0].clone()))
        .applicant(*before.applicant.ok_or("none")?)
        .company(company("Tables"))
        .billing(*before.billing.ok_or("none")?)
        .progression(AccountProgression::Live)
        .send()
        .await?;
    assert_eq!((after.id, after.created_at), (before.id, before.created_at));
    let live = (partner.management().list_accounts()).progression(["live"]);
    let live = live.send().await?;
    assert_eq!(live.len(), 1);
    let name = live[0]
        .company
        .as_ref()
        .and_then(|it| it.business_name.as_deref());
    assert_eq!(name, Some("Tables"));
    let unknown: AccountId = "T00000001".parse()?;
    let error = partner.management().get_account(unknown).send().await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::NotFound);
    Ok(())
}

#[tokio::test]
async fn clients_get_the_scopes_of_their_grants() -> Result {
    let sandbox = sandbox().await?;
    let management = sandbox.client()?.management();
    let created = management.create_client().name("till").send().await?;
    let (id, client_id) = (
        created.id.ok_or("no id")?,
        created.client_id.ok_or("no id")?,
    );
    let login = |secret: String| {
        (sandbox.client_builder())
            .client_credentials(client_id.as_str(), secret)
            .build()
    };
    let secret = created.client_secret.ok_or("no secret")?;
    let error = login(secret.clone())?
        .checkout()
        .list_profiles()
        .send()
        .await;
    let error = error.unwrap_err();
    assert!(error.to_string().contains("no grant"), "{error}");

    let grant = management
        .create_grant()
        .client_id(&id)
        .audience(format!(
            "https://api.dintero.com/v1/accounts/{}",
            sandbox.account()
        ))
        .scope(["read:accounts"])
        .send()
        .await?;
    let grant_id = grant.id.ok_or("no id")?;
    let client = login(secret.clone())?;
    client.management().list_grants().send().await?;
    let error = client.checkout().list_profiles().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Forbidden);
    management
        .update_grant(&grant_id)
        .scope(["admin:checkout"])
        .send()
        .await?;
    login(secret.clone())?
        .checkout()
        .list_profiles()
        .send()
        .await?;
    let grants = management.list_grants().client_id(&id).send().await?;
    assert_eq!(grants[0].scope.as_slice(), ["admin:checkout"]);

    let rotated = management.rotate_client_secret(&id).send().await?;
    let error = login(secret)?.checkout().list_profiles().send().await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::Token);
    let secret = rotated.client_secret.ok_or("no secret")?;
    login(secret.clone())?
        .checkout()
        .list_profiles()
        .send()
        .await?;
    management.delete_grant(&grant_id).send().await?;
    assert!(
        login(secret)?
            .checkout()
            .list_profiles()
            .send()
            .await
            .is_err()
    );

    let changed = management
        .update_client(&id)
        .description("at the door")
        .send()
        .await?;
    assert_eq!(changed.name.as_deref(), Some("till"));
    let found = management.list_clients().search("DOOR").send().await?;
    assert_eq!(found[0].id.as_ref(), Some(&id));
    assert_eq!(management.list_clients().send().await?.len(), 2);
    Ok(())
}
