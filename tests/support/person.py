"""A session as ./run shell makes one, for tests: its command, and folders of its own."""
from space import MANIFEST
from tap import PROGRAMS, ROOT, WEFT

PROMPT = "% "


def session(folder, program=("shell",), asks=False, environment=()):
    """`folder` has data/ and, if permissions are asked about, rules/; programs are kept in its store/."""
    for name in ("data", "rules", "store"):
        (folder / name).mkdir(exist_ok=True)
    manifest = folder / "space.toml"
    manifest.write_text(MANIFEST)
    command = [WEFT, "system", "--dir", f"{folder}/data:/data", "--dir", f"{PROGRAMS}/bin:/bin:ro",
               "--dir", f"{folder}/store:/store"]
    for pair in ("PWD=/data", "HOME=/data", "PROGRAMS=/store", "PATH=/bin:/programs:/store/bin", f"PS1={PROMPT}",
                 *environment):
        command += ["--env", pair]
    asking = ["--dir", f"{folder}/rules:/permissions", ROOT / "programs/init/hosted.toml", "permission:quiet"]
    return [*map(str, command), *map(str, asking if asks else [manifest]), *program]
