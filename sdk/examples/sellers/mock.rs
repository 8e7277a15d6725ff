//! Responses of the mock.

use dintero::mock::{self, Mock};
use dintero::payments::{
    ApprovalsPayoutDestinationList, ApprovalsPayoutDestinationResponse,
    ApprovalsPayoutDestinationResponseLink, CreateSellerApproval, ListSellerApprovals,
    PayoutDestinationId,
};

pub(crate) fn rules(mock: &Mock) {
    mock.on::<CreateSellerApproval>()
        .value_with(|call| application(call.body.payout_destination_id.clone()));
    mock.on::<ListSellerApprovals>().value_with(|_| {
        let all = [application(Some(PayoutDestinationId::new("seller-1042")))];
        mock::value(|list: &mut ApprovalsPayoutDestinationList| {
            list.payout_destinations = all.into();
        })
    });
}

fn application(id: Option<PayoutDestinationId>) -> ApprovalsPayoutDestinationResponse {
    let contract = mock::value(|link: &mut ApprovalsPayoutDestinationResponseLink| {
        link.rel = Some("contract_url".into());
        link.href = Some("https://sign.example/contract".to_owned());
    });
    mock::value(|application: &mut ApprovalsPayoutDestinationResponse| {
        application.payout_destination_id = id;
        application.case_status = Some("WAITING_FOR_SIGNATURE".into());
        application.links = [contract].into();
    })
}
