//! The theme of a workspace: the pack's, with the workspace's keys and the organisation's colour laid over it.

use crate::decode;
use crate::diagnostic::codes::workspace as codes;
use crate::diagnostic::{Diagnostic, Sink};
use crate::theme::{Colour, Theme};
use crate::workspace::profile::Profile;
use crate::yaml::Located;

/// The least contrast of text on white (WCAG 2.2, 1.4.3).
const CONTRAST: f64 = 4.5;

pub(super) fn theme(base: &Located, over: Option<&Located>, profile: &Profile, sink: &mut Sink) -> Option<Theme> {
    let merged = over.map_or_else(|| base.clone(), |over| base.overlaid(over));
    let mut theme: Theme = decode::theme(&merged, sink)?;
    let own_accent = over.and_then(|over| over.get("colours")).and_then(|colours| colours.get("accent"));
    let brand = profile.value["branding"]["accent"].as_str().and_then(|text| Colour::try_from(text.to_owned()).ok());
    if let (None, Some(accent)) = (own_accent, brand) {
        theme.colours.accent = accent;
    }
    let white = Colour { rgb: [255; 3] };
    let colours = &theme.colours;
    for (name, colour) in [("accent", colours.accent), ("text", colours.text), ("muted", colours.muted)] {
        let contrast = colour.contrast(white);
        if contrast < CONTRAST {
            let text = String::from(colour);
            let message = format!(
                "the colour `{name}` {text} has a contrast of {contrast:.1}:1 on white; at least {CONTRAST}:1 can be read"
            );
            let span = match own_accent {
                None if name == "accent" && brand.is_some() => profile.span_of("branding.accent").cloned(),
                _ => merged.get("colours").and_then(|colours| colours.get(name)).map(|value| value.span.clone()),
            };
            sink.push(Diagnostic::fault(&codes::THEME, message).at(span).help("choose a darker colour"));
        }
    }
    Some(theme)
}
