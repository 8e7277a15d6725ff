//! Answers of every form given by a mock, to generated crates with their feature `mock`. Compiled and run by
//! `tests/generated.rs`.

use answers::{AnswersApi as _, DifferentTypes, DifferentTypesOutput, MaybeNothing, Picture, Table, Thing, ThingId};
use bodies::{BodiesApi as _, DeleteWithList, OptionalBody, SendForm};
use dintero::mock::{self, Mock, MockResponse};
use directions::{Account, CreateAccount, DirectionsApi as _, Holder};
use media_types::{DraftId, MediaTypesApi as _, Report, SaveDraft, SaveDraftAsForm, SaveDraftOutput};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), dintero::Error> {
    by_status().await?;
    other_answers().await?;
    what_was_sent().await?;
    println!("every form of answer can be given by a mock");
    Ok(())
}

async fn by_status() -> Result<(), dintero::Error> {
    let mock = Mock::new();
    let thing = || mock::value(|thing: &mut Thing| thing.id = ThingId::new("1"));
    mock.on::<DifferentTypes>().responses([
        MockResponse::value(&DifferentTypesOutput::Ok(thing())),
        MockResponse::value(&DifferentTypesOutput::Created("name".to_owned())),
        MockResponse::value(&DifferentTypesOutput::NoContent),
        MockResponse::status(207),
    ]);
    let client = mock.client();
    let call = || client.answers().different_types().send();
    assert!(matches!(call().await?, DifferentTypesOutput::Ok(given) if given == thing()));
    assert!(matches!(call().await?, DifferentTypesOutput::Created(name) if name == "name"));
    assert!(matches!(call().await?, DifferentTypesOutput::NoContent));
    let DifferentTypesOutput::Other(other) = call().await? else { panic!("207 is named") };
    assert_eq!(other.status, 207);
    // What came as it is can be given as it is.
    mock.on::<DifferentTypes>().optional().value(DifferentTypesOutput::Other(other));
    mock.verify();
    Ok(())
}

async fn other_answers() -> Result<(), dintero::Error> {
    let mock = Mock::new();
    let client = mock.client();
    let thing = mock::value(|thing: &mut Thing| thing.id = ThingId::new("1"));
    mock.on::<MaybeNothing>()
        .responses([MockResponse::value(&Some(thing.clone())), MockResponse::value(&None)]);
    assert_eq!(client.answers().maybe_nothing().send().await?, Some(thing));
    let response = client.answers().maybe_nothing().send_with_response().await?;
    assert_eq!((response.status().as_u16(), response.value()), (204, &None));
    mock.on::<Picture>().value(b"\x89PNG".as_slice().into());
    assert_eq!(client.answers().picture().send().await?.as_ref(), b"\x89PNG");
    mock.on::<Table>().value("a;b".to_owned());
    assert_eq!(client.answers().table().send().await?, "a;b");
    mock.verify();
    Ok(())
}

async fn what_was_sent() -> Result<(), dintero::Error> {
    let mock = Mock::new();
    let client = mock.client();
    let account = mock::value(|account: &mut Account| account.id = Some("a-1".to_owned()));
    mock.on::<CreateAccount>()
        .value(mock::value(|holder: &mut Holder| holder.account = Some(account.into())));
    let input = Account::builder().name("n").password("p").build();
    let answer = client.directions().create_account().account(input).send().await?;
    assert_eq!(answer.account.and_then(|account| account.id).as_deref(), Some("a-1"));
    let sent = &mock.calls::<CreateAccount>()[0];
    assert_eq!(sent.body.account.as_ref().and_then(|account| account.name.as_deref()), Some("n"));

    mock.on::<OptionalBody>().value(());
    mock.on::<SendForm>().value(());
    mock.on::<DeleteWithList>().value(());
    client.bodies().optional_body().send().await?;
    client.bodies().optional_body().reason("r").send().await?;
    client.bodies().send_form().scope("s").send().await?;
    client.bodies().delete_with_list().body(["a", "b"]).send().await?;
    let reasons = mock.calls::<OptionalBody>();
    let reasons: Vec<Option<&str>> = reasons.iter().map(|call| call.body.as_ref()?.reason.as_deref()).collect();
    assert_eq!(reasons, [None, Some("r")]);
    assert_eq!(mock.calls::<SendForm>()[0].body.scope.as_deref(), Some("s"));
    assert_eq!(mock.calls::<DeleteWithList>()[0].body, ["a", "b"]);
    mock.verify();

    // Media types of one body are operations of their own, with the same responses.
    let saved = || SaveDraftOutput::Ok(mock::value(|report: &mut Report| report.title = Some("m".to_owned())));
    mock.on::<SaveDraft>().value(saved());
    mock.on::<SaveDraftAsForm>().value(saved());
    let id = || DraftId::new("d");
    client.media_types().save_draft_as_form(id()).title("form").send().await?;
    client.media_types().save_draft(id()).title("json").send().await?;
    assert_eq!(mock.calls::<SaveDraft>()[0].body.title.as_deref(), Some("json"));
    assert_eq!(mock.calls::<SaveDraftAsForm>()[0].body.title.as_deref(), Some("form"));
    mock.verify();
    Ok(())
}
