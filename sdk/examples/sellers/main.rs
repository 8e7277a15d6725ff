//! Applies for a seller who shall be paid out to, and follows the application.
//!
//! ```sh
//! cargo run --example sellers --features mock
//! ```
//!
//! With `DINTERO_ACCOUNT_ID`, `DINTERO_CLIENT_ID` and `DINTERO_CLIENT_SECRET` of a test account it asks Dintero. Without
//! them a mock responds: see `mock.rs`.

mod mock;
#[path = "../support/mod.rs"]
mod support;

use dintero::Currency;
use std::error::Error;

use dintero::payments::{
    ApprovalStatus, ApprovalsBankAccount, ApprovalsPayoutDestinationFormSubmitter,
    ApprovalsPayoutDestinationResponse, ApprovalsPayoutDestinationResponseLinkRel as Link,
    LegalEntityType, PayoutDestinationId,
};

/// What the marketplace may do with a seller.
#[derive(Debug, PartialEq, Eq)]
enum Seller {
    /// Orders may name it, and it is paid out to.
    Ready,
    /// Somebody there has to sign, declare or tell more, at this address if there is one.
    TheirTurn(Option<String>),
    /// Dintero is checking.
    Checking,
    /// It won't be paid out to.
    Refused,
    /// Somebody has to look.
    Unclear(String),
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let (client, mock) = support::client(mock::rules)?;
    let payments = client.payments();

    // The id is yours; orders name the seller by it.
    let id = support::given("DINTERO_NEW_SELLER", "1042")?;
    let id = PayoutDestinationId::new(format!("seller-{id}"));
    let account = ApprovalsBankAccount::builder()
        .bank_account_number("NO9386011117947")
        .bank_account_country_code("NO")
        .bank_account_currency(Currency::NOK)
        .payout_currency(Currency::NOK)
        .build();
    let contact = ApprovalsPayoutDestinationFormSubmitter::builder()
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
        // On test accounts this text decides what becomes of the application.
        .payout_destination_description("AUTO_WAITING_FOR_SIGNATURE")
        .send()
        .await?;
    println!("applied: {:?}", status(&application));

    // Nothing is sent when this changes unless you subscribe to the event; the list tells as well.
    let list = payments
        .list_seller_approvals()
        .payout_destination_id(&id)
        .send()
        .await?;
    let [application] = list.payout_destinations.as_slice() else {
        return Err("there is not one application of this seller".into());
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
    println!("{} have to sign", waiting.payout_destinations.len());
    mock.verify();
    Ok(())
}

fn status(application: &ApprovalsPayoutDestinationResponse) -> Seller {
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
        // `ERROR`, and what Dintero adds to the list later.
        other => Seller::Unclear(other.to_string()),
    }
}

fn link(application: &ApprovalsPayoutDestinationResponse, rel: Link) -> Option<String> {
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
    let unknown = dintero::mock::value(|application: &mut ApprovalsPayoutDestinationResponse| {
        application.case_status = Some("WAITING_FOR_GODOT".into());
    });
    let unclear = Seller::Unclear("WAITING_FOR_GODOT".to_owned());
    assert_eq!(status(&unknown), unclear);
}
