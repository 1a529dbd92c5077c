"""Makes README's tables from the code: ``python tests/readme_tables.py`` writes them anew."""

from __future__ import annotations

import itertools
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
    """One row a subject: its endpoints, each with the first line of its documentation.

    What stands side by side in ``ENDPOINTS`` and is defined in one class is one subject.
    """
    rows = ["| endpoints |", "|---|"]
    for _, group in itertools.groupby(ENDPOINTS, lambda each: each.__qualname__.split(".")[0]):
        told = (
            f"`/{each.__name__}` {(each.__doc__ or '').strip().splitlines()[0]}" for each in group
        )
        rows.append(f"| {'<br>'.join(told)} |")
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
