//! Characters that no input may hold.

/// Whether a character is of the private-use area (U+E000 to U+F8FF): no font says what it shows, and values travel
/// through Markdown in such characters alone.
pub(crate) fn is_private(c: char) -> bool {
    ('\u{E000}'..='\u{F8FF}').contains(&c)
}
