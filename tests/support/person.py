"""A session as ./run shell makes one, for tests: its command, and folders of its own."""
from tap import PROGRAMS, WEFT

RIGHTS = ("terminal", "boot", "attention", "machine", "tcp", "udp", "names")
PROMPT = "% "


def session(folder, program=("shell",), asks=False, environment=()):
    """`folder` has data/ and, if permissions are asked about, rules/; programs are kept in its store/."""
    for name in ("data", "rules", "store"):
        (folder / name).mkdir(exist_ok=True)
    command = [WEFT, "run", "--dir", f"{folder}/data:/data", "--dir", f"{PROGRAMS}/bin:/bin:ro",
               "--dir", f"{folder}/store:/store"]
    for pair in ("PWD=/data", "HOME=/data", "PROGRAMS=/store", "PATH=/bin:/programs:/store/bin", f"PS1={PROMPT}",
                 *environment):
        command += ["--env", pair]
    for right in RIGHTS:
        command += ["--allow", right]
    asking = ["--dir", f"{folder}/rules:/permissions", "permission"] if asks else []
    return [*map(str, command), *asking, "session", *program]
