//! Settings, fonts and the drawing theme: the parts that say how the document behaves in Word.

use super::direction::Tongues;
use super::xml::Element;
use crate::language::Language;
use crate::theme::{Colour, Theme, WHITE};

const DRAWING: &str = "http://schemas.openxmlformats.org/drawingml/2006/main";

/// The fonts that Word takes for scripts that the body's family lacks: all sans serif, all part of Office.
const SCRIPTS: &[(&str, &str)] = &[
    ("Jpan", "Yu Gothic"),
    ("Hang", "Malgun Gothic"),
    ("Hans", "Microsoft YaHei"),
    ("Hant", "Microsoft JhengHei"),
    ("Arab", "Arial"),
    ("Hebr", "Arial"),
    ("Thai", "Leelawadee UI"),
];

/// `settings.xml`. Nothing in it asks the reader anything on opening.
pub(super) fn settings(tongues: &Tongues, language: &Language) -> Element {
    let compat = [
        ("compatibilityMode", "15"),
        ("overrideTableStyleFontSizeAndJustification", "1"),
        ("enableOpenTypeFeatures", "1"),
        ("doNotFlipMirrorIndents", "1"),
        ("differentiateMultirowTableHeaders", "1"),
        ("useWord2013TrackBottomHyphenation", "0"),
    ]
    .map(|(name, value)| {
        Element::new("w:compatSetting")
            .with("w:name", name)
            .with("w:uri", "http://schemas.microsoft.com/office/word")
            .with("w:val", value)
    });
    let separators = [-1, 0].map(|id| Element::new("w:footnote").int("w:id", id));
    let scheme = [
        ("w:bg1", "light1"),
        ("w:t1", "dark1"),
        ("w:bg2", "light2"),
        ("w:t2", "dark2"),
        ("w:accent1", "accent1"),
        ("w:accent2", "accent2"),
        ("w:accent3", "accent3"),
        ("w:accent4", "accent4"),
        ("w:accent5", "accent5"),
        ("w:accent6", "accent6"),
        ("w:hyperlink", "hyperlink"),
        ("w:followedHyperlink", "followedHyperlink"),
    ]
    .into_iter()
    .fold(Element::new("w:clrSchemeMapping"), |mapping, (name, value)| mapping.with(name, value));
    super::root("w:settings")
        .child(Element::new("w:zoom").int("w:percent", 100))
        .child(Element::number("w:defaultTabStop", 720))
        .child(Element::val("w:characterSpacingControl", "doNotCompress"))
        .child(Element::new("w:footnotePr").children(separators))
        .child(Element::new("w:compat").children(compat))
        .child(tongues.element("w:themeFontLang"))
        .child(scheme)
        .child(Element::val("w:decimalSymbol", language.decimal().to_owned()))
        .child(Element::val("w:listSeparator", if language.decimal() == "," { ";" } else { "," }))
}

/// `fontTable.xml`: for readers without the fonts, those of the same widths.
pub(super) fn fonts(theme: &Theme) -> Element {
    let font = |name: &str, other: &str, family: &'static str, pitch: &'static str| {
        let mut font = Element::new("w:font").with("w:name", name.to_owned());
        if other != name {
            font.push(Element::val("w:altName", other.to_owned()));
        }
        font.child(Element::val("w:charset", "00"))
            .child(Element::val("w:family", family))
            .child(Element::val("w:pitch", pitch))
    };
    let fonts = &theme.fonts;
    let mut root = super::root("w:fonts").child(font(&fonts.body.word, &fonts.body.pdf, "swiss", "variable"));
    if fonts.code.word != fonts.body.word {
        root.push(font(&fonts.code.word, &fonts.code.pdf, "modern", "fixed"));
    }
    root
}

/// `theme1.xml`: the document set's colours and fonts in Word's own menus.
pub(super) fn drawing_theme(theme: &Theme) -> Element {
    let colours = &theme.colours;
    let colour = |name: &'static str, colour: Colour| {
        Element::new(name).child(Element::new("a:srgbClr").with("val", colour.hex()))
    };
    let scheme = Element::new("a:clrScheme").with("name", "Document set").children([
        colour("a:dk1", colours.text),
        colour("a:lt1", WHITE),
        colour("a:dk2", colours.accent),
        colour("a:lt2", colours.tint),
        colour("a:accent1", colours.accent),
        colour("a:accent2", colours.good),
        colour("a:accent3", colours.caution),
        colour("a:accent4", colours.bad),
        colour("a:accent5", colours.neutral),
        colour("a:accent6", colours.muted),
        colour("a:hlink", colours.accent),
        colour("a:folHlink", colours.muted),
    ]);
    let family = |name: &'static str| {
        Element::new(name)
            .child(Element::new("a:latin").with("typeface", theme.fonts.body.word.clone()))
            .child(Element::new("a:ea").with("typeface", ""))
            .child(Element::new("a:cs").with("typeface", ""))
            .children(
                SCRIPTS
                    .iter()
                    .map(|(script, font)| Element::new("a:font").with("script", *script).with("typeface", *font)),
            )
    };
    let fonts = Element::new("a:fontScheme")
        .with("name", "Document set")
        .child(family("a:majorFont"))
        .child(family("a:minorFont"));
    let fill = || Element::new("a:solidFill").child(Element::new("a:schemeClr").with("val", "phClr"));
    let line = |width: i64| Element::new("a:ln").int("w", width).child(fill());
    let effect = || Element::new("a:effectStyle").child(Element::new("a:effectLst"));
    let format = Element::new("a:fmtScheme")
        .with("name", "Document set")
        .child(Element::new("a:fillStyleLst").children([fill(), fill(), fill()]))
        .child(Element::new("a:lnStyleLst").children([line(6_350), line(12_700), line(19_050)]))
        .child(Element::new("a:effectStyleLst").children([effect(), effect(), effect()]))
        .child(Element::new("a:bgFillStyleLst").children([fill(), fill(), fill()]));
    Element::new("a:theme")
        .with("xmlns:a", DRAWING)
        .with("name", "Document set")
        .child(Element::new("a:themeElements").child(scheme).child(fonts).child(format))
}
