//! Where a walk is, without building a pointer for every step.

use super::super::escape;

/// A position, linked to the one around it.
#[derive(Clone, Copy, Debug)]
pub(super) enum At<'a> {
    Root,
    Key(&'a At<'a>, &'a str),
    Index(&'a At<'a>, usize),
}

impl<'a> At<'a> {
    pub(super) fn key(&'a self, name: &'a str) -> At<'a> {
        At::Key(self, name)
    }

    pub(super) fn index(&'a self, index: usize) -> At<'a> {
        At::Index(self, index)
    }

    /// The name of this member; `None` for list items and the whole document.
    pub(super) fn name(&self) -> Option<&'a str> {
        match self {
            Self::Key(_, name) => Some(name),
            _ => None,
        }
    }

    pub(super) fn pointer(&self) -> String {
        let mut pointer = String::new();
        self.write(&mut pointer);
        pointer
    }

    fn write(&self, pointer: &mut String) {
        match self {
            Self::Root => {}
            Self::Key(outer, name) => {
                outer.write(pointer);
                pointer.push('/');
                pointer.push_str(&escape(name));
            }
            Self::Index(outer, index) => {
                outer.write(pointer);
                pointer.push('/');
                pointer.push_str(&index.to_string());
            }
        }
    }
}
