#!/usr/bin/env python3
"""Keeping programs out of one's files, or in some folders of them: whole sessions at a pseudo-terminal."""
import pathlib
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from guarded import CONFIRM, Person
from tap import done, ok

HOLDER = """
io.stdout:setvbuf("no")
local held = assert(io.open("/data/sub/b.txt"))
held:setvbuf("no")
print("held " .. "open")
io.read("a")
held:seek("set")
local text, why = held:read("a")
print("held: " .. tostring(why or text))
for _, path in ipairs(arg) do
  local file, why = io.open(path)
  print("new: " .. (why or file:read("a")))
end
"""
# Says nothing until the file is there, so that what reads it waits for that.
UNTIL = "while ! test -e /data/go; do sleep 0.1; done | "


def workplace():
    folder = pathlib.Path(tempfile.mkdtemp())
    (folder / "sub").mkdir()
    (folder / "a.txt").write_text("outside\n")
    (folder / "sub/b.txt").write_text("inside\n")
    (folder / "sub/up").symlink_to("../a.txt")
    (folder / "sub/far").symlink_to("/data/a.txt")
    (folder / "link").symlink_to("sub")
    (folder / "hold.lua").write_text(HOLDER)
    return folder


def shows(p, typed, expected):
    """Types a command; whether it shows that, amid whatever else."""
    p.type(typed + "\r")
    return p.wait(expected) and p.ready()


def decide(p, what):
    """Types what takes a right away, or gives none."""
    p.type(f"permission {what}\r")
    return p.ready()


def allow(p, program, folder):
    p.type(f"permission allow {program} files:{folder}\r")
    well = p.wait(CONFIRM)
    p.type("always\r")
    return p.ready() and well


def test_denied():
    p = Person(workplace())
    ok(shows(p, "cat sub/b.txt", "inside\r\n"), "a program of which nothing is said has what the shell has", p.shown)
    ok(decide(p, "deny cat files"), "permission deny cat files")
    p.type("cat sub/b.txt\r")
    ok(p.wait("cat may not use files; to let it: permission allow cat files\r\n")
       and p.wait("cat: sub/b.txt: Permission denied\r\n") and p.ready(), "keeps it out, and tells the command that lets it", p.shown)
    ok(shows(p, "cat < sub/b.txt", "inside\r\n"), "what the shell opens for it is given by the person", p.shown)
    ok(shows(p, "head -n 1 sub/b.txt", "inside\r\n"), "others are not meant", p.shown)
    ok(shows(p, "sh -c 'cat sub/b.txt'", "cat: sub/b.txt: Permission denied\r\n"), "whichever shell starts it", p.shown)
    p.type("permission allow cat files\r")
    ok(p.wait(CONFIRM), "to allow is confirmed", p.shown)
    p.type("always\r")
    ok(p.ready() and shows(p, "cat sub/b.txt", "inside\r\n"), "then it reads again", p.shown)
    ok(decide(p, "substitute cat files") and shows(p, "cat sub/b.txt", "cat: sub/b.txt: No such file or directory\r\n"),
       "a substitute is an empty folder, by a path, too", p.shown)
    p.leave()


def test_at_once():
    folder = workplace()
    p = Person(folder)
    p.type(UNTIL + "lua hold.lua /data/a.txt &\r")
    ok(p.wait("held open\r\n"), "a program has a file open", p.shown)
    ok(decide(p, "deny lua files"), "when it is denied files", p.shown)
    (folder / "go").touch()
    ok(p.wait("held: Permission denied\r\n") and p.wait("new: /data/a.txt: Permission denied\r\n"),
       "what it had open is closed, and it opens nothing more", p.passed + p.shown)
    p.type("\r")
    p.ready()
    p.leave()


def test_folder():
    folder, state = workplace(), tempfile.mkdtemp()
    p = Person(folder, state)
    p.type("permission allow cp files:/data/sub:ro\r")
    ok(p.wait("cp wants to open one folder of this session.\r\nIt could read what is in it.\r\n  folder     /data/sub:ro\r\n")
       and p.wait(CONFIRM), "to allow a folder is asked about at the terminal, with its name", p.shown)
    p.type("always\r")
    ok(p.wait("It may use all other files, too; to keep it out of them: permission deny cp files\r\n") and p.ready(),
       "it says what is still open", p.shown)
    decide(p, "deny cp files")
    p.type("cp sub/b.txt sub/c.txt\r")
    ok(p.wait("cp may not use files but for the folders that it was allowed; to let it: permission allow cp files\r\n")
       and p.ready() and not (folder / "sub/c.txt").exists(), "it only reads there", p.shown)
    ok(shows(p, "cp a.txt sub", "No such file or directory\r\n"), "what is beside the folder is not there", p.shown)
    ok(allow(p, "cp", "/data/./sub/"), "to write there is more, and asked about; the path is the same however it is written", p.shown)
    p.type("cp sub/b.txt sub/c.txt\r")
    ok(p.ready() and (folder / "sub/c.txt").read_text() == "inside\n", "then it writes", p.shown)
    p.type("permission\r")
    ok(p.wait("files:/data/sub allow") and p.wait("files        deny") and p.ready(), "both rules are listed", p.shown)
    p.leave()
    p = Person(folder, state)
    p.type("cp sub/b.txt sub/d.txt; cp a.txt sub/e.txt\r")
    ok(p.wait("No such file or directory\r\n") and p.ready() and (folder / "sub/d.txt").exists()
       and not (folder / "sub/e.txt").exists(), "the next session knows them", p.shown)
    ok(decide(p, "revoke cp files:/data/sub"), "the folder is revoked", p.shown)
    p.type("cp sub/b.txt sub/f.txt\r")
    ok(p.wait("Permission denied\r\n") and p.ready() and not (folder / "sub/f.txt").exists(), "then nothing is left", p.shown)
    p.leave()


def test_no_way_out():
    folder = workplace()
    (folder / "sub/line\nbreak").mkdir()
    (folder / "sub/line\nbreak/b.txt").write_text("broken\n")
    p = Person(folder)
    allow(p, "cat", "/data/sub")
    decide(p, "deny cat files")
    for path in ("sub/up", "sub/far", "sub/../a.txt", "sub/../../data/a.txt", "/data/sub/../a.txt", "/proc/self/status",
                 "/tmp", "/", "/programs/bin/ls", "tcp:127.0.0.1:9", "log:", "cid:b", "''", "\"sub/$(printf 'line\\nbreak')x\""):
        p.type(f"cat {path}\r")
        ok(p.wait("cat: ") and p.ready() and "outside" not in p.passed, f"no way out: {path}", p.passed + p.shown)
    ok(shows(p, "cat \"sub/$(printf 'line\\nbreak')/b.txt\"", "broken\r\n"), "a strange name in it is a name", p.shown)
    ok(shows(p, "cat /data/./sub//../sub/b.txt", "inside\r\n"), "a way back in leads there", p.shown)
    decide(p, "deny ls files")
    ok(allow(p, "ls", "/data/sub"), "a folder for another program", p.shown)
    p.type("ls / /data; echo listed\r")
    ok(p.wait(":\r\ndata\r\n") and p.wait("/data:\r\nsub\r\n") and p.wait("listed\r\n") and p.ready(),
       "above the folder is the way to it, and nothing else", p.shown)
    p.leave()


def test_bad_folders():
    p = Person(workplace())
    for path in ("", "sub", "/", "/:ro", "/data/..", "/../data", "/a:ro/", "/" + 256 * "x"):
        p.type(f"permission allow cat 'files:{path}'\r")
        ok(p.wait("that is no program, no interface, or no folder") and p.ready(), f"no folder: {path[:20]}", p.shown)
    allow(p, "cat", "/data/sub")
    for words in ("allow cat files:/data", "allow cat files:/data/sub/x:ro", "deny cat files:/data/sub", "ask cat files:/tmp",
                  "substitute cat files:/tmp"):
        p.type(f"permission {words}\r")
        ok(p.wait("a folder can be allowed or revoked") and p.ready(), f"no rule: {words}", p.shown)
    p.type("permission allow cat files:/data/x & permission allow cat files:/data/x/y\r")
    refused = "a folder can be allowed or revoked"
    p.wait(CONFIRM)
    time.sleep(1)  # for the other one to be asked about, too; else it is refused before that
    p.type("always\r")
    told = p.wait_first(CONFIRM, refused)
    if told == CONFIRM:
        p.type("always\r")
    ok(told == refused or p.wait(refused), "of two that are asked about at one time, the second is no rule", p.shown)
    p.type("\r")
    p.wait("[1]")
    p.ready()
    p.type("permission allow cat tcp:/data\r")
    ok(p.wait("no interface of the system's") and p.ready(), "only files have folders", p.shown)
    p.type("permission revoke cat files:/tmp\r")
    ok(p.wait("nothing was decided about that") and p.ready(), "what is not there cannot be revoked", p.shown)
    p.leave()


def test_folder_at_once():
    folder = workplace()
    p = Person(folder)
    allow(p, "lua", "/data")
    decide(p, "deny lua files")
    p.type(UNTIL + "lua hold.lua /data/sub/b.txt /data/a.txt &\r")
    ok(p.wait("held open\r\n"), "a program has a file of its folder open", p.shown)
    ok(decide(p, "revoke lua files:/data") and allow(p, "lua", "/data/sub:ro"), "it gets a smaller one", p.shown)
    (folder / "go").touch()
    ok(p.wait("held: Permission denied\r\n"), "what it had open is closed", p.passed + p.shown)
    ok(p.wait("inside\r\n") and p.wait("new: /data/a.txt: No such file or directory\r\n"),
       "it opens what is in the new one, and nothing else", p.shown)
    p.type("\r")
    p.ready()
    p.leave()


def test_changes_below():
    """The name space is another process; the folder is another one, or not there yet."""
    folder = workplace()
    p = Person(folder)
    allow(p, "cat", "/tmp/den:ro")
    decide(p, "deny cat files")
    ok(shows(p, "cat /tmp/den/x", "No such file or directory\r\n"), "a folder may be allowed that is not there yet", p.shown)
    p.type("mkdir /tmp/den; echo there > /tmp/den/x\r")
    ok(p.ready() and shows(p, "cat /tmp/den/x", "there\r\n"), "when it is, it is reached", p.shown)
    p.type("mv /tmp/den /tmp/other; ln -s /data /tmp/den\r")
    p.ready()
    ok(shows(p, "cat /tmp/den/a.txt", "No such file or directory\r\n"), "a link in its place leads nowhere", p.shown)
    p.leave()


def test_another_name_space():
    """What a folder is opened by has died; another one has taken its place."""
    p = Person(workplace())
    allow(p, "cat", "/tmp/den")
    allow(p, "cat", "/data/sub")
    decide(p, "deny cat files")
    p.type("mkdir /tmp/den; echo before > /tmp/den/x\r")
    ok(p.ready() and shows(p, "cat /tmp/den/x", "before\r\n"), "a folder in memory", p.shown)
    p.type("service restart root\r")
    ok(p.wait("Let it? once, always, never: "), "who restarts the name space is asked about", p.shown)
    p.type("once\r")
    ok(p.wait("the name space is another one now"), "the name space is another process", p.shown)
    p.type("\r")  # the prompt came before or comes after that
    p.ready()
    p.type("mkdir /tmp/den; echo after > /tmp/den/x\r")
    p.ready()
    ok(shows(p, "until cat /tmp/den/x; do :; done", "after\r\n"), "the folder there is another one, too", p.shown)
    ok(shows(p, "cat /data/sub/b.txt", "inside\r\n") and shows(p, "cat /data/a.txt", "No such file or directory\r\n"),
       "the others are what they were", p.shown)
    p.leave()


def test_limit():
    """As many folders as a view has room for, and one more."""
    p = Person(workplace())
    well = all(allow(p, "cat", f"/data/{i}") for i in range(32))
    ok(well, "32 folders are allowed to a program", p.shown)
    p.type("permission allow cat files:/data/32\r")
    ok(p.wait("and 32 at most") and p.ready(), "and no more", p.shown)
    p.leave()


test_denied()
test_at_once()
test_folder()
test_no_way_out()
test_bad_folders()
test_folder_at_once()
test_changes_below()
test_another_name_space()
test_limit()
done()
