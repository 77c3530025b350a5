//! What a workbook unpacks to, counted before anything is made of it.
//!
//! A workbook comes from anywhere, and says of itself what it likes: how much it holds, how far its sheets reach, how
//! many texts and styles there are. [`contained`] unpacks it within bounds and gives a workbook of the same sheets whose
//! references, texts and styles are of a size that a spreadsheet has. No other parts are in it.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _, Write as _};

use ecow::EcoString;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::number_format;

/// The most bytes of the sheets and what they need, unpacked.
const MAX_UNPACKED: u64 = 32 << 20;

/// The most files in the archive.
const MAX_ENTRIES: usize = 4_000;

/// The most texts that sheets share, and the most styles of cells (Excel has 65,490).
const MAX_TEXTS: usize = 500_000;
const MAX_STYLES: usize = 65_536;

/// The most bytes of a number format (Excel has 255 characters).
const MAX_FORMAT: usize = 1_024;

/// The last row and column of a sheet, from 1 (ISO/IEC 29500-1, as Excel has them).
const LAST_ROW: u64 = 1_048_576;
const LAST_COLUMN: u64 = 16_384;

/// A workbook with what is read of it.
pub(super) struct Contained {
    /// An archive of its own.
    pub(super) bytes: Vec<u8>,
    /// The number format of each style of a cell.
    pub(super) formats: Vec<EcoString>,
    /// Whether days are counted from 1904.
    pub(super) is_1904: bool,
    /// Whether whoever wrote it left formulas to be computed by whoever opens it.
    pub(super) is_uncomputed: bool,
}

/// The workbook with what is read of it; else what is wrong with the file, as the end of a sentence.
pub(super) fn contained(bytes: &[u8]) -> Result<Contained, String> {
    if bytes.starts_with(&COMPOUND) {
        return Err(of_compound(bytes));
    }
    let entries = bytes.windows(ENTRY.len()).filter(|window| *window == ENTRY).count();
    if entries > MAX_ENTRIES {
        return Err(format!("holds more than {MAX_ENTRIES} files"));
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(not_xlsx)?;
    let mut kept = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut left = MAX_UNPACKED;
    let (mut formats, mut settings) = (Vec::new(), Settings::default());
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(not_xlsx)?;
        let name = entry.name().map_err(not_xlsx)?.into_owned();
        let folded = name.to_lowercase();
        if !folded.ends_with(".xml") && !folded.ends_with(".rels") {
            continue;
        }
        let mut content = Vec::new();
        entry.take(left + 1).read_to_end(&mut content).map_err(|_| "is damaged".to_owned())?;
        left = left.checked_sub(content.len() as u64).ok_or_else(|| {
            format!("unpacks to more than {} MB; save the sheet in a workbook of its own", MAX_UNPACKED >> 20)
        })?;
        let content = match folded.ends_with("styles.xml") {
            true => {
                let (reduced, own) = number_formats(&content)?;
                formats = own;
                reduced
            }
            false => content,
        };
        examine(&content, &mut settings)?;
        kept.start_file(name, options).map_err(not_xlsx)?;
        kept.write_all(&content).map_err(|error| not_xlsx(error.into()))?;
    }
    let bytes = kept.finish().map_err(not_xlsx)?.into_inner();
    let Settings { is_1904, is_uncomputed } = settings;
    Ok(Contained { bytes, formats, is_1904, is_uncomputed })
}

/// What a workbook says of all its sheets.
#[derive(Default)]
struct Settings {
    is_1904: bool,
    is_uncomputed: bool,
}

/// What begins the directory's entry of a file in a ZIP archive.
const ENTRY: [u8; 4] = *b"PK\x01\x02";

/// What begins a compound file: workbooks of old, and workbooks behind a password.
const COMPOUND: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

fn of_compound(bytes: &[u8]) -> String {
    let encrypted: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    if bytes.windows(encrypted.len()).any(|window| window == encrypted) {
        "is protected by a password; save it without one".to_owned()
    } else {
        "is a workbook of Excel 97 to 2003 (.xls); save it as .xlsx or CSV".to_owned()
    }
}

fn not_xlsx(error: zip::result::ZipError) -> String {
    use zip::result::ZipError;
    match error {
        ZipError::InvalidPassword | ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => {
            "is protected by a password; save it without one".to_owned()
        }
        _ => "is not an XLSX file, or is damaged".to_owned(),
    }
}

/// The events of a part, as the reader of the sheets will see them.
fn events<'c>(content: &'c [u8]) -> impl FnMut() -> Result<Event<'c>, String> {
    let mut reader = Reader::from_reader(content);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.expand_empty_elements = true;
    move || reader.read_event().map_err(|_| "is damaged".to_owned())
}

/// The values of an attribute, which ought to be one.
fn values(tag: &BytesStart<'_>, name: &str) -> Vec<String> {
    let mut attributes = tag.attributes();
    let named = attributes.with_checks(false).flatten().filter(|given| given.key.local_name().as_ref() == name);
    named.map(|given| given.value.into_owned()).collect()
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    values(tag, name).into_iter().next()
}

/// Refuses references that no spreadsheet has, and more texts than are read.
fn examine(content: &[u8], settings: &mut Settings) -> Result<(), String> {
    let mut next = events(content);
    let (mut texts, mut row) = (0, 0);
    loop {
        let tag = match next()? {
            Event::Start(tag) => tag,
            Event::Eof => return Ok(()),
            _ => continue,
        };
        let says = |name: &str| attribute(&tag, name).is_some_and(|value| value == "1" || value == "true");
        match tag.local_name().as_ref() {
            "workbookPr" => settings.is_1904 |= says("date1904"),
            "calcPr" => settings.is_uncomputed |= says("fullCalcOnLoad"),
            "c" => values(&tag, "r").iter().try_for_each(|reference| place(reference))?,
            "row" => {
                row += 1;
                values(&tag, "r").iter().try_for_each(|reference| place(reference))?;
                if row > LAST_ROW {
                    return Err(format!("has more than {LAST_ROW} rows in a sheet"));
                }
            }
            "dimension" | "mergeCell" => {
                values(&tag, "ref").iter().flat_map(|range| range.split(':')).try_for_each(place)?;
            }
            "sst" => {
                let said = values(&tag, "uniqueCount");
                let mut said = said.iter().filter_map(|count| count.trim().parse::<f64>().ok());
                if said.any(|count| count > MAX_TEXTS as f64) {
                    return Err(format!("has more than {MAX_TEXTS} texts"));
                }
            }
            "si" => {
                texts += 1;
                if texts > MAX_TEXTS {
                    return Err(format!("has more than {MAX_TEXTS} texts"));
                }
            }
            _ => {}
        }
    }
}

/// Refuses the place of a cell or row that lies in no sheet.
fn place(reference: &str) -> Result<(), String> {
    let digits = reference.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let letters = &reference[..reference.len() - digits.len()];
    let column = letters
        .bytes()
        .take(8)
        .fold(0_u64, |column, letter| column * 26 + u64::from(letter.to_ascii_uppercase() - b'A') + 1);
    let row = digits.parse::<u64>().ok().filter(|row| (1..=LAST_ROW).contains(row));
    if row.is_some() && column <= LAST_COLUMN && letters.len() <= 3 {
        return Ok(());
    }
    let shown: String = reference.chars().take(24).collect();
    Err(format!("is damaged: a cell stands at `{shown}`, which no sheet has"))
}

/// The styles as far as they say what is a date: number formats, and which of them each style of a cell has. Besides, the
/// format of each.
fn number_formats(content: &[u8]) -> Result<(Vec<u8>, Vec<EcoString>), String> {
    let mut next = events(content);
    let (mut formats, mut styles) = (Vec::new(), Vec::new());
    let mut in_cells = false;
    loop {
        match next()? {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "cellXfs" => in_cells = true,
                "numFmt" => formats.push((attribute(&tag, "numFmtId"), attribute(&tag, "formatCode"))),
                "xf" if in_cells => styles.push(attribute(&tag, "numFmtId")),
                _ => {}
            },
            Event::End(tag) if tag.local_name().as_ref() == "cellXfs" => in_cells = false,
            Event::Eof => break,
            _ => {}
        }
        if formats.len().max(styles.len()) > MAX_STYLES {
            return Err(format!("has more than {MAX_STYLES} styles of cells"));
        }
    }
    let is_short = |text: &Option<String>| text.as_ref().is_none_or(|text| text.len() <= MAX_FORMAT);
    if !formats.iter().all(|(id, code)| is_short(id) && is_short(code)) || !styles.iter().all(is_short) {
        return Err(format!("has a number format of more than {MAX_FORMAT} characters"));
    }
    // What stood in an attribute is escaped as it was there.
    let written = |name: &str, value: &Option<String>| {
        value.as_ref().map_or_else(String::new, |value| format!(" {name}=\"{}\"", value.replace('"', "&quot;")))
    };
    let mut reduced = String::from("<styleSheet><numFmts>");
    for (id, code) in &formats {
        reduced.push_str(&format!("<numFmt{}{}/>", written("numFmtId", id), written("formatCode", code)));
    }
    reduced.push_str("</numFmts><cellXfs>");
    for id in &styles {
        reduced.push_str(&format!("<xf{}/>", written("numFmtId", id)));
    }
    reduced.push_str("</cellXfs></styleSheet>");
    let codes: BTreeMap<&str, EcoString> = formats
        .iter()
        .filter_map(|(id, code)| {
            let code = code.as_deref()?;
            let code = quick_xml::escape::unescape(code).map_or_else(|_| code.into(), |code| EcoString::from(&*code));
            Some((id.as_deref()?, code))
        })
        .collect();
    let format = |id: &Option<String>| {
        let id = id.as_deref().unwrap_or_default();
        codes.get(id).cloned().unwrap_or_else(|| number_format::built_in(id.parse().unwrap_or_default()).into())
    };
    Ok((reduced.into_bytes(), styles.iter().map(format).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_those_of_a_sheet() {
        for sound in ["A1", "XFD1048576", "17", "ab3"] {
            assert_eq!(place(sound), Ok(()), "{sound}");
        }
        for hostile in ["XFE1", "A1048577", "ZZZZZZZ99999999999", "A4294967297", "0", "A", "A0", "Ä1", "A-1", ""] {
            assert!(place(hostile).is_err(), "{hostile}");
        }
    }

    #[test]
    fn styles_are_reduced_to_their_number_formats() {
        let styles = "<styleSheet xmlns='x'><numFmts count='1'><numFmt numFmtId='164' formatCode='yyyy\"-\"mm'/></numFmts>\
                      <fonts><font><name val='A'/></font></fonts><cellStyleXfs><xf numFmtId='9'/></cellStyleXfs>\
                      <cellXfs><xf numFmtId='164' fontId='0'><alignment/></xf><xf/></cellXfs></styleSheet>";
        let (reduced, formats) = number_formats(styles.as_bytes()).unwrap();
        let reduced = String::from_utf8(reduced).unwrap();
        assert_eq!(formats, ["yyyy\"-\"mm", ""]);
        assert_eq!(
            reduced,
            "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"yyyy&quot;-&quot;mm\"/></numFmts>\
             <cellXfs><xf numFmtId=\"164\"/><xf/></cellXfs></styleSheet>"
        );
    }
}
