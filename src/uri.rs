//! Percent-encoding (RFC 3986): what may not stand in a URI becomes `%` and two digits a byte.

/// A path: what is no letter, digit or one of `-._~/` is encoded.
pub(crate) fn path(path: &str) -> String {
    encode(path, |_, byte| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte))
}

/// A whole URL as `xsd:anyURI` and Word take it: what is encoded already stays.
pub(crate) fn url(url: &str) -> String {
    let bytes = url.as_bytes();
    // Brackets stand in a host alone, around an address of IPv6.
    let authority = url.find("//").map_or(0, |at| at + 2);
    let path = url[authority..].find(['/', '?', '#']).map_or(url.len(), |at| authority + at);
    let mut fragment = false;
    encode(url, |at, byte| match byte {
        b'%' => bytes.get(at + 1..at + 3).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)),
        b'[' | b']' => (authority..path).contains(&at),
        b'#' => !std::mem::replace(&mut fragment, true),
        b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}' => false,
        _ => byte.is_ascii_graphic(),
    })
}

/// Encodes the bytes that may not stand as they are.
fn encode(text: &str, mut stands: impl FnMut(usize, u8) -> bool) -> String {
    let mut uri = String::with_capacity(text.len());
    for (at, byte) in text.bytes().enumerate() {
        if stands(at, byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_path_becomes_a_uri_reference() {
        assert_eq!(super::path("registers/a b.csv"), "registers/a%20b.csv");
        assert_eq!(super::path("a b/ü#%.zip"), "a%20b/%C3%BC%23%25.zip");
    }

    #[test]
    fn a_url_becomes_a_uri() {
        assert_eq!(super::url("https://é.example/a b?q=1&r=%20#f"), "https://%C3%A9.example/a%20b?q=1&r=%20#f");
        assert_eq!(super::url("mailto:a@b.example?subject=\"x\""), "mailto:a@b.example?subject=%22x%22");
        assert_eq!(super::url("https://[::1]/[a]#b#c"), "https://[::1]/%5Ba%5D#b%23c");
        assert_eq!(super::url("https://x.example/100%"), "https://x.example/100%25");
    }
}
