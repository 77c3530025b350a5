//! What unit tests share: the theme and the words of the bundled pack.

use serde::de::DeserializeOwned;

use crate::diagnostic::Sink;
use crate::strings::Strings;
use crate::theme::Theme;

fn bundled<T: DeserializeOwned>(text: &str) -> T {
    let located = crate::yaml::read_str("bundled.yaml", text, &mut Sink::new()).unwrap();
    serde_json::from_value(located.to_json()).unwrap()
}

pub(crate) fn theme() -> Theme {
    bundled(include_str!("../template-packs/isms-core/theme.yaml"))
}

pub(crate) fn strings() -> Strings {
    let mut strings: Strings = bundled(include_str!("../template-packs/isms-core/strings.yaml"));
    strings.speak("en-GB").unwrap();
    strings
}
