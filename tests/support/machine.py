"""Machines for the tests of the bare kernel: QEMU, one a test, in software emulation only, as the
host's own virtualisation may be another one each time.

A machine ends by the kernel's debug exit, of which only one status is success; by its deadline it is
killed. It dies with the test whatever happens to that."""
import ctypes
import io
import os
import pathlib
import re
import select
import shutil
import signal
import subprocess
import tarfile
import tempfile
import time

from tap import BUILD, PROGRAMS, ROOT, ok

KERNEL = BUILD / "pc/weft.elf"
OVMF = pathlib.Path("/usr/share/OVMF")
SUCCESS, FAILURE, PANIC = 0x10 * 2 + 1, 0x11 * 2 + 1, 0x12 * 2 + 1
GRUB_MODULES = " ".join((ROOT / "platform/pc/grub.modules").read_text().split())
# Under load a machine gets a small part of a CPU, so a deadline is far from what it takes.
DEADLINE = 60

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def _die_with_parent():
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def tar(files):
    """A boot bundle of {name: bytes}."""
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w", format=tarfile.USTAR_FORMAT) as out:
        for name, data in sorted(files.items()):
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            out.addfile(entry, io.BytesIO(data))
    return archive.getvalue()


def libraries():
    return {f"library/{path.name}": path.read_bytes() for path in (PROGRAMS / "library").glob("*.wasm")}


def with_init(files, manifest=None):
    """The files of a boot bundle whose system init starts: its own, and a manifest of those services of a
    PC's whose programs are there; without who decides about permissions, nobody is asked."""
    own = {f"{name}.wasm": (PROGRAMS / f"{name}.wasm").read_bytes() for name in ("init", "session", "manifest")}
    if manifest is None:
        parts = re.split(r"(?m)^(?=\[(?:service\.\w+|session)\]$)", (ROOT / "programs/init/pc.toml").read_text())
        manifest = "".join(part for part in parts
                           if "[service." not in part or re.search(r'program = "(.*)"', part)[1] + ".wasm" in files)
        if "permission.wasm" not in files:
            manifest = manifest.replace('asked = ["*"]\n', "")
    return {**own, "manifest.toml": manifest.encode(), **libraries(), **files}


def with_code(files):
    """The files of a boot bundle, and the machine code that the build has made of the programs among them."""
    made = {}
    for data in files.values():
        with tempfile.NamedTemporaryFile() as file:
            file.write(data)
            file.flush()
            cid = subprocess.run([BUILD / "weft", "cid", file.name], capture_output=True, check=True, text=True,
                                 timeout=DEADLINE).stdout.split()[0]
        code = BUILD / "pc/bundle/code" / cid
        if code.exists():
            made[f"code/{cid}"] = code.read_bytes()
    return {**files, **made}


class Machine:
    """`words` are the kernel's command line, `bundle` the bytes of its boot bundle (None: there is
    none), `way` how it boots: pvh, bios or uefi, `screen` one of QEMU's graphics cards; further
    `modules` come behind the bundle, started by GRUB. A `fixed` machine takes its instructions for time,
    and so does the same again. One that `restarts` goes on when it is told to start again; others end
    then. A `monitor` is what a person does at it. `devices` are what QEMU's -device takes. A `disk` that is
    there already is started, as BIOS or UEFI does, in place of one made of words and bundle."""

    def __init__(self, words, bundle, way="pvh", memory=256, cpus=1, cpu="max", kind="q35", debug_exit=True,
                 kernel=KERNEL, fixed=False, restarts=False, options=(), monitor=None, screen=None, modules=(),
                 devices=(), disk=None):
        self.kernel = kernel
        self.disk = disk
        self.modules = modules
        self.monitor = monitor
        self.folder = tempfile.TemporaryDirectory()
        self.screen = screen
        self.data = b""
        self.status = None
        self.words = f"debug-exit {words}" if debug_exit else words
        command = ["qemu-system-x86_64", "-accel", "tcg", "-machine", kind, "-cpu", cpu, "-m", str(memory),
                   "-smp", str(cpus), "-nodefaults", "-display", "none", "-serial", "stdio",
                   "-device", "isa-debug-exit,iobase=0xf4,iosize=4"]
        for device in devices:
            command += ["-device", device]
        if not restarts:
            command.append("-no-reboot")
        if fixed:
            command += ["-icount", "shift=0,sleep=off", "-rtc", "base=2024-01-01T00:00:00,clock=vm"]
        if screen is not None and way != "uefi":
            command += ["-vga", screen]
        command += [*options, *(monitor.options() if monitor else ())]
        command += getattr(self, f"_{way}")(pathlib.Path(self.folder.name), bundle)
        self.command = command
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, preexec_fn=_die_with_parent,
                                        pass_fds=[monitor.theirs.fileno()] if monitor else [])
        if monitor:
            monitor.begin()

    def _pvh(self, folder, bundle):
        command = ["-kernel", str(self.kernel), "-append", self.words]
        if bundle is not None:
            (folder / "bundle.tar").write_bytes(bundle)
            command += ["-initrd", str(folder / "bundle.tar")]
        return command

    def _bios(self, folder, bundle):
        return ["-cdrom", str(self._disk(folder, bundle))]

    def _uefi(self, folder, bundle):
        """With variables of its own: what a machine has written in them changes how it boots."""
        shutil.copy(OVMF / "OVMF_VARS_4M.fd", folder / "variables.fd")
        return ["-vga", self.screen or "std", "-drive", f"if=pflash,format=raw,readonly=on,file={OVMF}/OVMF_CODE_4M.fd",
                "-drive", f"if=pflash,format=raw,file={folder}/variables.fd",
                "-cdrom", str(self._disk(folder, bundle))]

    def _disk(self, folder, bundle):
        if self.disk is not None:
            return self.disk
        grub = folder / "disk/boot/grub"
        grub.mkdir(parents=True)
        run = lambda *command: subprocess.run(command, check=True, capture_output=True, timeout=DEADLINE)
        run("llvm-strip-19", "-o", folder / "disk/boot/weft.elf", self.kernel)
        lines = ["set timeout=0", "insmod all_video", "menuentry weft {", f"multiboot2 /boot/weft.elf {self.words}"]
        if bundle is not None:
            (folder / "disk/boot/bundle.tar").write_bytes(bundle)
            lines.append("module2 /boot/bundle.tar")
        for number, module in enumerate(self.modules):
            (folder / f"disk/boot/{number}").write_bytes(module)
            lines.append(f"module2 /boot/{number}")
        (grub / "grub.cfg").write_text("\n".join(lines + ["}", ""]))
        run("grub-mkrescue", f"--output={folder}/disk.iso", f"--install-modules={GRUB_MODULES}", "--fonts=",
            "--locales=", "--themes=", folder / "disk")
        return folder / "disk.iso"

    @property
    def text(self):
        """What has come on the serial line so far."""
        return self.data.decode(errors="replace").replace("\r\n", "\n")

    def read(self, end):
        """More of the serial line; False at its end or the deadline."""
        left = end - time.monotonic()
        if left <= 0 or not select.select([self.process.stdout], [], [], left)[0]:
            return False
        data = os.read(self.process.stdout.fileno(), 1 << 16)
        self.data += data
        return bool(data)

    def expect(self, pattern, deadline=None):
        """Waits until the pattern has come on the serial line. Where no deadline is given, that it does not come is a
        failure, whatever is checked behind."""
        end = time.monotonic() + (deadline or DEADLINE)
        while not re.search(pattern, self.text):
            if not self.read(end):
                if deadline is None:
                    ok(False, f"{pattern!r} comes on the serial line", self)
                return False
        return True

    def send(self, text):
        self.send_bytes(text.encode())

    def send_bytes(self, data):
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def kill(self):
        """For a machine that has nothing more to do, but does not know; gives itself."""
        self.process.kill()
        return self.finish()

    def finish(self, deadline=DEADLINE):
        """Waits for the end of the machine; gives itself."""
        end = time.monotonic() + deadline
        while self.read(end):
            continue
        try:
            self.status = self.process.wait(max(end - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            self.status = f"none after {deadline} s"
        self.process.stdin.close()
        self.process.stdout.close()
        if self.monitor:
            self.monitor.close()
        self.folder.cleanup()
        return self

    def after_boot(self):
        """What came behind the kernel's first line."""
        return self.text.partition("MHz\n")[2]

    def __str__(self):
        return f"command: {' '.join(self.command)}\nexit status: {self.status}\nserial line:\n{self.text}"


def boot(words, bundle, text="", deadline=DEADLINE, **options):
    """Runs a machine to its end. `text` is typed once something has been shown."""
    machine = Machine(words, bundle, **options)
    if text:
        machine.expect(r"MHz\n", deadline)
        machine.send(text)
    return machine.finish(deadline)
