//! The words of a PDF, as a program reads them that copies text: code by code through the fonts' own tables.

use std::collections::HashMap;

use hayro_cmap::{BfString, CMap};
use hayro_syntax::Pdf;
use hayro_syntax::content::ops::TypedInstruction;
use hayro_syntax::object::{Dict, Object, Stream, String as Shown};
use hayro_syntax::page::Page;

/// The text of all pages in the order in which it is drawn, without blanks: those at the end of a line are not drawn.
pub(crate) fn text(bytes: Vec<u8>) -> String {
    let pdf = Pdf::new(bytes).unwrap();
    let text: String = pdf.pages().iter().map(|page| page_text(page)).collect();
    text.split_whitespace().collect()
}

fn page_text(page: &Page<'_>) -> String {
    let mut fonts: HashMap<Vec<u8>, CMap> = HashMap::new();
    let mut font = Vec::new();
    let mut text = String::new();
    // Inside a span that says what it stands for, the glyphs are not read. Each level of marked content: whether it is one.
    let mut spans: Vec<bool> = Vec::new();
    let mut instructions = page.typed_operations();
    while let Some(instruction) = instructions.next() {
        let is_said = spans.contains(&true);
        match instruction {
            TypedInstruction::TextFont(chosen) => {
                font = chosen.0.as_ref().to_vec();
                let table = || {
                    let dict = page.resources().get_font(chosen.0).unwrap();
                    let stream = dict.get::<Stream<'_>>("ToUnicode").unwrap();
                    CMap::parse(&stream.decoded().unwrap(), |_| None).unwrap()
                };
                fonts.entry(font.clone()).or_insert_with(table);
            }
            TypedInstruction::ShowText(shown) if !is_said => show(&fonts[&font], shown.0, &mut text),
            TypedInstruction::ShowTexts(shown) if !is_said => {
                for part in shown.0.iter::<Object<'_>>() {
                    if let Object::String(part) = part {
                        show(&fonts[&font], &part, &mut text);
                    }
                }
            }
            TypedInstruction::BeginMarkedContent(_) => spans.push(false),
            TypedInstruction::BeginMarkedContentWithProperties(marked) => {
                let said = match &marked.1 {
                    Object::Dict(properties) => actual(properties).filter(|_| !is_said),
                    _ => None,
                };
                spans.push(said.is_some());
                text.extend(said);
            }
            TypedInstruction::EndMarkedContent(_) => drop(spans.pop()),
            _ => {}
        }
    }
    text
}

/// Fonts are read by codes of two bytes: Identity-H.
fn show(font: &CMap, shown: &Shown<'_>, text: &mut String) {
    for code in shown.as_bytes().chunks(2) {
        let code = code.iter().fold(0, |code, byte| code << 8 | u32::from(*byte));
        match font.lookup_bf_string(code).unwrap_or_else(|| panic!("no character for the code {code}")) {
            BfString::Char(c) => text.push(c),
            BfString::String(part) => text.push_str(&part),
        }
    }
}

/// What a span stands for: UTF-16 after its byte order mark, else letters of one byte.
fn actual(properties: &Dict<'_>) -> Option<String> {
    let said = properties.get::<Shown<'_>>("ActualText")?;
    Some(match said.as_bytes() {
        [0xFE, 0xFF, units @ ..] => {
            let units: Vec<u16> = units.chunks(2).map(|unit| u16::from_be_bytes([unit[0], unit[1]])).collect();
            String::from_utf16(&units).unwrap()
        }
        letters => letters.iter().copied().map(char::from).collect(),
    })
}
