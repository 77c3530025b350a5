//! Capital and small letters, where languages differ.

/// Languages that have an i without a dot.
fn has_dotless(language: &str) -> bool {
    matches!(language, "az" | "tr")
}

pub(super) fn capitalise(text: &str, language: &str) -> String {
    let mut chars = text.chars();
    let Some(first) = chars.next() else { return String::new() };
    let rest = chars.as_str();
    match first {
        'i' if has_dotless(language) => format!("İ{rest}"),
        'i' if language == "nl" && rest.starts_with('j') => format!("IJ{}", &rest[1..]),
        // Two letters would become capitals for one.
        'ß' => text.to_owned(),
        first => first.to_uppercase().chain(rest.chars()).collect(),
    }
}

pub(super) fn lower(text: &str, language: &str) -> String {
    if has_dotless(language) {
        return text.replace('I', "ı").replace('İ', "i").to_lowercase();
    }
    text.to_lowercase()
}
