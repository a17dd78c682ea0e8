#!/usr/bin/env python3
"""`weft check`: manifests that are right, each mistake with its place, and mutations."""
import pathlib
import random
import re
import sys
import tarfile
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from tap import PROGRAMS, ROOT, done, ok, weft

EXAMPLE = re.search(r"```toml\n(.*?)```", (ROOT / "docs/manifest.md").read_text(), re.DOTALL).group(1)
SESSION = '[session]\nprogram = "shell"\n'
SERVICE = '[service.a]\nprogram = "x"\n'
GUARD = SESSION + '[service.g]\nprogram = "permission"\nhandles = ["permission"]\n'
PROGRAM = GUARD + "[program.p]\n"
MUTATIONS = 200

# A manifest, then where the first mistake is and what is said of it.
MISTAKES = [
    ("", "1:1", "there is no [session]"),
    ("[session]\n", "1:1", 'session needs a "program"'),
    (SESSION + "[service.a]\n", "3:1", 'service.a needs a "program"'),
    (SESSION + "speed = 3\n", "3:1", 'session has no "speed"'),
    (SESSION + "argument = []\n", "3:1", 'is "arguments" meant?'),
    (SESSION + SERVICE + "program = 1\n", "5:", "cannot redefine"),
    ("[session]\nprogram = 1\n", "2:11", '"program" is to be a text'),
    (SESSION + SERVICE + 'devices = "ps2"\n', "5:11", "is to be a list of texts"),
    (SESSION + SERVICE + "devices = [1]\n", "5:12", "only texts in its list"),
    (SESSION + SERVICE + 'uses = ["foo"]\n', "5:9", "one of your own is written NAME@HASH"),
    (SESSION + SERVICE + 'uses = ["clok"]\n', "5:9", 'is "clock" meant?'),
    (SESSION + SERVICE + 'uses = ["quite-other"]\n', "5:9", "NAME@HASH"),
    (SESSION + SERVICE + 'uses = ["own@12"]\n', "5:9", "64 hexadecimal digits"),
    (SESSION + SERVICE + 'handles = ["rtc#"]\n', "5:12", '"rtc#": a tag, behind #, is made of 1 to 32 letters'),
    (SESSION + SERVICE + 'handles = ["rtc#a#b"]\n', "5:12", '"rtc#a#b": a tag'),
    (SESSION + SERVICE + f'uses = ["rtc#{"t" * 33}"]\n', "5:9", "a tag"),
    (SESSION + SERVICE + 'restart = "often"\n', "5:11", '"always" or "failure" or "never"'),
    (SESSION + SERVICE + 'start = "message"\n', "3:1", '"handles" nothing'),
    (SESSION + SERVICE + 'for-session = "yes"\n', "5:15", "true or false"),
    (SESSION + SERVICE + "tries = 1001\n", "5:9", "from 0 to 1000"),
    (SESSION + SERVICE + "tries = 1.5e1\n", "5:9", "from 0 to 1000"),
    (SESSION + SERVICE + "tries = 1e999\n", "5:", "'1e999' is not representable in 64 bits"),
    (SESSION + SERVICE + "tries = 1.e1\n", "5:", "expected decimal digit"),
    (SESSION + SERVICE + "tries = -1\n", "5:9", "from 0 to 1000"),
    (SESSION + SERVICE + 'heartbeat = 3\n', "5:13", 'a time up to an hour, as in "2 s"'),
    (SESSION + SERVICE + 'heartbeat = "0 s"\n', "5:13", "a time up to an hour"),
    (SESSION + SERVICE + 'heartbeat = "61 min"\n', "5:13", "a time up to an hour"),
    (SESSION + SERVICE + 'stop = "2 hours"\n', "5:8", "a time up to an hour"),
    (SESSION + SERVICE + 'kinds = ["1AF4:1044"]\n', "5:10", 'as in "1af4:1044"'),
    (SESSION + SERVICE + 'kinds = ["1af4:104"]\n', "5:10", 'as in "1af4:1044"'),
    (SESSION + SERVICE + 'kinds = ["1af4:1044"]\ndevices = ["ps2"]\n', "3:1", "not both"),
    (SESSION + SERVICE + f"arguments = {['x'] * 33}\n".replace("'", '"'), "5:13", "a list of at most 32"),
    (SESSION + '[service."a:b"]\nprogram = "x"\n', "3:1", "1 to 32 letters"),
    (SESSION + f'[service.{"n" * 33}]\nprogram = "x"\n', "3:1", "1 to 32 letters"),
    (SESSION + SERVICE + 'limits = { memory = "lots" }\n', "5:21", 'as in "64 MiB"'),
    (SESSION + SERVICE + "limits = { processes = 0 }\n", "5:24", "from 1 to 16384"),
    (SESSION + SERVICE + "limits = { processes = 16385 }\n", "5:24", "from 1 to 16384"),
    (SESSION + SERVICE + "limits = { quota = 0 }\n", "5:20", "from 1 to 6400"),
    (SESSION + SERVICE + "limits = { quota = 6401 }\n", "5:20", "from 1 to 6400"),
    (SESSION + SERVICE + 'silo = "mine"\n', "5:8", '"own" or "session" or "system"'),
    (SESSION + SERVICE + 'silo = "session"\nuses = ["clock"]\n', "6:8", 'has "uses": that is for a silo of its own'),
    (SESSION + SERVICE + 'silo = "system"\nlimits = { weight = 1 }\n', "6:10", 'has "limits"'),
    (SESSION + SERVICE + 'silo = "session"\nrefused = "end"\n', "6:11", 'has "refused"'),
    (SESSION + SERVICE + 'silo = "session"\ndevices = ["ps2"]\n', "6:11", 'has "devices"'),
    (SESSION + SERVICE + 'silo = "session"\nkinds = ["1af4:1044"]\n', "6:9", 'has "kinds"'),
    (SESSION + SERVICE + 'refused = "never"\n', "5:11", '"deny" or "end" or "ask"'),
    (SESSION + SERVICE + 'directories = ["data"]\n', "5:16", 'as in "/data"'),
    (SESSION + SERVICE + 'directories = [""]\n', "5:16", 'as in "/data"'),
    (SESSION + SERVICE + 'directories = "/data"\n', "5:15", "a list of texts"),
    (SESSION + 'asked = ["**"]\n', "3:10", "no interface is known"),
    (SESSION + SERVICE + "limits = 3\n", "5:10", "a table"),
    (SESSION + "[service]\na = 1\n", "4:5", "[service.name]"),
    ("service = 1\n" + SESSION, "1:11", "[service.name]"),
    (SESSION + "[[service]]\n", "3:1", "tables with names"),
    (SESSION + "[service.a\n", "3:", "error"),
    (SESSION + "[=]\n", "3:2", "expected bare key starting character or string delimiter, saw '='"),
    (SESSION + "[[\x17]]\n", "3:3", "expected bare key starting character"),
    (SESSION + 'x = "a\n', "3:", "error"),
    (SESSION + "\x01", "3:1", "error"),
    (PROGRAM + 'allowed = ["netwrk"]\n', "7:12", "no interface is known"),
    (PROGRAM + 'allowed = ["clok"]\n', "7:12", 'is "clock" meant?'),
    (PROGRAM + 'denied = ["quite-other"]\n', "7:11", "NAME@HASH"),
    (PROGRAM + 'asked = ["own@12"]\n', "7:10", "64 hexadecimal digits"),
    (PROGRAM + 'asked = ["files:/data:ro"]\n', "7:10", "letters, digits"),
    (PROGRAM + 'asked = ["stream#serial0"]\n', "7:10", "has no tag"),
    (PROGRAM + f'denied = ["{"n" * 65}@{"0a" * 32}"]\n', "7:11", "1 to 64 letters"),
    (PROGRAM + 'allowed = ["tcp", "udp"]\ndenied = ["tcp"]\n', "8:11", 'program.p: "tcp" stands in line 7 already'),
    (PROGRAM + 'allowed = ["tcp", "tcp"]\n', "7:19", 'program.p: "tcp" stands in line 7 already'),
    (PROGRAM + 'allowed = "tcp"\n', "7:11", "a list of texts"),
    (PROGRAM + "allowed = [1]\n", "7:12", "only texts in its list"),
    (PROGRAM + 'allows = ["tcp"]\n', "7:1", 'program.p has no "allows": is "allowed" meant?'),
    (PROGRAM + 'substituted = ["random"]\n', "7:16", 'nothing harmless to put in the place of "random"'),
    (PROGRAM + f'substituted = ["own@{"0a" * 32}"]\n', "7:16", 'nothing harmless to put in the place of "own"'),
    (PROGRAM + 'denied = ["system"]\n', "7:11", 'nobody is asked about "system"'),
    (PROGRAM + 'denied = ["permission"]\n', "7:11", 'nobody is asked about "permission"'),
    (PROGRAM + 'refused = "never"\n', "7:11", '"deny" or "end" or "ask"'),
    (PROGRAM + "program = 1\n", "7:11", '"program" is to be a text'),
    (PROGRAM + 'program = ""\n', "7:11", "a program is named by 1 to 64 letters"),
    (PROGRAM + 'program = "a b"\n', "7:11", "a program is named by 1 to 64 letters"),
    (PROGRAM + f'program = "{"n" * 65}"\n', "7:11", "a program is named by 1 to 64 letters"),
    (PROGRAM + 'limits = { memory = "lots" }\n', "7:21", 'program.p.limits: "memory" is a size'),
    (PROGRAM + "limits = { processes = 16385 }\n", "7:24", "from 1 to 16384"),
    (PROGRAM + "limits = { quota = 6401 }\n", "7:20", "from 1 to 6400"),
    (PROGRAM + 'restart = "always"\n', "7:1", 'program.p has no "restart"'),
    (PROGRAM + '[program.q]\nprogram = "p"\n', "8:11", '"program.p", in line 6, is the same program'),
    (PROGRAM + "[program.p]\n", "7:", "cannot redefine"),
    (GUARD + '[program."a b"]\n', "6:1", "a program is named by 1 to 64 letters"),
    (GUARD + "[program]\np = 1\n", "7:5", "[program.name]"),
    (SESSION + "[program.p]\n", "3:1", 'no service for the session handles "permission"'),
    (SESSION + '[service.g]\nprogram = "x"\nhandles = ["permission"]\nfor-session = false\n[program.p]\n', "7:1",
     'no service for the session handles "permission"'),
    (GUARD.replace('"shell"\n', '"shell"\nwithheld = ["tcp"]\n') + '[program.p]\nallowed = ["tcp"]\n', "8:12",
     '"tcp" is withheld from the whole session, in line 3'),
    (GUARD + "".join(f"[program.p{i}]\n" for i in range(65)), "70:1", "more than 64 programs"),
    (SESSION + SERVICE + 'handles = ["rtc"]\n[service.b]\nprogram = "y"\nhandles = ["rtc"]\n', "8:12",
     'both "a" and "b" handle rtc'),
    (SESSION + SERVICE + 'handles = ["rtc"]\nuses = ["input"]\n[service.b]\nprogram = "y"\nuses = ["rtc"]\n'
     'handles = ["input"]\n', "6:9", "these wait for each other: a for b, b for a"),
    ('[service.a]\nprogram = "x"\nhandles = ["rtc"]\nrefused = "ask"\n[service.b]\nprogram = "y"\nuses = ["names", "rtc"]\n'
     'handles = ["permission"]\n' + SESSION, "4:11", "these wait for each other: a for b, b for a"),
    (SESSION + '[service.a]\nprogram = "nowhere"\n', "4:11", 'the boot bundle has no program "nowhere": service.a cannot start'),
    (SESSION + '[service.a]\nprogram = "permision"\n', "4:11", 'is "permission" meant?'),
    ('[session]\nprogram = "nowhere"\n', "2:11", 'the boot bundle has no program "nowhere": there would be no session'),
    (GUARD + '[program.shel]\n', "6:1", 'the boot bundle has no program "shel": is "shell" meant?'),
    (GUARD + '[program.x]\nprogram = "quite/other"\n', "7:11", "program.x means nothing in this system"),
]
# Names of 64 bytes are the longest of programs.
NAMES = [path.relative_to(PROGRAMS).as_posix() for path in PROGRAMS.rglob("*.wasm")] + [
    f"{name}.wasm" for name in ["x", "y", "z", "p", "rest", "n" * 64, *(f"p{i}" for i in range(64))]]


def make_bundle(path):
    """A boot bundle of all programs that were built and those that the texts here name."""
    with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as archive:
        for name in NAMES:
            archive.addfile(tarfile.TarInfo(name))


def check(text, options=None):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "system.toml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        ran = weft("check", *(["--bundle", BUNDLE] if options is None else options), path)
        ran.errors = ran.errors.replace(str(path) + ":", "")
        return ran


def test_right():
    ran = check(EXAMPLE)
    ok(ran.status == 0 and not ran.errors, "the example of docs/manifest.md is right", ran)
    names = re.findall(r"^(\w+): ", ran.output, re.MULTILINE)
    ok(names == ["permission", "ps2", "serial0", "terminal", "session"], "it is told service by service", ran)
    turned = SESSION + '[service.a]\nprogram = "x"\nuses = ["rtc"]\n[service.b]\nprogram = "y"\nhandles = ["rtc"]\n'
    ran = check(turned)
    ok(re.findall(r"^(\w+): ", ran.output, re.MULTILINE) == ["b", "a", "session"],
       "who is used is started before who uses it", ran)
    own = SESSION + SERVICE + f'handles = ["own@{"0a" * 32}#one", "own@{"0a" * 32}#two", "rtc"]\n'
    ok(check(own).status == 0, "interfaces of one's own are named by hash, with tags", check(own))
    most = SESSION + SERVICE + ('tries = 1000\nlimits = { processes = 16384, threads = 65536, weight = 10000, '
                                'memory = "4 GiB" }\n')
    ran = check(most)
    ok(ran.status == 0 and re.search(r"  at most +4194304 KiB of memory, 16384 processes, 65536 threads\n  weight +10000\n", ran.output),
       "each limit at its largest, and told", ran)
    ran = check(SESSION + 'asked = ["*", "tcp"]\nlimits = { quota = 6400 }\n' + SERVICE + 'refused = "ask"\n'
                'directories = ["/", "*"]\nlimits = { quota = 1 }\n[service.b]\nprogram = "y"\nsilo = "session"\n'
                '[service.c]\nprogram = "z"\nhandles = ["permission"]\n')
    ok(ran.status == 0 and re.search(r"(?s)c: z.*a: x.*all that no service names.*somebody is asked.*at most +1 percent.*"
                                     r"b: y.*of the session.*all else.*at most +6400 percent", ran.output),
       "silos, directories, quotas and refusals are told, and who is asked starts before who asks", ran)
    longest = (SESSION + f'[service.{"n" * 32}]\nprogram = "x"\nuses = ["rtc#{"t" * 32}"]\nheartbeat = "60 min"\nstop = "1 ms"\n'
               'kinds = ["ffff:ffff", "0000:0000"]\n' + f"arguments = {['x'] * 32}\n".replace("'", '"'))
    ran = check(longest)
    ok(ran.status == 0 and "ffff:ffff" in ran.output and "every 3600000 ms" in ran.output,
       "times, kinds, names, tags and lists at their longest", ran)
    for file in ("pc", "hosted"):
        ran = weft("check", "--bundle", BUNDLE, ROOT / f"programs/init/{file}.toml")
        ok(ran.status == 0 and "session: " in ran.output, f"programs/init/{file}.toml is right", ran)
    many = SESSION + "".join(f'[service.s{i}]\nprogram = "x"\n' for i in range(64))
    ok(check(many).status == 0, "64 services", check(many))
    ran = check(many + '[service.more]\nprogram = "x"\n')
    ok(ran.status == 1 and "more than 64 services" in ran.errors, "and no more", ran)
    large = SESSION + "#" * (256 * 1024 - len(SESSION))
    ok(check(large).status == 0, "256 KiB of text", "")
    ran = check(large + "#")
    ok(ran.status == 1 and "larger than" in ran.errors, "and no more", ran)


def test_programs():
    """What stands there of single programs."""
    ran = check(PROGRAM + 'program = "shell"\nallowed = ["tcp"]\ndenied = ["udp", "names"]\nasked = ["clock"]\n'
                f'substituted = ["files"]\nrefused = "end"\nlimits = {{ memory = "1 MiB", processes = 2, quota = 50 }}\n'
                f'[program.q]\nprogram = "permission"\nallowed = ["own.x@{"0a" * 32}"]\n')
    ok(ran.status == 0 and re.search(r"(?s)program p: shell\n  allowed +tcp\n  denied +udp names\n  asked +clock\n"
                                     r"  substituted +files\n  all else +ends it\n  at most +1024 KiB of memory, 2 processes, "
                                     r"50 percent of a CPU\nprogram q: permission\n  allowed +own.x\n", ran.output),
       "programs are told, with what they may and their limits", ran)
    ok("line" not in ran.output, "and nothing is said of programs that are there", ran)
    ran = check(GUARD + f'[program.y]\nprogram = "bafkrei{"a" * 52}"\n')
    ok(ran.status == 0 and "line 7, column 11: a program named by its CID is looked for when it is started" in ran.output,
       "of a CID it is said that nobody looked", ran)
    hashes = [f"i@{number:064x}" for number in range(4 * 32)]
    lists = dict(zip(("allowed", "denied", "asked"), (hashes[:32], hashes[32:64], hashes[64:96])))
    table = "".join(f"{key} = {names}\n".replace("'", '"') for key, names in lists.items())
    most = GUARD + "".join(f"[program.p{i}]\n{table}" for i in range(10))
    rest = f"[program.rest]\nallowed = {hashes[:32]}\ndenied = {hashes[32:64]}\n".replace("'", '"')
    ran = check(most + rest)
    ok(ran.status == 0, "1024 rules for programs", ran)
    ran = check(most + rest + f'asked = ["{hashes[64]}"]\n')
    ok(ran.status == 1 and "more than 1024 rules" in ran.errors, "and no more", ran)
    ran = check(GUARD + "".join(f"[program.p{i}]\n" for i in range(64)))
    ok(ran.status == 0, "64 programs", ran)
    long = "n" * 64
    ran = check(GUARD + f'[program.{long}]\nprogram = "{long}"\nallowed = ["{long}@{"0a" * 32}"]\n')
    ok(ran.status == 0 and f"program {long}: {long}\n" in ran.output, "names at their longest", ran)


def test_mistakes():
    for text, place, said in MISTAKES:
        ran = check(text)
        first = ran.errors.splitlines()[0] if ran.errors else ""
        ok(ran.status == 1 and first.startswith(place) and said.lower() in first.lower(),
           f"a mistake at {place}: {said}", ran)
    ran = weft("check", "/nowhere/system.toml")
    ok(ran.status != 0 and "nowhere" in ran.errors, "a file that is not there", ran)
    ok(weft("check").status == 2, "no file is named", "")


def test_bundles(folder):
    """Where a manifest's programs are looked for."""
    text = SESSION + SERVICE
    ran = check(text, [])
    ok(ran.status == 1 and '4:11: the boot bundle has no program "x"' in ran.errors, "this system's own bundle, if no other is named", ran)
    ran = check(text, ["--program", f"x={PROGRAMS / 'bin/true.wasm'}"])
    ok(ran.status == 0, "and what `weft system` would be given with it", ran)
    ran = check(text, ["--bundle", folder / "nowhere.tar"])
    ok(ran.status == 127 and "cannot read" in ran.errors and "nowhere.tar" in ran.errors, "a bundle that is not there", ran)
    (folder / "text").write_text("no archive")
    ran = check(text, ["--bundle", folder / "text"])
    ok(ran.status == 1 and ran.errors.count("the boot bundle has no program") == 2, "what is no archive has no programs", ran)


def test_mutations():
    """Whatever the text: a verdict with a place for each mistake, and no trap."""
    chance = random.Random(1)
    bad = []
    for _ in range(MUTATIONS):
        text = bytearray(EXAMPLE.encode())
        for _ in range(chance.randint(1, 6)):
            at = chance.randrange(len(text))
            way = chance.randrange(4)
            if way == 0:
                text[at] = chance.randrange(256)
            elif way == 1:
                del text[at:at + chance.randrange(20)]
            elif way == 2:
                text[at:at] = text[at:at + chance.randrange(60)]
            else:
                text[at:at] = chance.choice([b"[", b"]", b'"', b"=", b"{", b"\n", b"'''", b"\xff", b"[" * 300])
        ran = check(bytes(text))
        lines = ran.errors.splitlines()
        is_well = ran.status == 0 and not lines or ran.status == 1 and lines and all(
            re.match(r"\d+:\d+: ", line) for line in lines)
        if not is_well:
            bad.append((bytes(text), str(ran)))
    ok(not bad, f"{MUTATIONS} mutations each get a verdict", bad[:1])


with tempfile.TemporaryDirectory() as name:
    BUNDLE = pathlib.Path(name) / "bundle.tar"
    make_bundle(BUNDLE)
    test_right()
    test_programs()
    test_mistakes()
    test_bundles(pathlib.Path(name))
    test_mutations()
    done()
