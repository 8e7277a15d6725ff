//! Operations as examples in the documentation.

use quote::quote;

use super::super::{
    context::{Context, ident},
    operations::Plan,
    print,
};
use super::{Writer, runtime};
use crate::model::{ResponseShape, Stream};

/// Maximum number of lines of a short example.
const SHORT: usize = 12;

/// Returns an operation with its required values as a doctest; nothing if no valid value is known.
///
/// A short example is one expression; a long one has objects before it.
pub(crate) fn example<'a>(context: &'a Context<'a>, plan: &'a Plan<'a>) -> Option<String> {
    let whole = shown(plan, Writer::new(context, false))?;
    if whole.lines <= SHORT {
        return Some(whole.text);
    }
    let parts = shown(plan, Writer::new(context, false).in_parts());
    let shorter = parts.filter(|parts| parts.lines < whole.lines);
    Some(shorter.unwrap_or(whole).text)
}

/// An example, and the number of lines that a reader sees.
struct Shown {
    text: String,
    lines: usize,
}

fn shown<'a>(plan: &'a Plan<'a>, mut writer: Writer<'a>) -> Option<Shown> {
    let call = writer.call(plan).ok()?;
    let operation = plan.operation();
    let is_stream = |stream: &Stream| operation.accept == stream.media_type;
    let statement = match operation.success.shape {
        _ if operation.stream.as_ref().is_some_and(is_stream) => quote! {
            let mut events = #call.events().await?;
            while let Some(event) = events.try_next().await? {
                println!("{:?}", event.text);
            }
        },
        ResponseShape::Unit => quote!(#call.send().await?;),
        _ => quote!(let response = #call.send().await?;),
    };
    let context = writer.context;
    let uses = print::items(writer.uses(true));
    let parts = writer.parts.unwrap_or_default();
    let parts = parts.iter().map(|(name, object)| {
        let name = ident(name);
        quote!(let #name = #object;)
    });
    let body = print::items(quote!(async fn example() { #(#parts)* #statement }));
    let lines = body.lines().skip(1);
    let visible: String = (lines.filter_map(|line| line.strip_prefix("    ")))
        .map(|line| format!("{line}\n"))
        .collect();
    let client = runtime(context).to_string().replace(' ', "");
    let gap = if uses.is_empty() { "" } else { "\n" };
    Some(Shown {
        lines: uses.lines().count() + visible.lines().count(),
        text: format!(
            "# Examples\n\n```no_run\n{uses}{gap}\
             # async fn example(client: {client}::Client) -> Result<(), Box<dyn std::error::Error>> {{\n\
             {visible}# Ok(())\n# }}\n```"
        ),
    })
}
