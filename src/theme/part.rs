//! A part of a header, footer or cover: a field (`number`), a text that may hold fields (`Prepared for {organisation}`), a
//! picture, or the logo. What is written wrongly is told by [`Part::read`], so that whoever reads a theme can say where it
//! stands.

use serde::Serialize;
use serde_json::{Map, Value as Json};

use crate::diagnostic::nearest;
use crate::length::Length;

/// The most characters of a text of a margin or cover.
const MAX_TEXT: usize = 100;

/// What is wrong with a list that holds lists and parts.
pub const MIXED: &str = "lines are lists: write each line as a list of its parts";

/// A part of a line.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum Part {
    /// The organisation's logo; nothing where there is none.
    Logo,
    /// A picture of the pack or the workspace.
    Picture(Picture),
    /// Words: a field alone, or a text that may hold fields.
    Words(Vec<Piece>),
}

/// A picture in a margin or on the cover.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Picture {
    /// Its file: one of the pack's `images/`, or a path in the workspace.
    pub image: String,
    /// How high it is, at most; as the logo, when nothing is said.
    pub height: Option<Length>,
    /// What it shows, for those who do not see it.
    pub alt: String,
}

/// A piece of words.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum Piece {
    /// As written.
    Text(String),
    /// What a field says of the document.
    Field(Field),
}

impl Piece {
    /// What is written, unless it is a field.
    pub fn text(&self) -> Option<&str> {
        match self {
            Piece::Text(text) => Some(text),
            Piece::Field(_) => None,
        }
    }
}

/// What can be said of a document, or of a page, in a margin or on the cover.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Field {
    /// The organisation's short name.
    Organisation,
    /// The organisation's name.
    OrganisationName,
    /// The document's title.
    Title,
    /// The document's number.
    Number,
    /// The word for the document's kind.
    Kind,
    /// The version.
    Version,
    /// The date of what it says.
    Date,
    /// The classification's label.
    Classification,
    /// The word that stands across the pages of drafts and samples; nothing once the document is issued.
    State,
    /// Who answers for it.
    Owner,
    /// Who wrote it.
    Author,
    /// Who approves it.
    Approver,
    /// The standard and edition.
    Standard,
    /// Page x of y.
    Page,
    /// The page's number alone.
    PageNumber,
    /// How many pages there are.
    PageCount,
}

impl Field {
    /// All of them.
    pub const ALL: [Field; 16] = [
        Field::Organisation,
        Field::OrganisationName,
        Field::Title,
        Field::Number,
        Field::Kind,
        Field::Version,
        Field::Date,
        Field::Classification,
        Field::State,
        Field::Owner,
        Field::Author,
        Field::Approver,
        Field::Standard,
        Field::Page,
        Field::PageNumber,
        Field::PageCount,
    ];

    /// The name in themes.
    pub fn name(self) -> &'static str {
        match self {
            Field::Organisation => "organisation",
            Field::OrganisationName => "organisation-name",
            Field::Title => "title",
            Field::Number => "number",
            Field::Kind => "kind",
            Field::Version => "version",
            Field::Date => "date",
            Field::Classification => "classification",
            Field::State => "state",
            Field::Owner => "owner",
            Field::Author => "author",
            Field::Approver => "approver",
            Field::Standard => "standard",
            Field::Page => "page",
            Field::PageNumber => "page-number",
            Field::PageCount => "page-count",
        }
    }

    fn named(name: &str) -> Option<Field> {
        Field::ALL.into_iter().find(|field| field.name() == name)
    }
}

/// The name of the logo among the fields.
const LOGO: &str = "logo";

/// What is wrong with a part, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// What is wrong.
    pub what: String,
    /// What to do, in the order in which it is most likely meant.
    pub help: Vec<String>,
}

impl Mistake {
    fn new(what: impl Into<String>) -> Mistake {
        Mistake { what: what.into(), help: Vec::new() }
    }

    fn help(mut self, help: impl Into<String>) -> Mistake {
        self.help.push(help.into());
        self
    }

    /// A name that no field has.
    fn no_field(given: &str) -> Mistake {
        let names = || std::iter::once(LOGO).chain(Field::ALL.iter().map(|field| field.name()));
        let mistake = Mistake::new(format!("there is no field `{given}`"));
        let mistake = match nearest(given, names()) {
            Some(near) => mistake.help(format!("did you mean `{near}`?")),
            None => mistake,
        };
        mistake.help(format!("the fields are: {}", names().collect::<Vec<_>>().join(", ")))
    }
}

impl Part {
    /// A part that is one field.
    pub fn field(field: Field) -> Part {
        Part::Words(vec![Piece::Field(field)])
    }

    /// Reads a part as a theme writes it: the name of a field, a text, or one of `field`, `text`, `image`.
    ///
    /// A word of small letters, digits and hyphens alone is the name of a field, so that a slip of the pen is not taken
    /// for a text. Anything else is a text.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(json: &Json) -> Result<Part, Mistake> {
        match json {
            Json::String(word) if is_name(word) => Part::named(word)
                .map_err(|mistake| mistake.help(format!("for the word itself, write `{{text: {word}}}`"))),
            Json::String(text) => Part::text(text),
            Json::Object(keys) => {
                let kinds: Vec<&str> =
                    ["field", "text", "image"].into_iter().filter(|key| keys.contains_key(*key)).collect();
                match kinds.as_slice() {
                    ["field"] if keys.len() == 1 => Part::named(text_of(keys, "field")?),
                    ["text"] if keys.len() == 1 => Part::text(text_of(keys, "text")?),
                    ["image"] => Part::picture(keys),
                    _ => Err(Mistake::new("a part has one of `field`, `text` and `image`")
                        .help("a picture has `height` and `alt` besides; a text or field has nothing else")),
                }
            }
            Json::Array(_) => Err(Mistake::new(MIXED)),
            _ => Err(Mistake::new("a part is a text or one of `field`, `text` and `image`")),
        }
    }

    fn named(name: &str) -> Result<Part, Mistake> {
        match Field::named(name) {
            Some(field) => Ok(Part::field(field)),
            None if name == LOGO => Ok(Part::Logo),
            None => Err(Mistake::no_field(name)),
        }
    }

    /// A text, in which `{name}` stands for a field.
    fn text(text: &str) -> Result<Part, Mistake> {
        check_text(text)?;
        let braces = || {
            Mistake::new(format!("`{}` has a brace without its other one", cut(text)))
                .help("braces stand around the name of a field, such as `{number}`, and nowhere else")
        };
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some(start) = rest.find(['{', '}']) {
            let (before, from) = rest.split_at(start);
            let inside = from.strip_prefix('{').ok_or_else(braces)?;
            let (name, after) = inside.split_once('}').filter(|(name, _)| !name.contains('{')).ok_or_else(braces)?;
            let field = Field::named(name.trim()).ok_or_else(|| Mistake::no_field(name.trim()))?;
            if !before.is_empty() {
                pieces.push(Piece::Text(before.to_owned()));
            }
            pieces.push(Piece::Field(field));
            rest = after;
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(rest.to_owned()));
        }
        Ok(Part::Words(pieces))
    }

    fn picture(keys: &Map<String, Json>) -> Result<Part, Mistake> {
        const KEYS: [&str; 3] = ["image", "height", "alt"];
        if let Some(other) = keys.keys().find(|key| !KEYS.contains(&key.as_str())) {
            let mistake = Mistake::new(format!("a picture has no `{}`", cut(other)));
            return Err(match nearest(other, KEYS) {
                Some(near) => mistake.help(format!("did you mean `{near}`?")),
                None => mistake.help("a picture has `image`, `height` and `alt`"),
            });
        }
        let (image, alt) = (text_of(keys, "image")?, text_of(keys, "alt")?);
        check_text(alt)?;
        if let Some(c) = image.chars().find(|c| is_refused(*c)) {
            let what = format!("the name of a picture's file holds the character U+{:04X}", u32::from(c));
            return Err(Mistake::new(what).help("take it out"));
        }
        let height = |json: &Json| {
            let height: Option<Length> = json.as_str().and_then(|text| text.parse().ok());
            let height = height.filter(|height| *height > Length::ZERO);
            height.ok_or_else(|| {
                Mistake::new("`height` is no height of a picture").help("write a number and a unit: 8mm")
            })
        };
        let height = keys.get("height").map(height).transpose()?;
        Ok(Part::Picture(Picture { image: image.to_owned(), height, alt: alt.to_owned() }))
    }

    /// The texts of its own, and what it says to those who do not see it.
    pub fn texts(&self) -> Vec<&str> {
        match self {
            Part::Logo => Vec::new(),
            Part::Picture(picture) => vec![&picture.alt],
            Part::Words(pieces) => pieces.iter().filter_map(Piece::text).collect(),
        }
    }
}

/// A key of a part, which is a text.
fn text_of<'k>(keys: &'k Map<String, Json>, key: &str) -> Result<&'k str, Mistake> {
    match keys.get(key) {
        Some(Json::String(text)) => Ok(text),
        Some(_) => Err(Mistake::new(format!("`{key}` is not a text")).help("put it into quotes")),
        None if key == "alt" => Err(Mistake::new("the picture has no `alt`").help("say what it shows: `alt: \"…\"`")),
        None => Err(Mistake::new(format!("the part has no `{key}`"))),
    }
}

/// Whether a word is meant as the name of a field.
fn is_name(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, b'-' | b'_'))
}

fn check_text(text: &str) -> Result<(), Mistake> {
    let count = text.chars().count();
    if count > MAX_TEXT {
        let what = format!("`{}` has {count} characters; a text of a margin has at most {MAX_TEXT}", cut(text));
        return Err(Mistake::new(what));
    }
    if let Some(c) = text.chars().find(|c| is_refused(*c)) {
        let what = format!("a text holds the character U+{:04X}, which no document can show", u32::from(c));
        return Err(Mistake::new(what).help("take it out; for two lines, write two lists"));
    }
    if text.trim().is_empty() {
        return Err(Mistake::new("a text is empty"));
    }
    Ok(())
}

/// Characters that a line of a document cannot hold: line ends and control codes, private use, noncharacters.
fn is_refused(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{FDD0}'..='\u{FDEF}' | '\u{F0000}'..='\u{10FFFF}')
        || crate::characters::is_private(c)
        || u32::from(c) & 0xFFFE == 0xFFFE
}

/// The beginning of a text, as a message shows it.
fn cut(text: &str) -> String {
    let mut cut: String = text.chars().take(40).map(|c| if is_refused(c) { '\u{FFFD}' } else { c }).collect();
    if text.chars().nth(40).is_some() {
        cut.push('…');
    }
    cut
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(json: Json) -> Result<Part, String> {
        Part::read(&json)
            .map_err(|mistake| std::iter::once(mistake.what).chain(mistake.help).collect::<Vec<_>>().join("; "))
    }

    #[test]
    fn a_name_is_a_field_and_anything_else_a_text() {
        let text = |text: &str| Part::Words(vec![Piece::Text(text.to_owned())]);
        assert_eq!(read(json!("number")), Ok(Part::field(Field::Number)));
        assert_eq!(read(json!({"field": "page-number"})), Ok(Part::field(Field::PageNumber)));
        assert_eq!(read(json!("logo")), Ok(Part::Logo));
        assert_eq!(read(json!("Prepared by Tideway")), Ok(text("Prepared by Tideway")));
        assert_eq!(read(json!("Tideway")), Ok(text("Tideway")));
        assert_eq!(read(json!("機密")), Ok(text("機密")));
        assert_eq!(read(json!({"text": "number"})), Ok(text("number")));
        let slip = read(json!("orgnisation")).unwrap_err();
        assert!(slip.starts_with("there is no field `orgnisation`; did you mean `organisation`?"), "{slip}");
        assert!(slip.ends_with("for the word itself, write `{text: orgnisation}`"), "{slip}");
    }

    #[test]
    fn a_text_may_hold_fields() {
        let pieces = vec![
            Piece::Text("For ".into()),
            Piece::Field(Field::OrganisationName),
            Piece::Text(", ".into()),
            Piece::Field(Field::Date),
        ];
        assert_eq!(read(json!("For {organisation-name}, {date}")), Ok(Part::Words(pieces)));
        assert!(read(json!("For {nobody}")).unwrap_err().contains("there is no field `nobody`"));
        for text in ["a {", "} b", "{a {number}", "{{number}}", "x } {number}"] {
            assert!(read(json!(text)).unwrap_err().contains("brace"), "{text}");
        }
    }

    #[test]
    fn what_no_line_can_hold_is_refused() {
        for text in ["a\nb", "a\u{0}b", "\u{202E}ok\u{7}", "x\u{FFFE}", "x\u{E000}", "x\u{2028}y", "  "] {
            assert!(read(json!({"text": text})).is_err(), "{text:?}");
        }
        assert!(read(json!("x ".repeat(MAX_TEXT / 2))).is_ok());
        assert!(read(json!(format!("{} ", "x ".repeat(MAX_TEXT / 2)))).unwrap_err().contains("101 characters"));
    }

    #[test]
    fn a_picture_has_words_and_may_have_a_height() {
        let picture = json!({"image": "mark.svg", "height": "8mm", "alt": "A lantern"});
        let Part::Picture(read_picture) = read(picture).unwrap() else { panic!("it is a picture") };
        assert_eq!(read_picture.height, Some(Length::from_mm(8.0)));
        assert!(read(json!({"image": "mark.svg", "height": "8mm"})).unwrap_err().contains("no `alt`"));
        assert!(read(json!({"image": "mark.svg", "alt": "x"})).is_ok(), "it is as high as the logo");
        for height in [json!("8"), json!("0mm"), json!("-8mm"), json!(8)] {
            let picture = json!({"image": "mark.svg", "height": height, "alt": "x"});
            assert!(read(picture).unwrap_err().contains("no height"), "{height}");
        }
        assert!(read(json!({"image": "mark.svg", "text": "x"})).unwrap_err().contains("has one of"));
        assert!(read(json!({"text": "X", "height": "8mm"})).unwrap_err().contains("has one of"));
        assert!(read(json!(7)).is_err());
    }
}
