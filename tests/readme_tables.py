"""Makes README's tables from the code: ``python tests/readme_tables.py`` writes them anew."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from aivideo.api import ENDPOINTS
from aivideo.settings import Settings

README: Final = Path(__file__).parent.parent / "README.md"


def settings_table() -> str:
    """One row a setting: its name, its default, what it is for."""
    rows = ["| setting | default | what it is for |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = "" if field.default is None else f"`{field.default}`"
        rows.append(f"| `{name.upper()}` | {default} | {field.description} |")
    return "\n".join(rows)


def endpoints_table() -> str:
    """One row an endpoint: its name and the first line of its documentation."""
    rows = ["| endpoint | does |", "|---|---|"]
    for endpoint in ENDPOINTS:
        first = (endpoint.__doc__ or "").strip().splitlines()[0]
        rows.append(f"| `/{endpoint.__name__}` | {first} |")
    return "\n".join(rows)


def section(readme: str, name: str) -> str:
    """What stands between a table's two marks."""
    found = re.search(rf"<!-- {name} -->\n(.*?)\n?<!-- /{name} -->", readme, re.DOTALL)
    return found.group(1).strip() if found else ""


def with_tables(readme: str) -> str:
    """The README with both tables as the code has them now."""
    for name, table in (("settings", settings_table()), ("endpoints", endpoints_table())):
        readme = re.sub(
            rf"<!-- {name} -->\n.*?<!-- /{name} -->",
            lambda _match, name=name, table=table: (  # type: ignore[misc] # loop values, bound now
                f"<!-- {name} -->\n{table}\n<!-- /{name} -->"
            ),
            readme,
            flags=re.DOTALL,
        )
    return readme


if __name__ == "__main__":
    README.write_text(with_tables(README.read_text("utf-8")), encoding="utf-8")
