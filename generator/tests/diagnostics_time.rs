//! How long loading takes: `cargo test --release -p generator --test diagnostics_time -- --ignored --nocapture`.

use std::time::Instant;

use generator::load::{Source, load};

#[test]
#[ignore = "a measurement, for release builds on a quiet machine"]
fn the_published_payments_document() {
    let Ok(file) = std::env::var("DINTERO_OFFICIAL_SPEC") else {
        println!("not run: DINTERO_OFFICIAL_SPEC is not set");
        return;
    };
    let document = Source {
        text: std::fs::read_to_string(&file).expect("readable"),
        name: file,
    };
    let best = (0..20)
        .map(|_| {
            let start = Instant::now();
            assert!(load(&document, &[]).is_ok());
            start.elapsed()
        })
        .min()
        .unwrap_or_default();
    println!("loaded in {best:?} (best of 20)");
    assert!(
        best.as_millis() < 60,
        "loading takes {best:?}; it may take 60 ms"
    );
}
