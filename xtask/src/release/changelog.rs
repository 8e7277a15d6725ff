//! The changelog.

use semver::Version;

use crate::failure::{Failure, Outcome};

const UNRELEASED: &str = "## Unreleased";

/// Returns the text of the next version.
pub(super) fn unreleased(page: &str) -> Option<&str> {
    let (_, rest) = page.split_once(UNRELEASED)?;
    let text = rest.split("\n## ").next()?.trim();
    (!text.is_empty()).then_some(text)
}

/// Returns the changelog with that text as the version's.
pub(super) fn released(page: &str, version: &Version, day: &str) -> Outcome<String> {
    if unreleased(page).is_none() {
        return Err(Failure::Mistake(format!(
            "error: CHANGELOG.md has no text below `{UNRELEASED}`"
        )));
    }
    let heading = format!("{UNRELEASED}\n\n## {version} - {day}");
    Ok(page.replacen(UNRELEASED, &heading, 1))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

    use super::*;

    #[test]
    fn the_heading_of_a_version_is_put_below_unreleased() {
        let page = "# Changelog\n\n## Unreleased\n\n- a\n\n## 0.1.0 - 2026-01-01\n\n- b\n";
        assert_eq!(unreleased(page), Some("- a"));
        let next = released(page, &Version::new(0, 2, 0), "2026-02-03").unwrap();
        assert_eq!(
            next,
            "# Changelog\n\n## Unreleased\n\n## 0.2.0 - 2026-02-03\n\n- a\n\n## 0.1.0 - 2026-01-01\n\n- b\n"
        );
        // Nothing to release.
        assert_eq!(unreleased(&next), None);
        assert!(released(&next, &Version::new(0, 3, 0), "2026-03-04").is_err());
    }
}
