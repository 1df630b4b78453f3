"""House rules that no tool checks for us: what may stand in the tree, and what its maps must name."""

import ast
import json
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOP_LEVEL = {
    ".ci",
    ".gitignore",
    "CHANGELOG.md",
    "Makefile",
    "README.md",
    "bench",
    "biome.json",
    "docs",
    "fieldapp",
    "package-lock.json",
    "package.json",
    "pyproject.toml",
    "requirements-audit.txt",
    "requirements-dev.txt",
    "requirements-node.txt",
    "requirements.txt",
    "sync",
    "tests",
    "tsconfig.json",
    "wsgi.py",
}
# Put together from pieces, or this file would hold what it forbids.
REGISTRIES = ["pypi" + ".org", "python" + "hosted", "npm" + "js.org", "npm" + "js.com", "deb." + "debian.org"]
MACHINE_PATHS = [f"/{folder}/" for folder in ("wo" + "rk", "ro" + "ot", "ho" + "me")]


def tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z", "--", *patterns], cwd=ROOT, capture_output=True, check=True)
    paths = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    return [path for path in paths if path.is_file()]


def text_of(path: Path) -> str:
    return path.read_bytes().decode("utf-8", errors="ignore")


def test_nothing_new_stands_at_the_top_of_the_tree() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in tracked()} <= TOP_LEVEL


def test_the_readme_maps_every_folder_at_the_top() -> None:
    readme = text_of(ROOT / "README.md")
    folders = {path.relative_to(ROOT).parts[0] for path in tracked() if len(path.relative_to(ROOT).parts) > 1}
    assert [folder for folder in folders if f"`{folder}/" not in readme and not folder.startswith(".")] == []


def test_every_module_says_what_it_owns() -> None:
    modules = [path for path in tracked("*.py") if path.read_text(encoding="utf-8").strip()]
    assert [str(path) for path in modules if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))] == []


def test_no_file_names_a_registry_or_a_path_of_somebodys_machine() -> None:
    forbidden = re.compile("|".join(map(re.escape, [*REGISTRIES, *MACHINE_PATHS])))
    assert [f"{path}: {found[0]}" for path in tracked() if (found := forbidden.search(text_of(path)))] == []


@pytest.mark.parametrize(
    "lock", ["requirements.txt", "requirements-dev.txt", "requirements-audit.txt", "requirements-node.txt"]
)
def test_every_locked_python_package_has_hashes_and_no_address(lock: str) -> None:
    text = text_of(ROOT / lock)
    packages = re.split(r"\n(?=[a-z0-9])", text)[1:]
    assert packages
    assert [package.split()[0] for package in packages if "--hash=sha256:" not in package] == []
    assert "://" not in text
    assert "--index" not in text


def test_every_locked_npm_package_has_a_hash_and_no_address() -> None:
    packages = json.loads(text_of(ROOT / "package-lock.json"))["packages"]
    assert [name for name, package in packages.items() if name and not package.get("integrity")] == []
    assert [name for name, package in packages.items() if "resolved" in package] == []


def test_the_runtime_lock_is_part_of_the_tests_lock() -> None:
    runtime, tests = (set(re.findall(r"^[a-z0-9-]+==\S+", text_of(ROOT / name), re.MULTILINE)) for name in LOCKS)
    assert runtime - tests == set()


LOCKS = ("requirements.txt", "requirements-dev.txt")


def test_only_routes_jobs_and_commands_open_a_transaction() -> None:
    may = ("routes", "jobs", "cli", "app.py", "db.py")
    modules = [path for path in tracked("fieldapp/*.py") if path.relative_to(ROOT / "fieldapp").parts[0] not in may]
    assert [str(path) for path in modules if re.search(r"\.transaction\(\)|\.commit\(\)", text_of(path))] == []


def test_only_the_clock_reads_the_clock() -> None:
    reads = re.compile(r"datetime\.now\(|utcnow\(|date\.today\(|time\.time\(|func\.now\(|CURRENT_TIMESTAMP")
    modules = [path for path in tracked("fieldapp/*.py", "sync/*.py") if path != ROOT / "fieldapp" / "clock.py"]
    assert [str(path) for path in modules if reads.search(text_of(path))] == []


def test_nothing_is_unfinished_or_switched_off() -> None:
    marks = re.compile(
        "TO" + r"DO|FIX" + r"ME|XX" + r"X|NotImpl" + r"emented|mark\.(sk" + r"ip|xf" + r"ail)|test\.sk" + "ip"
    )
    files = tracked("*.py", "*.js", "*.html", "*.css")
    assert [f"{path}: {found[0]}" for path in files if (found := marks.search(text_of(path)))] == []


def test_no_third_party_code_is_committed() -> None:
    assert tracked("fieldapp/static/vendor", "fieldapp/static/build", "node_modules", ".venv") == []
    assert [
        str(path) for path in tracked() if path.stat().st_size > 300_000 and path.suffix not in (".png", ".po")
    ] == []
