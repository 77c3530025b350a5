"""Checks redlines with other programs that know tracked changes: with all of them accepted each has to have the words and
the XML of the new version, with all rejected those of the old one.

Usage: redlines.py [--office N] [--seconds N] [--store] FOLDER PYTHON...

FOLDER holds what `FOLIO_REDLINES=FOLDER cargo test --release --test redlines` wrote: NAME.old.docx, NAME.new.docx and
NAME.redline.docx of each pair. Each PYTHON is an interpreter that has some of the programs (paper-docx needs one of its
own: it takes the name of python-docx). LibreOffice sees N pairs, one of each kind as far as they go; its words are
compared with those of both versions as it saves them. A program that is nowhere to be had is left out, and said so.

What came of many more pairs, too many for each run, is kept in `redlines.tsv` beside this file and checked here: that it
tells of pairs like those of today, and nothing that stands in no line of KNOWN. After a change of how redlines are written:

    FOLIO_REDLINES=FOLDER cargo test --release --test redlines -- --ignored made_up_changes_of_all_examples
    .ci/redlines.py --office 1000 --seconds 7200 --store FOLDER PYTHON...
"""

import collections
import concurrent.futures
import json
import os
import pathlib
import posixpath
import re
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from xml.etree import ElementTree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
LIBRARIES = ("docx-scalpel", "jubarte", "paper-docx")
OFFICE = "LibreOffice"
VERSION = "7.4.7.2"  # of LibreOffice, for which KNOWN is written; of another one what differs is told and fails nothing
VIEWS = {"accept": "new", "reject": "old"}
SECONDS = 330  # for all, unless told otherwise; what is not answered by then is not asked
STORE = pathlib.Path(__file__).with_suffix(".tsv")
RIGHT = "right"
LEAST = 300  # pairs that are stored
PATIENCE = 60  # seconds for one answer
GIGABYTES = 4  # of addresses, for each process

# What a program is known not to resolve: kinds of change, program, views, why. Where no pair of a kind needs its line any
# more, the check fails, as it does for whatever stands in no line.
KNOWN = [
    ("Emptied", "docx-scalpel", "accept", "keeps the control of contents that went, with nothing in it"),
    ("Emptied", "jubarte", "accept", "keeps the control of contents that went, with nothing in it"),
    ("JoinParagraphs SplitParagraph Many", "jubarte", "accept reject", "keeps an anchor beside words that stay"),
    ("CalloutKind WordsHeaderCell Many", "paper-docx", "accept reject", "refuses changed looks of tables"),
    ("DropSection Emptied Landscape", "paper-docx", "accept reject", "refuses changed sections"),
    ("DropItem DropParagraph DropSection Emptied HeadingLevel", "paper-docx", "accept", "keeps a link around nothing"),
    ("AddSection Link", "paper-docx", "reject", "keeps a link around nothing"),
    ("MoveBlock MoveBlock-moved MoveItem MoveItem-moved", "paper-docx", "accept reject", "keeps a link around nothing"),
    ("MoveSection MoveSection-moved", "paper-docx", "accept reject", "keeps a link around nothing"),
    ("AddCallout AddTable History", OFFICE, "reject", "keeps a paragraph above a table that goes, below another"),
    ("DropSection DropTable", OFFICE, "accept", "keeps a paragraph above a table that goes, below another"),
    ("MoveBlock MoveBlock-moved", OFFICE, "accept reject", "the same, and counts sections as before; joins last contents"),
    ("MoveSection MoveSection-moved", OFFICE, "accept reject", "the same, and joins the last lines of the contents"),
    ("DropRow", OFFICE, "accept", "keeps a row in which there are controls"),
    ("DropField SignOff", OFFICE, "accept reject", "keeps a row in which there are controls"),
    ("Emptied", OFFICE, "accept reject", "keeps a paragraph between tables that all go"),
    ("Landscape", OFFICE, "accept reject", "keeps a section that went or came as an empty paragraph"),
    ("PageBreak", OFFICE, "reject", "does not take back that a paragraph begins a page"),
    ("Many", OFFICE, "accept reject", "several of these at once"),
    ("DropParagraph", OFFICE, "accept", "counts pages as before"),
    ("AddSection DropSection", OFFICE, "reject", "counts sections or pages as before"),
    ("AddFootnote Rewritten", OFFICE, "reject", "joins two paragraphs, or leaves an empty one: it is not known why"),
]


# The programs, each in a process of its own: a job a line comes in, what came of it goes out.


def work(program):
    """Resolves what is asked for on the standard input: source, what to do, target."""
    acts = {"docx-scalpel": scalpel, "jubarte": jubarte, "paper-docx": paper, OFFICE: office}[program]()
    for line in sys.stdin:
        source, act, target = json.loads(line)
        try:
            acts(source, act, target)
            print(json.dumps([target, ""]), flush=True)
        except Exception as error:  # Whatever a program raises is its answer.
            print(json.dumps([target, f"{type(error).__name__}: {error}"[:300]]), flush=True)


def on_bytes(acts):
    def resolve(source, act, target):
        pathlib.Path(target).write_bytes(acts[act](pathlib.Path(source).read_bytes()))

    return resolve


def scalpel():
    import docx_scalpel as it

    return on_bytes({"accept": it.docx_diff_accept_revisions, "reject": it.docx_diff_reject_revisions})


def jubarte():
    import jubarte_redlines as it

    return on_bytes({"accept": it.accept_revisions, "reject": it.reject_revisions})


def paper():
    import docx
    import docx.revision  # noqa: F401 (python-docx has no such module)

    def resolve(source, act, target):
        document = docx.Document(source)
        {"accept": document.revisions.accept_all, "reject": document.revisions.reject_all}[act]()
        document.save(target)

    return resolve


def office():
    import uno
    from com.sun.star.beans import PropertyValue

    def values(**named):
        return tuple(PropertyValue(name, 0, value, 0) for name, value in named.items())

    def service(manager, name, context):
        return manager.createInstanceWithContext(name, context)

    here = uno.getComponentContext()
    resolver = service(here.ServiceManager, "com.sun.star.bridge.UnoUrlResolver", here)
    for attempt in range(240):
        try:
            there = resolver.resolve(f"uno:pipe,name={os.environ['FOLIO_PIPE']};urp;StarOffice.ComponentContext")
            break
        except Exception:
            time.sleep(0.25)
    desktop = service(there.ServiceManager, "com.sun.star.frame.Desktop", there)
    dispatcher = service(there.ServiceManager, "com.sun.star.frame.DispatchHelper", there)

    def resolve(source, act, target):
        url = uno.systemPathToFileUrl
        document = desktop.loadComponentFromURL(url(source), "_blank", 0, values(Hidden=True))
        if document is None:
            sys.exit("it opens nothing any more")
        try:
            if act in VIEWS:
                frame = document.CurrentController.Frame
                dispatcher.executeDispatch(frame, f".uno:{act.capitalize()}AllTrackedChanges", "", 0, ())
            # Pages and numbers were counted with all that is marked, and are not counted again by themselves.
            document.CurrentController.ViewCursor.jumpToLastPage()
            document.TextFields.refresh()
            document.refresh()
            document.storeToURL(url(target), values(FilterName="MS Word 2007 XML"))
        finally:
            document.close(True)

    return resolve


def interpreter(program, pythons):
    """The first interpreter that has a program."""
    module = {"docx-scalpel": "docx_scalpel", "jubarte": "jubarte_redlines", "paper-docx": "docx.revision"}.get(program, "uno")
    if program == OFFICE and not shutil.which("soffice"):
        return None
    for python in [*pythons, "/usr/bin/python3"]:
        if not subprocess.run([python, "-c", f"import {module}"], capture_output=True).returncode:
            return python
    return None


def version(program, python):
    """A program's version, in words."""
    if program == OFFICE:
        said = subprocess.run(["soffice", "--version"], capture_output=True, text=True).stdout.split()
        return next((word for word in said if word[0].isdigit()), "")
    name = {"jubarte": "jubarte-redlines"}.get(program, program)
    command = [python, "-c", f"import importlib.metadata as it; print(it.version('{name}'))"]
    return subprocess.run(command, capture_output=True, text=True).stdout.strip()


def is_held(program):
    """Whether a program is the version for which KNOWN is written: the libraries are pinned."""
    if program != OFFICE or not shutil.which("soffice"):
        return True
    return version(program, None) == VERSION


def answers(program, python, jobs, end):
    """What came of each job, by its target. Whoever ends or says nothing for long is started again for the rest, and does
    not get the job again at which that happens twice."""
    said, rest, starts, stopped = {}, list(jobs), 0, None
    bound = ["bash", "-c", f'ulimit -v {GIGABYTES << 20}; exec "$@"', "bash"]
    apart = {"start_new_session": True, "stderr": subprocess.DEVNULL}
    while rest and time.monotonic() < end:
        starts += 1
        with tempfile.TemporaryDirectory() as place:
            pipe, out, processes = f"folio{os.getpid()}{program}{starts}", pathlib.Path(place, "out"), []
            if program == OFFICE:
                command = ["soffice", f"-env:UserInstallation=file://{place}/profile", "--headless", "--norestore"]
                command += ["--nodefault", f"--accept=pipe,name={pipe};urp;"]
                processes.append(subprocess.Popen(bound + command, stdout=subprocess.DEVNULL, **apart))
            pathlib.Path(place, "jobs").write_text("".join(json.dumps(job) + "\n" for job in rest))
            with open(f"{place}/jobs") as jobs_in, out.open("w") as answers_out:
                command, names = [python, __file__, "--work", program], {**os.environ, "FOLIO_PIPE": pipe}
                worker = subprocess.Popen(bound + command, stdin=jobs_in, stdout=answers_out, env=names, **apart)
            processes.append(worker)
            size, since = 0, time.monotonic()
            while worker.poll() is None and time.monotonic() < min(end, since + PATIENCE):
                time.sleep(0.2)
                if out.stat().st_size > size:
                    size, since = out.stat().st_size, time.monotonic()
            for process in processes:
                try:
                    os.killpg(process.pid, 9)
                except ProcessLookupError:
                    pass
                process.wait()
            said.update(json.loads(line) for line in out.read_text().splitlines() if line.startswith("["))
        rest = [job for job in rest if job[2] not in said]
        if rest and time.monotonic() < end:
            if rest[0] == stopped:
                said[rest.pop(0)[2]] = "it ended, or said nothing for long"
            stopped = rest[0] if rest else None
    return said


# What is compared.


def local(element):
    return element.tag.rpartition("}")[2]


class File:
    """A Word file as stories: the body, the headers and footers of each section, the notes in the order of their marks."""

    def __init__(self, path):
        self.archive = zipfile.ZipFile(path)
        body = self.xml("word/document.xml").find(f"{W}body")
        self.stories = [("body", body, "word/document.xml")]
        targets = self.targets("word/document.xml")
        for at, section in enumerate(element for element in current(body) if element.tag == f"{W}sectPr"):
            for reference in section:
                if local(reference) in ("headerReference", "footerReference"):
                    name = f"{local(reference)[:6]} {reference.get(f'{W}type')} of section {at + 1}"
                    part = targets[reference.get(f"{R}id")]
                    self.stories.append((name, self.xml(part), part))
        part = "word/footnotes.xml"
        if part in self.archive.namelist():
            notes = {note.get(f"{W}id"): note for note in self.xml(part)}
            marks = [element.get(f"{W}id") for element in current(body) if element.tag == f"{W}footnoteReference"]
            self.stories += [(f"note {at + 1}", notes[mark], part) for at, mark in enumerate(marks)]

    def xml(self, part):
        return ElementTree.fromstring(self.archive.read(part))

    def targets(self, part):
        """What the relationships of a part lead to: the name of a part, or an address."""
        folder, name = posixpath.split(part)
        try:
            relationships = self.xml(f"{folder}/_rels/{name}.rels")
        except KeyError:
            return {}
        found = {}
        for it in relationships:
            is_outside = it.get("TargetMode") == "External"
            target = it.get("Target")
            found[it.get("Id")] = target if is_outside else posixpath.normpath(posixpath.join("/", folder, target))[1:]
        return found


def current(element):
    """The elements of the document as it is, without what it says of how it was."""
    for child in element:
        if not local(child).endswith("Change"):
            yield child
            yield from current(child)


SHOWN = {"tab": "\t", "br": "\n", "noBreakHyphen": "\u2011", "drawing": "\ufffc", "footnoteReference": "*"}


def words(file, with_codes=True):
    """Each paragraph with its place."""
    found = []

    def text(element):
        for child in element:
            name = local(child)
            if name in ("t", "delText") or with_codes and name in ("instrText", "delInstrText"):
                yield child.text or ""
            elif name in SHOWN:
                yield SHOWN[name]
            elif name not in ("pPr", "rPr", "sdtPr"):
                yield from text(child)

    def blocks(element, place, count):
        for child in element:
            name = local(child)
            if name == "p":
                found.append((place, "".join(text(child))))
            elif name == "tbl":
                count[0] += 1
                for row, cells in enumerate(child.iter(f"{W}tr")):
                    for column, cell in enumerate(cells.iter(f"{W}tc")):
                        blocks(cell, f"{place}, table {count[0]}, row {row + 1}, cell {column + 1}", [0])
            elif name in ("sdt", "sdtContent", "ins", "del", "moveFrom", "moveTo"):
                blocks(child, place, count)

    for name, element, _ in file.stories:
        blocks(element, name, [0])
    return found


MARKS = {"ins", "del", "moveFrom", "moveTo", "delText", "delInstrText", "cellIns", "cellDel"}
# Without a say in what a document is.
LEFT_OUT = {"proofErr", "lastRenderedPageBreak", "rsids"}
PROPERTIES = {"rPr", "pPr", "tcPr", "trPr", "tblPr", "sdtPr"}
# What holds words is cut as a program likes.
WORDS = {"t", "instrText"}


def normal(file, element, part):
    """An element as name, attributes, words, children, without what a program may write as it likes: ids and which
    relationship leads to a target, how words are cut into runs, the order of properties."""
    targets = file.targets(part)
    names = {it.get(f"{W}id"): it.get(f"{W}name") for it in element.iter(f"{W}bookmarkStart")}

    def attributes(it):
        name = local(it)
        for key, value in it.attrib.items():
            key_name = key.rpartition("}")[2]
            if key.startswith(R):
                target = targets.get(value, "nothing")
                yield key_name, hash(file.archive.read(target)) if target.startswith("word/media/") else target.rpartition("/")[0]
            elif name == "bookmarkEnd" and key_name == "id":
                yield key_name, names.get(value)
            elif key_name == "id" and name in ("bookmarkStart", "docPr", "cNvPr", "footnoteReference", "footnote"):
                pass
            elif not key_name.startswith("rsid") and key_name not in ("paraId", "textId", "space", "Ignorable"):
                if not (key_name == "val" and value in ("1", "true", "on") and name not in ("id", "ilvl", "numId", "outlineLvl")):
                    yield key_name, value

    def of(it):
        children = []
        for child in it:
            if local(child) in LEFT_OUT or local(child) == "id" and local(it) == "sdtPr":
                continue
            made = of(child)
            if made[0] in PROPERTIES and not made[1] and not made[3]:
                continue
            if made[0] == "r" and all(inner[0] == "rPr" for inner in made[3]):
                continue
            if made[0] == "r" and children and children[-1][0] == "r" and look(children[-1]) == look(made):
                last = children.pop()
                made = ("r", last[1], "", joined([*last[3], *(inner for inner in made[3] if inner[0] != "rPr")]))
            children.append(made)
        if local(it) in PROPERTIES:
            children.sort(key=repr)
        text = (it.text or "") if local(it) in WORDS | MARKS else (it.text or "").strip()
        return local(it), tuple(sorted(attributes(it), key=repr)), text, joined(children)

    def look(run):
        return [inner for inner in run[3] if inner[0] == "rPr"]

    def joined(children):
        out = []
        for child in children:
            if out and child[0] in WORDS and out[-1][0] == child[0]:
                out[-1] = (*child[:2], out[-1][2] + child[2], [])
            else:
                out.append(child)
        return out

    return of(element)


def first_difference(found, wanted, path=""):
    """Where two elements differ first."""
    here = f"{path}/{found[0]}"
    if found[0] != wanted[0]:
        return f"{here} where {wanted[0]} should be"
    if found[1:3] != wanted[1:3]:
        return f"{here} is {found[1:3]!r:.120}, not {wanted[1:3]!r:.120}"
    for at, (a, b) in enumerate(zip(found[3], wanted[3])):
        if a != b:
            return first_difference(a, b, f"{here}[{at}]")
    more = found if len(found[3]) > len(wanted[3]) else wanted
    return f"{here} has {len(found[3])} parts, not {len(wanted[3])}: {more[3][min(len(found[3]), len(wanted[3]))]!r:.120}"


def fault(program, got, wanted):
    """What is wrong with a file that a program made; nothing when it is the one that is wanted."""
    try:
        got, wanted = File(got), File(wanted)
    except (KeyError, OSError, zipfile.BadZipFile, ElementTree.ParseError) as error:
        return f"no file: {error!r}"
    for name, element, _ in got.stories:
        left = [local(it) for it in element.iter() if local(it) in MARKS or local(it).endswith("Change")]
        if left:
            return f"text: {name} has {len(left)} marks left, first {left[0]}"
    a, b = words(got, program != OFFICE), words(wanted, program != OFFICE)
    for x, y in zip(a, b):
        if x != y:
            at = len(os.path.commonprefix([x[1], y[1]]))
            return f"text: {x[0]} has {x[1][max(0, at - 20) : at + 60]!r} where {y[0]} has {y[1][max(0, at - 20) : at + 60]!r}"
    if len(a) != len(b):
        return f"text: {len(a)} paragraphs, not {len(b)}"
    if program != OFFICE:
        for (name, x, part), (_, y, other) in zip(got.stories, wanted.stories):
            x, y = normal(got, x, part), normal(wanted, y, other)
            if x != y:
                return f"XML: {name}: {first_difference(x, y)}"
    return None


# Which pairs, and what is said of them.


def kind(name):
    """The kind of change of a pair: what was made up, or that it is two versions of a workspace."""
    made_up = re.search(r"-\d\d-\d+-([A-Za-z]+(-moved)?)$", name)
    return made_up.group(1) if made_up else "Version"


def one_each(names, most):
    """So many names, of each kind as many as of the others."""
    seen, order = collections.Counter(), []
    for name in names:
        order.append((seen[kind(name)], name))
        seen[kind(name)] += 1
    return [name for _, name in sorted(order)][:most]


def look(program, python, folder, names, end):
    """What a program makes of pairs: how many it was asked about, and of each of them and each view what is wrong."""
    with tempfile.TemporaryDirectory() as place:
        jobs = []
        for name in names:
            jobs += [(f"{folder}/{name}.redline.docx", view, f"{place}/{name}.{view}.docx") for view in VIEWS]
            if program == OFFICE:
                jobs += [(f"{folder}/{name}.{side}.docx", "save", f"{place}/{name}.{side}.docx") for side in VIEWS.values()]
        said, found = answers(program, python, jobs, end), []
        for name in names:
            if any(target not in said for _, _, target in jobs if target.startswith(f"{place}/{name}.")):
                continue
            for view, side in VIEWS.items():
                wanted, got = f"{place if program == OFFICE else folder}/{name}.{side}.docx", f"{place}/{name}.{view}.docx"
                found.append((name, view, said[got] or said.get(wanted) or fault(program, got, wanted)))
    return found


def table():
    """What is kept: its head and its lines."""
    lines = [line.split("\t") for line in STORE.read_text().splitlines() if not line.startswith("#")]
    return lines[0], lines[1:]


def store(names, verdicts, versions):
    """Keeps what came of pairs: `right` both ways, or in which view what is wrong. Pairs of other kinds stay."""
    lines = [
        "# What other programs make of redlines of made-up changes; redlines.py says how it is made, and why what is wrong is.",
        "# Each pair is right by the program's own resolver: the test that makes them fails otherwise.",
        "# " + ", ".join(f"{program} {versions[program]}" for program in verdicts),
        "\t".join(["pair", *verdicts]),
    ]
    of_now = {kind(name) for name in names}
    rows = [row for row in (table()[1] if STORE.exists() else []) if kind(row[0]) not in of_now]
    rows += [[name, *(verdicts[program].get(name, "not asked") for program in verdicts)] for name in names]
    STORE.write_text("\n".join(lines + ["\t".join(row) for row in sorted(rows)]) + "\n")


def verdict(problems):
    """What is wrong in each view, in a word."""

    def said(problem):
        return "refused" if problem.startswith("Unsupported") else problem.split(":")[0]

    return ", ".join(f"{view}: {said(problem)}" for view, problem in problems if problem) or RIGHT


def stored(names, known):
    """What is wrong with what is kept: that it is of other pairs, of too few, or tells of what KNOWN does not."""
    head, rows = table()
    programs = head[1:]
    wrong = [f"{program} is missing" for program in (*LIBRARIES, OFFICE) if program not in programs]
    whole = [row for row in rows if "not asked" not in row]
    if len(whole) < LEAST:
        wrong.append(f"{len(whole)} pairs, not {LEAST}")
    kept = {row[0] for row in rows}
    made_up = [name for name in names if kind(name) != "Version"]
    same = sum(name in kept for name in made_up)
    print(f"stored: {len(rows)} pairs, {len(whole)} by all; of the {len(made_up)} of today {same}")
    if same * 2 < len(made_up):
        wrong.append(f"of the {len(made_up)} pairs of today {same} are there")
    missing = {kind(name) for name in made_up} - {kind(name) for name in kept}
    wrong += [f"no pair of {what}" for what in sorted(missing)]
    for at, program in enumerate(programs, 1):
        right = sum(row[at] == RIGHT for row in rows)
        print(f"stored: {program} right both ways on {right} of {sum(row[at] != 'not asked' for row in rows)}")
        for row in rows:
            for view in VIEWS:
                if f"{view}:" in row[at]:
                    key = (kind(row[0]), program, view)
                    if key in known:
                        known[key] = True
                    else:
                        wrong.append(" ".join([*key, row[0], row[at]]))
    return wrong


def main():
    arguments = sys.argv[1:]
    if arguments[0] == "--work":
        return work(arguments[1])
    most, seconds, is_store = 0, SECONDS, False
    while arguments[0].startswith("--"):
        if arguments[0] == "--store":
            is_store, arguments = True, arguments[1:]
            continue
        most = int(arguments[1]) if arguments[0] == "--office" else most
        seconds = int(arguments[1]) if arguments[0] == "--seconds" else seconds
        arguments = arguments[2:]
    folder, pythons = pathlib.Path(arguments[0]).resolve(), arguments[1:]
    names = sorted(path.name.removesuffix(".redline.docx") for path in folder.glob("*.redline.docx"))
    if not names:
        sys.exit(f"no redlines in {folder}")
    known = {(what, program, view): None for kinds, program, views, _ in KNOWN for what in kinds.split() for view in views.split()}
    failed, began = 0, time.monotonic()
    held = {program: is_held(program) for program in (OFFICE, *LIBRARIES)}
    end = began + seconds
    # All at once: each of them waits a good deal.
    with concurrent.futures.ThreadPoolExecutor() as pool:
        looks, verdicts, versions = {}, {}, {}
        for program in (OFFICE, *LIBRARIES):
            if python := interpreter(program, pythons):
                some = one_each(names, most) if program == OFFICE else names
                looks[program] = len(some), pool.submit(look, program, python, folder, some, end)
                versions[program] = version(program, python)
            else:
                print(f"{program} is not to be had here")
        for program, (wanted, found) in looks.items():
            right = collections.Counter()
            problems = collections.defaultdict(list)
            for name, view, problem in found.result():
                problems[name].append((view, problem))
                right[view] += not problem
                key = (kind(name), program, view)
                if key in known:
                    known[key] = bool(known[key] or problem)
                if problem:
                    failed += held[program] and key not in known
                    print("known" if key in known else "FAIL ", *key, name, problem)
            verdicts[program] = {name: verdict(of_name) for name, of_name in problems.items()}
            asked, accepted, rejected = len(found.result()) // len(VIEWS), right["accept"], right["reject"]
            print(f"{program}: {asked} of {wanted} pairs, accepted right {accepted}, rejected right {rejected}")
            failed += held[program] and asked == 0 < wanted and time.monotonic() < end
            if not held[program]:
                print(f"{program} is another version than {VERSION}: what differs fails nothing")
    print(f"{time.monotonic() - began:.0f} s")
    if is_store:
        store(names, {program: verdicts[program] for program in (*LIBRARIES, OFFICE) if program in verdicts}, versions)
    for wrong in stored(names, known):
        failed += 1
        print("FAIL  stored:", wrong)
    for key, is_needed in known.items():
        if is_needed is False and held[key[1]]:
            failed += 1
            print("FAIL  no longer needed:", *key)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
