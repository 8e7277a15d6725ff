//! Documents that may refer to each other.

use std::collections::BTreeMap;

use super::{
    Document, LeftOut, Node, Source, changed, check, deep, import, leave_out, normalise,
    text::Texts, tree::Index, typed, unread,
};
use crate::diagnostic::Diagnostic;

/// Several documents, each read once, with its overlays applied.
#[derive(Clone, Debug)]
pub struct Library {
    pub(super) texts: Texts,
    books: Vec<Book>,
}

#[derive(Clone, Debug)]
struct Book {
    name: String,
    tree: Result<Node, Vec<Diagnostic>>,
    /// Warnings about the texts.
    notes: Vec<Diagnostic>,
}

impl Library {
    /// Reads documents and their overlays. Mistakes are returned by [`document`](Self::document).
    #[must_use]
    pub fn read<'s>(documents: impl IntoIterator<Item = (&'s Source, &'s [Source])>) -> Self {
        Self::read_with(documents, &[])
    }

    /// Reads documents that may refer to other files, by path relative to their folder.
    #[must_use]
    pub fn read_with<'s>(
        documents: impl IntoIterator<Item = (&'s Source, &'s [Source])>,
        files: &'s [Source],
    ) -> Self {
        let documents: Vec<_> = documents.into_iter().collect();
        let sources = (documents.iter())
            .flat_map(|(document, overlays)| std::iter::once(*document).chain(*overlays));
        let first_file = sources.clone().count();
        let texts = Texts::new(sources.chain(files));
        let mut first = 0;
        let mut books = Vec::new();
        for (document, overlays) in documents {
            let mut notes = Vec::new();
            books.push(Book {
                name: document.name.clone(),
                tree: changed(
                    &texts,
                    first,
                    document,
                    overlays,
                    (files, first_file),
                    &mut notes,
                ),
                notes,
            });
            first += 1 + overlays.len();
        }
        Self { texts, books }
    }

    /// Returns the document of this number, checked, with the parts of others that it needs.
    ///
    /// # Errors
    /// Every mistake in it; none if only a document that it refers to can't be read.
    pub fn document(&self, number: usize) -> Result<Document, Vec<Diagnostic>> {
        let Some(book) = self.books.get(number) else {
            return Err(Vec::new());
        };
        let mut root = book.tree.clone()?;
        let foreign = import::import(self, number, &mut root)?;
        let mut findings = check::document(&self.texts, &root);
        if !findings.errors.is_empty() {
            return Err(findings.errors);
        }
        normalise::normalise(&self.texts, &mut root);
        let (openapi, mut unread) = deep::deep(|| {
            let openapi = typed::typed(&self.texts, &root)?;
            let unread = unread::unread(&self.texts, &root, &openapi, &findings.ignored)?;
            Ok::<_, Vec<Diagnostic>>((openapi, unread))
        })?;
        unread.append(&mut findings.warnings);
        unread.extend(book.notes.iter().cloned());
        // A finding about another document is reported with that document.
        unread.retain(|found| {
            let of_other =
                |(other, book): (usize, &Book)| other != number && book.name == *found.place.file;
            !self.books.iter().enumerate().any(of_other)
        });
        unread.sort_by(|a, b| a.place.cmp(&b.place));
        Ok(Document {
            openapi,
            index: Index::of(&root),
            root,
            texts: self.texts.clone(),
            unread,
            foreign,
        })
    }

    /// Returns the document of this number without checking it, with the parts of others that it needs, and the warnings
    /// about its text.
    pub(crate) fn unchecked(
        &self,
        number: usize,
    ) -> Result<(Node, Vec<Diagnostic>), Vec<Diagnostic>> {
        let Some(book) = self.books.get(number) else {
            return Err(Vec::new());
        };
        let mut root = book.tree.clone()?;
        import::import(self, number, &mut root)?;
        normalise::normalise(&self.texts, &mut root);
        Ok((root, book.notes.clone()))
    }

    /// Applies the fixes of findings that have one, and returns these findings as warnings.
    pub(crate) fn mend(&mut self, number: usize, found: &[Diagnostic]) -> Vec<Diagnostic> {
        let book = self.books.get_mut(number);
        let tree = book.and_then(|book| book.tree.as_mut().ok());
        tree.map_or_else(Vec::new, |tree| leave_out::mend(tree, found))
    }

    /// Removes the parts that the findings are about; `None` if that is not possible.
    pub(crate) fn leave_out(
        &mut self,
        number: usize,
        found: &[Diagnostic],
    ) -> Option<Vec<LeftOut>> {
        let tree = self.books.get_mut(number)?.tree.as_mut().ok()?;
        leave_out::leave_out(tree, found)
    }

    pub(super) fn name(&self, number: usize) -> &str {
        self.books.get(number).map_or("", |book| book.name.as_str())
    }

    /// Returns whether the text of a document could be read and its overlays applied.
    pub(super) fn is_read(&self, number: usize) -> bool {
        self.books.get(number).is_some_and(|book| book.tree.is_ok())
    }

    /// Returns the document that a file name means in a reference of another document.
    pub(super) fn relative(&self, from: usize, file: &str) -> Option<usize> {
        let path = import::joined(self.name(from), file);
        self.books.iter().position(|book| book.name == path)
    }

    pub(super) fn schemas(&self, number: usize) -> impl Iterator<Item = (&str, &Node)> {
        let book = self.books.get(number);
        let tree = book.and_then(|book| book.tree.as_ref().ok());
        let schemas = tree.and_then(|tree| tree.at("/components/schemas"));
        let members = schemas.and_then(Node::as_object).unwrap_or_default();
        members.iter().map(|(key, node)| (key.name.as_str(), node))
    }

    pub(super) fn schema(&self, number: usize, name: &str) -> Option<&Node> {
        self.schemas(number)
            .find_map(|(key, node)| (key == name).then_some(node))
    }
}

/// Names of schemas that were copied into a document, each with the number of its own document.
pub(super) type Foreign = BTreeMap<String, usize>;
