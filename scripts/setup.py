"""Make a checkout ready to use: a virtual environment, the project in it, Qt's system libraries.

It runs before anything is installed, so it knows only the standard library. What is already done it
does not do again; what it may not do, it ends with the command to type.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "gradviz-setup"

# What the app loads of Qt: its modules, and the plugins for windows, pictures and icons.
QT_FILES = (
    *(f"Qt{name}.abi3.so" for name in ("Core", "Gui", "Network", "OpenGL", "OpenGLWidgets")),
    *(f"Qt{name}.abi3.so" for name in ("PrintSupport", "Svg", "SvgWidgets", "Test", "Widgets")),
    *(f"Qt/plugins/platforms/libq{name}.so" for name in ("xcb", "wayland", "offscreen")),
    "Qt/plugins/iconengines/libqsvgicon.so",
    "Qt/plugins/imageformats/libqsvg.so",
    "Qt/plugins/platforminputcontexts/libcomposeplatforminputcontextplugin.so",
    "Qt/plugins/wayland-shell-integration/libxdg-shell.so",
)
# Debian names a library's package after its soname; these are the exceptions.
DEBIAN_PACKAGES = {
    "libbrotlicommon.so.1": "libbrotli1",
    "libbrotlidec.so.1": "libbrotli1",
    "libgio-2.0.so.0": "libglib2.0-0",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgobject-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libz.so.1": "zlib1g",
}


def main() -> None:
    """Do what is still to be done, in order."""
    ensure_venv()
    ensure_project()
    ensure_system_libraries()


def ensure_venv() -> None:
    """Make `.venv`, or make it anew where it belongs to another folder or its Python is gone."""
    moved = STAMP.exists() and STAMP.read_text().splitlines()[0] != str(ROOT)
    if PYTHON.exists() and not moved:
        return
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        install_packages([f"python{version}-venv"], f"Python {version} cannot make environments")
    say(f"making {VENV.name} with Python {sys.version.split()[0]}")
    run([sys.executable, "-m", "venv", "--clear", str(VENV)])


def ensure_project() -> None:
    """Install the project with its development tools, where pyproject.toml changed since."""
    digest = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()
    stamp = f"{ROOT}\n{digest}\n"
    if STAMP.exists() and STAMP.read_text() == stamp:
        return
    say("installing GradViz and what it needs (a few minutes the first time)")
    pip = [str(PYTHON), "-m", "pip", "--quiet", "--disable-pip-version-check"]
    run([*pip, "install", "--editable", f"{ROOT}[dev]"])
    STAMP.write_text(stamp)


def ensure_system_libraries() -> None:
    """Install the shared libraries that Qt needs on Linux and the system lacks."""
    if not sys.platform.startswith("linux"):
        return
    missing = missing_libraries()
    if not missing:
        return
    packages = sorted({debian_package(name) for name in missing})
    install_packages(packages, f"Qt lacks {len(missing)} of the system's libraries")
    if still := missing_libraries():
        stop(f"Qt still lacks {', '.join(sorted(still))}: install the packages that hold them")


def missing_libraries() -> set[str]:
    """The sonames that the system's own linker does not find for Qt."""
    if shutil.which("ldd") is None:
        stop("`ldd` is not here, so Qt's system libraries cannot be checked: install libc's tools")
    where = [str(PYTHON), "-c", "import PySide6; print(PySide6.__path__[0])"]
    qt = Path(subprocess.run(where, check=True, capture_output=True, text=True).stdout.strip())
    files = [str(qt / name) for name in QT_FILES if (qt / name).exists()]
    found = subprocess.run(["ldd", *files], capture_output=True, text=True, check=False)
    return set(re.findall(r"^\s*(\S+) => not found", found.stdout, re.MULTILINE))


def debian_package(soname: str) -> str:
    """The Debian package of a library: `libxcb-cursor.so.0` is in libxcb-cursor0."""
    name, _, version = soname.partition(".so.")
    joint = "-" if name[-1].isdigit() else ""
    return DEBIAN_PACKAGES.get(soname, f"{name}{joint}{version}".lower().replace("_", "-"))


def install_packages(packages: list[str], why: str) -> None:
    """Install system packages where that is allowed, else stop with the command to type."""
    if shutil.which("apt-get") is None:
        stop(f"{why}. Install what Debian calls {' '.join(packages)}, then run make again")
    become_root = privilege()
    if become_root is None:
        command = f"sudo apt-get update && sudo apt-get install -y {' '.join(packages)}"
        stop(f"{why}. Type this, then run make again:\n    {command}")
    say(f"{why}: installing {' '.join(packages)}")
    apt = [*become_root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    install = [*apt, "install", "-y", "--no-install-recommends", *packages]
    # A bare machine has no package lists; one in use has them, and need not wait for new ones.
    if subprocess.run(install, capture_output=True, check=False).returncode:
        run([*apt, "update"])
        run(install)


def privilege() -> list[str] | None:
    """What to put before a command to run it as root; None where nothing does without asking."""
    if os.geteuid() == 0:
        return []
    sudo = ["sudo", "-n"]
    allowed = (
        shutil.which("sudo")
        and not subprocess.run([*sudo, "true"], capture_output=True, check=False).returncode
    )
    return sudo if allowed else None


def run(command: list[str]) -> None:
    """Run a command in sight, and stop where it fails."""
    if code := subprocess.run(command, check=False).returncode:
        stop(f"this failed with exit status {code}:\n    {' '.join(command)}")


def say(message: str) -> None:
    """One line on what is being done."""
    print(f"setup: {message}", flush=True)


def stop(message: str) -> NoReturn:
    """End with what is wrong and what would mend it."""
    sys.exit(f"setup: {message}")


if __name__ == "__main__":
    main()
