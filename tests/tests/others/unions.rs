//! Every type of every union, read from valid values.

use super::program::Program;

#[derive(Default)]
pub(crate) struct Table {
    pub(crate) wrong: Vec<String>,
}

impl Table {
    pub(crate) fn add(&mut self, _program: &Program) {}

    pub(crate) fn text(&self) -> String {
        String::new()
    }
}
