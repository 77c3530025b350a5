//! What of two sequences belongs together: lines by what they are known by, then by their words; words by themselves.
//!
//! The result is a way through both: what stands in both, what goes, what comes, in one order. Lines that are known by the
//! same key belong together wherever no other pair forbids it; between those, the pairs are chosen that leave the fewest
//! characters to be removed and added.

use std::collections::HashMap;

/// Beyond so many pairs to be weighed, lines between two that are sure are paired in their order.
const MOST_PAIRS: usize = 40_000;
/// How long, in bytes, a text is that does not stand elsewhere by chance: two lines of a page.
const MANY: usize = 160;

/// A line: a paragraph, a cell's text, a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line<'a> {
    /// What it is known by; empty when by nothing.
    pub key: &'a str,
    /// What it says.
    pub text: &'a str,
}

/// A step of the way through both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// A line of the old and one of the new belong together; their words may differ.
    Both(usize, usize),
    /// The old alone has it.
    Old(usize),
    /// The new alone has it.
    New(usize),
}

/// Part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Both have it.
    Kept(&'a str),
    /// The old alone has it.
    Removed(&'a str),
    /// The new alone has it.
    Added(&'a str),
}

/// The way through two lists of lines.
pub fn lines(old: &[Line<'_>], new: &[Line<'_>]) -> Vec<Step> {
    let mut steps = Vec::with_capacity(old.len().max(new.len()));
    between(old, new, (0, 0), &mut steps, &weighed, &|_, _| true);
    steps
}

/// The way through two lists of lines of several kinds that leaves the fewest characters to be removed and added,
/// however little two lines have in common. `apart` says how far two lines, by their places, are from being of one kind,
/// which decides between ways of equal length; none where they are never one.
pub fn lines_of(old: &[Line<'_>], new: &[Line<'_>], apart: &dyn Fn(usize, usize) -> Option<usize>) -> Vec<Step> {
    let mut steps = Vec::with_capacity(old.len().max(new.len()));
    let weigh = |old: &[Line<'_>], new: &[Line<'_>], at: (usize, usize), steps: &mut Vec<Step>| {
        least(old, new, at, steps, apart);
    };
    between(old, new, (0, 0), &mut steps, &weigh, &|a, b| apart(a, b).is_some());
    steps
}

/// A way in which the last of what goes and the last of what comes are one, where both are paragraphs at the end or before
/// something else, as a table: a paragraph that comes or goes there leaves an empty one behind. The others are told by
/// whether a line of the old, and one of the new, is a paragraph.
pub fn ends_paired(
    steps: Vec<Step>,
    is_line_of_old: &dyn Fn(usize) -> bool,
    is_line_of_new: &dyn Fn(usize) -> bool,
) -> Vec<Step> {
    let mut out: Vec<Step> = Vec::with_capacity(steps.len());
    let mut at = 0;
    while at < steps.len() {
        if matches!(steps[at], Step::Both(..)) {
            out.push(steps[at]);
            at += 1;
            continue;
        }
        let end = at + steps[at..].iter().take_while(|step| !matches!(step, Step::Both(..))).count();
        let mut from_old: Vec<usize> = Vec::new();
        let mut from_new: Vec<usize> = Vec::new();
        for step in &steps[at..end] {
            match step {
                Step::Old(a) => from_old.push(*a),
                Step::New(b) => from_new.push(*b),
                Step::Both(..) => {}
            }
        }
        let is_end = match steps.get(end) {
            Some(Step::Both(a, _)) => !is_line_of_old(*a),
            _ => true,
        };
        let last = from_old.last().copied().zip(from_new.last().copied());
        let last = last.filter(|(a, b)| is_end && is_line_of_old(*a) && is_line_of_new(*b));
        if last.is_some() {
            from_old.pop();
            from_new.pop();
        }
        out.extend(from_old.into_iter().map(Step::Old));
        out.extend(from_new.into_iter().map(Step::New));
        out.extend(last.map(|(a, b)| Step::Both(a, b)));
        at = end;
    }
    out
}

/// Pairs lines between two that are sure.
type Weigh<'w> = &'w dyn Fn(&[Line<'_>], &[Line<'_>], (usize, usize), &mut Vec<Step>);

fn between(
    old: &[Line<'_>],
    new: &[Line<'_>],
    (a, b): (usize, usize),
    steps: &mut Vec<Step>,
    weighed: Weigh<'_>,
    may: &dyn Fn(usize, usize) -> bool,
) {
    let same = |x: usize, y: usize| old[x] == new[y] && may(x, y);
    let least = old.len().min(new.len());
    let head = (0..least).take_while(|at| same(*at, *at)).count();
    let tail = (0..least - head).take_while(|at| same(old.len() - 1 - at, new.len() - 1 - at)).count();
    steps.extend((0..head).map(|at| Step::Both(a + at, b + at)));
    let (old, new, a, b) = (&old[head..], &new[head..], a + head, b + head);
    let (middle_old, middle_new) = (&old[..old.len() - tail], &new[..new.len() - tail]);
    let sure = sure(middle_old, middle_new, &|x, y| may(a + x, b + y));
    let (mut from_old, mut from_new) = (0, 0);
    for (at_old, at_new) in sure {
        weighed(&middle_old[from_old..at_old], &middle_new[from_new..at_new], (a + from_old, b + from_new), steps);
        steps.push(Step::Both(a + at_old, b + at_new));
        (from_old, from_new) = (at_old + 1, at_new + 1);
    }
    weighed(&middle_old[from_old..], &middle_new[from_new..], (a + from_old, b + from_new), steps);
    let (a, b) = (a + middle_old.len(), b + middle_new.len());
    steps.extend((0..tail).map(|at| Step::Both(a + at, b + at)));
}

/// What a line is known by, if by anything.
type KnownBy<'k> = &'k dyn Fn(&Line<'_>) -> Option<String>;

/// Lines that both have once, by words that are many, by key, or by words: the longest run of them that is in one order.
///
/// Of lines that are alike but for their words, as the tables of a loop, a key may tell the wrong one: where the first of
/// them begins otherwise, the key of each is what that of its neighbour was. So many words are no chance.
fn sure(old: &[Line<'_>], new: &[Line<'_>], may: &dyn Fn(usize, usize) -> bool) -> Vec<(usize, usize)> {
    let mut pairs: Vec<Option<usize>> = vec![None; old.len()];
    let mut is_taken = vec![false; new.len()];
    let by_key = |line: &Line<'_>| Some(line.key.to_owned()).filter(|key| !key.is_empty());
    let by_words = |line: &Line<'_>| Some(line.text.to_owned()).filter(|text| !text.trim().is_empty());
    let by_many = |line: &Line<'_>| Some(line.text.to_owned()).filter(|text| text.len() >= MANY);
    let ways: [KnownBy<'_>; 3] = [&by_many, &by_key, &by_words];
    for known_by in ways {
        let once = |lines: &[Line<'_>], free: &dyn Fn(usize) -> bool| {
            let mut places: HashMap<String, Option<usize>> = HashMap::new();
            for (at, line) in lines.iter().enumerate().filter(|(at, _)| free(*at)) {
                if let Some(name) = known_by(line) {
                    places.entry(name).and_modify(|place| *place = None).or_insert(Some(at));
                }
            }
            places
        };
        let theirs = once(new, &|at| !is_taken[at]);
        let ours = once(old, &|at| pairs[at].is_none());
        for (at, line) in old.iter().enumerate() {
            let Some(name) = known_by(line) else { continue };
            if let (Some(Some(ours)), Some(Some(theirs))) = (ours.get(&name), theirs.get(&name))
                && *ours == at
                && may(at, *theirs)
            {
                pairs[at] = Some(*theirs);
                is_taken[*theirs] = true;
            }
        }
    }
    let pairs: Vec<(usize, usize)> = pairs.iter().enumerate().filter_map(|(at, new)| Some((at, (*new)?))).collect();
    longest_run(&pairs, |(at_old, _)| old[*at_old].text.len() + 1)
}

/// The heaviest run of pairs whose second places rise.
fn longest_run(pairs: &[(usize, usize)], weight: impl Fn(&(usize, usize)) -> usize) -> Vec<(usize, usize)> {
    let mut before: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    // The heaviest run that ends before a second place, with the last of its pairs: a Fenwick tree.
    let places = pairs.iter().map(|pair| pair.1 + 1).max().unwrap_or_default();
    let mut tree: Vec<Option<(usize, usize)>> = vec![None; places + 1];
    for (at, pair) in pairs.iter().enumerate() {
        let below =
            std::iter::successors(Some(pair.1), |place| Some(place & (place - 1))).take_while(|place| *place > 0);
        let best = below.filter_map(|place| tree[place]).max();
        let run = (weight(pair) + best.map_or(0, |(sum, _)| sum), at);
        before.push(best.map(|(_, last)| last));
        let mut place = pair.1 + 1;
        while place <= places {
            tree[place] = tree[place].max(Some(run));
            place += place & place.wrapping_neg();
        }
    }
    let all = std::iter::successors(Some(places), |place| Some(place & (place - 1))).take_while(|place| *place > 0);
    let mut at = all.filter_map(|place| tree[place]).max().map(|(_, last)| last);
    let mut run = Vec::new();
    while let Some(here) = at {
        run.push(pairs[here]);
        at = before[here];
    }
    run.reverse();
    run
}

/// Pairs lines between two that are sure, so that the fewest characters change.
fn weighed(old: &[Line<'_>], new: &[Line<'_>], (a, b): (usize, usize), steps: &mut Vec<Step>) {
    if old.is_empty() || new.is_empty() || old.len() * new.len() > MOST_PAIRS {
        steps.extend((0..old.len()).map(|at| Step::Old(a + at)));
        steps.extend((0..new.len()).map(|at| Step::New(b + at)));
        return;
    }
    let size = |line: &Line<'_>| line.text.chars().count();
    let (width, height) = (new.len() + 1, old.len() + 1);
    let mut cost = vec![0_usize; width * height];
    let pair: Vec<Option<usize>> = old.iter().flat_map(|old| new.iter().map(move |new| pair_cost(old, new))).collect();
    for x in (0..height).rev() {
        for y in (0..width).rev() {
            let mut least = usize::MAX;
            if x < old.len() {
                least = least.min(size(&old[x]) + cost[(x + 1) * width + y]);
            }
            if y < new.len() {
                least = least.min(size(&new[y]) + cost[x * width + y + 1]);
            }
            if x < old.len()
                && y < new.len()
                && let Some(here) = pair[x * new.len() + y]
            {
                least = least.min(here + cost[(x + 1) * width + y + 1]);
            }
            cost[x * width + y] = if least == usize::MAX { 0 } else { least };
        }
    }
    let (mut x, mut y) = (0, 0);
    while x < old.len() || y < new.len() {
        let here = cost[x * width + y];
        let pair = (x < old.len() && y < new.len()).then(|| pair[x * new.len() + y]).flatten();
        if let Some(pair) = pair
            && here == pair + cost[(x + 1) * width + y + 1]
        {
            steps.push(Step::Both(a + x, b + y));
            (x, y) = (x + 1, y + 1);
        } else if x < old.len() && here == size(&old[x]) + cost[(x + 1) * width + y] {
            steps.push(Step::Old(a + x));
            x += 1;
        } else {
            steps.push(Step::New(b + y));
            y += 1;
        }
    }
}

/// Beyond so many pairs of words, lines between two that are sure are weighed by the words that they share in any order.
const MOST_WORDS: usize = 40_000_000;

/// A line's words, each as a number and its length.
struct Worded {
    words: Vec<(u32, u32)>,
    size: usize,
}

/// Pairs lines between two that are sure, so that the fewest characters change.
fn least(
    old: &[Line<'_>],
    new: &[Line<'_>],
    (a, b): (usize, usize),
    steps: &mut Vec<Step>,
    apart: &dyn Fn(usize, usize) -> Option<usize>,
) {
    if old.is_empty() || new.is_empty() || old.len() * new.len() > MOST_PAIRS * 25 {
        steps.extend((0..old.len()).map(|at| Step::Old(a + at)));
        steps.extend((0..new.len()).map(|at| Step::New(b + at)));
        return;
    }
    // A character weighs more than all that decides between ways of equal length.
    const CHARACTER: usize = 8;
    const LINE: usize = 2;
    let mut numbers: HashMap<&str, u32> = HashMap::new();
    let texts = old.iter().chain(new).map(|line| line.text);
    let all: Vec<Worded> = texts
        .map(|text| {
            let words: Vec<(u32, u32)> = split(text)
                .into_iter()
                .map(|word| {
                    let next = numbers.len() as u32;
                    (*numbers.entry(word).or_insert(next), word.chars().count() as u32)
                })
                .collect();
            let size = words.iter().map(|word| word.1 as usize).sum();
            Worded { words, size }
        })
        .collect();
    let (theirs, ours) = all.split_at(old.len());
    let count = |lines: &[Worded]| lines.iter().map(|line| line.words.len()).sum::<usize>();
    let exact = count(theirs) * count(ours) <= MOST_WORDS;
    let (width, height) = (new.len() + 1, old.len() + 1);
    let pair: Vec<Option<usize>> = (0..old.len())
        .flat_map(|x| (0..new.len()).map(move |y| (x, y)))
        .map(|(x, y)| {
            let far = apart(a + x, b + y)?;
            let (was, is) = (&theirs[x], &ours[y]);
            let kept = if exact { in_common(&was.words, &is.words) } else { shared(&was.words, &is.words) };
            let is_known = !old[x].key.is_empty() && old[x].key == new[y].key;
            let changed = was.size + is.size - 2 * kept;
            (is_known || kept > 0 || changed == 0).then_some(changed * CHARACTER + far)
        })
        .collect();
    let mut cost = vec![0_usize; width * height];
    let alone = |line: &Worded| line.size * CHARACTER + LINE;
    for x in (0..height).rev() {
        for y in (0..width).rev() {
            let mut least = if x == old.len() && y == new.len() { 0 } else { usize::MAX };
            if x < old.len() {
                least = least.min(alone(&theirs[x]) + cost[(x + 1) * width + y]);
            }
            if y < new.len() {
                least = least.min(alone(&ours[y]) + cost[x * width + y + 1]);
            }
            if let Some(here) = (x < old.len() && y < new.len()).then(|| pair[x * new.len() + y]).flatten() {
                least = least.min(here + cost[(x + 1) * width + y + 1]);
            }
            cost[x * width + y] = least;
        }
    }
    let (mut x, mut y) = (0, 0);
    while x < old.len() || y < new.len() {
        let here = cost[x * width + y];
        let both = (x < old.len() && y < new.len()).then(|| pair[x * new.len() + y]).flatten();
        if both.is_some_and(|both| here == both + cost[(x + 1) * width + y + 1]) {
            steps.push(Step::Both(a + x, b + y));
            (x, y) = (x + 1, y + 1);
        } else if x < old.len() && here == alone(&theirs[x]) + cost[(x + 1) * width + y] {
            steps.push(Step::Old(a + x));
            x += 1;
        } else {
            steps.push(Step::New(b + y));
            y += 1;
        }
    }
}

/// The most characters that two lists of words have in common in one order.
fn in_common(old: &[(u32, u32)], new: &[(u32, u32)]) -> usize {
    let head = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    let tail = old[head..].iter().rev().zip(new[head..].iter().rev()).take_while(|(old, new)| old == new).count();
    let size = |words: &[(u32, u32)]| words.iter().map(|word| word.1).sum::<u32>();
    let kept = size(&old[..head]) + size(&old[old.len() - tail..]);
    let (old, new) = (&old[head..old.len() - tail], &new[head..new.len() - tail]);
    if old.is_empty() || new.is_empty() {
        return kept as usize;
    }
    let mut row = vec![0_u32; new.len() + 1];
    for (word, length) in old {
        let mut before = 0;
        for (at, (other, _)) in new.iter().enumerate() {
            let above = row[at + 1];
            row[at + 1] = if word == other { before + length } else { above.max(row[at]) };
            before = above;
        }
    }
    (kept + row[new.len()]) as usize
}

/// The characters that two lists of words share in any order.
fn shared(old: &[(u32, u32)], new: &[(u32, u32)]) -> usize {
    let sorted = |words: &[(u32, u32)]| {
        let mut words = words.to_vec();
        words.sort_unstable();
        words
    };
    let (old, new) = (sorted(old), sorted(new));
    let (mut x, mut y, mut sum) = (0, 0, 0);
    while x < old.len() && y < new.len() {
        match old[x].cmp(&new[y]) {
            std::cmp::Ordering::Less => x += 1,
            std::cmp::Ordering::Greater => y += 1,
            std::cmp::Ordering::Equal => {
                sum += old[x].1 as usize;
                (x, y) = (x + 1, y + 1);
            }
        }
    }
    sum
}

/// How many characters change when two lines are one; `None` for lines that have too little in common to be one.
fn pair_cost(old: &Line<'_>, new: &Line<'_>) -> Option<usize> {
    let all = old.text.chars().count() + new.text.chars().count();
    if !old.key.is_empty() && old.key == new.key {
        return Some(changed(old.text, new.text));
    }
    let changed = changed(old.text, new.text);
    (changed * 10 <= all * 7).then_some(changed)
}

/// Of two steps that follow each other, whether they may be one line that was parted, or two that were joined: the place of
/// the one, that of the first of the two, and whether they were joined.
pub fn parting(steps: &[Step]) -> Option<(usize, usize, bool)> {
    match *steps {
        [Step::Both(a, b), Step::New(next), ..] if next == b + 1 => Some((a, b, false)),
        [Step::New(before), Step::Both(a, b), ..] if before + 1 == b => Some((a, before, false)),
        [Step::Both(a, b), Step::Old(next), ..] if next == a + 1 => Some((b, a, true)),
        [Step::Old(before), Step::Both(a, b), ..] if before + 1 == a => Some((b, before, true)),
        _ => None,
    }
}

/// Whether a text is two others, one after the other: less than half as much changes as when it is either of them.
pub fn is_parted(whole: &str, first: &str, second: &str) -> bool {
    let either = changed(whole, first).min(changed(whole, second));
    !first.is_empty() && !second.is_empty() && changed(whole, &format!("{first} {second}")) * 2 < either
}

/// How many characters of two texts are removed and added.
pub fn changed(old: &str, new: &str) -> usize {
    let pieces = words(old, new).into_iter();
    pieces
        .map(|piece| if let Piece::Removed(text) | Piece::Added(text) = piece { text.chars().count() } else { 0 })
        .sum()
}

/// What stays, goes and comes between two texts, word by word: the fewest characters.
pub fn words<'a>(old: &'a str, new: &'a str) -> Vec<Piece<'a>> {
    told((old, split(old)), (new, split(new)))
}

/// What stays, goes and comes between two texts that fall into words: the fewest characters.
fn told<'a>((old, old_words): (&'a str, Vec<&'a str>), (new, new_words): (&'a str, Vec<&'a str>)) -> Vec<Piece<'a>> {
    let head = old_words.iter().zip(&new_words).take_while(|(old, new)| old == new).count();
    let tail = old_words[head..].iter().rev().zip(new_words[head..].iter().rev());
    let tail = tail.take_while(|(old, new)| old == new).count();
    let (a, b) = (&old_words[head..old_words.len() - tail], &new_words[head..new_words.len() - tail]);
    let mut kinds: Vec<Piece<'a>> = old_words[..head].iter().map(|word| Piece::Kept(word)).collect();
    if a.len() * b.len() > MOST_PAIRS * 100 {
        kinds.extend(a.iter().map(|word| Piece::Removed(word)));
        kinds.extend(b.iter().map(|word| Piece::Added(word)));
    } else {
        // The most characters in common.
        let width = b.len() + 1;
        let mut common = vec![0_u32; (a.len() + 1) * width];
        for x in (0..a.len()).rev() {
            for y in (0..b.len()).rev() {
                common[x * width + y] = match a[x] == b[y] {
                    true => common[(x + 1) * width + y + 1] + a[x].chars().count() as u32,
                    false => common[(x + 1) * width + y].max(common[x * width + y + 1]),
                };
            }
        }
        let (mut x, mut y) = (0, 0);
        while x < a.len() || y < b.len() {
            if x < a.len() && y < b.len() && a[x] == b[y] {
                kinds.push(Piece::Kept(a[x]));
                (x, y) = (x + 1, y + 1);
            } else if x < a.len() && (y == b.len() || common[(x + 1) * width + y] >= common[x * width + y + 1]) {
                kinds.push(Piece::Removed(a[x]));
                x += 1;
            } else {
                kinds.push(Piece::Added(b[y]));
                y += 1;
            }
        }
    }
    kinds.extend(old_words[old_words.len() - tail..].iter().map(|word| Piece::Kept(word)));
    joined(old, new, &kinds)
}

/// The same to be read: a number, a date, a version, an identifier, an address changes as a whole; and where only spaces and
/// signs stay between what changed, they go and come as well, so that a name of two words is one change and not two.
pub fn phrases<'a>(old: &'a str, new: &'a str) -> Vec<Piece<'a>> {
    let pieces = told((old, terms(old)), (new, terms(new)));
    let is_change = |piece: Option<&Piece<'_>>| matches!(piece, Some(Piece::Removed(_) | Piece::Added(_)));
    let mut kinds = Vec::with_capacity(pieces.len());
    for (at, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Kept(text)
                if at > 0
                    && is_change(pieces.get(at - 1))
                    && is_change(pieces.get(at + 1))
                    && !text.contains('\n')
                    && !text.chars().any(char::is_alphanumeric) =>
            {
                kinds.extend([Piece::Removed(text), Piece::Added(text)]);
            }
            Piece::Kept(text) => kinds.push(Piece::Kept(text)),
            Piece::Removed(text) => kinds.push(Piece::Removed(text)),
            Piece::Added(text) => kinds.push(Piece::Added(text)),
        }
    }
    joined(old, new, &kinds)
}

/// Pieces of one kind beside one another are one; what goes stands before what comes.
fn joined<'a>(old: &'a str, new: &'a str, kinds: &[Piece<'a>]) -> Vec<Piece<'a>> {
    let mut pieces = Vec::new();
    let (mut at_old, mut at_new) = (0, 0);
    let (mut removed, mut added, mut kept) = (0, 0, 0);
    for kind in kinds.iter().map(Some).chain([None]) {
        let ends_kept = !matches!(kind, Some(Piece::Kept(_)));
        if ends_kept && kept > 0 {
            pieces.push(Piece::Kept(&old[at_old..at_old + kept]));
            (at_old, at_new, kept) = (at_old + kept, at_new + kept, 0);
        }
        if !matches!(kind, Some(Piece::Removed(_) | Piece::Added(_))) {
            if removed > 0 {
                pieces.push(Piece::Removed(&old[at_old..at_old + removed]));
            }
            if added > 0 {
                pieces.push(Piece::Added(&new[at_new..at_new + added]));
            }
            (at_old, at_new, removed, added) = (at_old + removed, at_new + added, 0, 0);
        }
        match kind {
            Some(Piece::Kept(word)) => kept += word.len(),
            Some(Piece::Removed(word)) => removed += word.len(),
            Some(Piece::Added(word)) => added += word.len(),
            None => {}
        }
    }
    pieces
}

/// A text as words and what stands between them: letters and digits together, every other character by itself.
pub fn split(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut start = 0;
    let mut was_word = false;
    for (at, c) in text.char_indices() {
        let is_word = c.is_alphanumeric() || c == '_';
        if at > start && !(is_word && was_word) {
            words.push(&text[start..at]);
            start = at;
        }
        was_word = is_word;
    }
    if start < text.len() {
        words.push(&text[start..]);
    }
    words
}

/// Signs that hold what stands on both sides of them together, where a digit or an `@` is part of it.
const TIES: [char; 10] = ['.', ',', ':', '-', '/', '@', '+', '\'', '\u{2019}', '\u{2011}'];

/// A text as [`split`] parts it, but for what is read as one: `1.0`, `2026-11-02`, `A.5.1`, `99.5%`, `x@y.example`.
fn terms(text: &str) -> Vec<&str> {
    let words = split(text);
    let is_word =
        |word: Option<&&str>| word.is_some_and(|word| word.starts_with(|c: char| c.is_alphanumeric() || c == '_'));
    let is_tie = |word: Option<&&str>| word.is_some_and(|word| word.starts_with(TIES));
    let (mut found, mut at, mut begin) = (Vec::with_capacity(words.len()), 0, 0);
    while at < words.len() {
        let mut end = at + 1;
        while is_word(words.get(at)) && is_tie(words.get(end)) && is_word(words.get(end + 1)) {
            end += 2;
        }
        let length: usize = words[at..end].iter().map(|word| word.len()).sum();
        let is_figure = text[begin..begin + length].contains(|c: char| c.is_ascii_digit() || c == '@');
        if !is_figure {
            found.extend_from_slice(&words[at..end]);
            (at, begin) = (end, begin + length);
            continue;
        }
        let is_percent = words.get(end) == Some(&"%");
        let length = length + usize::from(is_percent);
        found.push(&text[begin..begin + length]);
        (at, begin) = (end + usize::from(is_percent), begin + length);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way(old: &[(&str, &str)], new: &[(&str, &str)]) -> String {
        fn of<'a>(lines: &[(&'a str, &'a str)]) -> Vec<Line<'a>> {
            lines.iter().map(|(key, text)| Line { key, text }).collect()
        }
        let steps = lines(&of(old), &of(new)).into_iter().map(|step| match step {
            Step::Both(a, b) => format!("{a}={b}"),
            Step::Old(a) => format!("-{a}"),
            Step::New(b) => format!("+{b}"),
        });
        steps.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn lines_belong_together_by_key_then_by_words() {
        assert_eq!(way(&[("a", "one"), ("b", "two")], &[("b", "deux"), ("c", "trois")]), "-0 1=0 +1");
        assert_eq!(way(&[("", "one"), ("", "two")], &[("", "two"), ("", "one")]).matches('=').count(), 1);
        let (old, new) = ("The owner approves each access.", "The owner approves every access.");
        assert_eq!(way(&[("", "Gone."), ("", old)], &[("", new)]), "-0 1=0");
        assert_eq!(way(&[("x", "abc")], &[("y", "something else")]), "-0 +0");
        assert_eq!(way(&[], &[("", "a")]), "+0");
        let [one, two] = ["door", "gate"].map(|word| format!("The {word} is shut. ").repeat(10));
        let changed = format!("By night t{}", &one[1..]);
        let (old, new) = ([("1st", &*one), ("2nd", &*two)], [("other", &*changed), ("1st", &*two)]);
        assert_eq!(way(&old, &new), "0=0 1=1", "many words tell more than a key that has moved to a neighbour");
    }

    #[test]
    fn a_way_goes_through_every_line_once_and_in_order() {
        let texts = ["a b c", "a b d", "", "x", "a b c", "q r s t", "x"];
        for seed in 0..400_usize {
            let pick = |salt: usize| -> Vec<(&str, &str)> {
                (0..(seed / salt) % 6).map(|at| ("", texts[(seed * (salt + at * at) + at) % texts.len()])).collect()
            };
            let (old, new) = (pick(3), pick(7));
            let (old, new): (Vec<_>, Vec<_>) = (
                old.iter().map(|(k, t)| Line { key: k, text: t }).collect(),
                new.iter().map(|(k, t)| Line { key: k, text: t }).collect(),
            );
            let steps = lines(&old, &new);
            let a: Vec<usize> = steps
                .iter()
                .filter_map(|s| if let Step::Both(a, _) | Step::Old(a) = s { Some(*a) } else { None })
                .collect();
            let b: Vec<usize> = steps
                .iter()
                .filter_map(|s| if let Step::Both(_, b) | Step::New(b) = s { Some(*b) } else { None })
                .collect();
            assert_eq!(a, (0..old.len()).collect::<Vec<_>>(), "{old:?} {new:?}");
            assert_eq!(b, (0..new.len()).collect::<Vec<_>>(), "{old:?} {new:?}");
        }
    }

    #[test]
    fn a_text_is_parted_where_both_parts_are_in_it() {
        assert!(is_parted("Keys are kept. Guests are met.", "Keys are kept.", "Guests are met."));
        assert!(!is_parted("Keys are kept. Guests are met.", "Keys are kept.", "Doors are shut at six."));
        assert!(!is_parted("Keys are kept.", "Keys are kept.", ""));
    }

    #[test]
    fn figures_change_as_a_whole_for_a_reader() {
        let shown = |old: &str, new: &str| -> String {
            let piece = |piece: &Piece<'_>| match piece {
                Piece::Kept(text) => (*text).to_owned(),
                Piece::Removed(text) => format!("[-{text}-]"),
                Piece::Added(text) => format!("{{+{text}+}}"),
            };
            phrases(old, new).iter().map(piece).collect()
        };
        assert_eq!(shown("Version 1.0.", "Version 1.1."), "Version [-1.0-]{+1.1+}.");
        assert_eq!(shown("On 2026-11-02, at", "On 2026-12-02, at"), "On [-2026-11-02-]{+2026-12-02+}, at");
        assert_eq!(shown("At least 99.5% of R-07", "At least 99.9% of R-07"), "At least [-99.5%-]{+99.9%+} of R-07");
        assert_eq!(shown("a.b@x.example writes", "a.c@x.example writes"), "[-a.b@x.example-]{+a.c@x.example+} writes");
        assert_eq!(shown("\u{20ac}1,000 or A.5.1", "\u{20ac}1,500 or A.5.1"), "\u{20ac}[-1,000-]{+1,500+} or A.5.1");
        assert_eq!(shown("risk-based, in part", "rule-based, in part"), "[-risk-]{+rule+}-based, in part");
        assert_eq!(shown("R-01, R-02, R-03", "R-01, R-02, R-99, R-03"), "R-01, R-02, {+R-99, +}R-03");
    }

    #[test]
    fn words_say_both_texts() {
        let shown = |old: &str, new: &str| -> String {
            let pieces = words(old, new);
            let side = |drop: fn(&Piece<'_>) -> bool| -> String {
                let kept = pieces.iter().filter(|piece| !drop(piece));
                kept.map(|piece| match piece {
                    Piece::Kept(t) | Piece::Removed(t) | Piece::Added(t) => *t,
                })
                .collect()
            };
            assert_eq!(side(|piece| matches!(piece, Piece::Added(_))), old);
            assert_eq!(side(|piece| matches!(piece, Piece::Removed(_))), new);
            pieces
                .iter()
                .map(|piece| match piece {
                    Piece::Kept(text) => (*text).to_owned(),
                    Piece::Removed(text) => format!("[-{text}-]"),
                    Piece::Added(text) => format!("{{+{text}+}}"),
                })
                .collect()
        };
        assert_eq!(shown("every five days, by hand", "every day, by hand"), "every [-five days-]{+day+}, by hand");
        assert_eq!(shown("", "new"), "{+new+}");
        assert_eq!(shown("é à", "é ü"), "é [-à-]{+ü+}");
        assert_eq!(shown("same", "same"), "same");
    }
}
