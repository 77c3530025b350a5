//! Codes F6xx: writing outputs.

use super::codes;

codes! {
    OUTPUT_UNWRITABLE = "F601" "output cannot be written" {
        what: "The output folder cannot be made, or a file cannot be written into it: no permission, no space, a folder of that name.",
        why: "Files are prepared beside their targets first; when one fails, none is replaced.",
        example: "out/ belongs to another user, or the disk is full",
        fix: "Free space or change the permission and run again; the previous set is whole.",
        kind: InputOutput,
    }
    OUTPUT_EDITED = "F602" "output was edited by hand" {
        what: "A file in the output folder is not the one that Folio wrote.",
        why: "Somebody's work is never overwritten unasked.",
        example: "ISMS-01 Scope of the ISMS.docx, changed in Word",
        fix: "Move the edits into the profile or an override, or keep the file elsewhere; then run with `--overwrite-edited`.",
    }
    LOCK_BROKEN = "F603" "folio.lock cannot be read" {
        what: "`folio.lock` is not what Folio wrote, or was written by a newer Folio.",
        why: "It says which files are Folio's own; without it nothing may be overwritten.",
        example: "a merge conflict in folio.lock",
        fix: "Take one side of the conflict, restore it from version control, or delete it and move the old outputs away.",
    }
    OUTPUT_TARGET = "F604" "outputs of several workspaces collide" {
        what: "`--out` was given with several workspaces that would write the same file.",
        why: "The second would replace the first.",
        example: "folio render a b --out all",
        fix: "Render them one by one, or leave `--out` away: each writes into its own folder.",
        kind: Usage,
    }
    OUTPUT_CHANGED = "F605" "a file was changed meanwhile" {
        what: "A file that was about to be written is another than when it was looked at.",
        why: "Somebody saved it while Folio was at work; their work is never overwritten unasked.",
        example: "a Word file of the set, saved while the set was being rendered",
        fix: "Look at the file and run again: nothing was changed.",
        kind: InputOutput,
    }
    IN_USE = "F606" "somebody else is at work here" {
        what: "Another command holds the workspace or the output folder, and `--no-wait` forbids to wait for it.",
        why: "Two commands that change the same files at once would lose some of them.",
        example: "folio render . --no-wait, while a watch mode renders the same workspace",
        fix: "Wait until it ends, or leave `--no-wait` away: then this command waits for it. The hold ends with its process.",
        kind: InputOutput,
    }
    UNFINISHED = "F607" "a change that was begun cannot be finished" {
        what: "A command was killed while it put files in place, and what it had begun cannot be finished now.",
        why: "Files change together or not at all: no command works on a half of them.",
        example: ".folio/journal.json lists a file that nobody may write any more",
        fix: "Make the file that is named writable and run again; the change is written down, and is finished then.",
        kind: InputOutput,
    }
    OUTPUTS_FOREIGN = "F608" "the outputs belong to another workspace" {
        what: "The record of the output folder carries the id of another workspace, or of another copy of this one.",
        why: "What one workspace wrote, another does not overwrite or remove.",
        example: "folio render clients/b --out delivery, where clients/a was rendered into delivery before",
        fix: "Name another folder. When these files are to become this workspace's, as after a change of its id, run once with `--take-over`.",
        kind: InputOutput,
    }
    OUTPUT_UNREADABLE = "F609" "a file in place cannot be read" {
        what: "What stands where an output goes cannot be read, or is no file.",
        why: "It may be somebody's work: what cannot be read is not taken for absent.",
        example: "out/draft/ISMS-01.docx belongs to another user, or is a device",
        fix: "Make it readable, or move it away.",
        kind: InputOutput,
    }
    LOCK_OUTSIDE = "F610" "a lock names files that are not its own" {
        what: "A lock lists a file outside of the folder of its outputs.",
        why: "A lock comes by version control; what it says may make nobody overwrite or remove another file.",
        example: "{\"path\": \"../../victim.txt\"} in folio.lock",
        fix: "Nothing: the entry is passed over, and gone after the next run. Look where the lock came from.",
    }
    HISTORY_BROKEN = "F611" "the history cannot be read" {
        what: "`.folio/history.jsonl` is not what Folio wrote, or was written by a newer Folio.",
        why: "It says which versions were issued; without it none may be issued again.",
        example: "a merge conflict in .folio/history.jsonl",
        fix: "Restore it from version control: lines are only ever added at its end. `folio verify` says which line is not right.",
    }
    HISTORY_ALTERED = "F620" "the history was altered" {
        what: "A line of `.folio/history.jsonl` is not the one that was written, or lines are missing, added or in another order.",
        why: "Each line has the digest of the line before it, so that nobody changes what was issued unseen.",
        example: "\"day\": \"2026-11-02\" made \"2026-10-02\" in an editor",
        fix: "Restore `.folio` from version control, as it was at the last receipt that holds. Find out who changed it.",
    }
    ISSUED_ALTERED = "F621" "what is kept is not what was issued" {
        what: "A file in `.folio/issued` or `.folio/facts` is missing, or its bytes are not those that the history records.",
        why: "What is kept is the proof of what was in force.",
        example: ".folio/issued/isms-scope/1.0/ISMS-01 Scope.docx saved again in Word",
        fix: "Restore the file from version control.",
    }
    ISSUED_UNKNOWN = "F622" "kept, and in no entry of the history" {
        what: "A file in `.folio/issued` or `.folio/facts` is named by no entry of the history.",
        why: "Folio puts the files and their entry in place in one step: one without the other came from somebody else, or the entry is gone.",
        example: ".folio/issued/isms-scope/1.1/model.json, after the last line of the history was cut off",
        fix: "Restore the history from version control; move the file away when it never belonged there.",
    }
    IN_FORCE_DIFFERS = "F623" "a file in force is not as issued" {
        what: "A file in the folder of issued documents is missing, was edited, or is of another version than the one in force.",
        why: "People work by these files; they must be those that were approved.",
        example: "out/issued/ISMS-01 Scope.docx edited by hand",
        fix: "Take the file from `.folio/issued`, where it is kept as it was issued; issue a new version when its text is to change.",
    }
    RECEIPT_DISAGREES = "F624" "the history is not the one of the receipt" {
        what: "The entry that a receipt names is not in the history, or is another one, or the receipt or its signature does not hold.",
        why: "A chain of digests alone shows neither a tail that was cut off nor a history that was written anew; a receipt, kept elsewhere, does.",
        example: "a receipt of 12 entries beside a history of 9",
        fix: "Restore `.folio` from version control, as it was when the receipt was given. Find out who changed it.",
    }
    NO_RECEIPT = "F625" "no receipt" {
        what: "What was given is no receipt, or there is nothing to give one of.",
        why: "A receipt is one line that begins with `folio-receipt`.",
        example: "folio verify --receipt letter.txt, which has none",
        fix: "Give the line that `folio receipt` printed, or a file that has it.",
        kind: Usage,
    }
    HISTORY_MISSED = "F626" "a history is missed" {
        what: "`folio.lock` knows a history of what was issued, or files that were issued are there, and `.folio/history.jsonl` is not there or does not go so far.",
        why: "A history that begins anew unseen would give numbers a second time, and nobody could show what was in force before.",
        example: "`.folio` was deleted, or an older copy of it put back; `folio.lock` is that of today",
        fix: "Restore `.folio` from version control or a backup, as it belongs to `folio.lock`. Where it is lost for good: move the files in `out/issued` away, and give `--new-history` once; the new entry says what it goes on without.",
    }
}
