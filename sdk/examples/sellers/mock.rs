//! Responses of the mock.

use dintero::mock::{self, Mock};
use dintero::payments::{
    CreateSellerApproval, ListSellerApprovals, PayoutDestinationId, SellerApproval,
    SellerApprovalLink, SellerApprovals,
};

pub(crate) fn rules(mock: &Mock) {
    mock.on::<CreateSellerApproval>()
        .value_with(|call| application(call.body.payout_destination_id.clone()));
    mock.on::<ListSellerApprovals>().value_with(|_| {
        let all = [application(Some(PayoutDestinationId::new("seller-1042")))];
        mock::value(|list: &mut SellerApprovals| {
            list.payout_destinations = all.into();
        })
    });
}

fn application(id: Option<PayoutDestinationId>) -> SellerApproval {
    let contract = mock::value(|link: &mut SellerApprovalLink| {
        link.rel = Some("contract_url".into());
        link.href = Some("https://sign.example/contract".to_owned());
    });
    mock::value(|application: &mut SellerApproval| {
        application.payout_destination_id = id;
        application.case_status = Some("WAITING_FOR_SIGNATURE".into());
        application.links = [contract].into();
    })
}
