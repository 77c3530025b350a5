//! The least characters that have to go and come to make one document of another, and how many a redline has.

use std::collections::HashMap;

use folio::reader::{Block, Element, Package, Piece, Space, stories};

/// The words of a document by paragraph: without notes, pictures, codes of fields, tabs and breaks.
pub(crate) fn letters(package: &Package) -> Vec<String> {
    let mut found = Vec::new();
    for story in stories(package) {
        of_blocks(&story.blocks, &mut found);
    }
    found
}

fn of_blocks(blocks: &[Block<'_>], found: &mut Vec<String>) {
    for block in blocks {
        match block {
            Block::Paragraph(paragraph) => {
                let mut text = String::new();
                for piece in paragraph.runs.iter().flat_map(|run| &run.pieces) {
                    if let Piece::Text(characters) = piece {
                        text.extend(characters.chars().filter(|c| !['\t', '\n'].contains(c)));
                    }
                }
                found.push(text);
            }
            Block::Table(table) => {
                table.rows.iter().flat_map(|row| &row.cells).for_each(|cell| of_blocks(&cell.blocks, found));
            }
            Block::Control { blocks, .. } => of_blocks(blocks, found),
            Block::Other(_) => {}
        }
    }
}

/// Characters inside insertions, deletions and halves of moves, each once.
pub(crate) fn tracked(package: &Package) -> usize {
    fn count(element: &Element, is_tracked: bool, sum: &mut usize) {
        if element.space == Space::Mc && element.name == "Fallback" {
            return;
        }
        if is_tracked && element.is_any(&["t", "delText"]) {
            *sum += element.text().chars().count();
        }
        let is_tracked = is_tracked || element.is_any(&["ins", "del", "moveFrom", "moveTo"]);
        element.elements().for_each(|child| count(child, is_tracked, sum));
    }
    let mut sum = 0;
    for part in package.texts() {
        count(package.xml(&part).unwrap(), false, &mut sum);
    }
    sum
}

/// Words, and what is no word character by character.
fn tokens(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut from = None;
    for (at, c) in text.char_indices() {
        let is_word = c.is_alphanumeric() || c == '_';
        match (from, is_word) {
            (None, true) => from = Some(at),
            (Some(start), false) => {
                found.push(&text[start..at]);
                from = None;
            }
            _ => {}
        }
        if !is_word {
            found.push(&text[at..at + c.len_utf8()]);
        }
    }
    found.extend(from.map(|start| &text[start..]));
    found
}

/// Characters that a word diff must delete and insert, paragraphs aligned first.
pub(crate) fn least(old: &[String], new: &[String]) -> usize {
    let mut total = 0;
    let (mut from_old, mut from_new) = (0, 0);
    let mut same = matching(old, new);
    same.push((old.len(), new.len(), 0));
    for (at_old, at_new, size) in same {
        let (gone, come) = (old[from_old..at_old].join(" "), new[from_new..at_new].join(" "));
        let (gone, come) = (tokens(&gone), tokens(&come));
        let weight = |tokens: &[&str]| tokens.iter().map(|it| it.chars().count()).sum::<usize>();
        total += weight(&gone) + weight(&come) - 2 * kept(&gone, &come);
        (from_old, from_new) = (at_old + size, at_new + size);
    }
    total
}

/// Runs of lines that both have, longest first, as difflib of Python finds them.
fn matching(old: &[String], new: &[String]) -> Vec<(usize, usize, usize)> {
    let mut places: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, line) in new.iter().enumerate() {
        places.entry(line).or_default().push(at);
    }
    let mut open = vec![(0, old.len(), 0, new.len())];
    let mut found = Vec::new();
    while let Some((a0, a1, b0, b1)) = open.pop() {
        let mut best = (a0, b0, 0);
        let mut lengths: HashMap<usize, usize> = HashMap::new();
        for (at, line) in old.iter().enumerate().take(a1).skip(a0) {
            let mut next = HashMap::new();
            for &other in places.get(line.as_str()).into_iter().flatten() {
                if other < b0 {
                    continue;
                }
                if other >= b1 {
                    break;
                }
                let length = other.checked_sub(1).and_then(|it| lengths.get(&it)).copied().unwrap_or_default() + 1;
                next.insert(other, length);
                if length > best.2 {
                    best = (at + 1 - length, other + 1 - length, length);
                }
            }
            lengths = next;
        }
        if best.2 > 0 {
            found.push(best);
            open.push((a0, best.0, b0, best.1));
            open.push((best.0 + best.2, a1, best.1 + best.2, b1));
        }
    }
    found.sort_unstable();
    found
}

/// The most characters that can stay, over all ways to lay words over words.
fn kept(old: &[&str], new: &[&str]) -> usize {
    let weight = |tokens: &[&str]| tokens.iter().map(|it| it.chars().count()).sum::<usize>();
    let head = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let tail = old[head..].iter().rev().zip(new[head..].iter().rev()).take_while(|(a, b)| a == b).count();
    let same = weight(&old[..head]) + weight(&old[old.len() - tail..]);
    let (old, new) = (&old[head..old.len() - tail], &new[head..new.len() - tail]);
    let mut names: HashMap<&str, u32> = HashMap::new();
    let mut name = |token| {
        let next = names.len() as u32;
        *names.entry(token).or_insert(next)
    };
    let columns: Vec<u32> = new.iter().map(|token| name(*token)).collect();
    let mut row = vec![0_usize; new.len() + 1];
    for token in old {
        let (own, weight) = (name(*token), token.chars().count());
        let mut diagonal = 0;
        for at in 0..columns.len() {
            let above = row[at + 1];
            let mut best = above.max(row[at]);
            if columns[at] == own {
                best = best.max(diagonal + weight);
            }
            diagonal = above;
            row[at + 1] = best;
        }
    }
    same + row.last().copied().unwrap_or_default()
}
