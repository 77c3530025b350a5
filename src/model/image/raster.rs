//! PNG (<https://www.w3.org/TR/png-3/>) and JPEG (ITU-T T.81), looked through without being decoded.

use std::io::Read as _;

use super::ImageFormat;

/// The most pixels of a picture: each takes at least four bytes of memory while it is placed.
pub(super) const MAX_PIXELS: u64 = 25_000_000;

/// The most bytes of a file, and of its pixels.
const MAX_BYTES: usize = 16 << 20;
const MAX_DECODED: u64 = 64 << 20;

/// The most bytes of a colour profile, or of a text, unpacked.
const MAX_UNPACKED: u64 = 4 << 20;

/// The most times that a JPEG may go over the picture, and the most pixels that it may go over in all.
const MAX_SCANS: u64 = 100;
const MAX_SCANNED: u64 = 250_000_000;

/// Width and height of a sound picture of at most so many pixels; else a sentence that says what is wrong.
pub(super) fn size(bytes: &[u8], format: ImageFormat, most: u64) -> Result<(f64, f64), String> {
    if bytes.len() > MAX_BYTES {
        return Err(format!("it has {} MB; at most {} are placed", bytes.len() >> 20, MAX_BYTES >> 20));
    }
    let (width, height, depth) = match format {
        ImageFormat::Jpeg => jpeg(bytes)?,
        _ => png(bytes)?,
    };
    let pixels = u64::from(width) * u64::from(height);
    if pixels == 0 || pixels > most || pixels * depth > MAX_DECODED {
        let most = (most.min(MAX_DECODED / depth) as f64 / 1e6 * 10.0).floor() / 10.0;
        return Err(format!("it has {width} × {height} pixels; at most {most} million are placed"));
    }
    Ok((f64::from(width), f64::from(height)))
}

fn damaged<T>(what: &str) -> Result<T, String> {
    Err(format!("it is damaged: {what}"))
}

fn number(bytes: &[u8]) -> u32 {
    bytes.iter().take(4).fold(0, |number, byte| number << 8 | u32::from(*byte))
}

/// Width, height, and bytes of a pixel.
fn png(bytes: &[u8]) -> Result<(u32, u32, u64), String> {
    let mut rest = bytes.get(8..).unwrap_or_default();
    let mut header = None;
    let mut has_data = false;
    while let Some((head, after)) = rest.split_at_checked(8) {
        let (length, kind) = (number(head) as usize, &head[4..]);
        let Some((content, after)) = after.split_at_checked(length) else { return damaged("it ends too early") };
        match (kind, header) {
            (b"IHDR", None) if length == 13 => {
                let samples = match content[9] {
                    2 => 3,
                    3 | 6 => 4,
                    4 => 2,
                    _ => 1,
                };
                let bytes = if content[8] == 16 { 2 } else { 1 };
                header = Some((number(content), number(&content[4..]), samples * bytes));
            }
            (b"IHDR", _) | (_, None) => return damaged("its header is not at its beginning"),
            (b"IDAT", _) => has_data = true,
            (b"iCCP", _) => unpacked(content, "a colour profile")?,
            (b"tEXt" | b"zTXt" | b"iTXt", _) if length as u64 > MAX_UNPACKED => {
                return Err(format!("a text in it has more than {} MB; save it without", MAX_UNPACKED >> 20));
            }
            (b"zTXt" | b"iTXt", _) => unpacked(content, "a text")?,
            (b"IEND", Some(header)) if has_data => return Ok(header),
            _ => {}
        }
        let Some(next) = after.get(4..) else { return damaged("it ends too early") };
        rest = next;
    }
    damaged("it ends too early")
}

/// Refuses what unpacks to more than any decoder should be given: zlib data somewhere after a name.
fn unpacked(content: &[u8], what: &str) -> Result<(), String> {
    let name = content.iter().position(|byte| *byte == 0).map_or(0, |end| end + 1);
    // What is packed begins after the name and one or two flags, and, in a text, after its language and keyword.
    for start in (name..content.len().min(name + MAX_NAMES)).filter(|start| content[*start] & 0x0F == 8) {
        let mut counted = flate2::read::ZlibDecoder::new(&content[start..]).take(MAX_UNPACKED + 1);
        let bytes = std::io::copy(&mut counted, &mut std::io::sink());
        if bytes.is_ok_and(|bytes| bytes > MAX_UNPACKED) {
            return Err(format!("{what} in it unpacks to more than {} MB; save it without", MAX_UNPACKED >> 20));
        }
    }
    Ok(())
}

/// How far into a chunk its packed part may begin.
const MAX_NAMES: usize = 200;

/// Width, height, and bytes of a pixel.
fn jpeg(bytes: &[u8]) -> Result<(u32, u32, u64), String> {
    let mut at = 2;
    let mut header: Option<(u32, u32, u64)> = None;
    let mut scans = 0;
    loop {
        // Between segments stand entropy-coded bytes, in which 0xFF is followed by 0 or by a restart marker.
        let marker = loop {
            match (bytes.get(at), bytes.get(at + 1)) {
                (Some(0xFF), Some(0 | 0xFF | 0x01 | 0xD0..=0xD7)) => at += 1,
                (Some(0xFF), Some(marker)) => break *marker,
                (Some(_), Some(_)) => at += 1,
                _ => return damaged("it ends too early"),
            }
        };
        at += 2;
        if marker == 0xD9 {
            break;
        }
        let length = bytes.get(at..at + 2).map(|length| usize::from(length[0]) << 8 | usize::from(length[1]));
        let Some(segment) = length.and_then(|length| bytes.get(at + 2..at + length.max(2))) else {
            return damaged("it ends too early");
        };
        match marker {
            0xC0..=0xCF if !matches!(marker, 0xC4 | 0xC8 | 0xCC) => {
                if header.is_some() || segment.len() < 6 {
                    return damaged("it has two headers, or half of one");
                }
                if segment[5] == 4 {
                    return Err("it has the four colours of a printer (CMYK); save it as RGB".into());
                }
                let side = |at: usize| u32::from(segment[at]) << 8 | u32::from(segment[at + 1]);
                header = Some((side(3), side(1), u64::from(segment[5]).clamp(3, 4)));
            }
            0xDA => {
                scans += 1;
                let Some((width, height, _)) = header else { return damaged("its header is not at its beginning") };
                let scanned = u64::from(width) * u64::from(height) * scans;
                if scans > MAX_SCANS || scanned > MAX_SCANNED.max(u64::from(width) * u64::from(height) * 12) {
                    return Err(format!("it goes over the picture {scans} times or more; save it as a plain JPEG"));
                }
            }
            _ => {}
        }
        at += 2 + segment.len();
    }
    match header.filter(|_| scans > 0) {
        Some(header) => Ok(header),
        None => damaged("there is no picture in it"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_in_the_colours_of_a_printer_is_refused_by_name() {
        let jpeg = [0xFF, 0xD8, 0xFF, 0xC0, 0, 8, 8, 0, 10, 0, 10, 4, 0xFF, 0xD9];
        let problem = size(&jpeg, ImageFormat::Jpeg, MAX_PIXELS).unwrap_err();
        assert!(problem.contains("CMYK"), "{problem}");
    }
}
