//! Applies for a seller that receives payouts, and tracks the application.
//!
//! ```sh
//! cargo run --example sellers --features mock
//! ```
//!
//! With `DINTERO_ACCOUNT_ID`, `DINTERO_CLIENT_ID` and `DINTERO_CLIENT_SECRET` of a test account it calls Dintero.
//! Without them a mock responds: see `mock.rs`.

mod mock;
#[path = "../support/mod.rs"]
mod support;

use dintero::Currency;
use std::error::Error;

use dintero::payments::{
    ApprovalStatus, LegalEntityType, PayoutDestinationId, SellerApproval,
    SellerApprovalLinkRel as Link, SellerBankAccount, SellerFormSubmitter,
};

/// The next step of the marketplace for a seller.
#[derive(Debug, PartialEq, Eq)]
enum Seller {
    /// The seller can be used in orders, and receives payouts.
    Ready,
    /// The seller must sign, declare or send details, at this URL if there is one.
    TheirTurn(Option<String>),
    /// Dintero is checking.
    Checking,
    /// The seller gets no payouts.
    Refused,
    /// A person must check it.
    Unclear(String),
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let (client, mock) = support::client(mock::rules)?;
    let payments = client.payments();

    // The id is your id of the seller, also in orders.
    let id = support::given("DINTERO_NEW_SELLER", "1042")?;
    let id = PayoutDestinationId::new(format!("seller-{id}"));
    let account = SellerBankAccount::builder()
        .bank_account_number("NO9386011117947")
        .bank_account_country_code("NO")
        .bank_account_currency(Currency::NOK)
        .payout_currency(Currency::NOK)
        .build();
    let contact = SellerFormSubmitter::builder()
        .name("Kari Nordmann")
        .email("kari@seller.example")
        .title("CEO")
        .build();
    let application = payments
        .create_seller_approval()
        .payout_destination_id(&id)
        .payout_destination_name("Kari's chairs")
        .type_(LegalEntityType::Company)
        .country_code("NO")
        .organization_number("987654321")
        .bank_accounts([account])
        .form_submitter(contact)
        .payout_reference("chairs")
        // On test accounts this text determines the result of the application.
        .payout_destination_description("AUTO_WAITING_FOR_SIGNATURE")
        .send()
        .await?;
    println!("applied: {:?}", status(&application));

    // Subscribe to the event to be notified of changes; the list has them as well.
    let list = payments
        .list_seller_approvals()
        .payout_destination_id(&id)
        .send()
        .await?;
    let [application] = list.payout_destinations.as_slice() else {
        return Err("the seller has no application, or several".into());
    };
    match status(application) {
        Seller::Ready => println!("{id} can sell"),
        Seller::TheirTurn(Some(address)) => println!("send {id} to {address}"),
        other => println!("{id}: {other:?}"),
    }

    let waiting = payments
        .list_seller_approvals()
        .case_status([ApprovalStatus::WaitingForSignature])
        .send()
        .await?;
    println!("{} must sign", waiting.payout_destinations.len());
    mock.verify();
    Ok(())
}

fn status(application: &SellerApproval) -> Seller {
    let Some(status) = &application.case_status else {
        return Seller::Unclear("no status".to_owned());
    };
    match status {
        ApprovalStatus::Active => Seller::Ready,
        ApprovalStatus::AutomaticReview | ApprovalStatus::UnderManualReview => Seller::Checking,
        ApprovalStatus::WaitingForSignature => {
            Seller::TheirTurn(link(application, Link::ContractUrl))
        }
        ApprovalStatus::WaitingForDeclaration => {
            Seller::TheirTurn(link(application, Link::DeclarationUrl))
        }
        ApprovalStatus::WaitingForDetails => Seller::TheirTurn(None),
        ApprovalStatus::Declined | ApprovalStatus::Archived | ApprovalStatus::Terminated => {
            Seller::Refused
        }
        // `ERROR`, and values that Dintero adds later.
        other => Seller::Unclear(other.to_string()),
    }
}

fn link(application: &SellerApproval, rel: Link) -> Option<String> {
    let mut links = application.links.iter();
    links
        .find(|link| link.rel.as_ref() == Some(&rel))?
        .href
        .clone()
}

#[test]
fn it_runs_to_its_end() -> Result<(), Box<dyn Error>> {
    main()
}

#[test]
fn a_status_of_tomorrow_is_looked_at() {
    let unknown = dintero::mock::value(|application: &mut SellerApproval| {
        application.case_status = Some("WAITING_FOR_GODOT".into());
    });
    let unclear = Seller::Unclear("WAITING_FOR_GODOT".to_owned());
    assert_eq!(status(&unknown), unclear);
}
