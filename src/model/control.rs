//! Document control: what the engine itself knows of a document and prints around it.
//!
//! Everything here is typed and knows its place in the profile; [`crate::wording`] puts it into words for every format.

use ecow::EcoString;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Text;

/// The control data of a document (ISO 27001 calls it documented information; ISO 10013 has the customary items).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Control {
    /// The document's id in the pack, such as `isms-scope`.
    pub id: String,
    /// Its number in the set, such as `ISMS-01`.
    pub number: Text,
    /// Its title.
    pub title: Text,
    /// The word for its kind, in the pack's language: policy, procedure, register, …
    pub kind: String,
    /// The organisation's name.
    pub organisation: Text,
    /// The organisation's short name, for headers.
    pub organisation_short: Text,
    /// How far it may be shown.
    pub classification: Level,
    /// Its version.
    pub version: Version,
    /// Where it is in its life.
    pub state: State,
    /// Whether it prints values of the pack's starter that nobody replaced yet.
    pub sample: bool,
    /// The day of its issue; a draft has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Day>,
    /// Of a record: how far what it records reaches. A day `2026-03-02`, a month, a year, or the name of a period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub records_to: Option<Text>,
    /// When it is to be reviewed.
    pub next_review: Option<NextReview>,
    /// Whether that day hangs on an interval that the pack proposes and nobody has decided.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub review_proposed: bool,
    /// Who answers for it.
    pub owner: Party,
    /// Who wrote it.
    pub author: Party,
    /// Who approves it.
    pub approver: Party,
    /// Who approved it, of what was issued, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub approvals: Vec<Approval>,
    /// Since when it is in force, where that is not the day of its last approval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective: Option<Day>,
    /// Its versions, newest first: this one where somebody said what it changes, and those before it.
    pub history: Vec<Revision>,
    /// The standard and edition, such as `ISO/IEC 27001:2013`.
    pub standard: String,
    /// What in the standard it answers, such as `Clause 4.3`.
    pub satisfies: Vec<String>,
    /// Words to find it by.
    pub keywords: Vec<String>,
    /// Its language, BCP 47, such as `en-GB`.
    pub language: String,
    /// The pack it was made with, such as `iso27001-2013 0.1.0`.
    pub pack: String,
    /// The workspace's id, so that a file that comes back is recognised.
    pub workspace: String,
}

impl Control {
    /// Who answers for it: its owner, and whoever approves it where nobody said who that is.
    pub fn keeper(&self) -> &Party {
        if self.owner.key.is_empty() { &self.approver } else { &self.owner }
    }

    /// Who wrote it, and whoever answers for it where nobody said who that is.
    pub fn writer(&self) -> &Party {
        if self.author.key.is_empty() { self.keeper() } else { &self.author }
    }

    /// Every text of it that stands in the profile, or in the pack where the profile says nothing.
    pub fn texts(&self) -> Vec<&Text> {
        let mut texts = vec![&self.organisation, &self.organisation_short, &self.classification.label];
        texts.extend([&self.title, &self.number]);
        texts.extend(self.version.number());
        texts.extend(&self.records_to);
        for party in [&self.owner, &self.author, &self.approver] {
            texts.push(&party.role);
            texts.extend(&party.name);
        }
        for revision in &self.history {
            texts.extend([&revision.version, &revision.author, &revision.change]);
        }
        texts
    }
}

/// Where a document is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Not approved; carries the draft watermark.
    Draft,
    /// Approved.
    Issued,
}

/// Which version a document is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Version {
    /// One that has a number, such as `0.3`, or a name of its own.
    Number(Text),
    /// One that was given none yet.
    Draft,
    /// One that was given none yet and follows what was issued under this number.
    After(Text),
}

impl Version {
    /// Its number, or that of the one before it.
    pub fn number(&self) -> Option<&Text> {
        match self {
            Version::Number(number) | Version::After(number) => Some(number),
            Version::Draft => None,
        }
    }
}

/// A day, and where it came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day {
    /// The day, in the Gregorian calendar.
    #[serde(with = "iso")]
    pub date: Date,
    /// The paths it came from: of the profile. More than one: it was counted from them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub from: Vec<EcoString>,
}

/// When a document is to be reviewed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NextReview {
    /// On a day: so many months after it was last issued.
    On(Day),
    /// So many months after its approval, which is yet to come.
    AfterApproval {
        /// How many.
        months: u32,
        /// The profile path that says so.
        from: EcoString,
    },
}

/// A level of classification.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Level {
    /// Its key.
    pub id: String,
    /// Its name as printed.
    pub label: Text,
}

/// Somebody in a role. Without a key, nobody said who.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Party {
    /// The role's title.
    pub role: Text,
    /// Who holds it; `None` where a role stands without its holder.
    pub name: Option<Text>,
    /// The role's key.
    pub key: String,
    /// The profile paths that chose the role and its holder: `documents.isms-scope.owner`, `roles[ciso].holder`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub causes: Vec<EcoString>,
}

/// An approval of what was issued.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Approval {
    /// Who approved it, at that time; empty for a post without a holder.
    pub name: Text,
    /// The post in which it was approved; empty where there is none.
    pub post: Text,
    /// The day.
    pub day: Day,
}

/// A version of a document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Revision {
    /// Such as `1.2`.
    pub version: Text,
    /// When it was made.
    pub date: Option<Day>,
    /// Who made it.
    pub author: Text,
    /// What changed.
    pub change: Text,
}

impl Revision {
    /// Whether it was issued. Versions are numbered as is the custom: drafts below 1, issued ones from 1 on.
    pub fn is_issued(&self) -> bool {
        is_issued(&self.version.text)
    }
}

/// Whether a version is the number of one that was issued: from 1 on.
pub(crate) fn is_issued(version: &str) -> bool {
    let digits: String = version.chars().take_while(char::is_ascii_digit).collect();
    digits.bytes().any(|digit| digit != b'0')
}

/// A date as ISO 8601 has it: `2026-11-24`.
pub(crate) mod iso {
    use jiff::civil::Date;
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    pub(crate) fn serialize<S: Serializer>(date: &Date, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(date)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }

    /// The same for a date that may be absent.
    pub(crate) mod option {
        use super::*;

        pub(crate) fn serialize<S: Serializer>(date: &Option<Date>, serializer: S) -> Result<S::Ok, S::Error> {
            match date {
                Some(date) => serializer.collect_str(date),
                None => serializer.serialize_none(),
            }
        }

        pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
            let text = Option::<String>::deserialize(deserializer)?;
            text.map(|text| text.parse().map_err(D::Error::custom)).transpose()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_below_one_were_never_issued() {
        let revision = |version: &str| Revision {
            version: Text::literal(version),
            date: Some(Day { date: jiff::civil::date(2026, 1, 15), from: Vec::new() }),
            author: Text::default(),
            change: Text::default(),
        };
        for (version, is_issued) in
            [("0.9", false), ("00", false), ("1.0", true), ("1", true), ("10.2", true), ("draft 2", false), ("", false)]
        {
            assert_eq!(revision(version).is_issued(), is_issued, "{version:?}");
        }
    }

    #[test]
    fn a_day_is_written_as_iso_8601_has_it() {
        let day = Day { date: jiff::civil::date(2026, 1, 5), from: vec!["a.day".into()] };
        let json = serde_json::to_string(&day).unwrap();
        assert_eq!(json, r#"{"date":"2026-01-05","from":["a.day"]}"#);
        assert_eq!(serde_json::from_str::<Day>(&json).unwrap(), day);
        assert!(serde_json::from_str::<Day>(r#"{"date":"2026-02-30"}"#).is_err());
    }
}
