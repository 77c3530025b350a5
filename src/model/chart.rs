//! Charts: figures to look at, as data. What they look like is [`crate::chart`]'s.

mod fit;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Tone;
use crate::language::Language;
use crate::strings::{Counted, Strings};

/// The most marks of a chart: a longer one is a table.
const MOST: usize = 60;

/// A chart and its figures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Chart {
    /// Amounts beside one another.
    Bar(Bars),
    /// Amounts made up of parts.
    Stacked(Stacked),
    /// One amount over time, against its target.
    Line(Line),
    /// Two scales against each other.
    Heatmap(Heatmap),
    /// What happens when, by month.
    Timeline(Timeline),
    /// Steps and decisions, from top to bottom.
    Flow(Flow),
    /// Who or what stands below whom.
    Tree(Tree),
}

/// What amounts are counted in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Unit {
    /// The same word for any number.
    Plain(String),
    /// A word for each plural form of the language.
    Counted(Counted),
}

impl Unit {
    /// The word that goes with a number, written out.
    fn of(&self, number: &str, language: &Language) -> &str {
        match self {
            Unit::Plain(word) => word,
            Unit::Counted(words) => words.of(language.category_of(number)),
        }
    }

    /// Every word of it.
    fn texts(&self) -> Vec<&str> {
        match self {
            Unit::Plain(word) => vec![word],
            Unit::Counted(words) => words.all().collect(),
        }
    }
}

/// Amounts beside one another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bars {
    /// What the amounts are counted in, when it is not the plain number.
    #[serde(default)]
    pub unit: Option<Unit>,
    /// The bars, from the top.
    pub bars: Vec<Bar>,
}

/// A bar.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bar {
    /// What it stands for.
    pub label: String,
    /// How much.
    pub value: f64,
    /// What it means; the accent colour when it means nothing.
    #[serde(default)]
    pub tone: Option<Tone>,
}

/// Amounts made up of the same parts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stacked {
    /// The parts, from the left.
    pub parts: Vec<Part>,
    /// The rows, from the top.
    pub rows: Vec<StackedRow>,
}

/// A part of every row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Its name.
    pub label: String,
    /// What it means; the accent colour when it means nothing.
    #[serde(default)]
    pub tone: Option<Tone>,
    /// What the amounts are called in words, where its name does not go with every number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counted: Option<Unit>,
}

/// A row of parts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StackedRow {
    /// What it stands for.
    pub label: String,
    /// How much of each part.
    pub values: Vec<f64>,
}

/// One amount over time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// What it is counted in.
    #[serde(default)]
    pub unit: Option<Unit>,
    /// The target, with the word for it.
    #[serde(default)]
    pub target: Option<Target>,
    /// The readings, the oldest first.
    pub points: Vec<Point>,
}

/// What an amount should be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// The word for it.
    pub label: String,
    /// The amount.
    pub value: f64,
}

/// A reading.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Point {
    /// When.
    pub label: String,
    /// How much.
    pub value: f64,
}

/// Two scales against each other.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Heatmap {
    /// What the columns are steps of.
    pub across: String,
    /// What the rows are steps of.
    pub down: String,
    /// What is counted in the cells, for the words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<Unit>,
    /// The columns, from the left.
    pub columns: Vec<String>,
    /// The rows, from the top.
    pub rows: Vec<HeatRow>,
}

/// A row of a heat map.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeatRow {
    /// The step.
    pub label: String,
    /// One cell a column.
    pub cells: Vec<HeatCell>,
}

/// A cell of a heat map.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeatCell {
    /// How many there are.
    pub value: u32,
    /// What it means to be there.
    pub tone: Tone,
}

/// What happens when.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Timeline {
    /// The first month, `2026-01`.
    pub from: String,
    /// How many months.
    pub months: u32,
    /// The rows, from the top.
    pub rows: Vec<TimelineRow>,
}

/// A row of a timeline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimelineRow {
    /// What it is about.
    pub label: String,
    /// What happens.
    pub marks: Vec<Mark>,
}

/// Something that happens.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mark {
    /// The day, `2026-03-14`.
    pub date: String,
    /// The word for its state.
    pub label: String,
    /// What the state means.
    pub tone: Tone,
}

/// Steps and decisions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flow {
    /// The steps, from the top.
    pub steps: Vec<Step>,
}

/// A step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// What is done, or asked.
    pub label: String,
    /// Who does it, and by when.
    #[serde(default)]
    pub note: Option<String>,
    /// For a question: the answer that leads to the next step.
    #[serde(default)]
    pub answer: Option<String>,
    /// For a question: where the other answer leads.
    #[serde(default)]
    pub aside: Option<Aside>,
}

/// Where a question leads when its answer is the other one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Aside {
    /// The answer.
    pub answer: String,
    /// What is done then.
    pub label: String,
}

/// What stands below what.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tree {
    /// The nodes, each after the one above it.
    pub nodes: Vec<TreeNode>,
}

/// A node of a tree.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TreeNode {
    /// Its key.
    pub id: String,
    /// The key of the one above it.
    #[serde(default)]
    pub parent: Option<String>,
    /// What it is.
    pub label: String,
    /// What else is to be said.
    #[serde(default)]
    pub note: Option<String>,
}

impl Timeline {
    /// The first day of its first month; `None` when `from` is no month.
    pub fn start(&self) -> Option<Date> {
        format!("{}-01", self.from).parse().ok()
    }

    /// How many months after the start a mark stands; `None` when its date is none, or the chart does not reach there.
    pub fn place(&self, mark: &Mark) -> Option<f64> {
        let start = self.start()?;
        let day: Date = mark.date.parse().ok()?;
        let whole =
            (i32::from(day.year()) - i32::from(start.year())) * 12 + i32::from(day.month()) - i32::from(start.month());
        let at = f64::from(whole) + (f64::from(day.day()) - 0.5) / f64::from(day.days_in_month());
        (at >= 0.0 && at <= f64::from(self.months)).then_some(at)
    }

    fn check(&self) -> Result<(), String> {
        if self.start().is_none() {
            return Err(format!("`from` is `{}`, not a month such as 2026-01", self.from));
        }
        match self.rows.iter().flat_map(|row| &row.marks).find(|mark| self.place(mark).is_none()) {
            Some(Mark { date, label, .. }) => {
                let Timeline { from, months, .. } = self;
                Err(format!("`{label}` on `{date}` is not within {months} months from {from}"))
            }
            None => Ok(()),
        }
    }
}

impl Chart {
    /// The names of the types, as `type=` takes them.
    pub const TYPES: [&str; 7] = ["bar", "stacked", "line", "heatmap", "timeline", "flow", "tree"];

    /// Reads a chart of a type from its data.
    ///
    /// # Errors
    /// A sentence that says what the data lacks.
    pub fn read(kind: &str, data: &serde_json::Value) -> Result<Chart, String> {
        let mut data = data.as_object().cloned().ok_or("its data is not a group of keys")?;
        data.remove("id"); // The key of a row that holds a chart.
        fit::fits(kind, &data)?;
        data.insert("type".to_owned(), kind.into());
        let chart: Chart =
            serde_json::from_value(data.into()).map_err(|_| format!("it does not fit a {kind} chart"))?;
        chart.check()?;
        Ok(chart)
    }

    fn check(&self) -> Result<(), String> {
        let size = match self {
            Chart::Bar(it) => it.bars.len(),
            Chart::Stacked(it) => it.rows.len(),
            Chart::Line(it) => it.points.len(),
            Chart::Heatmap(it) => it.rows.len() * it.columns.len(),
            Chart::Timeline(it) => it.rows.len().max(it.months as usize),
            Chart::Flow(it) => it.steps.len(),
            Chart::Tree(it) => it.nodes.len(),
        };
        if size == 0 {
            return Err("it has nothing to show: leave it out with `{{#if}}`".into());
        }
        if size > MOST {
            return Err(format!("it has {size} marks; more than {MOST} are a table"));
        }
        let is_ragged = match self {
            Chart::Stacked(it) => it.rows.iter().any(|row| row.values.len() != it.parts.len()),
            Chart::Heatmap(it) => it.rows.iter().any(|row| row.cells.len() != it.columns.len()),
            _ => false,
        };
        if is_ragged {
            return Err("its rows have not as many values as there are columns".into());
        }
        match self {
            Chart::Timeline(it) => it.check(),
            _ => Ok(()),
        }
    }

    /// Its figures in words, for those who do not see it.
    pub fn words(&self, strings: &Strings) -> String {
        let amount = |value: f64, unit: Option<&Unit>| amount(value, unit, &strings.language);
        let noted = |label: &str, note: &Option<String>| match note {
            Some(note) => format!("{label} ({note})"),
            None => label.to_owned(),
        };
        let parts: Vec<String> = match self {
            Chart::Bar(it) => {
                it.bars.iter().map(|bar| format!("{} {}", bar.label, amount(bar.value, it.unit.as_ref()))).collect()
            }
            Chart::Stacked(it) => it
                .rows
                .iter()
                .map(|row| {
                    let values = it.parts.iter().zip(&row.values).filter(|(_, value)| **value != 0.0);
                    let values: Vec<String> = values
                        .map(|(part, value)| match &part.counted {
                            Some(counted) => amount(*value, Some(counted)),
                            None => format!("{} {}", amount(*value, None), part.label),
                        })
                        .collect();
                    // Nothing of any part is a fact, and told as one.
                    format!("{}: {}", row.label, if values.is_empty() { amount(0.0, None) } else { values.join(", ") })
                })
                .collect(),
            Chart::Line(it) => {
                let unit = it.unit.as_ref();
                let points = it.points.iter().map(|point| format!("{} {}", point.label, amount(point.value, unit)));
                points
                    .chain(it.target.iter().map(|target| format!("{} {}", target.label, amount(target.value, unit))))
                    .collect()
            }
            Chart::Heatmap(it) => it
                .rows
                .iter()
                .map(|row| {
                    let cells = it.columns.iter().zip(&row.cells);
                    let cells: Vec<String> = cells
                        .map(|(column, cell)| format!("{column} {}", amount(f64::from(cell.value), it.unit.as_ref())))
                        .collect();
                    format!("{} {}, {}: {}", it.down, row.label, it.across, cells.join(", "))
                })
                .collect(),
            Chart::Timeline(it) => it
                .rows
                .iter()
                .flat_map(|row| row.marks.iter().map(|mark| format!("{} {} {}", mark.date, row.label, mark.label)))
                .collect(),
            Chart::Flow(it) => it
                .steps
                .iter()
                .map(|step| {
                    let own = noted(&step.label, &step.note);
                    match &step.aside {
                        Some(aside) => format!("{own} {}: {}", aside.answer, aside.label),
                        None => own,
                    }
                })
                .collect(),
            Chart::Tree(it) => it
                .nodes
                .iter()
                .map(|node| {
                    let above = it.nodes.iter().find(|above| Some(&above.id) == node.parent.as_ref());
                    let own = noted(&node.label, &node.note);
                    above.map_or_else(|| own.clone(), |above| strings.below(&own, &above.label))
                })
                .collect(),
        };
        parts.join("; ")
    }

    /// Every text that it shows.
    pub fn texts(&self) -> Vec<&str> {
        fn optional(text: &Option<String>) -> Vec<&str> {
            text.as_deref().into_iter().collect()
        }
        fn units(unit: &Option<Unit>) -> Vec<&str> {
            unit.iter().flat_map(Unit::texts).collect()
        }
        match self {
            Chart::Bar(it) => it.bars.iter().map(|bar| bar.label.as_str()).chain(units(&it.unit)).collect(),
            Chart::Stacked(it) => {
                let parts =
                    it.parts.iter().flat_map(|part| std::iter::once(part.label.as_str()).chain(units(&part.counted)));
                parts.chain(it.rows.iter().map(|row| row.label.as_str())).collect()
            }
            Chart::Line(it) => {
                let target = it.target.iter().map(|target| target.label.as_str());
                let points = it.points.iter().map(|point| point.label.as_str());
                target.chain(points).chain(units(&it.unit)).collect()
            }
            Chart::Heatmap(it) => {
                let scales = [it.across.as_str(), it.down.as_str()].into_iter();
                let columns = it.columns.iter().map(String::as_str);
                let rows = it.rows.iter().map(|row| row.label.as_str());
                scales.chain(columns).chain(rows).chain(units(&it.unit)).collect()
            }
            Chart::Timeline(it) => it
                .rows
                .iter()
                .flat_map(|row| std::iter::once(row.label.as_str()).chain(row.marks.iter().map(|m| m.label.as_str())))
                .collect(),
            Chart::Flow(it) => it
                .steps
                .iter()
                .flat_map(|step| {
                    let aside = step.aside.iter().flat_map(|aside| [aside.answer.as_str(), aside.label.as_str()]);
                    let own = std::iter::once(step.label.as_str());
                    own.chain(optional(&step.note)).chain(optional(&step.answer)).chain(aside).collect::<Vec<_>>()
                })
                .collect(),
            Chart::Tree(it) => it
                .nodes
                .iter()
                .flat_map(|node| std::iter::once(node.label.as_str()).chain(optional(&node.note)))
                .collect(),
        }
    }
}

/// An amount with its unit as a language writes it, and at most two decimals.
pub fn amount(value: f64, unit: Option<&Unit>, language: &Language) -> String {
    let rounded = (value * 100.0).round() / 100.0;
    let number = language.plain(rounded);
    match unit.map(|unit| unit.of(&rounded.to_string(), language)) {
        None | Some("") => number,
        Some(unit) => format!("{number}\u{a0}{unit}"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn data_that_is_no_chart_says_why() {
        let read = |kind, data| Chart::read(kind, &data).unwrap_err();
        assert!(read("bar", json!([])).contains("group of keys"));
        assert!(read("bar", json!({"bars": []})).contains("nothing to show"));
        assert!(read("bar", json!({"bars": [{"label": "a"}]})).contains("`bars[0]` has no `value`"));
        assert!(read("pie", json!({})).contains("no chart of type `pie`"));
        for (kind, data, said) in [
            ("bar", json!({"bars": [{"label": 3, "value": 1}]}), "`bars[0].label` is `3`, not a text"),
            ("bar", json!({"bars": [{"label": "a", "value": "1"}]}), "`bars[0].value` is `1`, not a number"),
            (
                "bar",
                json!({"bars": [{"label": "a", "valu": 1}]}),
                "`bars[0]` has a key `valu` that such a chart does not have; did you mean `value`?",
            ),
            ("bar", json!({"bars": 7}), "`bars` is `7`, not a list"),
            (
                "bar",
                json!({"unit": {"one": "day", "lots": "days"}, "bars": []}),
                "`unit` is a group of keys, not forms such as",
            ),
            (
                "bar",
                json!({"bars": [{"label": "a", "value": 1, "tone": "red"}]}),
                "not one of good, caution, bad, neutral",
            ),
            (
                "heatmap",
                json!({"across": "a", "down": "b", "columns": ["1"], "rows": [{"label": "x", "cells": [{"value": -1, "tone": "good"}]}]}),
                "`rows[0].cells[0].value` is `-1`, not a whole number from 0",
            ),
            ("flow", json!({"steps": [{"label": "a", "aside": "b"}]}), "`steps[0].aside` is `b`, not a group of keys"),
            ("tree", json!({}), "it has no `nodes`"),
        ] {
            assert!(read(kind, data.clone()).contains(said), "{}", read(kind, data));
        }
        let ragged = json!({"parts": [{"label": "a", "tone": "good"}], "rows": [{"label": "x", "values": [1, 2]}]});
        assert!(read("stacked", ragged).contains("as many values"));
        let timeline = |from: &str, date: &str| {
            let marks = json!([{"date": date, "label": "late", "tone": "bad"}]);
            json!({"from": from, "months": 2, "rows": [{"label": "a", "marks": marks}]})
        };
        assert!(Chart::read("timeline", &timeline("2026-01", "2026-02-28")).is_ok());
        assert!(read("timeline", timeline("2026-13", "2026-02-28")).contains("`2026-13`, not a month"));
        assert!(read("timeline", timeline("2026-01", "2026-02-30")).contains("`late` on `2026-02-30`"));
        assert!(read("timeline", timeline("2026-01", "2026-03-01")).contains("not within 2 months from 2026-01"));
    }

    #[test]
    fn words_go_with_their_numbers_and_notes_and_zeros_are_said() {
        let mut strings = crate::testing::strings();
        let words =
            |kind: &str, data: serde_json::Value, strings: &Strings| Chart::read(kind, &data).unwrap().words(strings);
        let unit = json!({"one": "control", "other": "controls"});
        let bars = json!([{"label": "A", "value": 1}, {"label": "B", "value": 0}, {"label": "C", "value": 1.5}]);
        let bars = json!({"unit": unit, "bars": bars});
        assert_eq!(words("bar", bars, &strings), "A 1\u{a0}control; B 0\u{a0}controls; C 1.5\u{a0}controls");
        let parts =
            json!([{"label": "Open", "counted": {"one": "open action", "other": "open actions"}}, {"label": "done"}]);
        let rows = json!([{"label": "A", "values": [1, 2]}, {"label": "B", "values": [3, 0]}, {"label": "C", "values": [0, 0]}]);
        let stacked = json!({"parts": parts, "rows": rows});
        assert_eq!(words("stacked", stacked, &strings), "A: 1\u{a0}open action, 2 done; B: 3\u{a0}open actions; C: 0");
        let cells = json!([{"value": 0, "tone": "good"}, {"value": 1, "tone": "bad"}]);
        let map = json!({"across": "Impact", "down": "Likelihood", "unit": {"one": "risk", "other": "risks"},
            "columns": ["low", "high"], "rows": [{"label": "rare", "cells": cells}]});
        assert_eq!(words("heatmap", map, &strings), "Likelihood rare, Impact: low 0\u{a0}risks, high 1\u{a0}risk");
        let steps = json!([{"label": "Does it write?", "note": "the finder", "answer": "yes", "aside": {"answer": "no", "label": "Mend it"}},
            {"label": "Done", "note": "at once"}]);
        assert_eq!(
            words("flow", json!({"steps": steps}), &strings),
            "Does it write? (the finder) no: Mend it; Done (at once)"
        );
        let nodes = json!([{"id": "a", "label": "Head", "note": "Ada"}, {"id": "b", "parent": "a", "label": "Clerk", "note": "Ben"}]);
        assert_eq!(words("tree", json!({"nodes": nodes}), &strings), "Head (Ada); Clerk (Ben) below Head");
        strings.speak("pl-PL").unwrap();
        let unit = json!({"one": "dzień", "few": "dni", "many": "dni", "other": "dnia"});
        let bars = json!([{"label": "A", "value": 1}, {"label": "B", "value": 3}, {"label": "C", "value": 5}, {"label": "D", "value": 1.5}]);
        let expected = "A 1\u{a0}dzień; B 3\u{a0}dni; C 5\u{a0}dni; D 1,5\u{a0}dnia";
        assert_eq!(words("bar", json!({"unit": unit, "bars": bars}), &strings), expected);
    }

    #[test]
    fn its_words_give_the_figures() {
        let bars = json!({"unit": "days", "bars": [{"label": "North", "value": 3}, {"label": "South", "value": 2.5}]});
        let mut strings = crate::testing::strings();
        let words = |strings: &Strings| Chart::read("bar", &bars).unwrap().words(strings);
        assert_eq!(words(&strings), "North 3\u{a0}days; South 2.5\u{a0}days");
        let nodes = json!({"nodes": [{"id": "a", "label": "Head"}, {"id": "b", "parent": "a", "label": "{above}"}]});
        let tree = |strings: &Strings| Chart::read("tree", &nodes).unwrap().words(strings);
        assert_eq!(tree(&strings), "Head; {above} below Head");
        strings.speak("de-DE").unwrap();
        assert_eq!(words(&strings), "North 3\u{a0}days; South 2,5\u{a0}days");
        assert_eq!(tree(&strings), "Head; {above} unter Head");
        strings.speak("sw").unwrap();
        assert_eq!(tree(&strings), "Head; Head > {above}");
        strings.below = Some("{node} chini ya {above}".into());
        assert_eq!(tree(&strings), "Head; {above} chini ya Head");
    }
}
