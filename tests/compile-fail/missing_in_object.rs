//! Leaves a required field out of an object.
fn main() {
    drop(dintero::insight::ReportSettings::builder().name("n").schedule(dintero::insight::ReportSchedule::Daily).build());
}
