//! What the mock answers.

use dintero::mock::Mock;
use dintero::payments::{
    ApprovalsPayoutDestinationList, ApprovalsPayoutDestinationResponse,
    ApprovalsPayoutDestinationResponseLink, CreateSellerApproval, ListSellerApprovals,
};

pub(crate) fn rules(mock: &Mock) {
    mock.on::<CreateSellerApproval>()
        .answer_with(|call| application(call.payout_destination_id()));
    mock.on::<ListSellerApprovals>().answer_with(|_| {
        let all = [application("seller-1042")];
        ApprovalsPayoutDestinationList::builder()
            .payout_destinations(all)
            .build()
    });
}

fn application(id: &str) -> ApprovalsPayoutDestinationResponse {
    let contract = ApprovalsPayoutDestinationResponseLink::builder()
        .rel("contract_url")
        .href("https://sign.example/contract")
        .build();
    ApprovalsPayoutDestinationResponse::builder()
        .payout_destination_id(id)
        .case_status("WAITING_FOR_SIGNATURE")
        .links([contract])
        .build()
}
