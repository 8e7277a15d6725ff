//! A partner that acts for a merchant.

use dintero::management::{
    AccountApplicant, AccountApplicantAgreement, AccountBilling, AccountCompany,
};
use dintero::payments::Address;
use dintero::{AccountId, Client};
use dintero_sandbox::Sandbox;

use super::Result;

#[rustfmt::skip]
async fn settlements(sandbox: &Sandbox, partner: &str, merchant: &str) -> Result<usize> {
    let (id, secret) = (sandbox.partner_client_id(), sandbox.partner_client_secret());
    // accounts.md, 0; partner.parse = "T11200000".parse; (id, secret) = ("client id", "client secret"); merchant.parse = "T12345678".parse
    use dintero::Client;

    let partner = Client::builder()
        .account(partner.parse()?)
        .client_credentials(id, secret)
        .base_url(sandbox.url()) // hidden
        .build()?;

    let merchant = partner.for_merchant(merchant.parse()?)?;
    let settlements = merchant.payments().list_settlements().send().await?;
    // end
    Ok(settlements.items.len())
}

async fn merchant(partner: &Client) -> Result<AccountId> {
    let address = (Address::builder().address_line("Storgata 1"))
        .postal_place("Oslo")
        .country("NO")
        .build();
    let agreement = AccountApplicantAgreement::builder().build();
    let applicant = (AccountApplicant::builder().email("kari@example.com")).agreement(agreement);
    let billing = AccountBilling::builder().business_name("Chairs");
    let company = AccountCompany::builder().business_name("Chairs");
    let created = (partner.management().create_account())
        .applicant(applicant.build())
        .company(company.address(address.clone()).build())
        .billing(billing.address(address).build());
    Ok(created.send().await?.account_id.ok_or("no account")?)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_partner_reads_the_settlements_of_a_merchant() -> Result {
    let sandbox = Sandbox::builder().check_responses(true).start().await?;
    let partner = sandbox.partner_client_builder().build()?;
    let merchant = merchant(&partner).await?;
    let (partner, own) = (sandbox.partner(), merchant.to_string());
    assert_eq!(settlements(&sandbox, &partner, &own).await?, 0);
    // The first account is no merchant of the partner.
    let other = settlements(&sandbox, &partner, &sandbox.account()).await;
    assert!(other.is_err());
    Ok(())
}
