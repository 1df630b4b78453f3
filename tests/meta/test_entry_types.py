"""House rule: a type of entry is its row. Few modules may name three or more types; the others derive from the rows."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from sync.entry_types import ENTRY_TYPES

ROOT = Path(__file__).parents[2]
MOST = 9
MANY = 3
ALL_TYPES = (
    "fieldapp/static/js/core/entry_types.js",  # made from the rows
    "fieldapp/static/js/texts/",
    "fieldapp/texts/",
    "fieldapp/static/js/views/forms_",  # a form a row
    "fieldapp/static/js/views/entry_",  # what fields are called
    "fieldapp/migrations/",
)
"""Tables and texts, which name every type."""
TYPE_OF_BODY = {row.body.__name__: name for name, row in ENTRY_TYPES.items()}
_NAMES = re.compile(rf"\b({'|'.join([*ENTRY_TYPES, *TYPE_OF_BODY])})\b")
_JS_COMMENTS = re.compile(r"/\*.*?\*/|(?:^|(?<=\s))//[^\n]*", re.DOTALL)


def test_few_modules_name_three_or_more_entry_types() -> None:
    named = {path: types for path in _modules() if len(types := types_named_in(path)) >= MANY}
    many = sorted(named.items(), key=lambda one: -len(one[1]))
    told = [f"{path.relative_to(ROOT)} names {len(types)}: {' '.join(sorted(types))}" for path, types in many]
    assert len(named) <= MOST, "\n".join([f"{len(named)} modules name {MANY} or more entry types:", *told])


def test_the_counter_sees_strings_keys_and_bodies_but_no_comments(tmp_path: Path) -> None:
    python, script = tmp_path / "some.py", tmp_path / "some.js"
    python.write_text('"""crisis_opened"""\nfrom x import VisitLogged\nf("call_logged", "a:duty_set", watch_set=1)\n')
    script.write_text(
        "/** crisis_opened */ // duty_set\nlet a = { call_logged: `type=home_entered`, b: 'watch_set' };\n"
    )
    assert types_named_in(python) == {"visit_logged", "call_logged", "duty_set", "watch_set"}
    assert types_named_in(script) == {"call_logged", "home_entered", "watch_set"}


def types_named_in(path: Path) -> set[str]:
    """The types a module names: in a string, as a key or by the class of the body; not in what it says of itself."""
    text = path.read_text(encoding="utf-8")
    words = _python_words(text) if path.suffix == ".py" else [_JS_COMMENTS.sub("", text)]
    return {TYPE_OF_BODY.get(name, name) for word in words for name in _NAMES.findall(word)}


def _modules() -> Iterator[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--", "fieldapp/*.py", "fieldapp/*.js"], cwd=ROOT, capture_output=True, check=True
    )
    names = [name for name in listed.stdout.decode().split("\0") if name and not name.startswith(ALL_TYPES)]
    return (path for name in names if (path := ROOT / name).is_file())


def _python_words(text: str) -> Iterator[str]:
    tree = ast.parse(text)
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node.value
        elif isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.alias):
            yield node.name
        elif isinstance(node, ast.keyword) and node.arg:
            yield node.arg
