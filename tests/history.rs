//! The history that an auditor accepts: every attack on it is found and located, and what is whole is said to be so.
#![allow(clippy::disallowed_methods, reason = "tests make and read files")]

mod common;

use common::Workspace;
use common::past::{Past, chained, named, write};
use folio::history::{Event, FILE};

const A: &str = "handbook";
const B: &str = "notice";

/// A workspace with five entries, and its lines.
fn five(workspace: &Workspace) -> Vec<String> {
    let mut past = Past::of(workspace);
    past.issue("2026-01-10", &[(A, "1.0"), (B, "1.0")]);
    past.issue("2026-02-10", &[(A, "1.1")]);
    past.issue("2026-03-10", &[(B, "1.1")]);
    past.issue("2026-04-10", &[(A, "1.2")]);
    past.issue("2026-05-10", &[(B, "2.0")]);
    past.lines()
}

fn folio(workspace: &Workspace, arguments: &[&str]) -> (String, i32) {
    workspace.folio("none", arguments)
}

/// What `verify` says, with its exit code.
fn verify(workspace: &Workspace, receipt: Option<&str>) -> (String, i32) {
    match receipt {
        Some(receipt) => folio(workspace, &["verify", "--all", "--receipt", receipt]),
        None => folio(workspace, &["verify", "--all"]),
    }
}

#[track_caller]
fn finds(workspace: &Workspace, receipt: Option<&str>, said: &[&str]) {
    let (text, code) = verify(workspace, receipt);
    for said in said {
        assert!(text.contains(said), "not said: {said}\n{text}");
    }
    assert_eq!(code, 1, "{text}");
}

fn receipt(workspace: &Workspace) -> String {
    let (text, code) = folio(workspace, &["receipt"]);
    assert_eq!(code, 0, "{text}");
    text.trim().to_owned()
}

#[test]
fn what_is_whole_is_said_to_be_so_and_an_earlier_receipt_holds() {
    let workspace = Workspace::specimen();
    assert_eq!(verify(&workspace, None), ("nothing was issued yet\n".to_owned(), 0));
    let (text, code) = folio(&workspace, &["receipt"]);
    assert!(code == 2 && text.contains("nothing was issued yet"), "{text}");
    let lines = five(&workspace);
    let last = receipt(&workspace);
    write(&workspace, &lines[..3]);
    let third = receipt(&workspace);
    assert!(third.starts_with("folio-receipt 1 specimen 3 2026-03-10 "), "{third}");
    write(&workspace, &lines);
    let (text, code) = verify(&workspace, None);
    assert!(text.contains("whole: 5 entries, 6 versions") && text.contains("Without a receipt"), "{text}");
    assert_eq!(code, 0, "{text}");
    let (text, code) = verify(&workspace, Some(&last));
    assert!(text.contains("is that of the last entry") && code == 0, "{text}");
    // In a mail, wrapped and quoted.
    let mail = format!("Dear Ms Byron,\n> {}\n", third.replacen(" 2026", "\n> 2026", 1));
    workspace.write("mail.txt", mail);
    let (text, code) = verify(&workspace, Some("mail.txt"));
    assert!(text.contains("goes through its entry 3; 2 entries are later") && code == 0, "{text}");
    let (text, code) = folio(&workspace, &["receipt", "--check", &third]);
    assert_eq!((text.as_str(), code), ("the receipt of 2026-03-10 holds: entry 3; later entries: 2\n", 0));
}

#[test]
fn an_edited_line_is_found_where_it_was_edited() {
    let workspace = Workspace::specimen();
    let lines = five(&workspace);
    for at in 0..4 {
        let mut edited = lines.clone();
        edited[at] = edited[at].replacen("Because", "Because of it", 1);
        write(&workspace, &edited);
        finds(
            &workspace,
            None,
            &[&format!(":{}:1", at + 1), &format!("line {} (entry {}", at + 1, at + 1), "was edited"],
        );
    }
    // Of the last line only a receipt knows.
    let whole = {
        write(&workspace, &lines);
        receipt(&workspace)
    };
    let mut edited = lines.clone();
    edited[4] = edited[4].replacen("2026-05-10\",\"reason", "2026-05-11\",\"reason", 1);
    write(&workspace, &edited);
    assert_eq!(verify(&workspace, None).1, 0);
    finds(
        &workspace,
        Some(&whole),
        &["line 5", "is not the entry 5", "its day is 2026-05-11, the receipt says 2026-05-10"],
    );
}

#[test]
fn lines_put_in_taken_out_and_moved_are_told_from_one_another() {
    let workspace = Workspace::specimen();
    let lines = five(&workspace);
    let mut put_in = lines.clone();
    put_in.insert(2, lines[1].replacen("Because", "Another", 1));
    write(&workspace, &put_in);
    finds(&workspace, None, &["line 3 (entry 2", "was put in"]);
    let mut out = lines.clone();
    out.drain(1..3);
    write(&workspace, &out);
    finds(
        &workspace,
        None,
        &["entries 2 to 3 were removed", "`.folio/issued/handbook/1.1/model.json` is in no entry"].map(|text| text),
    );
    let mut first_gone = lines.clone();
    first_gone.remove(0);
    write(&workspace, &first_gone);
    finds(&workspace, None, &["the history begins with line 1 (entry 2", "entry 1 before it were removed"]);
    let mut moved = lines.clone();
    moved.swap(2, 3);
    write(&workspace, &moved);
    finds(&workspace, None, &["lines changed places", "line 3 (entry 4"]);
}

#[test]
fn a_cut_tail_and_a_history_written_anew_are_found_against_a_receipt() {
    let workspace = Workspace::specimen();
    let lines = five(&workspace);
    let last = receipt(&workspace);
    write(&workspace, &lines[..2]);
    let second = receipt(&workspace);
    write(&workspace, &lines[..3]);
    for path in [".folio/issued/handbook/1.2", ".folio/issued/notice/2.0"] {
        std::fs::remove_dir_all(workspace.file(path)).unwrap();
    }
    finds(&workspace, Some(&last), &["knows 5 entries, the history has 3: entries 4 to 5 were cut off", ":3:1"]);

    let workspace = Workspace::specimen();
    let lines = five(&workspace);
    let mut other = lines.clone();
    other[2] = other[2].replacen("Because", "Something else", 1);
    write(&workspace, &chained(&other));
    assert_eq!(verify(&workspace, None).1, 0, "a chain alone does not know");
    finds(&workspace, Some(&last), &["is not the entry 5 that the receipt of 2026-05-10 knows", "lines 1 to 5"]);
    finds(&workspace, Some(&format!("{second}\n{last}")), &["written anew after entry 2", "lines 3 to 5"]);
}

#[test]
fn every_flipped_byte_of_what_is_kept_is_found() {
    let workspace = Workspace::specimen();
    five(&workspace);
    let kept: Vec<String> =
        files(&workspace, ".folio/issued").into_iter().chain(files(&workspace, ".folio/facts")).collect();
    assert!(kept.len() > 12, "{kept:?}");
    for path in kept {
        let bytes = workspace.read_bytes(&path);
        let mut flipped = bytes.clone();
        let middle = flipped.len() / 2;
        flipped[middle] ^= 1;
        workspace.write(&path, flipped);
        finds(&workspace, None, &[&format!("`{path}` is not what was issued"), "its digest is"]);
        workspace.remove(&path);
        finds(&workspace, None, &[&format!("`{path}` is missing")]);
        workspace.write(&path, bytes);
    }
    assert_eq!(verify(&workspace, None).1, 0);
}

#[test]
fn a_file_that_nobody_issued_is_found_and_so_is_a_hand_in_what_is_in_force() {
    let workspace = Workspace::specimen();
    five(&workspace);
    workspace.write(".folio/issued/handbook/9.9/model.json", "{}").write(".folio/issued/handbook/1.0/x.docx", "x");
    workspace.write(".folio/facts/ab.json", "{}");
    workspace.write("out/issued/handbook.docx", "handbook by hand").write("out/issued/notice.docx", "notice 1.1");
    workspace.write("out/issued/other.docx", "?");
    finds(
        &workspace,
        None,
        &[
            "`.folio/issued/handbook/9.9/model.json` is in no entry of the history: the history has no such version",
            "`.folio/issued/handbook/1.0/x.docx` is in no entry of the history: the version is in the history, this file is not",
            "`.folio/facts/ab.json` is in no entry of the history",
            "`handbook.docx` was edited: it is not `handbook` 1.2 as it was issued",
            "`notice.docx` is version 1.1 of `notice`; 2.0 is in force",
            "`other.docx` stands among the documents in force: it was never issued",
        ],
    );
    workspace.remove("out/issued/handbook.docx");
    finds(&workspace, None, &["`handbook.docx` is missing: `handbook` 1.2 is in force"]);
    workspace.write("out/issued/handbook.docx/x", "a folder stands in its place");
    finds(&workspace, None, &["`handbook.docx` cannot be read: it is not a file"]);
}

#[test]
fn a_replaced_file_with_its_history_written_anew_is_found_against_a_receipt() {
    let workspace = Workspace::specimen();
    let lines = five(&workspace);
    let last = receipt(&workspace);
    let (old, new) = ("handbook 1.0", "handbook 1.0, better");
    workspace.write(".folio/issued/handbook/1.0/handbook.docx", new);
    let digest = |text: &str| folio::digest::of_file(text.as_bytes());
    let anew: Vec<String> = lines.iter().map(|line| line.replace(&digest(old), &digest(new))).collect();
    write(&workspace, &anew);
    finds(&workspace, None, &["line 1 (entry 1", "was edited"]);
    write(&workspace, &chained(&anew));
    assert_eq!(verify(&workspace, None).1, 0);
    finds(&workspace, Some(&last), &["is not the entry 5"]);
}

#[test]
fn what_an_editor_or_a_hand_does_to_the_file_is_named() {
    let workspace = Workspace::specimen();
    let lines = five(&workspace);
    let text = workspace.read(FILE);
    workspace.write(FILE, text.replace('\n', "\r\n"));
    finds(&workspace, None, &["all lines of the history end with CR LF"]);
    assert!(!verify(&workspace, None).0.contains("was edited"));
    workspace.write(FILE, format!("\u{feff}{text}"));
    finds(&workspace, None, &["a byte order mark stands before the first entry"]);
    workspace.write(FILE, &text[..text.len() - 40]);
    finds(&workspace, None, &["line 5 has no end and is no entry", "in one step"]);
    workspace.write(FILE, text.trim_end());
    finds(&workspace, None, &["line 5 (entry 5", "has no end"]);
    workspace.write(FILE, text.replacen('\n', "\n\n", 1));
    finds(&workspace, None, &["line 2 is empty"]);
    workspace.write(FILE, format!("{text}not an entry\n"));
    finds(&workspace, None, &["line 6 is no entry"]);
    // By hand: a line like the last.
    let mut appended = lines.clone();
    appended.push(lines[4].replacen("\"number\":5", "\"number\":6", 1).replacen("2.0", "3.0", 1));
    write(&workspace, &appended);
    finds(
        &workspace,
        None,
        &["line 5 (entry 5", "was put in: line 6", "`.folio/issued/notice/3.0/model.json` is missing"],
    );
    let mut twice = lines.clone();
    twice.push(lines[1].clone());
    write(&workspace, &chained(&twice));
    finds(
        &workspace,
        None,
        &["`handbook` 1.1 is issued twice: in line 2 and in line 6", "is of 2026-02-10, before the entry above it"],
    );
}

#[test]
fn an_entry_and_a_receipt_of_another_history_are_found() {
    let workspace = Workspace::specimen();
    let lines = five(&workspace);
    let own = receipt(&workspace);
    let other = Workspace::specimen();
    other.edit("folio.yaml", "id: specimen", "id: other");
    let mut past = Past::of(&other);
    for (at, month) in (1..=6).enumerate() {
        past.issue(&format!("2026-0{month}-12"), &[(A, &format!("3.{at}"))]);
    }
    let foreign = past.lines();
    finds(&workspace, Some(&receipt(&other)), &["the receipt is of the workspace `other`; this is `specimen`"]);
    // At the end, in the middle, in the place of another.
    let mut end = lines.clone();
    end.push(foreign[5].clone());
    write(&workspace, &end);
    finds(&workspace, Some(&own), &["line 6 (entry 6", "comes from another history", "which a receipt confirms"]);
    finds(&workspace, None, &["or line 6 (entry 6", "comes from another history"]);
    let mut middle = lines.clone();
    middle.insert(2, foreign[4].clone());
    write(&workspace, &middle);
    finds(&workspace, None, &["line 3 (entry 5", "was put in"]);
    let mut replaced = lines.clone();
    replaced[2] = foreign[2].clone();
    write(&workspace, &replaced);
    finds(&workspace, None, &["line 3 (entry 3", "put in the place of another"]);
    // With what is kept of it, and chained anew: its models know whose they are.
    let copied = ".folio/issued/handbook/3.5";
    for file in ["model.json", "handbook.docx"] {
        workspace.write(&format!("{copied}/{file}"), other.read_bytes(&format!("{copied}/{file}")));
    }
    write(&workspace, &chained(&end));
    let said = verify(&workspace, None).0;
    assert!(said.contains("was made in the workspace `other`; this is `specimen`"), "{said}");
}

#[test]
fn a_receipt_is_signed_in_its_line_and_minisign_signs_alike() {
    let workspace = Workspace::specimen();
    five(&workspace);
    for name in ["own", "other"] {
        assert_eq!(folio(&workspace, &["pack", "key", "--no-password", "--name", name]).1, 0);
    }
    let (signed, code) = folio(&workspace, &["receipt", "--sign", "own.key"]);
    assert_eq!((signed.lines().count(), code), (1, 0), "{signed}");
    let signed = signed.trim();
    let verify = |receipt: &str, key: &str| folio(&workspace, &["verify", "--receipt", receipt, "--key", key]);
    let (text, code) = verify(signed, "own.pub");
    assert!(text.contains("signed by key ") && code == 0, "{text}");
    let (text, code) = verify(signed, "other.pub");
    assert!(text.contains("it was made with another key") && code == 1, "{text}");
    // A signature of another receipt.
    let altered = signed.replacen("2026-05-10", "2026-05-09", 1);
    let (text, code) = verify(&altered, "own.pub");
    assert!(text.contains("does not hold") && code == 1, "{text}");
    let (text, code) = verify(&receipt(&workspace), "own.pub");
    assert!(text.contains("it is not signed") && code == 1, "{text}");
    let cut = signed.rsplit_once(' ').unwrap().0;
    let (text, code) = verify(cut, "own.pub");
    assert!(text.contains("the signature of the receipt is cut off") && code == 2, "{text}");
    // Whose key it is, the trust file knows.
    let trust = |trust: &[&str]| {
        folio(&workspace, &[&["verify", "--receipt", signed, "--trust", "trust.yaml"], trust].concat())
    };
    workspace.write("trust.yaml", "format: 1\nkeys: []\n");
    let (text, code) = trust(&[]);
    assert!(text.contains("which is not known here") && code == 1, "{text}");
    let added = ["pack", "trust", "add", "own.pub", "--for", "none", "--trust", "trust.yaml"];
    assert_eq!(folio(&workspace, &added).1, 0);
    let (text, code) = trust(&[]);
    assert!(text.contains("signed by `own`, key ") && code == 0, "{text}");
}

#[test]
fn what_is_no_receipt_is_said_in_words() {
    let workspace = Workspace::specimen();
    five(&workspace);
    for (given, said) in [
        ("folio-receipt 1 specimen 5", "the receipt is cut off"),
        ("folio-receipt 9 specimen 5 2026-05-10 ab", "has format 9"),
        ("folio-receipt 1 specimen 5 2026-05-10 ab", "is no digest"),
        ("absent.txt", "`absent.txt` does not exist"),
        ("folio.yaml", "there is no receipt in it"),
    ] {
        let (text, code) = verify(&workspace, Some(given));
        assert!(text.contains(said) && code == 2, "{code} {text}");
    }
}

#[test]
fn the_history_and_the_list_are_for_people() {
    let workspace = Workspace::specimen();
    let (text, code) = folio(&workspace, &["documents"]);
    assert!(text.contains("0 in force, 2 never issued") && code == 0, "{text}");
    let mut past = Past::of(&workspace);
    past.issue("2026-01-10", &[(A, "1.0"), (B, "1.0")]);
    let mut second = past.keep(A, "1.1");
    second.awaits = vec!["board".into()];
    second.next_review = Some("2026-12-01".parse().unwrap());
    past.entry(Event::Issue, "2026-02-10", vec![second]);
    let (text, _) = folio(&workspace, &["history"]);
    assert!(text.starts_with("2026-02-10  issued 1 document by Ada Byron, Head\n"), "{text}");
    assert!(text.contains("handbook 1.1: What 1.1 changes (waits for board)"), "{text}");
    let (text, _) = folio(&workspace, &["history", A]);
    assert!(text.contains("1.1    2026-02-10  waits for board"), "{text}");
    assert!(text.contains("1.0    2026-01-10  in force since 2026-01-10"), "{text}");
    past.entry(Event::Approve, "2026-03-10", vec![named(A, "1.1")]);
    past.entry(Event::Withdraw, "2026-04-10", vec![named(B, "1.0")]);
    let (text, _) = folio(&workspace, &["history", A]);
    assert!(text.contains("1.1    2026-02-10  in force since 2026-03-10"), "{text}");
    assert!(text.contains("1.0    2026-01-10  in force from 2026-01-10, until 1.1 took its place"), "{text}");
    let (text, code) = folio(&workspace, &["history", "DOC_X"]);
    assert!(text.contains("`DOC_X` was never issued") && code == 2, "{text}");
    let rows = |date: &str| {
        let (text, code) = folio(&workspace, &["documents", "--report", "json", "--date", date]);
        assert_eq!(code, 0, "{text}");
        let list: serde_json::Value = serde_json::from_str(&text).unwrap();
        list["documents"].as_array().unwrap().clone()
    };
    let row = |date: &str, id: &str| rows(date).into_iter().find(|row| row["id"] == id).unwrap();
    let a = row("2027-01-01", A);
    assert_eq!((&a["version"], &a["state"], &a["since"]), (&"1.1".into(), &"in-force".into(), &"2026-03-10".into()));
    assert_eq!((&a["approver"], &a["review_due"]), (&"Head".into(), &true.into()), "{a}");
    assert_eq!(row("2026-11-30", A)["review_due"], false);
    assert_eq!(row("2026-11-30", B)["state"], "withdrawn");
}

#[test]
fn a_document_of_the_set_shows_the_set() {
    let workspace = Workspace::specimen();
    let lists = "{{#each set.in_force}}\n- {{id}} stands at {{version}} since {{since}}\n{{/each}}\n\
                 {{#each set.open}}\n- {{number}} is not issued\n{{/each}}\n{{/block}}";
    workspace.edit("pack/documents/notice.md.hbs", "{{/block}}", lists);
    let notice = || workspace.dumps().into_iter().find(|(id, _)| id == B).unwrap().1;
    let drafts = notice();
    assert!(drafts.contains("H-1} is not issued") && drafts.contains("H-2} is not issued"), "{drafts}");
    let mut past = Past::of(&workspace);
    past.issue("2026-01-10", &[(A, "1.0")]);
    let issued = notice();
    assert!(issued.contains("version: 1.0}") && issued.contains("since: 2026-01-10}"), "{issued}");
    assert!(!issued.contains("H-1} is not issued") && issued.contains("H-2} is not issued"), "{issued}");
    let (text, _) = folio(&workspace, &["check"]);
    assert!(!text.contains("set."), "{text}");
}

#[test]
fn the_auditor_gets_what_was_in_force_and_nothing_that_was_altered() {
    let workspace = Workspace::specimen();
    five(&workspace);
    let export = |date: &str, out: &str| folio(&workspace, &["export", "--issued", "--date", date, "--out", out]);
    let (text, code) = export("2026-03-31", "audit.zip");
    assert!(text.contains("2 documents in force on 2026-03-31, 2 files") && code == 0, "{text}");
    export("2026-03-31", "again.zip");
    assert_eq!(workspace.read_bytes("audit.zip"), workspace.read_bytes("again.zip"));
    let mut sink = folio::diagnostic::Sink::new();
    let package = folio::pack::archive::unpack("audit.zip", &workspace.read_bytes("audit.zip"), &mut sink).unwrap();
    let read = |path: &str| {
        use folio::files::Files;
        String::from_utf8(package.read(path).unwrap()).unwrap()
    };
    assert_eq!(
        (read("documents/handbook.docx"), read("documents/notice.docx")),
        ("handbook 1.1".into(), "notice 1.1".into())
    );
    assert_eq!(read("history.jsonl").lines().count(), 3);
    assert!(read("RECEIPT").starts_with("folio-receipt 1 specimen 3 2026-03-10 "), "{}", read("RECEIPT"));
    assert!(read("LIST.csv").contains(",handbook,"), "{}", read("LIST.csv"));
    for line in read("SHA256SUMS").lines() {
        let (digest, path) = line.split_once("  ").unwrap();
        assert_eq!(folio::digest::of_file(read(path).as_bytes()), digest);
    }
    assert_eq!(read("SHA256SUMS").lines().count(), 6);
    // A receipt of that day holds in the workspace.
    assert_eq!(verify(&workspace, Some(read("RECEIPT").trim())).1, 0);
    let (text, code) = export("2025-12-31", "none.zip");
    assert!(text.contains("nothing was issued until 2025-12-31") && code == 2, "{text}");
    workspace.write(".folio/issued/handbook/1.1/handbook.docx", "by hand");
    let (text, code) = export("2026-03-31", "none.zip");
    assert!(text.contains("`.folio/issued/handbook/1.1/handbook.docx` is not what was issued") && code == 1, "{text}");
    assert!(!workspace.file("none.zip").exists());
}

fn files(workspace: &Workspace, folder: &str) -> Vec<String> {
    use folio::files::{Disk, Files};
    Disk::new(workspace.path(), "").list(folder).unwrap()
}
