//! Changes put into a CSV text (RFC 4180): records that do not change keep their bytes.

use csv::{ByteRecord, QuoteStyle, ReaderBuilder, StringRecord, Terminator, WriterBuilder};
use serde_json::Value as Json;

use super::{Change, Piece, Stuck, line_break};
use crate::reasons;

/// What separates the cells of a text, and where its first record begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Separator {
    /// The sign.
    pub sign: u8,
    /// Behind the line in which Excel says what the separator is, where there is one.
    pub start: usize,
}

/// The signs that separate cells, the usual first.
const SEPARATORS: [u8; 4] = *b",;\t|";

/// How much of a text tells its separator.
const FIRST_RECORDS: usize = 50;
const FIRST_BYTES: usize = 64 << 10;

/// What separates the cells of a text: what its first line says (`sep=;`), else the sign outside quotes that gives the
/// most of its first records the same number of cells, more than one.
pub fn separator(text: &str) -> Separator {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let said = first.trim().trim_matches('"');
    if let (Some("sep="), Some(sign)) = (said.get(..4).map(str::to_lowercase).as_deref(), said.as_bytes().get(4))
        && said.len() == 5
    {
        return Separator { sign: *sign, start: text.len() - rest.len() };
    }
    if let Some(rest) = first.strip_suffix('\t').filter(|rest| rest.eq_ignore_ascii_case("sep=")) {
        return Separator { sign: b'\t', start: rest.len() + 2 };
    }
    let mut end = text.len().min(FIRST_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let mut best = (Separator { sign: b',', start: 0 }, (0, 0));
    for sign in SEPARATORS {
        let mut reader =
            ReaderBuilder::new().has_headers(false).flexible(true).delimiter(sign).from_reader(&text.as_bytes()[..end]);
        let records = reader.byte_records().take(FIRST_RECORDS).flatten();
        let counts = records.filter(|record| record.iter().any(|cell| !cell.trim_ascii().is_empty()));
        let counts: Vec<usize> = counts.map(|record| record.len()).collect();
        let alike = |count: usize| counts.iter().filter(|other| **other == count).count();
        let most = counts.iter().filter(|count| **count > 1).map(|count| (alike(*count), *count)).max();
        if most.is_some_and(|most| most > best.1) {
            best = (Separator { sign, start: 0 }, most.unwrap_or_default());
        }
    }
    best.0
}

/// The line, from 1, of a quote that begins a cell and is not closed at a cell's end: what stands behind it was all read as
/// one cell, or the next quote closes it somewhere else.
pub fn unclosed_quote(text: &str) -> Option<u32> {
    let Separator { sign, start } = separator(text);
    let bytes = text.as_bytes();
    let mut line = 1 + u32::from(start > 0);
    let mut at = start;
    let mut is_begin = true;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' if is_begin => {
                let opened = line;
                at += 1;
                loop {
                    match bytes.get(at..)? {
                        [] => return Some(opened),
                        [b'"', b'"', ..] => at += 2,
                        [b'"', ..] => break,
                        [byte, ..] => {
                            line += u32::from(*byte == b'\n');
                            at += 1;
                        }
                    }
                }
                let behind = bytes[at + 1..].iter().find(|byte| **byte != b' ');
                let ends = behind.is_none_or(|byte| *byte == sign || *byte == b'\n' || *byte == b'\r');
                if !ends && line > opened {
                    return Some(opened);
                }
                is_begin = false;
            }
            b'\n' => {
                line += 1;
                is_begin = true;
            }
            byte => is_begin = *byte == sign,
        }
        at += 1;
    }
    None
}

/// A CSV text as records, each with the bytes that it stands in.
struct Records<'t> {
    text: &'t str,
    /// Heading first, then the rows; empty ones are left out.
    records: Vec<(std::ops::Range<usize>, StringRecord)>,
}

impl<'t> Records<'t> {
    fn read(text: &'t str) -> Result<Records<'t>, Stuck> {
        let Separator { sign, start: begin } = separator(text);
        let mut reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(sign)
            .from_reader(&text.as_bytes()[begin..]);
        let mut records = Vec::new();
        let stuck =
            |error: csv::Error, at: usize| Stuck { problem: format!("this is not CSV: {}", reasons::csv(&error)), at };
        let mut record = ByteRecord::new();
        let mut start = begin;
        loop {
            match reader.read_byte_record(&mut record) {
                Ok(true) => {}
                Ok(false) => return Ok(Records { text, records }),
                Err(error) => return Err(stuck(error, start)),
            }
            // The reader stops between the two characters of a line break.
            let end = usize::try_from(reader.position().byte()).map_or(text.len(), |at| begin + at);
            let end = end + usize::from(text[..end].ends_with('\r') && text[end..].starts_with('\n'));
            let cells = StringRecord::from_byte_record_lossy(record.clone());
            if cells.iter().any(|cell| !cell.trim().is_empty()) {
                records.push((start..end, cells));
            }
            start = end;
        }
    }
}

/// The headings of a CSV text.
///
/// # Errors
/// When it is not CSV.
pub fn headings(text: &str) -> Result<Vec<String>, Stuck> {
    let records = Records::read(text.strip_prefix('\u{FEFF}').unwrap_or(text))?;
    Ok(records.records.first().map(|(_, cells)| cells.iter().map(str::to_owned).collect()).unwrap_or_default())
}

/// A text whose rows are changed. `columns` says which field of a row each column holds.
///
/// # Errors
/// When it is not CSV, or a row gets a field that no column holds.
pub fn apply(text: &str, columns: &[Option<String>], old: &Json, pieces: &[Piece]) -> Result<String, Stuck> {
    let body = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let Records { text: body, records } = Records::read(body)?;
    let end = line_break(body);
    let Some((heading, rows)) = records.split_first() else { return Ok(text.to_owned()) };
    let mut new = text[..text.len() - body.len()].to_owned() + &body[..heading.0.end];
    for piece in pieces {
        if !new.ends_with('\n') {
            new.push_str(end);
        }
        let known = piece.from.and_then(|at| Some((rows.get(at)?, &old[at])));
        match (known, &piece.change) {
            (_, Change::Remove) => {}
            (Some(((range, _), _)), Change::Keep) => new.push_str(&body[range.clone()]),
            (known, change) => {
                let (cells, row) = match known {
                    Some(((_, cells), row)) => (Some(cells), row),
                    None => (None, &Json::Null),
                };
                let row = change.applied(row).unwrap_or_default();
                let at = known.map_or(body.len(), |((range, _), _)| range.start);
                let old = known.map_or(&Json::Null, |(_, old)| old);
                new.push_str(&record(columns, cells, old, &row, separator(body).sign, end, at)?);
            }
        }
    }
    Ok(new)
}

/// What becomes of a column of a text.
pub struct Column<'c> {
    /// Which column.
    pub at: usize,
    /// Its heading, when that is another now.
    pub heading: Option<String>,
    /// What becomes of a cell with something in it, by the number of its row; nothing, when it stays.
    pub cell: &'c mut dyn FnMut(usize, &str) -> Option<String>,
    /// Whether it goes.
    pub is_removed: bool,
}

/// A text in which one column changes; records of which nothing changes keep their bytes.
///
/// # Errors
/// When it is not CSV.
pub fn column(text: &str, change: Column<'_>) -> Result<String, Stuck> {
    let Column { at, heading, cell, is_removed } = change;
    let body = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let Records { text: body, records } = Records::read(body)?;
    let end = line_break(body);
    let mut new = text[..text.len() - body.len()].to_owned();
    let mut last = 0;
    for (row, (range, cells)) in records.iter().enumerate() {
        let known = cells.get(at).unwrap_or_default();
        let changed = match row.checked_sub(1) {
            None => heading.clone(),
            Some(_) if known.trim().is_empty() => None,
            Some(row) => cell(row, known.trim()),
        };
        let changed = changed.filter(|changed| changed != known);
        if !is_removed && changed.is_none() {
            continue;
        }
        new.push_str(&body[last..range.start]);
        let mut cells: Vec<String> = cells.iter().map(str::to_owned).collect();
        match (cells.get_mut(at), changed) {
            (Some(_), _) if is_removed => drop(cells.remove(at)),
            (Some(cell), Some(changed)) => *cell = changed,
            _ => {}
        }
        let record = written(&[cells], separator(body).sign, end);
        // The last record may have no line break.
        let has_end = body[range.clone()].ends_with('\n');
        new.push_str(if has_end { &record } else { record.trim_end_matches(['\r', '\n']) });
        last = range.end;
    }
    new.push_str(&body[last..]);
    Ok(new)
}

/// The cells of each row of a text, without its headings.
///
/// # Errors
/// When it is not CSV.
pub fn rows(text: &str) -> Result<Vec<Vec<String>>, Stuck> {
    let records = Records::read(text.strip_prefix('\u{FEFF}').unwrap_or(text))?.records;
    Ok(records.iter().skip(1).map(|(_, cells)| cells.iter().map(str::to_owned).collect()).collect())
}

/// A record in which the cells of fields that changed are new.
fn record(
    columns: &[Option<String>],
    cells: Option<&StringRecord>,
    old: &Json,
    row: &Json,
    delimiter: u8,
    end: &str,
    at: usize,
) -> Result<String, Stuck> {
    let homeless = |key: &&String| old.get(key.as_str()).is_none() && !columns.contains(&Some((*key).clone()));
    if let Some(key) = row.as_object().into_iter().flatten().map(|(key, _)| key).find(homeless) {
        return Err(Stuck { problem: format!("the register has no column for `{key}`"), at });
    }
    let cell = |(at, column): (usize, &Option<String>)| {
        let was = cells.and_then(|cells| cells.get(at)).unwrap_or_default();
        match column {
            Some(key) if cells.is_none() || row.get(key) != old.get(key) => row.get(key).map(cell).unwrap_or_default(),
            _ => was.to_owned(),
        }
    };
    let cells: Vec<String> = columns.iter().enumerate().map(cell).collect();
    Ok(written(&[cells], delimiter, end))
}

/// Rows as a new CSV text, with their keys as headings.
pub fn text(columns: &[String], rows: &[Json]) -> String {
    let cells =
        rows.iter().map(|row| columns.iter().map(|key| row.get(key).map(cell).unwrap_or_default()).collect::<Vec<_>>());
    let records: Vec<Vec<String>> = std::iter::once(columns.to_vec()).chain(cells).collect();
    written(&records, b',', "\n")
}

/// Records as a new CSV text.
pub fn of_records(records: &[Vec<String>]) -> String {
    written(records, b',', "\n")
}

fn written(records: &[Vec<String>], delimiter: u8, end: &str) -> String {
    let terminator = if end == "\r\n" { Terminator::CRLF } else { Terminator::Any(b'\n') };
    let mut writer = WriterBuilder::new()
        .delimiter(delimiter)
        .terminator(terminator)
        .quote_style(QuoteStyle::Necessary)
        .flexible(true)
        .from_writer(Vec::new());
    for record in records {
        // Writing into memory cannot fail.
        let _ = writer.write_record(record);
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}

/// A value as a cell: the items of a list with semicolons between them.
pub fn cell(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        Json::Array(items) => items.iter().map(cell).collect::<Vec<_>>().join("; "),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn columns() -> Vec<Option<String>> {
        [Some("id"), None, Some("tags"), Some("why")].map(|key| key.map(str::to_owned)).to_vec()
    }

    fn rows() -> Json {
        json!([{"id": "a", "tags": ["x", "y"], "why": "say \"so\""}, {"id": "b"}, {"id": "c", "why": "two\r\nlines"}])
    }

    #[test]
    fn what_stays_keeps_its_bytes() {
        let text = "\u{FEFF}Id;Own;tags;why\r\na; 1 ;x;y\"\r\n";
        let odd =
            "\u{FEFF}Id,Own,tags,why\r\n\"a\", 1 ,x; y,\"say \"\"so\"\"\"\r\n\r\nb,,,\r\n,,,\r\nc,2,,\"two\r\nlines\"";
        let piece = |from, change| Piece { from, change };
        let change = |key: &str, value: Json| Change::at(key, Change::Become(value));
        let pieces = vec![
            piece(Some(2), Change::Keep),
            piece(Some(0), change("tags", json!(["z"]))),
            piece(None, Change::Become(json!({"id": "d, e", "tags": ["x"]}))),
            piece(Some(1), Change::Remove),
        ];
        let new = apply(odd, &columns(), &rows(), &pieces).unwrap();
        assert_eq!(
            new,
            "\u{FEFF}Id,Own,tags,why\r\nc,2,,\"two\r\nlines\"\r\na, 1 ,z,\"say \"\"so\"\"\"\r\n\"d, e\",,x,\r\n"
        );
        assert_eq!(separator(text).sign, b';');
        assert_eq!(headings(text).unwrap(), ["Id", "Own", "tags", "why"]);
    }

    #[test]
    fn the_separator_is_the_sign_that_gives_even_rows() {
        for (text, sign) in [
            ("\"Risk ID\";\"Risk, short\";Owner\nR1;Fire;Ann\n", b';'),
            ("id,risk\nR1,a;b\nR2,c;d\n", b','),
            ("id;score;note\nR1;1,5;a\nR2;2,5;b, c\n", b';'),
            ("id\trisk\nR1\tFire, flood\n", b'\t'),
            ("id|risk\nR1|Fire\n", b'|'),
            ("Risk register 2026\n\nid;risk;owner\nR1;Fire;Ann\nR2;Flood;Ben", b';'),
            ("id\nR1\n", b','),
            ("", b','),
        ] {
            assert_eq!(separator(text), Separator { sign, start: 0 }, "{text}");
        }
        assert_eq!(separator("sep=;\r\nid;risk\r\n"), Separator { sign: b';', start: 7 });
        assert_eq!(separator("sep=\t\nid\trisk\n"), Separator { sign: b'\t', start: 6 });
    }

    #[test]
    fn an_open_quote_is_found_where_it_opens() {
        assert_eq!(unclosed_quote("id,risk\nR1,\"Fire\nR2,Flood\n"), Some(2));
        assert_eq!(unclosed_quote("id,risk\nR1,\"Fire,Ann\nR2,\"Flood\",Ben\n"), Some(2));
        assert_eq!(unclosed_quote("id,risk\nR1,\"Fire\nand \"\"smoke\"\"\"\nR2,12\" disk\n"), None);
        assert_eq!(unclosed_quote(""), None);
    }

    #[test]
    fn a_field_without_a_column_is_not_lost() {
        let pieces = vec![Piece { from: Some(0), change: Change::at("colour", Change::Become(json!("red"))) }];
        let stuck = apply("Id,Own,tags,why\na,1,x,w\n", &columns(), &rows(), &pieces).unwrap_err();
        assert_eq!(stuck.problem, "the register has no column for `colour`");
    }

    #[test]
    fn a_column_gets_its_unit_and_the_rest_keeps_its_bytes() {
        let text = "\u{FEFF}Id,hours, x\r\n\"a\",4,\"1\"\r\n\r\n\"b\",,\"2\"\r\nc,x,3";
        let mut cell = |_: usize, cell: &str| cell.parse::<i64>().ok().map(|hours| format!("{hours} h"));
        let change = Column { at: 1, heading: Some("time".to_owned()), cell: &mut cell, is_removed: false };
        let new = column(text, change).unwrap();
        assert_eq!(new, "\u{FEFF}Id,time, x\r\na,4 h,1\r\n\r\n\"b\",,\"2\"\r\nc,x,3");
        let change = Column { at: 1, heading: None, cell: &mut |_, _| None, is_removed: true };
        assert_eq!(column("a,b,c\n1,2,3\n4,5,6", change).unwrap(), "a,c\n1,3\n4,6");
    }

    #[test]
    fn rows_become_a_text() {
        let columns = ["id".to_owned(), "tags".to_owned(), "n".to_owned()];
        assert_eq!(text(&columns, &[json!({"id": "a,b", "tags": ["x", "y"], "n": 3})]), "id,tags,n\n\"a,b\",x; y,3\n");
    }
}
