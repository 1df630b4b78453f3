"""How long a concern's push takes while six phones send batches of 100: web server and worker as processes.

Run from the project root: `python bench/concern_while_busy.py [DATABASE_URL]`; without a URL on a SQLite file of its
own. One JSON object a line, milliseconds: from sending the concern to its answer, and from there to the push.
"""

import json
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # the server and the push service are the tests'

from tests._push_service import PushService
from tests._server import Server
from tests.faults._busy import raise_concerns_while_busy

LASTS_S = 60.0
EVERY_S = 2.0


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, PushService() as push:
        url = {"database_url": sys.argv[1]} if len(sys.argv) > 1 else {}
        with Server.started(Path(folder) / "data", push_hosts=push.host, tick_seconds="1", **url) as server:
            figures = raise_concerns_while_busy(server, push, lasts_s=LASTS_S, every_s=EVERY_S)
    say = {"bench": "concern_while_busy", "engine": sys.argv[1].split(":")[0] if len(sys.argv) > 1 else "sqlite"}
    for name in ("answered_s", "pushed_s"):
        times = sorted(getattr(figures, name))
        say |= {
            f"{name[:-2]}_p50_ms": round(1000 * times[len(times) // 2]),
            f"{name[:-2]}_max_ms": round(1000 * times[-1]),
        }
    print(json.dumps(say | {"concerns": len(figures.pushed_s), "batches": figures.batches}))


if __name__ == "__main__":
    main()
