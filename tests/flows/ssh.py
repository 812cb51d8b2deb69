"""A real sshd of the tests' own on the loopback, and a home whose programs are started through it."""

from __future__ import annotations

import contextlib
import getpass
import os
import shlex
import shutil
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from tests.terminal.terminal import CONTOSO, Home, Terminal

SSHD = Path("/usr/sbin/sshd")
_START_SECONDS = 10.0
_CONFIG = """\
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host
PidFile {folder}/pid
AuthorizedKeysFile {folder}/client.pub
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PubkeyAuthentication yes
PermitRootLogin prohibit-password
AllowUsers {user}
"""


class NoSshError(Exception):
    """No sshd can be started here; the text says why."""


@dataclass
class Server:
    """One sshd that lets in who runs the tests, by a key made for it."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes]

    def login(self, *words: str) -> list[str]:
        """Return the command that runs `words` at the other end, in a terminal there."""
        options = {
            "Port": str(self.port),
            "IdentityFile": str(self.folder / "client"),
            "IdentitiesOnly": "yes",
            "UserKnownHostsFile": "/dev/null",
            "StrictHostKeyChecking": "no",
            "LogLevel": "ERROR",
            "BatchMode": "yes",
        }
        flags = [part for name, value in options.items() for part in ("-o", f"{name}={value}")]
        return ["ssh", "-F", "none", "-tt", *flags, f"{getpass.getuser()}@127.0.0.1", shlex.join(words)]

    def stop(self) -> None:
        """End it; sessions end with their clients."""
        self.process.terminate()
        self.process.wait()


class RemoteHome(Home):
    """A home on the machine one logs in to; commands without a terminal run there directly."""

    def __init__(self, folder: Path, server: Server) -> None:
        super().__init__(folder)
        self.server = server
        self.pid_file = folder / "pid"

    def open(self, *words: str, columns: int = 80, rows: int = 24, **environ: str) -> Terminal:
        """Log in and start `contoso` in a terminal of this size; its process id is written to `pid_file`."""
        # ssh hands on the terminal's kind and nothing else.
        given = {name: value for name, value in self.environ(**environ).items() if name not in ("TERM", "COLORTERM")}
        assignments = [f"{name}={value}" for name, value in given.items()]
        script = f'cd {shlex.quote(str(self.folder))}; echo $$ > {shlex.quote(str(self.pid_file))}; exec "$@"'
        command = self.server.login("env", *assignments, "sh", "-c", script, "sh", str(CONTOSO), *words)
        local = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "TERM": "xterm-256color"}
        terminal = Terminal(command, local, rows=rows, columns=columns, folder=self.folder)
        self.opened.append(terminal)
        return terminal


def start(folder: Path) -> Server:
    """Start an sshd with keys of its own.

    Raises:
        NoSshError: there is none here, or it can't start.
    """
    if not SSHD.exists() or shutil.which("ssh") is None:
        raise NoSshError("needs openssh-server and openssh-client")
    folder.mkdir(mode=0o700, parents=True)
    for name in ("host", "client"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)], check=True)
    if os.geteuid() == 0:
        # What its service makes at each boot.
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    port = _free_port()
    config = folder / "sshd_config"
    config.write_text(_CONFIG.format(port=port, folder=folder, user=getpass.getuser()), "utf-8")
    log = folder / "log"
    process = subprocess.Popen([str(SSHD), "-D", "-f", str(config), "-E", str(log)])
    end = time.monotonic() + _START_SECONDS
    while not _answers(port):
        if process.poll() is not None or time.monotonic() > end:
            process.kill()
            process.wait()
            raise NoSshError(f"sshd does not start: {log.read_text('utf-8').strip() if log.exists() else ''}")
    server = Server(folder, port, process)
    tried = subprocess.run(server.login("true"), stdin=subprocess.DEVNULL, capture_output=True, timeout=30, check=False)
    if tried.returncode:
        server.stop()
        raise NoSshError(f"nobody can log in: {tried.stderr.decode(errors='replace').strip()}")
    return server


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=0.2):
        return True
    return False
