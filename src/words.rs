//! Values in words of the pack's language.

use jiff::civil::Date;

use crate::strings::Strings;

/// An ISO 8601 date in words: `24 November 2026`.
///
/// # Errors
/// When the text is not a date that exists.
pub(crate) fn date(iso: &str, strings: &Strings) -> Result<String, String> {
    let date: Date = iso.parse().map_err(|_| format!("`{iso}` is not a date YYYY-MM-DD"))?;
    let month = &strings.months[usize::try_from(date.month() - 1).unwrap_or_default()];
    Ok(format!("{} {month} {}", date.day(), date.year()))
}
