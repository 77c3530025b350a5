//! The eight kinds of change that companies make, in the files of an example.

use std::collections::BTreeMap;

use super::sets::{Patches, folder};

/// The changes of an example, each with the files that differ.
pub(crate) fn of(example: &str) -> Vec<(&'static str, Patches)> {
    let profile = read(example, "profile.yaml");
    let with = |text: String| BTreeMap::from([("profile.yaml".to_owned(), Some(text.into_bytes()))]);
    let mut found: Vec<(&'static str, Patches)> = Vec::new();
    found.extend(officer(&profile).map(|text| ("officer", with(text))));
    found.extend(site(&profile).map(|text| ("site", with(text))));
    found.extend(
        line(&profile, "  hosting: ", |it| if it == "cloud" { "own" } else { "cloud" }.into())
            .map(|text| ("cloud", with(text))),
    );
    found.extend(copied(&profile, "obligations:\n", "-new").map(|text| ("law", with(text))));
    found.extend(line(&profile, "  name: ", |_| "Merged Holdings".into()).map(|text| ("merger", with(text))));
    found.extend(line(&profile, "    accept_below: ", |it| format!("{}0", it)).map(|text| ("limit", with(text))));
    for (change, register, add) in
        [("supplier", "registers/suppliers.csv", false), ("incident", "registers/incidents.csv", true)]
    {
        let Ok(text) = std::fs::read_to_string(folder(example).join(register)) else { continue };
        let text = if add { more(&text) } else { fewer(&text) };
        found.extend(text.map(|text| (change, BTreeMap::from([(register.to_owned(), Some(text.into_bytes()))]))));
    }
    found
}

fn read(example: &str, path: &str) -> String {
    std::fs::read_to_string(folder(example).join(path)).unwrap()
}

/// The holder of the first role that has one becomes somebody else.
fn officer(profile: &str) -> Option<String> {
    let people: Vec<&str> = profile.lines().filter_map(|line| line.strip_prefix("  - id: ")).collect();
    let roles = profile.find("\nroles:\n")?;
    let at = roles + profile[roles..].find("holder: ")? + "holder: ".len();
    let end = at + profile[at..].find(['\n', ',', '}'])?;
    let other = people.iter().find(|id| **id != profile[at..end].trim())?;
    Some(format!("{}{other}{}", &profile[..at], &profile[end..]))
}

/// A value of the first line that begins so becomes another.
fn line(profile: &str, begins: &str, make: impl Fn(&str) -> String) -> Option<String> {
    let at = profile.find(&format!("\n{begins}"))? + 1 + begins.len();
    let end = at + profile[at..].find('\n')?;
    Some(format!("{}{}{}", &profile[..at], make(profile[at..end].trim()), &profile[end..]))
}

fn site(profile: &str) -> Option<String> {
    copied(profile, "sites:\n", "-North")
}

/// The first entry of a list once more, under another id.
fn copied(profile: &str, list: &str, suffix: &str) -> Option<String> {
    let at = profile.find(&format!("\n{list}"))? + 1 + list.len();
    let entry = &profile[at..];
    let first_end = entry.find('\n')? + 1;
    let end = first_end
        + entry[first_end..]
            .lines()
            .take_while(|line| line.starts_with("    "))
            .map(|line| line.len() + 1)
            .sum::<usize>();
    let entry = &entry[..end];
    let id_end = entry.find('\n')?;
    let changed = format!("{}{suffix}{}", &entry[..id_end], entry[id_end..].replacen("name: ", "name: New ", 1));
    Some(format!("{}{changed}{}", &profile[..at], &profile[at..]))
}

/// A table without its last row.
fn fewer(text: &str) -> Option<String> {
    let (rest, _) = text.trim_end().rsplit_once('\n')?;
    Some(format!("{rest}\n"))
}

/// A table with its last row once more, under another id.
fn more(text: &str) -> Option<String> {
    let (_, last) = text.trim_end().rsplit_once('\n')?;
    Some(format!("{}\nX{last}\n", text.trim_end()))
}
